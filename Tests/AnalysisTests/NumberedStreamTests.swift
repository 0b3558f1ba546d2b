import Model
import Testing

@testable import Analysis

/// One direction of RTP, as cameras and loudspeakers have it: a header of few marks that shows in several datagrams.
@Suite struct NumberedStreamTests {
    private static func rtp(_ number: Int, source: [UInt8] = [1, 2, 3, 4], payloadType: UInt8 = 96) -> [UInt8] {
        [0x80, payloadType, UInt8(number >> 8 & 255), UInt8(number & 255), 0, 0, 0, UInt8(number & 255)] + source
            + [UInt8](repeating: 0xd5, count: 40)
    }

    private func services(_ payloads: [[UInt8]]) -> [String?] {
        var analyzer = CaptureAnalyzer(capture: 0)
        for (index, payload) in payloads.enumerated() {
            analyzer.take(EngineFrame.udp(source: 1, to: 16_384, payload), number: index + 1)
        }
        return analyzer.finish(EngineFrame.summary).conversations.map(\.service)
    }

    @Test func fourInARowAreEnough() {
        #expect(services((0..<4).map { NumberedStreamTests.rtp(65_534 + $0) }) == ["rtp"])
        #expect(services((0..<3).map { NumberedStreamTests.rtp($0) }) == [nil])
    }

    /// As a mirror of both sides of a port shows them.
    @Test func eachTwiceAsWell() {
        #expect(services((0..<4).flatMap { [NumberedStreamTests.rtp($0), NumberedStreamTests.rtp($0)] }) == ["rtp"])
    }

    @Test func aLossBeginsAnew() {
        #expect(services([1, 2, 3, 5, 6, 7, 8].map { NumberedStreamTests.rtp($0) }) == ["rtp"])
    }

    /// An answer that begins with its question's bytes, the number of the transaction among them, agrees with nothing.
    @Test func anEchoIsNoAgreement() {
        let question = NumberedStreamTests.rtp(7)
        var analyzer = CaptureAnalyzer(capture: 0)
        for index in 0..<6 {
            analyzer.take(
                index.isMultiple(of: 2)
                    ? EngineFrame.udp(source: 1, to: 16_384, question)
                    : EngineFrame.udpAnswer(to: 1, from: 16_384, question), number: index + 1)
        }
        #expect(analyzer.finish(EngineFrame.summary).conversations.map(\.service) == [nil])
    }

    @Test func whatDoesNotCountIsNotNamed() {
        #expect(services((0..<50).map { _ in NumberedStreamTests.rtp(7) }) == [nil])
        #expect(services((0..<50).map { NumberedStreamTests.rtp($0 * 2) }) == [nil])
        #expect(services((0..<50).map { NumberedStreamTests.rtp($0, source: [1, 2, 3, UInt8($0)]) }) == [nil])
        #expect(services((0..<50).map { NumberedStreamTests.rtp($0, payloadType: 77) }) == [nil])
    }
}
