import Analysis
import Captures
import Model

/// When the mirror is looked at: in the first minute, and for ten seconds of every ten minutes; where much comes, at the
/// beginning of each tenth of a second.
struct MirrorWatch: ~Copyable {
    private let own: MACAddress?
    private var probe: MirrorProbe
    private var began = LiveAnalyzer.seconds
    private var length = 60.0
    private(set) var result: MirrorFigures?
    private(set) var isLooking = true
    private var countdown = 64
    private var sliceBegan = LiveAnalyzer.seconds
    private var looked = 0

    /// Seconds of a slice, and frames looked at in it: one after the other, or no copy would be found.
    private static let slice = (length: 0.1, frames: 2000)

    init(own: MACAddress?) {
        self.own = own
        probe = MirrorProbe(own: own)
    }

    mutating func look(at bytes: RawSpan, _ frame: Frame) {
        if looked < MirrorWatch.slice.frames {
            looked &+= 1
            probe.look(at: bytes, frame)
        }
        countdown &-= 1
        if countdown == 0 {
            countdown = 64
            keepTime()
        }
    }

    /// To be called now and then whether frames come or not.
    mutating func keepTime() {
        let now = LiveAnalyzer.seconds
        if now - sliceBegan >= MirrorWatch.slice.length {
            sliceBegan = now
            looked = 0
        }
        let age = now - began
        if isLooking {
            result = probe.result
            if age >= length { isLooking = false }
        } else if age >= 600 {
            probe = MirrorProbe(own: own)
            began = now
            length = 10
            isLooking = true
        }
    }
}
