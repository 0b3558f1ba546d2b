import Model

/// A plant network whose frames are written byte by byte: stations on links, a router between the links, and a mirror
/// port that sees all of it or a part. What the mirror delivers is read by the engine as any capture is.
struct MadeNetwork {
    /// One host with one interface.
    struct Station: Hashable {
        var name: String
        var mac: MACAddress
        var ip: IPAddress
        /// VLAN of its port; nil for a host beyond the plant's boundary.
        var vlan: UInt16?
        /// Initial TTL of what it sends.
        var ttl: UInt8 = 64

        /// An address of its link where its own is of another block, as behind a tunnel's end.
        var linkAddress: IPAddress?

        /// The address block of its link.
        var prefix: IPPrefix? { IPPrefix(address: linkAddress ?? ip, length: 24) }
        func isNeighbour(of other: Station) -> Bool { vlan != nil && vlan == other.vlan && prefix == other.prefix }
    }

    /// What forwards between links: one MAC per link, or one for all.
    struct Router {
        var mac: MACAddress
        /// MAC that hosts send to where it is not the router's own (VRRP, HSRP).
        var virtualMAC: MACAddress?
        /// Answers ARP for every address, so that neighbours meet through it, too.
        var answersForAll = false
        /// Address that it puts in the place of a source's when it forwards out of this VLAN.
        var translates: [UInt16: IPAddress] = [:]
    }

    /// What the capturing port sees.
    struct Mirror {
        /// VLANs mirrored; nil for all.
        var vlans: Set<UInt16>?
        var keepsTags = true
        /// Only frames that these stations sent; nil for everybody's.
        var senders: Set<MACAddress>?
        /// How often the mirror delivers each frame.
        var copies = 1
        static let all = Mirror()
    }

    var router: Router?
    var mirror = Mirror.all
    private(set) var frames: [(time: Int64, bytes: [UInt8])] = []
    private(set) var stations: [Station] = []
    /// Nanoseconds since the beginning.
    private(set) var clock: Int64 = 0
    private var nextPort: UInt16 = 40_000
    private var nextIdentification = 1

    static let start: Int64 = 1_800_000_000_000_000_000

    // MARK: Stations

    mutating func station(_ name: String, _ ip: String, vlan: UInt16 = 0, mac: UInt64? = nil, ttl: UInt8 = 64)
        -> Station
    {
        let address = IPAddress(ip) ?? IPAddress(v4: 0)
        // A maker's block, so that it looks like no randomised address, and the host's own number.
        let station = Station(
            name: name, mac: MACAddress(bits: mac ?? 0x0030_de00_0000 &+ (address.low & 0xffffff)), ip: address,
            vlan: vlan, ttl: ttl)
        stations.append(station)
        return station
    }

    /// A host at the far end of a tunnel: its frames leave with the MAC of the gateway at which the tunnel ends.
    mutating func tunnelled(_ name: String, _ ip: String, by gateway: Station) -> Station {
        let station = Station(
            name: name, mac: gateway.mac, ip: IPAddress(ip) ?? IPAddress(v4: 0), vlan: gateway.vlan, ttl: 63,
            linkAddress: gateway.ip)
        stations.append(station)
        return station
    }

    /// A host on the internet.
    mutating func outside(_ name: String, _ ip: String) -> Station {
        let station = Station(name: name, mac: .zero, ip: IPAddress(ip) ?? IPAddress(v4: 0), vlan: nil, ttl: 58)
        stations.append(station)
        return station
    }

    /// Lets time pass.
    mutating func wait(seconds: Double) { clock &+= Int64(seconds * 1e9) }

    // MARK: Conversations

