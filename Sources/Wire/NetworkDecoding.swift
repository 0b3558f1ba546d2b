import Model

extension FrameLayers {
    /// IPv4 header (RFC 791, 3.1). Padding behind the total length is left out of the payload.
    mutating func ipv4(_ packet: RawSpan, base: Int, wire: Int) {
        guard packet.byteCount >= 20 else { return short(.malformedNetwork) }
        let first = packet.u8(0)
        let header = Int(first & 15) &* 4
        guard first >> 4 == 4, header >= 20 else {
            problem = .malformedNetwork
            return
        }
        guard packet.byteCount >= header else { return short(.malformedNetwork) }
        // Segmentation offload leaves the total length 0.
        var total = Int(packet.be16(2))
        if total == 0 { total = wire }
        guard total >= header else {
            problem = .malformedNetwork
            return
        }
        kind = .network
        isV6 = false
        sourceIP = packet.ipv4(12)
        destinationIP = packet.ipv4(16)
        ttl = packet.u8(8)
        ipProtocol = packet.u8(9)
        let fragment = packet.be16(6)
        moreFragments = fragment & 0x2000 != 0
        fragmentOffset = Int(fragment & 0x1fff) &* 8
        isFragment = moreFragments || fragmentOffset > 0
        fragmentID = UInt32(packet.be16(4))
        if total > packet.byteCount, !isCut, wire < total { isCut = true }
        let body = packet.slice(header, total &- header)
        if isFragment { return payload(body, base: base &+ header, wire: total &- header) }
        transport(body, base: base &+ header, wire: total &- header)
    }

    /// IPv6 header (RFC 8200, 3) and its extension headers.
    mutating func ipv6(_ packet: RawSpan, base: Int, wire: Int) {
        guard packet.byteCount >= 40 else { return short(.malformedNetwork) }
        guard packet.u8(0) >> 4 == 6 else {
            problem = .malformedNetwork
            return
        }
        kind = .network
        isV6 = true
        sourceIP = packet.ipv6(8)
        destinationIP = packet.ipv6(24)
        ttl = packet.u8(7)
        isFragment = false
        var next = packet.u8(6)
        var length = Int(packet.be16(4))
        // Jumbograms and offloaded frames leave it 0.
        if length == 0, next != 59 { length = max(0, wire &- 40) }
        if length > packet.byteCount &- 40, !isCut { isCut = true }
        var rest = packet.slice(40, length)
        var offset = 40
        var headers = 0
        while headers < LayerLimit.extensionHeaders {
            headers &+= 1
            let size: Int
            switch next {
            case 0, 43, 60, 135, 139, 140: size = (Int(rest.u8(1)) &+ 1) &* 8
            case 51: size = (Int(rest.u8(1)) &+ 2) &* 4
            case 44: size = 8
            default:
                ipProtocol = next
                let wireLeft = length &- (offset &- 40)
                if isFragment { return payload(rest, base: base &+ offset, wire: wireLeft) }
                return transport(rest, base: base &+ offset, wire: wireLeft)
            }
            guard rest.byteCount >= size else { return short(.malformedNetwork) }
            if next == 51 {
                // The authentication header is worth knowing as such: AH is the conversation's protocol.
                ipProtocol = 51
                return transport(rest, base: base &+ offset, wire: length &- (offset &- 40))
            }
            if next == 44 {
                let field = rest.be16(2)
                moreFragments = field & 1 != 0
                fragmentOffset = Int(field & 0xfff8)
                isFragment = moreFragments || fragmentOffset > 0
                fragmentID = rest.be32(4)
            }
            next = rest.u8(0)
            if isFragment, fragmentOffset > 0 {
                ipProtocol = next
                return payload(rest.from(size), base: base &+ offset &+ size, wire: length &- (offset &- 40) &- size)
            }
            rest = rest.from(size)
            offset &+= size
        }
        problem = .malformedNetwork
    }

