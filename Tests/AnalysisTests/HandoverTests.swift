import Model
import Testing

@testable import Analysis

/// A conversation that one dissector began and another has: Telnet, and the serial port that is set up through it.
@Suite struct HandoverTests {
    private static let negotiation: [UInt8] = [255, 251, 0, 255, 251, 3, 255, 253, 1]
    private static let offer: [UInt8] = [255, 251, 44]
    private static let baudRate: [UInt8] = [255, 250, 44, 1, 0, 0, 37, 128, 255, 240]

    private func read(_ segments: [[UInt8]]) -> [Conversation] {
        var analyzer = CaptureAnalyzer(capture: 0)
        var sequence: UInt32 = 100
        for (index, segment) in segments.enumerated() {
            analyzer.take(EngineFrame.tcp(source: 1, sequence: sequence, segment), number: index + 1)
            sequence += UInt32(segment.count)
        }
        return analyzer.finish(EngineFrame.summary).conversations
    }

    /// The segment that tells is read by the dissector that it goes to, and what was counted keeps its name.
    @Test func theSegmentThatTellsIsNotLost() {
        let segments = [HandoverTests.negotiation, HandoverTests.offer + HandoverTests.baudRate]
        let conversations = read(segments)
        #expect(conversations.map(\.service) == ["rfc2217"])
        let counts = conversations.first.map { Dictionary(grouping: $0.messages, by: \.name).mapValues { $0[0].count } }
        #expect(counts == ["option negotiation": 4, "set baud rate": 1])
    }

    @Test func anOfferAloneStaysTelnet() {
        #expect(read([HandoverTests.negotiation, HandoverTests.offer, [104, 105]]).map(\.service) == ["telnet"])
        #expect(read([[255, 254, 44, 255, 251, 1, 255, 251, 3], [104, 105]]).map(\.service) == ["telnet"])
    }
}
