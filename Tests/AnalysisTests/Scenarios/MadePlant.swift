import Model

/// A plant in words, turned into what reading a capture of it would give: hosts with their MACs, and who talked to whom
/// through which router. Frames are numbered in the order of telling, one second apart.
struct MadePlant {
    struct Host {
        var mac: MACAddress
        var ip: IPAddress
        var vlan: UInt16
        /// Initial TTL of what it sends.
        var ttl: UInt8 = 64
    }

    private(set) var conversations: [Conversation] = []
    private(set) var observations: [Observation] = []
    private(set) var sightings: [Sighting] = []
    private var clock: UInt64 = 0

    /// A host whose MAC's last byte is `number` and whose address ends in it.
    static func host(_ number: UInt8, net: String = "192.168.10", vlan: UInt16 = 0) -> Host {
        Host(
            mac: MACAddress(bits: 0x0200_0000_0000 &+ UInt64(number)),
            ip: IPAddress("\(net).\(number)") ?? IPAddress(v4: 0),
            vlan: vlan)
    }

    static func outside(_ address: String) -> Host {
        Host(mac: .zero, ip: IPAddress(address) ?? IPAddress(v4: 0), vlan: 0, ttl: 52)
    }

    /// Both ways with each other's own MACs: nothing routes between.
    mutating func talk(
        _ client: Host, _ server: Host, _ service: String?, port: UInt16, frames: UInt64 = 20, isSymmetric: Bool = true
    ) {
        add(
            client, server, service, port, frames, clientMAC: client.mac, serverMAC: server.mac, vlan: client.vlan,
            decrement: (0, 0), isSymmetric: isSymmetric)
    }

    /// As a mirror of the client's side shows it: the server's frames come from the router's MAC, a hop older.
    mutating func talk(
        _ client: Host, _ server: Host, _ service: String?, port: UInt16, frames: UInt64 = 20,
        through router: MACAddress
    ) {
        add(
            client, server, service, port, frames, clientMAC: client.mac, serverMAC: router, vlan: client.vlan,
            decrement: (0, 1), isSymmetric: true)
    }

    /// As a mirror of the server's side shows it: the client's frames come from the MAC of what lies between.
    mutating func arrive(
        _ client: Host, _ server: Host, _ service: String?, port: UInt16, frames: UInt64 = 20, by mac: MACAddress
    ) {
        add(
            client, server, service, port, frames, clientMAC: mac, serverMAC: server.mac, vlan: server.vlan,
            decrement: (1, 0), isSymmetric: true)
    }

    /// The same conversation, seen on both sides of the router, as a mirror of several ports delivers it.
    mutating func talkSeenTwice(
        _ client: Host, _ server: Host, _ service: String?, port: UInt16, through router: MACAddress
    ) {
        talk(client, server, service, port: port, through: router)
        arrive(client, server, service, port: port, by: router)
    }

    /// States an address by ARP.
    mutating func announce(_ host: Host, _ ip: IPAddress? = nil) {
        state(.mac(host.mac), .ip, (ip ?? host.ip).description, "arp.reply_sender")
    }

    mutating func state(
        _ subject: Subject, _ attribute: Attribute, _ value: String, _ source: String, _ confidence: Confidence = .high
    ) {
        let frame = tick()
        observations.append(
            Observation(
                subject: subject, attribute: attribute, value: WireText(value), source: source, confidence: confidence))
        sightings.append(Sighting(first: frame, last: frame, count: 1))
    }

    /// What reading the capture gives; `hours` long, whatever was told.
    func result(hours: Double = 0.5) -> CaptureResult {
        let start = MadePlant.start
        return CaptureResult(
            capture: CaptureRecord(
                name: "made.pcapng", sha256: "made", format: "pcapng", frames: clock, bytes: clock &* 100,
                first: Timestamp(nanoseconds: start),
                last: Timestamp(nanoseconds: start &+ Int64(hours * 3600) &* 1_000_000_000), linkTypes: [1: clock],
                accounting: ["analysed": clock]),
            conversations: conversations, observations: observations, sightings: sightings)
    }

    private static let start: Int64 = 1_800_000_000_000_000_000

    private mutating func tick() -> FrameRef {
        clock &+= 1
        return FrameRef(
            capture: 1, number: clock,
            time: Timestamp(nanoseconds: MadePlant.start &+ Int64(clamping: clock) &* 1_000_000_000))
    }

    private mutating func add(
        _ client: Host, _ server: Host, _ service: String?, _ port: UInt16, _ frames: UInt64, clientMAC: MACAddress,
        serverMAC: MACAddress, vlan: UInt16, decrement: (UInt8, UInt8), isSymmetric: Bool
    ) {
        let first = tick()
        let last = tick()
        let clientPort = UInt16(truncatingIfNeeded: 40_000 &+ clock % 20_000)
        let clientIsA = client.ip < server.ip
        let volume = Volume(frames: frames, bytes: frames &* 100, payload: frames &* 40)
        conversations.append(
            Conversation(
                key: ConversationKey(
                    a: clientIsA ? client.ip : server.ip, b: clientIsA ? server.ip : client.ip,
                    aPort: clientIsA ? clientPort : port, bPort: clientIsA ? port : clientPort, transport: .tcp,
                    vlan: vlan),
                client: Endpoint(mac: clientMAC, ip: client.ip, vlan: vlan),
                server: Endpoint(mac: serverMAC, ip: server.ip, vlan: vlan), clientPort: clientPort, serverPort: port,
                service: service, fromClient: volume, fromServer: volume, first: first, last: last, openingSeen: true,
                clientTCPFlags: 0x1a, serverTCPFlags: 0x1a, clientTTL: client.ttl &- decrement.0,
                serverTTL: server.ttl &- decrement.1, isSymmetric: isSymmetric))
    }
}
