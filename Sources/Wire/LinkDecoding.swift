package import Model

extension FrameLayers {
    /// Reads all headers of a frame. `wireLength` is the frame's length before the snap length cut it.
    package mutating func decode(_ frame: RawSpan, link: LinkType, wireLength: Int) {
        reset()
        isCut = frame.byteCount < wireLength
        // By far the most, and compared as a number: the cases below are looked up one by one.
        if link.rawValue == 1 { return ethernet(frame, base: 0, wire: wireLength) }
        switch link {
        case .linuxCooked: linuxCooked(frame, wire: wireLength)
        case .linuxCooked2: linuxCooked2(frame, wire: wireLength)
        case .raw, LinkType(rawValue: 12), LinkType(rawValue: 14): rawIP(frame, base: 0, wire: wireLength)
        case .ipv4: ipv4(frame, base: 0, wire: wireLength)
        case .ipv6: ipv6(frame, base: 0, wire: wireLength)
        case .null, .loop: loopback(frame, wire: wireLength)
        case .ppp, .pppHDLC: ppp(frame, base: 0, wire: wireLength)
        case .pppEthernet: pppoe(frame, base: 0, wire: wireLength, session: true)
        case .ieee80211: wireless(frame, base: 0, wire: wireLength)
        case .radiotap: radiotap(frame, wire: wireLength)
        case .ppi: ppi(frame, wire: wireLength)
        case .prism: prism(frame, wire: wireLength)
        case .avs: avs(frame, wire: wireLength)
        case .ciscoHDLC: ciscoHDLC(frame, wire: wireLength)
        case .netfilterLog: netfilterLog(frame, wire: wireLength)
        case .pktap, LinkType(rawValue: 149): pktap(frame, wire: wireLength)
        default: problem = .unsupportedLinkType
        }
    }

    /// Cisco HDLC: address 1 (0F to one, 8F to all), control 1, EtherType 2.
    private mutating func ciscoHDLC(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 4 else { return short(.malformedLink) }
        typed(frame.be16(2), frame.from(4), base: 4, wire: wire &- 4)
    }

    /// Netfilter log: family 1, version 1 (0), resource 2, then attributes padded to four bytes: length 2 and type 2 in the
    /// capturing host's order, data. Attribute 9 is the packet.
    private mutating func netfilterLog(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 8, frame.u8(1) == 0 else { return short(.malformedLink) }
        var offset = 4
        var attributes = 0
        while frame.has(4, at: offset), attributes < 64 {
            // Attributes are short but for the packet, so a large little-endian length means the other order.
            let isLittle = frame.le16(offset &+ 2) & 0x3fff < 64
            let length = Int(isLittle ? frame.le16(offset) : frame.be16(offset))
            let type = (isLittle ? frame.le16(offset &+ 2) : frame.be16(offset &+ 2)) & 0x3fff
            guard length >= 4 else { break }
            if type == 9 {
                let start = offset &+ 4
                return rawIP(
                    frame.slice(start, min(length &- 4, frame.byteCount &- start)), base: start,
                    wire: min(wire &- start, length &- 4))
            }
            offset &+= (length &+ 3) & ~3
            attributes &+= 1
        }
        short(.malformedLink)
    }

    /// PKTAP, little-endian: header size 4, record kind 4 (1 packet), link type of what follows 4, …
    private mutating func pktap(_ frame: RawSpan, wire: Int) {
        let header = Int(frame.le32(0))
        guard frame.byteCount > 12, header >= 12, header < frame.byteCount else { return short(.malformedLink) }
        let inner = frame.from(header)
        switch frame.le32(8) {
        case 1: ethernet(inner, base: header, wire: wire &- header)
        case 12, 14, 101: rawIP(inner, base: header, wire: wire &- header)
        default: problem = .unsupportedLinkType
        }
    }

    /// Notes that a header did not fit: the snap length's doing, or the sender's.
    mutating func short(_ otherwise: DecodeProblem) {
        problem = isCut ? .cutHeader : otherwise
    }

    /// Ethernet: destination 6, source 6, then EtherType or 802.3 length (IEEE 802.3, 3.2).
    mutating func ethernet(_ frame: RawSpan, base: Int, wire: Int) {
        guard frame.byteCount >= 14 else { return short(.malformedLink) }
        destinationMAC = MACAddress(bits: frame.be64(0) >> 16)
        sourceMAC = MACAddress(bits: frame.be64(6) >> 16)
        hasMAC = true
        addressesAreTunnelled = false
        let type = frame.be16(12)
        if type == 0x0800 {
            etherType = type
            return ipv4(frame.from(14), base: base &+ 14, wire: wire &- 14)
        }
        typed(type, frame.from(14), base: base &+ 14, wire: wire &- 14)
    }

