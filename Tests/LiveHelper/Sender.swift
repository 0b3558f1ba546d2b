import CTestCalls
import Glibc

/// `send INTERFACE COUNT [KIND [RATE [SEED]]]`: puts frames on the wire, at most RATE a second. `plain` traffic is made
/// beforehand and repeated, so that making it does not hold the sending up.
enum Sender {
    /// Frames made beforehand: so many that a copy is not taken for the same frame mirrored twice.
    private static let stock = 16_384

    static func run(_ arguments: [String]) throws {
        guard arguments.count >= 2, let count = UInt64(arguments[1]) else { LiveHelper.fail("send INTERFACE COUNT") }
        let kind = arguments.count > 2 ? MadeTraffic.Kind(rawValue: arguments[2]) ?? .plain : .plain
        let rate = arguments.count > 3 ? Double(arguments[3]) ?? 0 : 0
        let seed = arguments.count > 4 ? UInt64(arguments[4]) ?? 1 : 1
        let socket = LiveHelper.socket(on: arguments[0])
        let traffic = MadeTraffic(kind, seed: seed)
        let began = Pace.now
        if kind == .plain, count > UInt64(stock) {
            sendStock(socket, traffic, count, rate, began)
        } else {
            sendEach(socket, traffic, count, rate, began)
        }
        print("sent \(count) in \(Pace.now - began) s")
    }

    private static func sendEach(
        _ socket: Int32, _ made: MadeTraffic, _ count: UInt64, _ rate: Double, _ began: Double
    ) {
        var traffic = made
        var frame: [UInt8] = []
        var sent: UInt64 = 0
        while sent < count {
            traffic.next(&frame)
            let result = frame.withUnsafeBytes { send(socket, $0.baseAddress, $0.count, 0) }
            if result < 0 {
                if errno == ENOBUFS || errno == EAGAIN { continue }
                LiveHelper.fail("sent \(sent), then: \(String(cString: strerror(errno)))")
            }
            sent += 1
            if rate > 0, sent % 16 == 0 { Pace.wait(until: began + Double(sent) / rate) }
        }
    }

    private static func sendStock(
        _ socket: Int32, _ made: MadeTraffic, _ count: UInt64, _ rate: Double, _ began: Double
    ) {
        _ = bypass_queue(socket)
        var traffic = made
        var frame: [UInt8] = []
        var frames: [UInt8] = []
        for _ in 0..<stock {
            traffic.next(&frame)
            frames += frame
        }
        // A millisecond's worth at a time.
        let most = rate > 0 ? min(max(Int(rate / 1000), 1), 1024) : 1024
        var sent: UInt64 = 0
        var place = 0
        while sent < count {
            let some = min(most, stock - place, Int(clamping: count - sent))
            let result = frames.withUnsafeBufferPointer {
                send_frames(socket, $0.baseAddress.map { $0 + place * frame.count }, frame.count, Int32(some))
            }
            guard result == Int32(some) else {
                LiveHelper.fail("sent \(sent), then: \(String(cString: strerror(errno)))")
            }
            sent += UInt64(some)
            place = (place + some) % stock
            if rate > 0 { Pace.wait(until: began + Double(sent) / rate) }
        }
    }
}

/// `tap INTERFACE SECONDS`: counts what others put on the wire.
enum Tap {
    static func run(_ arguments: [String]) throws {
        guard arguments.count == 2, let seconds = Double(arguments[1]) else { LiveHelper.fail("tap INTERFACE SECONDS") }
        let socket = LiveHelper.socket(on: arguments[0])
        let end = Pace.now + seconds
        var count = 0
        print("ready")
        fflush(nil)
        while Pace.now < end {
            var request = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Int32(max(1, (end - Pace.now) * 1000))) > 0 else { continue }
            // What this end sent itself comes by as well.
            while case let answer = receive_foreign(socket), answer >= 0 { count += Int(answer) }
        }
        print("seen \(count)")
    }
}

enum Pace {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func wait(until moment: Double) {
        let left = moment - now
        if left > 0.0005 { usleep(UInt32(left * 1e6)) }
    }
}
