import Analysis
import Foundation
import Model
import Testing

/// Small made-up networks, each with one thing that an inventory easily gets wrong.
@Suite struct SampleInventoryTests {
    /// A network put together host by host.
    private struct Network {
        private(set) var conversations: [Conversation] = []
        private(set) var observations: [Observation] = []
        private(set) var sightings: [Sighting] = []
        private var frames: UInt64 = 0

        private mutating func frame() -> FrameRef {
            frames += 1
            return FrameRef(capture: 0, number: frames, time: Timestamp(nanoseconds: Int64(frames) * 1_000_000_000))
        }

        /// `client` and `server` as (MAC, address, TTL); the port of the client numbers the conversation.
        mutating func talk(
            _ client: (String, String, UInt8), _ server: (String, String, UInt8), service: String = "http",
            port: UInt16 = 80, vlan: UInt16 = 0, messages: [MessageTally] = []
        ) throws {
            let ends = [client, server].map { end in
                Endpoint(mac: MACAddress(end.0), ip: IPAddress(end.1), vlan: vlan)
            }
            let (first, last) = (frame(), frame())
            let volume = Volume(frames: 20, bytes: 2000, payload: 1000)
            let (a, b) = (try #require(ends[0].ip), try #require(ends[1].ip))
            let key = ConversationKey(
                a: a, b: b, aPort: UInt16(truncatingIfNeeded: 40_000 + frames), bPort: port, transport: .tcp, vlan: vlan
            )
            conversations.append(
                Conversation(
                    key: key, client: ends[0], server: ends[1], clientPort: key.aPort, serverPort: port,
                    service: service, fromClient: volume, fromServer: volume, first: first, last: last,
                    openingSeen: true, clientTTL: client.2, serverTTL: server.2, messages: messages))
        }

        mutating func say(_ subject: Subject, _ attribute: Attribute, _ value: String, _ source: String) {
            let at = frame()
            observations.append(
                Observation(subject: subject, attribute: attribute, value: WireText(value), source: source))
            sightings.append(Sighting(first: at, last: at, count: 1))
        }

        mutating func arp(_ mac: String, _ ip: String) throws {
            say(.mac(try #require(MACAddress(mac))), .ip, ip, "arp.reply_sender")
        }

        func derive(_ ledger: [LedgerEntry]? = nil) throws -> (PlantPicture, LedgerMatch?) {
            let capture = CaptureRecord(
                name: "made", sha256: "", format: "", frames: frames, bytes: 0, first: .zero,
                last: Timestamp(nanoseconds: Int64(frames) * 1_000_000_000), linkTypes: [:], accounting: [:])
            let result = CaptureResult(
                capture: capture, conversations: conversations, observations: observations, sightings: sightings)
            let derived = PlantAnalysis.derive([result], ledger: ledger, knowledge: try Knowledge.load())
            return (derived.picture, derived.ledger)
        }
    }

    private static let pc = "00:0b:5d:00:00:01"
    private static let plc = "58:52:8a:00:00:02"
    private static let other = "94:18:82:00:00:03"
    private static let router = "ac:44:f2:00:00:01"

    /// A lease that ends and another that begins make no second device, and no unknown one.
    @Test func aNewAddressByDHCPIsStillTheSameDevice() throws {
        var network = Network()
        try network.arp(SampleInventoryTests.pc, "192.168.1.10")
        try network.talk(
            (SampleInventoryTests.pc, "192.168.1.10", 128), (SampleInventoryTests.other, "192.168.1.5", 64))
        try network.arp(SampleInventoryTests.pc, "192.168.1.77")
        try network.talk(
            (SampleInventoryTests.pc, "192.168.1.77", 128), (SampleInventoryTests.other, "192.168.1.5", 64))
        let entry = LedgerEntry(
            line: 2, name: "PC", addresses: [try #require(IPAddress("192.168.1.9"))],
            macs: [try #require(MACAddress(SampleInventoryTests.pc))])
        let (picture, match) = try network.derive([entry])
        #expect(picture.assets.count == 2)
        let asset = try #require(picture.assets.first { $0.macs.map(\.description) == [SampleInventoryTests.pc] })
        #expect(asset.addresses.map(\.description) == ["192.168.1.10", "192.168.1.77"])
        let pair = try #require(match?.pairs.first)
        #expect(pair.ground == .mac && pair.asset == asset.id && pair.changes == ["ip"])
    }

    /// Hosts behind a router keep their addresses; the router keeps its own.
    @Test func aRouterDoesNotSwallowTheAddressesBehindIt() throws {
        var network = Network()
        try network.arp(SampleInventoryTests.router, "192.168.1.1")
        try network.arp(SampleInventoryTests.pc, "192.168.1.10")
        for host in ["10.5.0.7", "10.5.0.8", "10.5.0.9"] {
            try network.talk(
                (SampleInventoryTests.pc, "192.168.1.10", 128), (SampleInventoryTests.router, host, 63))
        }
        let (picture, _) = try network.derive()
        let router = try #require(
            picture.assets.first { $0.macs.map(\.description) == [SampleInventoryTests.router] })
        #expect(router.addresses.map(\.description) == ["192.168.1.1"])
        #expect(router.role == .router)
        #expect(picture.assets.filter(\.isBehindRouter).count == 3)
        let local = try #require(picture.segments.first { $0.members.contains(router.id) })
        #expect(local.gateways == [router.id] && local.members.count == 2)
    }

    @Test func oneSubnetInTwoVLANsIsTwoSegments() throws {
        var network = Network()
        for (vlan, last) in [(UInt16(10), "1"), (20, "2")] {
            try network.talk(
                ("00:0b:5d:00:\(vlan):01", "192.168.1.\(last)", 128),
                ("58:52:8a:00:\(vlan):02", "192.168.1.5\(last)", 64),
                vlan: vlan)
        }
        let (picture, _) = try network.derive()
        #expect(picture.segments.map(\.vlan).sorted() == [10, 20])
        #expect(picture.segments.allSatisfy { $0.members.count == 2 && $0.prefix?.description == "192.168.1.0/24" })
        #expect(Set(picture.segments.map(\.id)).count == 2)
    }

    @Test func masksThatTheNetworkStatesAreBelieved() throws {
        var network = Network()
        network.say(.network, "prefix", "10.0.0.0/22", "dhcp.prefix")
        try network.talk(
            (SampleInventoryTests.pc, "10.0.1.10", 128), (SampleInventoryTests.other, "10.0.3.20", 64))
        network.say(.mac(try #require(MACAddress(SampleInventoryTests.plc))), .subnet, "31", "profinet.dcp_subnet_mask")
        try network.talk(
            (SampleInventoryTests.plc, "172.16.0.4", 64), ("58:52:8a:00:00:09", "172.16.0.5", 64), service: "slmp")
        let (picture, _) = try network.derive()
        #expect(Set(picture.segments.compactMap(\.prefix?.description)) == ["10.0.0.0/22", "172.16.0.4/31"])
        #expect(picture.segments.allSatisfy { $0.prefixIsDeclared && $0.members.count == 2 })
    }

    /// Both families on one wire are one broadcast domain.
    @Test func anInterfacesTwoFamiliesShareASegment() throws {
        var network = Network()
        try network.talk(
            (SampleInventoryTests.pc, "192.168.1.10", 128), (SampleInventoryTests.other, "192.168.1.5", 64))
        try network.talk(
            (SampleInventoryTests.pc, "fd00:1::10", 64), (SampleInventoryTests.other, "fd00:1::5", 64))
        let (picture, _) = try network.derive()
        #expect(picture.segments.count == 1)
        #expect(picture.segments.first?.prefix?.description == "192.168.1.0/24")
    }

    /// A mirror that strips the tag of one direction shows one VLAN, not two segments.
    @Test func aMirrorThatStripsTagsMakesNoSegment() throws {
        var network = Network()
        for vlan in [UInt16(30), 0] {
            try network.talk(
                (SampleInventoryTests.pc, "192.168.1.10", 128), (SampleInventoryTests.other, "192.168.1.5", 64),
                vlan: vlan)
        }
        let (picture, _) = try network.derive()
        #expect(picture.segments.map(\.vlan) == [30])
    }

    /// A login may carry another host's name; it does not rename the client.
    @Test func aNameThatIsAnothersDoesNotNameADevice() throws {
        var network = Network()
        try network.talk(
            (SampleInventoryTests.pc, "192.168.1.10", 128), (SampleInventoryTests.other, "192.168.1.5", 64),
            service: "smb", port: 445)
        let server = Endpoint(mac: MACAddress(SampleInventoryTests.other), ip: IPAddress("192.168.1.5"))
        let client = Endpoint(mac: MACAddress(SampleInventoryTests.pc), ip: IPAddress("192.168.1.10"))
        for source in ["browser.server", "nbns.server_name", "smb.ntlm_target_name"] {
            network.say(.endpoint(server), .name, "SV-FILE01", source)
        }
        network.say(.endpoint(client), .name, "SV-FILE01", "smb.ntlm_workstation")
        let (picture, _) = try network.derive()
        #expect(
            picture.assets.filter { $0.hostname?.raw == "SV-FILE01" }.compactMap(\.macs.first)
                == [server.mac].compactMap(\.self))
    }

    /// The far end of a tunnel asks from an inside address, and is no device of the plant.
    @Test func theFarEndOfATunnelIsNoAsset() throws {
        var network = Network()
        let gateway = Endpoint(mac: MACAddress(SampleInventoryTests.other), ip: IPAddress("192.168.30.10"))
        network.say(.endpoint(gateway), .role, "vpn_gateway", "openvpn.server_reset")
        try network.arp(SampleInventoryTests.other, "192.168.30.10")
        try network.talk(
            (SampleInventoryTests.other, "10.8.0.2", 63), (SampleInventoryTests.pc, "192.168.30.20", 64),
            service: "ssh",
            port: 22)
        try network.talk(
            (SampleInventoryTests.pc, "192.168.30.20", 64), (SampleInventoryTests.other, "192.168.30.10", 64))
        let (picture, _) = try network.derive()
        #expect(picture.assets.count == 2)
        #expect(picture.assets.first { $0.macs.first == gateway.mac }?.role == .vpnGateway)
    }

    /// Who polls one device is an operator's panel, who polls many a control room, who asks many for what they are an
    /// engineer's computer.
    @Test func whoAsksControllersIsToldByWhatIsAsked() throws {
        var network = Network()
        func tally(_ effect: MessageEffect, _ count: UInt64) -> MessageTally {
            let at = FrameRef(capture: 0, number: 1, time: .zero)
            return MessageTally(
                code: UInt32(effect.rawValue), name: "\(effect)", effect: effect, fromClient: true, count: count,
                first: at, last: at)
        }
        let panel = "28:e9:8e:00:00:01"
        let room = "74:fe:48:00:00:02"
        for number in 1...4 {
            let controller = ("58:52:8a:00:01:0\(number)", "192.168.1.10\(number)", UInt8(64))
            let service = number % 2 == 0 ? "slmp" : "modbus"
            if number == 1 {
                try network.talk(
                    (panel, "192.168.1.51", 64), controller, service: service, port: 5000,
                    messages: [tally(.read, 500), tally(.write, 3)])
            }
            try network.talk(
                (room, "192.168.1.70", 128), controller, service: service, port: 5000, messages: [tally(.read, 500)])
            try network.talk(
                (SampleInventoryTests.pc, "192.168.1.73", 128), controller, service: service, port: 5000,
                messages: [tally(.identity, 1), tally(.read, 4)])
        }
        let (picture, _) = try network.derive()
        func role(_ mac: String) -> Role? { picture.assets.first { $0.macs.map(\.description) == [mac] }?.role }
        #expect(role(panel) == .hmi)
        #expect(role(room) == .scada)
        #expect(role(SampleInventoryTests.pc) == .engineeringStation)
        #expect(picture.assets.filter { $0.role == .plc }.count == 4)
        #expect(picture.assets.allSatisfy { $0.isOT })
    }
}