    /// TCP, UDP and the tunnels that carry another packet; anything else ends here with its IP protocol number.
    package mutating func transport(_ segment: RawSpan, base: Int, wire: Int) {
        switch ipProtocol {
        case 6: tcp(segment, base: base, wire: wire)
        case 17: udp(segment, base: base, wire: wire)
        case 4: tunnel(4, segment, base: base, wire: wire)
        case 41: tunnel(6, segment, base: base, wire: wire)
        case 47: gre(segment, base: base, wire: wire)
        default: payload(segment, base: base, wire: wire)
        }
    }

    /// TCP header (RFC 9293, 3.1).
    private mutating func tcp(_ segment: RawSpan, base: Int, wire: Int) {
        guard segment.byteCount >= 20 else {
            if segment.byteCount >= 4 {
                sourcePort = segment.be16(0)
                destinationPort = segment.be16(2)
            }
            return short(.malformedTransport)
        }
        let header = Int(segment.u8(12) >> 4) &* 4
        guard header >= 20 else {
            problem = .malformedTransport
            return
        }
        hasPorts = true
        sourcePort = segment.be16(0)
        destinationPort = segment.be16(2)
        sequence = segment.be32(4)
        acknowledgement = segment.be32(8)
        tcpFlags = segment.u8(13)
        guard segment.byteCount >= header else {
            hasPorts = false
            return short(.malformedTransport)
        }
        payload(segment.from(header), base: base &+ header, wire: wire &- header)
    }

    /// UDP header (RFC 768); VXLAN, GENEVE and GTP user data are followed inside.
    private mutating func udp(_ segment: RawSpan, base: Int, wire: Int) {
        guard segment.byteCount >= 8 else { return short(.malformedTransport) }
        let length = Int(segment.be16(4))
        guard length >= 8 || length == 0 else {
            problem = .malformedTransport
            return
        }
        hasPorts = true
        sourcePort = segment.be16(0)
        destinationPort = segment.be16(2)
        let body = length == 0 ? segment.from(8) : segment.slice(8, length &- 8)
        let bodyWire = length == 0 ? wire &- 8 : min(wire, length) &- 8
        switch destinationPort {
        case 4789 where isVXLAN(body) && tunnelDepth < LayerLimit.tunnels:
            tunnelDepth &+= 1
            leaveOuter()
            ethernet(body.from(8), base: base &+ 16, wire: bodyWire &- 8)
        case 6081: geneve(body, base: base &+ 8, wire: bodyWire)
        case 2152: gtp(body, base: base &+ 8, wire: bodyWire)
        default: payload(body, base: base &+ 8, wire: bodyWire)
        }
    }

    /// GENEVE (RFC 8926, 3.4): version 2 bits and size of the options in units of four bytes, flags 1, EtherType 2, network 3, 0.
    private mutating func geneve(_ body: RawSpan, base: Int, wire: Int) {
        let header = 8 &+ Int(body.u8(0) & 0x3f) &* 4
        guard body.u8(0) >> 6 == 0, body.u8(7) == 0, body.byteCount > header, tunnelDepth < LayerLimit.tunnels else {
            return payload(body, base: base, wire: wire)
        }
        let type = body.be16(2)
        switch type {
        case 0x6558:
            tunnelDepth &+= 1
            leaveOuter()
            ethernet(body.from(header), base: base &+ header, wire: wire &- header)
        case 0x0800, 0x86dd:
            hasPorts = false
            enterTunnel()
            typed(type, body.from(header), base: base &+ header, wire: wire &- header)
        default: payload(body, base: base, wire: wire)
        }
    }