    /// What follows an EtherType, with VLAN tags and MPLS peeled off.
    mutating func typed(_ type: UInt16, _ rest: RawSpan, base: Int, wire: Int) {
        switch type {
        case 0x0800:
            etherType = type
            ipv4(rest, base: base, wire: wire)
        case 0x86dd:
            etherType = type
            ipv6(rest, base: base, wire: wire)
        case 0x8100, 0x88a8, 0x9100, 0x9200:
            guard rest.byteCount >= 4 else { return short(.malformedLink) }
            guard vlanTags < LayerLimit.vlanTags else {
                problem = .malformedLink
                return
            }
            if vlanTags > 0, outerVLAN == 0 { outerVLAN = vlan }
            vlanTags &+= 1
            // Priority tags (VLAN 0) name no VLAN.
            vlan = rest.be16(0) & 0x0fff
            typed(rest.be16(2), rest.from(4), base: base &+ 4, wire: wire &- 4)
        case 0x892f:
            // HSR (IEC 62439-3, 5.7): path and size 2, sequence 2, then the type of what every frame carried before.
            let inner = rest.be16(4)
            guard rest.byteCount >= 6, inner != 0x892f else {
                return linkPayload(type, rest, base: base, wire: wire)
            }
            typed(inner, rest.from(6), base: base &+ 6, wire: wire &- 6)
        case 0x8847, 0x8848: mpls(rest, base: base, wire: wire)
        case 0x8864: pppoe(rest, base: base, wire: wire, session: true)
        case 0...1500: llc(rest.first(Int(type)), base: base, wire: min(wire, Int(type)))
        default: linkPayload(type, rest, base: base, wire: wire)
        }
    }

    /// Ends the decoding at a payload that belongs to a link-layer protocol.
    mutating func linkPayload(_ type: UInt16, _ rest: RawSpan, base: Int, wire: Int) {
        kind = .etherType
        etherType = type
        payload(rest, base: base, wire: wire)
    }

    mutating func payload(_ rest: RawSpan, base: Int, wire: Int) {
        payloadOffset = base
        payloadLength = rest.byteCount
        payloadWireLength = max(wire, rest.byteCount)
    }

    /// IEEE 802.2 LLC and SNAP; Novell "raw 802.3" starts with ff ff.
    mutating func llc(_ rest: RawSpan, base: Int, wire: Int) {
        guard rest.byteCount >= 3 else { return short(.malformedLink) }
        if rest.u8(0) == 0xaa, rest.u8(1) == 0xaa {
            guard rest.byteCount >= 8 else { return short(.malformedLink) }
            let oui = rest.be24(3)
            let pid = rest.be16(6)
            // RFC 1042 and the 802.1H bridge tunnel carry EtherTypes.
            if oui == 0 || oui == 0x0000f8 {
                if pid >= 0x0600 { return typed(pid, rest.from(8), base: base &+ 8, wire: wire &- 8) }
            }
            kind = .snap
            snapOUI = oui
            code = pid
            return payload(rest.from(8), base: base &+ 8, wire: wire &- 8)
        }
        kind = .llc
        code = UInt16(rest.u8(0))
        // U-format control is one byte, I and S formats two (IEEE 802.2, 5.3).
        let header = rest.u8(2) & 3 == 3 ? 3 : 4
        payload(rest.from(header), base: base &+ header, wire: wire &- header)
    }

    /// MPLS label stack (RFC 3032): the payload's kind shows in its first nibble.
    private mutating func mpls(_ rest: RawSpan, base: Int, wire: Int) {
        var offset = 0
        var labels = 0
        while true {
            guard rest.has(4, at: offset), labels < LayerLimit.mplsLabels else { return short(.malformedLink) }
            let entry = rest.be32(offset)
            offset &+= 4
            labels &+= 1
            if entry & 0x100 != 0 { break }
        }
        let inner = rest.from(offset)
        switch inner.u8(0) >> 4 {
        case 4: ipv4(inner, base: base &+ offset, wire: wire &- offset)
        case 6: ipv6(inner, base: base &+ offset, wire: wire &- offset)
        case 0 where inner.byteCount >= 18:
            // Ethernet pseudowire with a control word (RFC 4448).
            ethernet(inner.from(4), base: base &+ offset &+ 4, wire: wire &- offset &- 4)
        default: linkPayload(0x8847, inner, base: base &+ offset, wire: wire &- offset)
        }
    }

