import Model
import Testing
import Wire

/// Every layer from the link to the ports, on frames made by hand.
@Suite struct LayerTests {
    private static let inner = Made.ipv4(6, Made.tcp())

    /// A frame whose innermost layer is TCP 40000 → 502 from 10.0.0.1 to 10.0.0.2 with `Made.payload`.
    struct Carrier: Sendable, CustomTestStringConvertible {
        var name: String
        var link: LinkType
        var frame: [UInt8]
        var vlan: UInt16 = 0
        var outerVLAN: UInt16 = 0
        var hasMAC = true
        var tunnels: UInt8 = 0
        var testDescription: String { name }
    }

    static let carriers: [Carrier] = {
        let ethernet = Made.ethernet(0x0800, inner)
        let mpls = Made.be32(0x0001_0040) + Made.be32(0x0002_0140)
        let ppp: [UInt8] = [0xff, 3, 0, 0x21]
        let radio = Made.le16(0x0008) + [0, 0] + Made.macB + Made.macA + Made.macA + [0, 0]
        let air =
            Made.le16(0x0108) + [0, 0] + Made.macB + Made.macA + Made.macB + [0, 0]
            + Made.snap([0, 0, 0], 0x0800, inner)
        let vxlan: [UInt8] = [8, 0, 0, 0, 0, 0, 77, 0]
        let geneve: [UInt8] = [1, 0, 0x65, 0x58, 0, 0, 9, 0, 0, 0, 0, 0]
        let gtp: [UInt8] = [0x30, 0xff, 0, 0, 0, 0, 0, 7]
        let gtpExtended: [UInt8] = [0x34, 0xff, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0x85, 1, 0, 9, 0]
        let nflog: [UInt8] = [2, 0, 0, 9, 8, 0, 1, 0, 0, 0x0a, 0, 3] + Made.le16(4 + inner.count) + Made.le16(9)
        let pktap = Made.le32(108) + Made.le32(1) + Made.le32(1) + [UInt8](repeating: 0, count: 96)
        return [
            Carrier(name: "Ethernet", link: .ethernet, frame: ethernet),
            Carrier(name: "Ethernet, padded", link: .ethernet, frame: ethernet + [0, 0, 0, 0, 0, 0]),
            Carrier(
                name: "802.1Q", link: .ethernet, frame: Made.ethernet(0x8100, Made.tag(100, 0x0800, inner)), vlan: 100),
            Carrier(
                name: "QinQ", link: .ethernet,
                frame: Made.ethernet(0x88a8, Made.tag(7, 0x8100, Made.tag(100, 0x0800, inner))), vlan: 100, outerVLAN: 7
            ),
            Carrier(
                name: "SNAP", link: .ethernet, frame: Made.ieee8023(Made.snap([0, 0, 0], 0x0800, inner), padding: 5)),
            Carrier(
                name: "SNAP, bridge tunnel", link: .ethernet,
                frame: Made.ieee8023(Made.snap([0, 0, 0xf8], 0x0800, inner))),
            Carrier(
                name: "HSR", link: .ethernet,
                frame: Made.ethernet(0x892f, [0x10, 0x40, 0, 1, 0x08, 0] + inner)),
            Carrier(name: "MPLS", link: .ethernet, frame: Made.ethernet(0x8847, mpls + inner)),
            Carrier(
                name: "MPLS pseudowire", link: .ethernet,
                frame: Made.ethernet(0x8847, Made.be32(0x0001_0140) + [0, 0, 0, 0] + ethernet)),
            Carrier(
                name: "PPPoE", link: .ethernet,
                frame: Made.ethernet(0x8864, [0x11, 0, 0, 9] + Made.be16(2 + inner.count) + [0, 0x21] + inner)),
            Carrier(
                name: "Linux cooked", link: .linuxCooked, frame: [0, 0, 0, 1, 0, 6] + Made.macA + [0, 0, 8, 0] + inner),
            Carrier(
                name: "Linux cooked, tagged", link: .linuxCooked,
                frame: [0, 0, 0, 1, 0, 6] + Made.macA + [0, 0, 0x81, 0] + Made.tag(9, 0x0800, inner), vlan: 9),
            Carrier(
                name: "Linux cooked 2", link: .linuxCooked2,
                frame: [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6] + Made.macA + [0, 0] + inner),
            Carrier(name: "null, little-endian", link: .null, frame: Made.le32(2) + inner, hasMAC: false),
            Carrier(name: "null, big-endian", link: .null, frame: Made.be32(2) + inner, hasMAC: false),
            Carrier(name: "loop", link: .loop, frame: Made.be32(2) + inner, hasMAC: false),
            Carrier(name: "raw", link: .raw, frame: inner, hasMAC: false),
            Carrier(name: "IPv4", link: .ipv4, frame: inner, hasMAC: false),
            Carrier(name: "PPP", link: .ppp, frame: [0, 0x21] + inner, hasMAC: false),
            Carrier(name: "PPP in HDLC", link: .pppHDLC, frame: ppp + inner, hasMAC: false),
            Carrier(name: "PPP, short protocol", link: .ppp, frame: [0x21] + inner, hasMAC: false),
            Carrier(name: "802.11", link: .ieee80211, frame: radio + Made.snap([0, 0, 0], 0x0800, inner)),
            Carrier(
                name: "radiotap", link: .radiotap,
                frame: [0, 0] + Made.le16(8) + Made.le32(0) + radio + Made.snap([0, 0, 0], 0x0800, inner)),
            Carrier(name: "PPI", link: .ppi, frame: [0, 0] + Made.le16(8) + Made.le32(105) + air),
            Carrier(name: "PPI, Ethernet", link: .ppi, frame: [0, 0] + Made.le16(8) + Made.le32(1) + ethernet),
            Carrier(name: "AVS", link: .avs, frame: Made.be32(0x8021_1001) + Made.be32(8) + air),
            Carrier(
                name: "IPv4 options", link: .raw, frame: Made.ipv4(6, Made.tcp(), options: [7, 4, 0, 0]), hasMAC: false),
            Carrier(
                name: "TCP options", link: .raw, frame: Made.ipv4(6, Made.tcp(options: [2, 4, 5, 0xb4])), hasMAC: false),
            Carrier(name: "offloaded length 0", link: .raw, frame: Made.ipv4(6, Made.tcp(), total: 0), hasMAC: false),
            Carrier(
                name: "GRE", link: .ethernet, frame: Made.ethernet(0x0800, Made.ipv4(47, Made.gre(0x0800, inner))),
                tunnels: 1),
            Carrier(
                name: "GRE, key and sequence", link: .ethernet,
                frame: Made.ethernet(
                    0x0800,
                    Made.ipv4(47, Made.gre(0x0800, inner, flags: 0x3000, extra: [0, 0, 0, 1, 0, 0, 0, 2]))), tunnels: 1),
            Carrier(
                name: "GRE bridging", link: .ethernet,
                frame: Made.ethernet(0x0800, Made.ipv4(47, Made.gre(0x6558, ethernet))), tunnels: 1),
            Carrier(
                name: "PPTP", link: .ethernet,
                frame: Made.ethernet(
                    0x0800,
                    Made.ipv4(47, Made.gre(0x880b, ppp + inner, flags: 0x2001, extra: [0, 0, 0, 1]))), tunnels: 1),
            Carrier(
                name: "IP in IP", link: .ethernet, frame: Made.ethernet(0x0800, Made.ipv4(4, inner)), tunnels: 1),
            Carrier(
                name: "IPv4 in IPv6", link: .ethernet, frame: Made.ethernet(0x86dd, Made.ipv6(4, inner)), tunnels: 1),
            Carrier(
                name: "VXLAN", link: .ethernet,
                frame: Made.ethernet(0x0800, Made.ipv4(17, Made.udp(vxlan + ethernet, to: 4789))), tunnels: 1),
            Carrier(
                name: "VXLAN, tagged inside", link: .ethernet,
                frame: Made.ethernet(
                    0x8100,
                    Made.tag(
                        5, 0x0800,
                        Made.ipv4(
                            17, Made.udp(vxlan + Made.ethernet(0x8100, Made.tag(44, 0x0800, inner)), to: 4789)))),
                vlan: 44, tunnels: 1),
            Carrier(
                name: "GENEVE with an option", link: .ethernet,
                frame: Made.ethernet(0x0800, Made.ipv4(17, Made.udp(geneve + ethernet, to: 6081))), tunnels: 1),
            Carrier(
                name: "GTP", link: .ethernet,
                frame: Made.ethernet(0x0800, Made.ipv4(17, Made.udp(gtp + inner, to: 2152))), tunnels: 1),
            Carrier(
                name: "GTP with an extension", link: .ethernet,
                frame: Made.ethernet(0x0800, Made.ipv4(17, Made.udp(gtpExtended + inner, to: 2152))), tunnels: 1),
            Carrier(name: "Cisco HDLC", link: .ciscoHDLC, frame: [0x0f, 0, 0x08, 0x00] + inner, hasMAC: false),
            Carrier(
                name: "Cisco HDLC, MPLS", link: .ciscoHDLC, frame: [0x0f, 0, 0x88, 0x47] + mpls + inner, hasMAC: false),
            Carrier(name: "NFLOG", link: .netfilterLog, frame: nflog + inner, hasMAC: false),
            Carrier(name: "PKTAP", link: .pktap, frame: pktap + ethernet),
        ]
    }()