    /// A TCP connection from handshake to end that says `dialog`, its repeated part `times` times, a turn each `pace`.
    mutating func tcp(
        _ client: Station, _ server: Station, _ port: UInt16, _ dialog: Dialog, times: Int = 10, pace: Double = 0.05,
        isRefused: Bool = false, isUnanswered: Bool = false, from clientPort: UInt16? = nil, isOpened: Bool = true,
        lossEvery: Int? = nil
    ) {
        let source = clientPort ?? takePort()
        var sequence: (client: Int, server: Int) = (1_000, 5_000)
        func segment(_ flags: UInt8, _ body: [UInt8] = [], fromClient: Bool) {
            let header =
                Bytes.be16(Int(fromClient ? source : port)) + Bytes.be16(Int(fromClient ? port : source))
                + Bytes.be32(fromClient ? sequence.client : sequence.server)
                + Bytes.be32(flags & 0x10 == 0 ? 0 : fromClient ? sequence.server : sequence.client)
                + [0x50, flags] + Bytes.be16(8_192) + [0, 0, 0, 0]
            packet(fromClient ? client : server, fromClient ? server : client, 6, header + body)
            let step = body.count + (flags & 0x03 == 0 ? 0 : 1)
            if fromClient { sequence.client += step } else { sequence.server += step }
        }
        if isOpened {
            segment(0x02, fromClient: true)
            if isUnanswered { return }
            if isRefused { return segment(0x14, fromClient: false) }
            segment(0x12, fromClient: false)
            segment(0x10, fromClient: true)
        }
        let turns = dialog.opening + (0..<times).flatMap { _ in dialog.repeated }
        for (number, turn) in turns.enumerated() {
            if let lossEvery, number % lossEvery == lossEvery - 1 {
                // Lost behind the mirror: sent again, as a packet of its own, when no answer has come.
                let before = sequence
                segment(0x18, turn.bytes, fromClient: turn.fromClient)
                wait(seconds: 0.2)
                sequence = before
            }
            segment(0x18, turn.bytes, fromClient: turn.fromClient)
            segment(0x10, fromClient: !turn.fromClient)
            wait(seconds: pace)
        }
        segment(0x11, fromClient: true)
        segment(0x11, fromClient: false)
        segment(0x10, fromClient: true)
    }

    /// Datagrams both ways.
    mutating func udp(
        _ client: Station, _ server: Station, _ port: UInt16, _ dialog: Dialog, times: Int = 10, pace: Double = 0.05,
        from clientPort: UInt16? = nil
    ) {
        let source = clientPort ?? takePort()
        for turn in dialog.opening + (0..<times).flatMap({ _ in dialog.repeated }) {
            let ports = turn.fromClient ? (source, port) : (port, source)
            let header =
                Bytes.be16(Int(ports.0)) + Bytes.be16(Int(ports.1)) + Bytes.be16(8 + turn.bytes.count) + [0, 0]
            packet(turn.fromClient ? client : server, turn.fromClient ? server : client, 17, header + turn.bytes)
            wait(seconds: pace)
        }
    }

    /// Echo requests and their replies, whose data is the request's unless `other` is given.
    mutating func ping(_ client: Station, _ server: Station, _ data: [UInt8], times: Int, other: [UInt8]? = nil) {
        for number in 0..<times {
            let rest = Bytes.be16(0x77) + Bytes.be16(number)
            let marked = data + [UInt8(number & 255)]
            packet(client, server, 1, [8, 0, 0, 0] + rest + marked)
            packet(server, client, 1, [0, 0, 0, 0] + rest + (other.map { $0 + [UInt8(number & 255)] } ?? marked))
            wait(seconds: 0.2)
        }
    }

    /// ICMP destination unreachable with this code from `reporter` about a packet of `source`.
    mutating func refuse(_ reporter: Station, to source: Station, about target: Station, code: UInt8 = 13) {
        let quoted =
            Bytes.ipv4(
                6, source: source.ip, target: target.ip, ttl: 63, id: 1,
                Bytes.be16(40_000) + Bytes.be16(445) + [0, 0, 0, 0])
        packet(reporter, source, 1, [3, code, 0, 0, 0, 0, 0, 0] + quoted)
    }

    /// An ARP request and its answer, by `answerer` (the target itself, or who answers in its place).
    mutating func arp(_ asker: Station, _ target: Station, by answerer: MACAddress? = nil) {
        guard let vlan = asker.vlan else { return }
        let mac = answerer ?? (router?.answersForAll == true ? router?.mac : nil) ?? target.mac
        let head = Bytes.be16(1) + Bytes.be16(0x0800) + [6, 4]
        let request =
            head + Bytes.be16(1) + Bytes.mac(asker.mac) + Bytes.address(asker.ip) + Bytes.mac(.zero)
            + Bytes.address(target.ip)
        deliver(from: asker.mac, to: .broadcast, vlan: vlan, Bytes.be16(0x0806) + request)
        let reply =
            head + Bytes.be16(2) + Bytes.mac(mac) + Bytes.address(target.ip) + Bytes.mac(asker.mac)
            + Bytes.address(asker.ip)
        deliver(from: mac, to: asker.mac, vlan: vlan, Bytes.be16(0x0806) + reply)
    }