    /// GTP user plane (3GPP TS 29.281, 5): version 1 and flags 1, type FF, length 2, tunnel 4; with any of the flags E, S, PN
    /// four bytes more, then extension headers whose first byte counts units of four and whose last names the next.
    private mutating func gtp(_ body: RawSpan, base: Int, wire: Int) {
        guard body.byteCount > 12, body.u8(0) & 0xf0 == 0x30, body.u8(1) == 0xff, tunnelDepth < LayerLimit.tunnels
        else {
            return payload(body, base: base, wire: wire)
        }
        var header = 8
        if body.u8(0) & 7 != 0 {
            header = 12
            var next = body.u8(0) & 4 != 0 ? body.u8(11) : 0
            var extensions = 0
            while next != 0, extensions < 8 {
                let size = Int(body.u8(header)) &* 4
                guard size > 0, body.byteCount > header &+ size else { return payload(body, base: base, wire: wire) }
                next = body.u8(header &+ size &- 1)
                header &+= size
                extensions &+= 1
            }
        }
        let version = body.u8(header) >> 4
        guard version == 4 || version == 6 else { return payload(body, base: base, wire: wire) }
        hasPorts = false
        enterTunnel()
        typed(version == 4 ? 0x0800 : 0x86dd, body.from(header), base: base &+ header, wire: wire &- header)
    }

    /// VXLAN header (RFC 7348, 5): flags 08, reserved zero, and an Ethernet frame behind it.
    private func isVXLAN(_ body: RawSpan) -> Bool {
        body.byteCount >= 22 && body.u8(0) == 0x08 && body.be24(1) == 0 && body.u8(7) == 0
    }

    /// GRE (RFC 2784, 2890; version 1 is PPTP's, RFC 2637).
    private mutating func gre(_ segment: RawSpan, base: Int, wire: Int) {
        guard segment.byteCount >= 4, tunnelDepth < LayerLimit.tunnels else {
            return payload(segment, base: base, wire: wire)
        }
        let flags = segment.be16(0)
        let type = segment.be16(2)
        var header = 4
        if flags & 0x8000 != 0 { header &+= 4 }
        if flags & 0x2000 != 0 { header &+= 4 }
        if flags & 0x1000 != 0 { header &+= 4 }
        let version = flags & 7
        if version == 1, flags & 0x0080 != 0 { header &+= 4 }
        guard flags & 0x4000 == 0, version <= 1, segment.byteCount > header else {
            return payload(segment, base: base, wire: wire)
        }
        let rest = segment.from(header)
        let innerBase = base &+ header
        let innerWire = wire &- header
        switch type {
        case 0x0800, 0x86dd:
            enterTunnel()
            typed(type, rest, base: innerBase, wire: innerWire)
        case 0x6558:
            tunnelDepth &+= 1
            leaveOuter()
            ethernet(rest, base: innerBase, wire: innerWire)
        case 0x88be where flags & 0x1000 != 0 && rest.byteCount > 22:
            // ERSPAN type II: an eight-byte header, then the mirrored frame.
            tunnelDepth &+= 1
            leaveOuter()
            ethernet(rest.from(8), base: innerBase &+ 8, wire: innerWire &- 8)
        case 0x88be:
            tunnelDepth &+= 1
            leaveOuter()
            ethernet(rest, base: innerBase, wire: innerWire)
        case 0x880b:
            enterTunnel()
            ppp(rest, base: innerBase, wire: innerWire)
            // Compressed or encrypted PPP shows nothing inside: the tunnel itself is then the conversation.
            if kind != .network || problem != .none {
                kind = .network
                problem = .none
                payload(segment, base: base, wire: wire)
            }
        default: payload(segment, base: base, wire: wire)
        }
    }

    private mutating func tunnel(_ version: UInt8, _ segment: RawSpan, base: Int, wire: Int) {
        guard tunnelDepth < LayerLimit.tunnels, segment.u8(0) >> 4 == version else {
            return payload(segment, base: base, wire: wire)
        }
        enterTunnel()
        if version == 4 { ipv4(segment, base: base, wire: wire) } else { ipv6(segment, base: base, wire: wire) }
    }

    /// The addresses inside belong to no MAC of this frame.
    private mutating func enterTunnel() {
        tunnelDepth &+= 1
        addressesAreTunnelled = true
        isFragment = false
    }

    /// An inner Ethernet frame starts afresh.
    private mutating func leaveOuter() {
        hasPorts = false
        vlan = 0
        outerVLAN = 0
        vlanTags = 0
        isFragment = false
        tcpFlags = 0
    }
}