    @Test(arguments: carriers) func reachesThePorts(_ carrier: Carrier) {
        let layers = Made.decode(carrier.frame, carrier.link)
        #expect(layers.problem == .none)
        #expect(layers.kind == .network)
        #expect(layers.hasPorts && layers.sourcePort == 40_000 && layers.destinationPort == 502)
        #expect(layers.ipProtocol == 6 && layers.ttl == 64 && layers.tcpFlags == 0x18)
        #expect(layers.sequence == 1000 && layers.acknowledgement == 2000)
        #expect(layers.sourceIP == IPAddress("10.0.0.1") && layers.destinationIP == IPAddress("10.0.0.2"))
        #expect(layers.vlan == carrier.vlan && layers.outerVLAN == carrier.outerVLAN)
        #expect(layers.hasMAC == carrier.hasMAC)
        if carrier.hasMAC { #expect(layers.sourceMAC == MACAddress("02:00:00:00:00:aa")) }
        #expect(layers.tunnelDepth == carrier.tunnels)
        #expect(Made.payload(of: layers, in: carrier.frame) == Made.payload)
        #expect(layers.payloadWireLength == Made.payload.count && !layers.isCut)
    }

    /// Nothing of a frame is left over when the next is read.
    @Test(arguments: carriers) func framesDoNotMix(_ carrier: Carrier) {
        let arp = Made.ethernet(0x0806, [UInt8](repeating: 1, count: 28))
        var layers = FrameLayers()
        withBytes(carrier.frame) { layers.decode($0, link: carrier.link, wireLength: carrier.frame.count + 9) }
        withBytes(arp) { layers.decode($0, link: .ethernet, wireLength: arp.count) }
        #expect(String(reflecting: layers) == String(reflecting: Made.decode(arp, .ethernet)))
    }

    /// However short the snap length, the answer is a problem or a payload that lies inside the frame and is a start of
    /// the whole one's; nothing is read from beyond.
    @Test(arguments: carriers) func cutAnywhere(_ carrier: Carrier) {
        for length in 0..<carrier.frame.count {
            let frame = Array(carrier.frame.prefix(length))
            let layers = Made.decode(frame, carrier.link, wire: carrier.frame.count)
            #expect(layers.isCut)
            if layers.problem != .none {
                #expect(layers.problem == .cutHeader, "\(carrier.name) cut to \(length): \(layers.problem)")
                continue
            }
            #expect(layers.payloadOffset >= 0 && layers.payloadLength >= 0)
            #expect(layers.payloadOffset + layers.payloadLength <= length, "\(carrier.name) cut to \(length)")
            if layers.hasPorts, layers.destinationPort == 502 {
                #expect(Made.payload.starts(with: Made.payload(of: layers, in: frame)))
                #expect(layers.payloadWireLength == Made.payload.count, "\(carrier.name) cut to \(length)")
            }
        }
    }

    @Test func linkLayerPayloads() {
        let lldp = Made.decode(Made.ethernet(0x88cc, [1, 2, 3]))
        #expect(lldp.kind == .etherType && lldp.etherType == 0x88cc && lldp.payloadLength == 3)
        let spanning = Made.decode(Made.ieee8023([0x42, 0x42, 3, 9, 9], padding: 40))
        #expect(spanning.kind == .llc && spanning.code == 0x42 && spanning.payloadLength == 2)
        let numbered = Made.decode(Made.ieee8023([0xfe, 0xfe, 0, 0, 9]))
        #expect(numbered.kind == .llc && numbered.payloadLength == 1)
        let cdp = Made.decode(Made.ieee8023(Made.snap([0, 0, 0x0c], 0x2000, [5])))
        #expect(cdp.kind == .snap && cdp.snapOUI == 0x0c && cdp.code == 0x2000 && cdp.payloadLength == 1)
        let discovery = Made.decode(Made.ethernet(0x8863, [0x11, 9, 0, 0, 0, 0]))
        #expect(discovery.kind == .etherType && discovery.etherType == 0x8863)
        let beacon = Made.decode(
            [0x80, 0, 0, 0] + Made.macB + Made.macA + Made.macA + [0, 0, 1, 2], .ieee80211)
        #expect(beacon.kind == .wirelessManagement && beacon.code == 8 && beacon.payloadLength == 26)
    }

    @Test func radioFrequencies() {
        let beacon = [0x80, 0, 0, 0] + Made.macB + Made.macA + Made.macA + [0, 0]
        // Presence: TSFT, flags, rate, channel; the flags say that a check sequence ends the frame.
        let radiotap: [UInt8] =
            [0, 0] + Made.le16(22) + Made.le32(0xf) + [UInt8](repeating: 0, count: 8) + [0x10, 2] + Made.le16(2437)
            + Made.le16(0)
        let one = Made.decode(radiotap + beacon + [1, 2, 3, 4], .radiotap)
        #expect(one.radioFrequency == 2437 && one.payloadLength == beacon.count)
        let common =
            Made.le16(2) + Made.le16(20) + [UInt8](repeating: 0, count: 8) + Made.le16(1) + Made.le16(0)
            + Made.le16(5180) + [0, 0, 0, 0, 0, 0]
        let two = Made.decode(
            [0, 0] + Made.le16(8 + common.count) + Made.le32(105) + common + beacon + [1, 2, 3, 4], .ppi)
        #expect(two.radioFrequency == 5180 && two.payloadLength == beacon.count)
        let secret = Made.decode(
            Made.le16(0x4008) + [0, 0] + Made.macB + Made.macA + Made.macA + [0, 0, 1], .ieee80211)
        #expect(secret.problem == .opaqueRadio)
    }

    @Test func extensionHeaders() {
        let hopByHop: [UInt8] = [43, 0, 0, 0, 0, 0, 0, 0]
        let routing: [UInt8] = [60, 1] + [UInt8](repeating: 0, count: 14)
        let destination: [UInt8] = [17, 0, 0, 0, 0, 0, 0, 0]
        let frame = Made.ethernet(0x86dd, Made.ipv6(0, hopByHop + routing + destination + Made.udp()))
        let layers = Made.decode(frame)
        #expect(layers.problem == .none && layers.isV6 && layers.ttl == 63)
        #expect(layers.sourceIP == IPAddress("2001:db8::1") && layers.destinationIP == IPAddress("2001:db8::2"))
        #expect(layers.hasPorts && layers.destinationPort == 502)
        #expect(Made.payload(of: layers, in: frame) == Made.payload)
        let authenticated = Made.decode(Made.ipv6(51, [17, 4] + [UInt8](repeating: 0, count: 22) + Made.udp()), .ipv6)
        #expect(authenticated.ipProtocol == 51 && !authenticated.hasPorts)
        let endless = (0..<40).reduce([]) { chain, _ in chain + [60, 0, 0, 0, 0, 0, 0, 0] as [UInt8] }
        #expect(Made.decode(Made.ipv6(60, endless), .ipv6).problem == .malformedNetwork)
    }

    @Test func fragments() {
        let first = Made.decode(Made.ipv4(17, [1, 2, 3, 4, 5, 6, 7, 8], fragment: 0x2000, id: 99), .ipv4)
        #expect(first.isFragment && first.moreFragments && first.fragmentOffset == 0 && first.fragmentID == 99)
        #expect(!first.hasPorts && first.payloadLength == 8)
        let later = Made.decode(Made.ipv4(17, [9], fragment: 3), .ipv4)
        #expect(later.isFragment && !later.moreFragments && later.fragmentOffset == 24)
        let six = Made.decode(Made.ipv6(44, [17, 0] + Made.be16(16 | 1) + Made.be32(77) + [1, 2, 3]), .ipv6)
        #expect(six.isFragment && six.moreFragments && six.fragmentOffset == 16 && six.fragmentID == 77)
        #expect(six.ipProtocol == 17 && six.payloadLength == 3)
        // A fragment header with nothing fragmented ("atomic", RFC 6946) is passed over.
        let atomic = Made.decode(Made.ipv6(44, [17, 0, 0, 0] + Made.be32(77) + Made.udp()), .ipv6)
        #expect(!atomic.isFragment && atomic.hasPorts)
    }

    @Test func problemsAreNamed() {
        func problem(_ frame: [UInt8], _ link: LinkType = .ethernet, wire: Int? = nil) -> DecodeProblem {
            Made.decode(frame, link, wire: wire).problem
        }
        #expect(problem([1, 2, 3]) == .malformedLink)
        #expect(problem([1, 2, 3], wire: 60) == .cutHeader)
        #expect(problem(Made.ethernet(0x0800, [0x45, 0])) == .malformedNetwork)
        #expect(problem(Made.ethernet(0x0800, [0x55] + Made.ipv4(6, Made.tcp()).dropFirst())) == .malformedNetwork)
        #expect(problem([0x44] + Made.ipv4(6, Made.tcp()).dropFirst(), .ipv4) == .malformedNetwork)
        #expect(problem(Made.ipv4(6, Made.tcp(), total: 19), .ipv4) == .malformedNetwork)
        #expect(problem(Made.ipv4(6, [1, 2, 3]), .ipv4) == .malformedTransport)
        #expect(
            problem(Made.ipv4(17, Made.be16(1) + Made.be16(2) + Made.be16(7) + [0, 0]), .ipv4) == .malformedTransport)
        #expect(problem([0, 0], LinkType(rawValue: 147)) == .unsupportedLinkType)
        let tags = (0..<20).reduce(Made.ipv4(6, Made.tcp())) { rest, _ in Made.tag(1, 0x8100, rest) }
        #expect(problem(Made.ethernet(0x8100, tags)) == .malformedLink)
    }

