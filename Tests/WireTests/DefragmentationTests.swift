import Glibc
import Model
import Testing
import Wire

@Suite struct DefragmentationTests {
    private static func layers(_ offset: Int, more: Bool, id: Int = 7, source: UInt8 = 1) -> FrameLayers {
        var layers = Made.decode(
            Made.ipv4(17, [0], fragment: (more ? 0x2000 : 0) | offset / 8, id: id), .ipv4)
        layers.sourceIP = IPAddress(v4: 0x0a00_0000 | UInt32(source))
        return layers
    }

    private static func time(_ seconds: Int) -> Timestamp { Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000) }

    @Test func anyOrder() {
        let whole = (0..<64).map { UInt8($0) }
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1], [0, 0, 2, 2, 1, 3]] {
            var defragmenter = Defragmenter()
            var result: [UInt8]?
            for piece in order {
                let bytes = Array(whole[piece * 16..<piece * 16 + 16])
                result = defragmenter.add(
                    DefragmentationTests.layers(piece * 16, more: piece < 3), bytes.span.bytes, at: .zero)
                if piece != order.last { #expect(result == nil) }
            }
            #expect(result == whole)
        }
    }

    @Test func theFirstBytesOfAnOverlapStay() {
        var defragmenter = Defragmenter()
        func add(_ offset: Int, _ bytes: [UInt8], more: Bool) -> [UInt8]? {
            defragmenter.add(DefragmentationTests.layers(offset, more: more), bytes.span.bytes, at: .zero)
        }
        #expect(add(8, [UInt8](repeating: 1, count: 8), more: true) == nil)
        #expect(add(0, [UInt8](repeating: 2, count: 24), more: true) == nil)
        let whole = add(24, [3], more: false)
        #expect(
            whole == [UInt8](repeating: 2, count: 8) + [UInt8](repeating: 1, count: 8) + [UInt8](repeating: 2, count: 8)
                + [3])
    }

    @Test func lateFragmentsStartAnew() {
        var defragmenter = Defragmenter()
        let piece = [UInt8](repeating: 1, count: 8)
        _ = defragmenter.add(
            DefragmentationTests.layers(0, more: true), piece.span.bytes, at: DefragmentationTests.time(1))
        let late = defragmenter.add(
            DefragmentationTests.layers(8, more: false), piece.span.bytes, at: DefragmentationTests.time(40))
        #expect(late == nil && defragmenter.abandoned == 1)
    }

    /// Fragments that never complete: memory stays below the limit and the rest still works.
    @Test func aFloodStaysBounded() {
        var defragmenter = Defragmenter()
        let piece = [UInt8](repeating: 1, count: 8)
        var mostHeld = 0
        for id in 0..<3_000 {
            // Each claims almost a whole datagram.
            _ = defragmenter.add(
                DefragmentationTests.layers(65_520, more: true, id: id & 0xffff, source: UInt8(id >> 8 & 3)),
                piece.span.bytes, at: .zero)
            mostHeld = max(mostHeld, defragmenter.memory)
        }
        #expect(mostHeld > Defragmenter.memoryLimit / 2 && mostHeld <= Defragmenter.memoryLimit)
        #expect(defragmenter.abandoned > 0)
        var result: [UInt8]?
        for (offset, more) in [(0, true), (8, false)] {
            result = defragmenter.add(
                DefragmentationTests.layers(offset, more: more, id: 1, source: 200), piece.span.bytes, at: .zero)
        }
        #expect(result?.count == 16)
    }

    /// Time a byte at 16 times the input is at most twice as long: in order, backwards, all overlapping, never complete.
    @Test(arguments: ["forward", "backward", "overlapping", "incomplete", "scattered"])
    func costIsLinear(_ kind: String) {
        func cost(_ fragments: Int) -> Double {
            var defragmenter = Defragmenter()
            let piece = [UInt8](repeating: 1, count: 16)
            let long = [UInt8](repeating: 1, count: 64)
            return Linearity.seconds {
                for index in 0..<fragments {
                    let datagram = index / 400
                    let step = index % 400
                    let (offset, more): (Int, Bool) =
                        switch kind {
                        case "backward": ((399 - step) * 16, step > 0)
                        case "scattered": (step * 137 % 400 * 32, true)
                        // Far enough into the datagram that the short run, too, has to give up old ones.
                        case "incomplete": (4_000 * 16, true)
                        default: (step * 16, step < 399)
                        }
                    let id = kind == "incomplete" ? index : datagram
                    var layers = DefragmentationTests.layers(
                        0, more: more, id: id & 0xffff, source: UInt8(id >> 16 & 255))
                    layers.fragmentOffset = offset
                    _ = defragmenter.add(
                        layers, kind == "overlapping" ? long.span.bytes : piece.span.bytes, at: .zero)
                }
            }
        }
        #expect(Linearity.holds { cost($0 * Linearity.base) }, "\(kind)")
    }
}

/// Tells whether work that is `factor` times as much takes at most about `factor` times as long: the best of several
/// tries, for the machine is not ours alone.
enum Linearity {
    /// Pieces of the smaller run; unoptimised code gets fewer.
    #if DEBUG
        static let base = 800
    #else
        static let base = 16_384
    #endif

    /// CPU seconds of this thread: the machine's other work does not count.
    static func seconds(_ work: () -> Void) -> Double {
        var start = timespec()
        var end = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
        work()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
    }

    static func holds(factor: Int = 16, slack: Double = 2, _ cost: (Int) -> Double) -> Bool {
        _ = cost(1)
        var small = Double.infinity
        var large = Double.infinity
        for _ in 0..<4 {
            small = min(small, cost(1))
            large = min(large, cost(factor))
            if large <= small * Double(factor) * slack { return true }
        }
        return false
    }
}
