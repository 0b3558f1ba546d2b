import Model
import Testing
import Wire

@Suite struct FlowKeyTests {
    private func key(_ layers: FrameLayers) -> FlowKey {
        FlowKey.between(
            layers.sourceIP, layers.sourcePort, layers.destinationIP, layers.destinationPort, code: 0,
            vlan: layers.vlan, transport: layers.ipProtocol == 6 ? .tcp : .udp
        ).key
    }

    /// What is fetched ahead is what the frame is counted in.
    @Test(arguments: [
        Made.ethernet(0x0800, Made.ipv4(17, Made.udp())), Made.ethernet(0x0800, Made.ipv4(6, Made.tcp())),
        Made.ethernet(0x8100, Made.tag(100, 0x0800, Made.ipv4(17, Made.udp(from: 502, to: 502)))),
        Made.ethernet(0x8100, Made.tag(0, 0x0800, Made.ipv4(6, Made.tcp(flags: 2)))),
    ])
    func aGlimpseTellsTheConversation(frame: [UInt8]) throws {
        let guess = try #require(withBytes(frame) { FlowKey(glimpse: $0.first(64)) })
        #expect(guess.isSame(key(Made.decode(frame))))
    }

    @Test(arguments: [
        [], Made.ethernet(0x0806, [UInt8](repeating: 1, count: 28)),
        Made.ethernet(0x0800, Made.ipv4(17, Made.udp(), options: [1, 1, 1, 1])),
        Made.ethernet(0x0800, Made.ipv4(17, Made.udp(), fragment: 5)),
        Made.ethernet(0x0800, Made.ipv4(17, Made.udp(), fragment: 0x2000)),
        Made.ethernet(0x0800, Made.ipv4(1, Made.payload)), Made.ethernet(0x86dd, Made.ipv6(17, Made.udp())),
        Made.ethernet(0x8100, Made.tag(7, 0x8100, Made.tag(100, 0x0800, Made.ipv4(6, Made.tcp())))),
    ])
    func whatIsNotPlainGivesNone(frame: [UInt8]) {
        #expect(withBytes(frame) { FlowKey(glimpse: $0.first(64)) } == nil)
    }

    @Test func bothDirectionsAreOneConversation() {
        var noise = Noise(state: 5)
        for _ in 0..<1000 {
            let (a, b) = (IPAddress(v4: UInt32(noise.below(3))), IPAddress(v4: UInt32(noise.below(3))))
            let (p, q) = (UInt16(noise.below(3)), UInt16(noise.below(3)))
            let there = FlowKey.between(a, p, b, q, code: 0, vlan: 1, transport: .udp)
            let back = FlowKey.between(b, q, a, p, code: 0, vlan: 1, transport: .udp)
            #expect(there.key.isSame(back.key))
            #expect(there.fromA != back.fromA || (a == b && p == q))
        }
    }
}