    /// Tunnels in tunnels end at the limit: the innermost that is opened is the conversation.
    @Test func tunnelsEnd() {
        let nested = (0..<30).reduce(Made.ipv4(6, Made.tcp())) { rest, _ in Made.ipv4(4, rest) }
        let layers = Made.decode(nested, .ipv4)
        #expect(layers.problem == .none && layers.tunnelDepth == 4 && layers.ipProtocol == 4)
    }

    /// Random damage to every carrier, on every link type: whatever comes out lies inside the frame.
    @Test func damageNeverTraps() {
        var noise = Noise(state: 1)
        let links: [LinkType] = [
            .ethernet, .linuxCooked, .linuxCooked2, .raw, .ipv4, .ipv6, .null, .loop, .ppp, .pppHDLC, .pppEthernet,
            .ieee80211, .radiotap, .ppi, .prism, .avs,
        ]
        var decoded = 0
        for carrier in LayerTests.carriers {
            for _ in 0..<300 {
                var frame = carrier.frame
                for _ in 0...noise.below(6) { frame[noise.below(frame.count)] = UInt8(noise.below(256)) }
                if noise.below(3) == 0 { frame.removeLast(noise.below(frame.count)) }
                let link = noise.below(4) == 0 ? links[noise.below(links.count)] : carrier.link
                let layers = Made.decode(frame, link, wire: frame.count + noise.below(2) * noise.below(2000))
                guard layers.problem == .none else { continue }
                decoded += 1
                let inside =
                    layers.payloadOffset >= 0 && layers.payloadLength >= 0 && layers.payloadWireLength >= 0
                    && (layers.payloadLength == 0 || layers.payloadOffset + layers.payloadLength <= frame.count)
                if !inside { Issue.record("\(carrier.name) \(link) \(frame)") }
            }
        }
        #expect(decoded > 2_000)
        for length in stride(from: 0, to: 200, by: 3) {
            for link in links {
                _ = Made.decode((0..<length).map { _ in UInt8(noise.below(256)) }, link)
            }
        }
    }
}