    /// A frame as it stands on a link: EtherType and what follows.
    mutating func link(_ sender: Station, to target: MACAddress, _ rest: [UInt8]) {
        deliver(from: sender.mac, to: target, vlan: sender.vlan ?? 0, rest)
    }

    // MARK: The way of a packet

    private mutating func packet(_ source: Station, _ target: Station, _ proto: UInt8, _ body: [UInt8]) {
        nextIdentification += 1
        func ip(_ from: IPAddress, _ to: IPAddress, _ ttl: UInt8) -> [UInt8] {
            Bytes.be16(0x0800)
                + Bytes.ipv4(proto, source: from, target: to, ttl: ttl, id: nextIdentification & 0xffff, body)
        }
        if source.isNeighbour(of: target), router?.answersForAll != true {
            deliver(
                from: source.mac, to: target.mac, vlan: source.vlan ?? 0, ip(source.ip, target.ip, source.ttl))
            return
        }
        guard let router else { return }
        // With address translation, each side knows the other's hosts by the router's address there only.
        let seenSource = target.vlan.flatMap { _ in source.vlan.flatMap { router.translates[$0] } } ?? source.ip
        let seenTarget = source.vlan.flatMap { _ in target.vlan.flatMap { router.translates[$0] } } ?? target.ip
        if let vlan = source.vlan {
            deliver(
                from: source.mac, to: router.virtualMAC ?? router.mac, vlan: vlan, ip(source.ip, seenTarget, source.ttl)
            )
        }
        if let vlan = target.vlan {
            deliver(
                from: router.mac, to: target.mac, vlan: vlan, ip(seenSource, target.ip, source.ttl &- 1))
        }
    }

    private mutating func deliver(from source: MACAddress, to target: MACAddress, vlan: UInt16, _ rest: [UInt8]) {
        clock &+= 500_000
        if let vlans = mirror.vlans, !vlans.contains(vlan) { return }
        if let senders = mirror.senders, !senders.contains(source) { return }
        let tag = vlan != 0 && mirror.keepsTags ? Bytes.be16(0x8100) + Bytes.be16(Int(vlan)) : []
        let frame = Bytes.mac(target) + Bytes.mac(source) + tag + rest
        for copy in 0..<mirror.copies {
            frames.append((MadeNetwork.start &+ clock &+ Int64(copy) &* 20_000, frame))
        }
    }

    /// Puts other frames in the place of each, in the order in which they came.
    mutating func alter(_ change: (_ frame: [UInt8], _ number: Int) -> [[UInt8]]) {
        frames = frames.enumerated().flatMap { number, frame in
            change(frame.bytes, number).enumerated().map { (frame.time &+ Int64($0) &* 20_000, $1) }
        }
    }

    private mutating func takePort() -> UInt16 {
        nextPort = nextPort >= 60_000 ? 40_000 : nextPort + 1
        return nextPort
    }
}

/// Header fields in network order.
enum Bytes {
    static func be16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }
    static func be32(_ value: Int) -> [UInt8] { be16(value >> 16) + be16(value) }
    static func mac(_ mac: MACAddress) -> [UInt8] {
        (0..<6).map { UInt8(truncatingIfNeeded: mac.bits >> UInt64(40 - 8 * $0)) }
    }
    /// IPv4 only.
    static func address(_ ip: IPAddress) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: ip.low >> UInt64(24 - 8 * $0)) }
    }
    static func ipv4(
        _ proto: UInt8, source: IPAddress, target: IPAddress, ttl: UInt8, id: Int, _ body: [UInt8]
    ) -> [UInt8] {
        [0x45, 0] + be16(20 + body.count) + be16(id) + be16(0x4000) + [ttl, proto, 0, 0] + address(source)
            + address(target) + body
    }
    /// Hexadecimal digits, blanks ignored.
    static func hex(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in text.compactMap({ $0.hexDigitValue.map(UInt8.init) }) {
            if let upper = high {
                bytes.append(upper << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return bytes
    }
}
