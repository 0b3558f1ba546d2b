import Captures
import Glibc
import Model
import Protocols
import Testing
import Wire

@testable import Analysis

/// What hostile or endless traffic can make the engine hold, and how long that takes.
@Suite struct EngineLimitTests {
    /// Asks for one more byte for ever, and for tallies and facts without end.
    enum Insatiable: Dissector {
        static let description = ProtocolDescription(
            name: "insatiable", title: "Insatiable", family: .service, level: .recognised, reference: "none",
            bindings: [.tcp([7])])
        static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict { .certain }
        static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
            // As expensive as reading all of them.
            var sum: UInt64 = 0
            var offset = 0
            while offset < bytes.byteCount {
                sum &+= UInt64(bytes.u8(offset))
                offset += 1
            }
            return sum == .max ? .conversationDone : .needMore(bytes.byteCount + 1)
        }
    }

    /// Counts a message of its own kind and states a fact of its own for every four bytes.
    enum Talkative: Dissector {
        static let description = ProtocolDescription(
            name: "talkative", title: "Talkative", family: .service, level: .recognised, reference: "none",
            bindings: [.tcp([7]), .udp([7])])
        static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict { .certain }
        static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
            guard bytes.byteCount >= 4 else { return .needMore(4) }
            d.message(bytes.be32(0))
            d.observe(.comment, number: UInt64(bytes.be32(0)), field: "word")
            _ = d.isNew(bytes.first(4), field: "bytes")
            return .consumed(4)
        }
    }

    /// Segments of the smaller run; unoptimised code gets fewer.
    #if DEBUG
        private static let base = 512
    #else
        private static let base = 131_072
    #endif

    @Test func conversationsEndAtTheLimit() {
        var limits = CaptureAnalyzer.Limits()
        limits.conversations = 100
        var analyzer = CaptureAnalyzer(capture: 0, limits: limits)
        for index in 0..<1_000 {
            analyzer.take(EngineFrame.udp(source: UInt32(index), [1, 2, 3, 4]), number: index + 1)
        }
        let result = analyzer.finish(EngineFrame.summary)
        #expect(result.conversations.count == 100)
        #expect(result.capture.limitsReached["conversations"] == 900)
        #expect(result.capture.accounting["over_limit"] == 900)
        #expect(result.capture.accounting.values.reduce(0, +) == result.capture.frames)
    }

    /// Facts and kinds of messages end at their limits; facts known before the flood are still renewed.
    @Test func factsAndTalliesEndAtTheLimit() {
        var limits = CaptureAnalyzer.Limits()
        limits.observations = 50
        limits.tallies = 120
        limits.talliesPerConversation = 40
        var analyzer = CaptureAnalyzer(capture: 0, protocols: [ProtocolEntry(Talkative.self)], limits: limits)
        analyzer.take(EngineFrame.udp(source: 9, Array("KEEP".utf8)), number: 1)
        for index in 0..<2_000 {
            let word = [UInt8(index >> 8), UInt8(index & 255), 7, 7]
            analyzer.take(EngineFrame.udp(source: UInt32(10 + index / 100), word), number: index + 2)
        }
        analyzer.take(EngineFrame.udp(source: 9, Array("KEEP".utf8)), number: 3_000)
        let result = analyzer.finish(EngineFrame.summary)
        #expect(result.observations.count == 50)
        #expect(result.capture.limitsReached["observations"] == 1_951)
        #expect(result.sightings[0].count == 2 && result.sightings[0].last.number == 3_000)
        #expect(result.conversations.allSatisfy { $0.messages.count <= 40 })
        #expect(result.conversations.reduce(0) { $0 + $1.messages.count } == 120)
        #expect((result.capture.limitsReached["messages"] ?? 0) > 0)
        #expect(result.conversations[0].messages.map(\.count) == [2])
    }

    /// Streams that hold bytes back share one limit, and each has its own.
    @Test func reassemblyEndsAtTheLimit() {
        var limits = CaptureAnalyzer.Limits()
        limits.reassembly = 1 << 20
        var analyzer = CaptureAnalyzer(capture: 0, protocols: [ProtocolEntry(Insatiable.self)], limits: limits)
        let piece = [UInt8](repeating: 1, count: 1_000)
        var number = 0
        var mostHeld = 0
        for step in 0..<40 {
            for stream in 0..<100 {
                number += 1
                analyzer.take(
                    EngineFrame.tcp(source: UInt32(stream), sequence: UInt32(step * 1_000), piece), number: number)
                mostHeld = max(mostHeld, analyzer.reassemblyBytes)
            }
        }
        #expect(analyzer.reassemblyBytes >= 0 && mostHeld > 1 << 19 && mostHeld <= limits.reassembly + 1_000)
        let result = analyzer.finish(EngineFrame.summary)
        #expect((result.capture.limitsReached["reassembly"] ?? 0) > 0)
        #expect(result.conversations.count == 100)
    }

    @Test func oneDirectionKeepsAQuarterMebibyte() {
        var analyzer = CaptureAnalyzer(capture: 0, protocols: [ProtocolEntry(Insatiable.self)])
        let piece = [UInt8](repeating: 1, count: 1_000)
        for step in 0..<600 {
            analyzer.take(EngineFrame.tcp(source: 1, sequence: UInt32(step * 1_000), piece), number: step + 1)
            #expect(analyzer.reassemblyBytes <= StreamDirection.pendingLimit + 1_000)
        }
        #expect((analyzer.finish(EngineFrame.summary).capture.limitsReached["reassembly"] ?? 0) > 0)
    }

    /// CPU time a byte at sixteen times the input is at most twice as long, however the stream is cut.
    @Test(arguments: ["tiny segments", "all out of order", "overlapping", "never consumed"])
    func costIsLinear(_ kind: String) {
        func cost(_ factor: Int) -> Double {
            let isInsatiable = kind == "never consumed"
            var analyzer = CaptureAnalyzer(
                capture: 0,
                protocols: isInsatiable ? [ProtocolEntry(Insatiable.self)] : [ProtocolEntry(Talkative.self)])
            let size = kind == "overlapping" ? 64 : 8
            let piece = [UInt8](repeating: 3, count: size)
            let count = factor * EngineLimitTests.base
            var frame = EngineFrame.tcp(source: 1, sequence: 0, piece)
            var start = timespec()
            var end = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &start)
            do {
                for step in 0..<count {
                    let place: Int =
                        switch kind {
                        // Backwards in runs of 32.
                        case "all out of order": step / 32 * 32 + 31 - step % 32
                        default: step
                        }
                    EngineFrame.setSequence(UInt32(place * 8), in: &frame)
                    analyzer.take(frame, number: step + 1)
                }
            }
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
            return Double(end.tv_sec - start.tv_sec) + Double(end.tv_nsec - start.tv_nsec) / 1e9
        }
        _ = cost(1)
        var small = Double.infinity
        var large = Double.infinity
        for _ in 0..<4 where large > small * 16 * 2 || large == .infinity {
            small = min(small, cost(1))
            large = min(large, cost(16))
        }
        #expect(large <= small * 16 * 2, "\(kind): \(small) s, 16 times as much \(large) s")
    }

    /// A connection's state and streams go when it is reopened, so that port reuse holds no more and more.
    @Test func reopeningGivesBackWhatWasHeld() {
        var analyzer = CaptureAnalyzer(capture: 0, protocols: [ProtocolEntry(Insatiable.self)])
        var number = 0
        for _ in 0..<500 {
            for (flags, body): (UInt8, [UInt8]) in [(2, []), (24, [1, 2, 3]), (17, [])] {
                number += 1
                analyzer.take(
                    EngineFrame.tcp(source: 1, sequence: flags == 2 ? 99 : 100, body, flags: flags), number: number)
            }
        }
        #expect(analyzer.streams.count == 2)
        #expect(analyzer.reassemblyBytes <= 3)
        #expect(analyzer.finish(EngineFrame.summary).conversations.count == 500)
    }
}

