import Glibc
import Model
import TestSupport
import Testing

@testable import Captures

/// The stream between the processes of a live capture.
@Suite struct LiveStreamTests {
    private static let gap = CaptureGap(
        interface: "eth1", start: Timestamp(nanoseconds: -5), end: Timestamp(nanoseconds: .max), reason: .link)
    private static let messages: [LiveControl] = [
        .tick, .at(7), .end(sha256: ""), .end(sha256: "00ff"), .skip(.max, as: "queue"), .gap(gap),
        .begin(LiveSegmentStart(base: 3, identity: "live:é:1", name: "raw.pcapng", previous: "")), .commit, .finish,
        .account(received: 1, kernel: 2, interface: 3),
    ]

    /// As the collector writes it, a message before each frame.
    private func stream(_ frames: [[UInt8]]) throws -> [UInt8] {
        let path = "/tmp/otscan-live-\(UInt64.random(in: 0 ... .max))"
        defer { unlink(path) }
        var writer = try PcapngWriter(path: path)
        let interface = try writer.interface(linkType: .ethernet, snapLength: 262_144)
        for (index, bytes) in frames.enumerated() {
            try writer.write(
                bytes.span.bytes,
                Frame(
                    number: 0, time: Timestamp(nanoseconds: Int64(index) * 1_000_000_007),
                    originalLength: UInt32(bytes.count + index), capturedLength: UInt32(bytes.count),
                    linkType: .ethernet),
                on: interface)
        }
        try writer.close()
        var source = [UInt8]()
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { break }
            source += buffer.prefix(count)
        }
        return source
    }

    private func read(_ bytes: [UInt8]) -> (frames: [[UInt8]], messages: [LiveControl], error: CaptureError?) {
        var stream = LiveStream(bytes: bytes, name: "test")
        var frames: [[UInt8]] = []
        var messages: [LiveControl] = []
        while true {
            switch stream.next() {
            case .frame:
                #expect(stream.frame.number == UInt64(frames.count + 1))
                #expect(stream.bytes.byteCount == Int(stream.frame.capturedLength))
                frames.append(stream.bytes.array())
            case .control(let message): messages.append(message)
            case .other: break
            case .end(let error): return (frames, messages, error)
            }
        }
    }

    @Test func everyMessageComesThroughAsItWas() throws {
        for message in LiveStreamTests.messages {
            let answer = read(message.block)
            #expect(answer.messages == [message])
            #expect(answer.error == nil)
        }
    }

    @Test func framesComeThroughAndMessagesBetweenThem() throws {
        var random = SplitMix(seed: 5)
        let frames = (0..<200).map { _ in random.bytes(Int(random.next() % 1600)) }
        let bytes = try stream(frames) + LiveStreamTests.messages.flatMap(\.block)
        let answer = read(bytes)
        #expect(answer.frames == frames)
        #expect(answer.messages == LiveStreamTests.messages)
        #expect(answer.error == nil)
    }

    /// Whatever comes, the reading ends, with every frame before the damage and one error that says where.
    @Test func damageEndsItAndNothingElse() throws {
        var random = SplitMix(seed: 6)
        let whole = try stream((0..<40).map { _ in random.bytes(60) }) + LiveStreamTests.messages.flatMap(\.block)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            if random.next() % 4 == 0 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
            let answer = read(bytes)
            #expect(answer.frames.count <= 41)
            if let error = answer.error { #expect(error.description.hasPrefix("test: ")) }
        }
        #expect(read(Array(whole.dropLast(3))).error != nil)
    }
}