    /// PPPoE (RFC 2516): version and type 1, code 1, session 2, length 2.
    mutating func pppoe(_ rest: RawSpan, base: Int, wire: Int, session: Bool) {
        guard rest.byteCount >= 6 else { return short(.malformedLink) }
        guard rest.u8(1) == 0 else { return linkPayload(0x8864, rest, base: base, wire: wire) }
        let length = Int(rest.be16(4))
        ppp(rest.slice(6, length), base: base &+ 6, wire: min(wire &- 6, length))
    }

    /// PPP, with or without HDLC address and control (RFC 1661, 1662).
    mutating func ppp(_ frame: RawSpan, base: Int, wire: Int) {
        var offset = 0
        if frame.be16(0) == 0xff03 || frame.be16(0) == 0x0f00 || frame.be16(0) == 0x8f00 { offset = 2 }
        guard frame.has(1, at: offset) else { return short(.malformedLink) }
        let type: UInt16
        if frame.u8(offset) & 1 == 1 {
            type = UInt16(frame.u8(offset))
            offset &+= 1
        } else {
            guard frame.has(2, at: offset) else { return short(.malformedLink) }
            type = frame.be16(offset)
            offset &+= 2
        }
        let rest = frame.from(offset)
        switch type {
        case 0x0021, 0x0800: ipv4(rest, base: base &+ offset, wire: wire &- offset)
        case 0x0057, 0x86dd: ipv6(rest, base: base &+ offset, wire: wire &- offset)
        case 0x0281: mpls(rest, base: base &+ offset, wire: wire &- offset)
        default: linkPayload(type, rest, base: base &+ offset, wire: wire &- offset)
        }
    }

    private mutating func rawIP(_ frame: RawSpan, base: Int, wire: Int) {
        switch frame.u8(0) >> 4 {
        case 4: ipv4(frame, base: base, wire: wire)
        case 6: ipv6(frame, base: base, wire: wire)
        default: short(.malformedNetwork)
        }
    }

    /// BSD loopback: address family in the writer's byte order; the IPv6 family differs by system.
    private mutating func loopback(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 4 else { return short(.malformedLink) }
        let little = frame.le32(0)
        let family = little > 0xffff ? frame.be32(0) : little
        let rest = frame.from(4)
        switch family {
        case 2: ipv4(rest, base: 4, wire: wire &- 4)
        case 10, 24, 28, 30: ipv6(rest, base: 4, wire: wire &- 4)
        case 0x0800...0xffff: typed(UInt16(truncatingIfNeeded: family), rest, base: 4, wire: wire &- 4)
        default: linkPayload(0, rest, base: 4, wire: wire &- 4)
        }
    }

    /// LINKTYPE_LINUX_SLL: packet type 2, ARPHRD 2, address length 2, address 8, protocol 2.
    private mutating func linuxCooked(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 16 else { return short(.malformedLink) }
        cookedAddress(frame, at: 6, length: Int(frame.be16(4)), packetType: frame.be16(0))
        cookedProtocol(frame.be16(14), frame.from(16), base: 16, wire: wire &- 16)
    }

    /// LINKTYPE_LINUX_SLL2: protocol 2, reserved 2, interface 4, ARPHRD 2, packet type 1, address length 1, address 8.
    private mutating func linuxCooked2(_ frame: RawSpan, wire: Int) {
        guard frame.byteCount >= 20 else { return short(.malformedLink) }
        cookedAddress(frame, at: 12, length: Int(frame.u8(11)), packetType: UInt16(frame.u8(10)))
        cookedProtocol(frame.be16(0), frame.from(20), base: 20, wire: wire &- 20)
    }

    private mutating func cookedAddress(_ frame: RawSpan, at offset: Int, length: Int, packetType: UInt16) {
        guard length == 6 else { return }
        sourceMAC = frame.mac(offset)
        hasMAC = sourceMAC.isUnicast
        // Only the sender is recorded; a broadcast or multicast is at least known as such.
        destinationMAC = packetType == 1 ? .broadcast : .zero
    }

    private mutating func cookedProtocol(_ type: UInt16, _ rest: RawSpan, base: Int, wire: Int) {
        switch type {
        case 0x0001: linkPayload(type, rest, base: base, wire: wire)
        case 0x0004: llc(rest, base: base, wire: wire)
        default: typed(type, rest, base: base, wire: wire)
        }
    }
}