/// Ethernet frames with IPv4 and UDP or TCP port 7, made by hand.
enum EngineFrame {
    static let summary = CaptureSummary(name: "made", sha256: "", format: "made")

    private static func ipv4(_ proto: UInt8, source: UInt32, _ body: [UInt8], isAnswer: Bool = false) -> [UInt8] {
        let total = 20 + body.count
        let link: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
        let address = [10, UInt8(source >> 16 & 255), UInt8(source >> 8 & 255), UInt8(source & 255)]
        let server: [UInt8] = [192, 168, 0, 1]
        return link + [0x45, 0, UInt8(total >> 8), UInt8(total & 255), 0, 0, 0, 0, 64, proto, 0, 0]
            + (isAnswer ? server + address : address + server) + body
    }

    static func udpAnswer(to source: UInt32, from port: UInt16, _ payload: [UInt8]) -> [UInt8] {
        ipv4(
            17, source: source,
            [UInt8(port >> 8), UInt8(port & 255), 0x9c, 0x40, 0, UInt8(8 + payload.count), 0, 0] + payload,
            isAnswer: true)
    }

    static func udp(source: UInt32, to port: UInt16 = 7, _ payload: [UInt8]) -> [UInt8] {
        ipv4(
            17, source: source,
            [0x9c, 0x40, UInt8(port >> 8), UInt8(port & 255), 0, UInt8(8 + payload.count), 0, 0] + payload)
    }

    static func tcp(source: UInt32, sequence: UInt32, _ payload: [UInt8], flags: UInt8 = 24) -> [UInt8] {
        var header: [UInt8] = [0x9c, 0x40, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, flags, 32, 0, 0, 0, 0, 0]
        for index in 0..<4 { header[4 + index] = UInt8(truncatingIfNeeded: sequence >> UInt32(24 - 8 * index)) }
        return ipv4(6, source: source, header + payload)
    }

    static func setSequence(_ sequence: UInt32, in frame: inout [UInt8]) {
        for index in 0..<4 { frame[38 + index] = UInt8(truncatingIfNeeded: sequence >> UInt32(24 - 8 * index)) }
    }
}

extension CaptureAnalyzer {
    /// Takes an Ethernet frame, a microsecond after the one before.
    mutating func take(_ frame: [UInt8], number: Int) {
        read(
            frame.span.bytes,
            Frame(
                number: UInt64(number), time: Timestamp(nanoseconds: Int64(number) * 1_000),
                originalLength: UInt32(frame.count), capturedLength: UInt32(frame.count), linkType: .ethernet))
    }
}
