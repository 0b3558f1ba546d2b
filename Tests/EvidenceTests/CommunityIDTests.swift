import Evidence
import Model
import Testing

/// Community ID version 1, by the examples of its specification.
@Suite struct CommunityIDTests {
    private func key(
        _ a: String, _ aPort: UInt16, _ b: String, _ bPort: UInt16, _ transport: Transport, code: UInt16 = 0
    ) throws -> ConversationKey {
        let (left, right) = (try #require(IPAddress(a)), try #require(IPAddress(b)))
        return ConversationKey(a: left, b: right, aPort: aPort, bPort: bPort, transport: transport, code: code)
    }

    @Test func agreesWithTheSpecification() throws {
        let tcp = try key("66.35.250.204", 80, "128.232.110.120", 34855, .tcp)
        #expect(tcp.communityID() == "1:LQU9qZlK+B5F3KDmev6m5PMibrg=")
        #expect(tcp.communityID(seed: 1) == "1:3V71V58M3Ksw/yuFALMcW0LAHvc=")
        let udp = try key("8.8.8.8", 53, "192.168.1.52", 54585, .udp)
        #expect(udp.communityID() == "1:d/FP5EW3wiY1vCndhwleRRKHowQ=")
    }

    @Test func isAbsentWhereAKeyDoesNotHoldWhatItIsMadeOf() throws {
        #expect(try key("10.0.0.1", 0, "10.0.0.2", 0, .ip, code: 1).communityID() == nil)
        #expect(try key("10.0.0.1", 0, "10.0.0.2", 0, .ip, code: 132).communityID() == nil)
        #expect(try key("10.0.0.1", 0, "10.0.0.2", 0, .ethernet, code: 0x0806).communityID() == nil)
        #expect(try key("10.0.0.1", 0, "10.0.0.2", 0, .ip, code: 47).communityID()?.hasPrefix("1:") == true)
    }
}
