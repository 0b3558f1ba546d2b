import Model
import Protocols
import Testing

@Suite struct SpanningTreeTests {
    /// A rapid spanning tree BPDU: identifier, version, type, flags, root, cost, bridge, port, timers, version 1 length.
    private var rapid: [UInt8] {
        hex("0000 02 02 3c") + hex("1000 020000000007") + hex("00004e20") + hex("8000 020000000009")
            + hex("8001 0100 1400 0200 0f00 00")
    }

    @Test func bridgesNameThemselvesAndTheirRoot() {
        var bench = DissectorBench(SpanningTree.self, isTCP: false, isLink: true)
        #expect(bench.feed(rapid, fromClient: true) == .consumed(rapid.count))
        #expect(bench.value("bridge_address") == "02:00:00:00:00:09")
        #expect(bench.value("root_id") == "4096/0/02:00:00:00:00:07")
        #expect(bench.values(.role) == ["switch"])
    }

    /// GARP and GVRP share the service access point.
    @Test func otherBridgeProtocolsAreNotSpanningTree() {
        var bench = DissectorBench(SpanningTree.self, isTCP: false, isLink: true)
        #expect(bench.feed(hex("0001 01 04 02 0001 04 02 0002 00 00"), fromClient: true) == .notMine)
        #expect(bench.messages.isEmpty)
        #expect(bench.d.malformedCount == 0)
    }
}
