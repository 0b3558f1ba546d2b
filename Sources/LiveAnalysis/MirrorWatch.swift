import Analysis
import Captures
import Model

/// When the mirror is looked at: in the first minute, and for ten seconds of every ten minutes.
struct MirrorWatch: ~Copyable {
    private let own: MACAddress?
    private var probe: MirrorProbe
    private var began = LiveAnalyzer.seconds
    private var length = 60.0
    private(set) var result: MirrorFigures?
    private(set) var isLooking = true
    private var countdown = 64

    init(own: MACAddress?) {
        self.own = own
        probe = MirrorProbe(own: own)
    }

    mutating func look(at bytes: RawSpan, _ frame: Frame) {
        probe.look(at: bytes, frame)
        countdown &-= 1
        if countdown == 0 {
            countdown = 64
            keepTime()
        }
    }

    /// To be called now and then whether frames come or not.
    mutating func keepTime() {
        let age = LiveAnalyzer.seconds - began
        if isLooking {
            result = probe.result
            if age >= length { isLooking = false }
        } else if age >= 600 {
            probe = MirrorProbe(own: own)
            began = LiveAnalyzer.seconds
            length = 10
            isLooking = true
        }
    }
}
