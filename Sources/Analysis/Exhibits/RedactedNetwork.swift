import Wire

/// Network services and link-layer protocols.
enum RedactedNetwork {
    /// DNS, mDNS, LLMNR: the header; names are text that anything can be put into.
    static func dns(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard uses(layers, [53, 5353, 5355]), payload.has(12), payload.be16(4) <= 16 else { return false }
        ranges.keep(0, 12)
        return true
    }

    /// SNMP (RFC 3416): sequence, version, then in versions 1 and 2c the community, which is a password, and the PDU's type.
    static func snmp(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard payload.u8(0) == 0x30 else { return false }
        let header = berHeader(payload, 0)
        guard payload.be16(header) == 0x0201, payload.u8(header &+ 2) <= 3 else { return false }
        ranges.keep(0, header &+ 3)
        let community = header &+ 3
        guard payload.u8(community) == 4, payload.u8(community &+ 1) < 0x80 else { return true }
        ranges.keep(community, 2)
        let type = community &+ 2 &+ Int(payload.u8(community &+ 1))
        if 0xa0...0xa8 ~= payload.u8(type) { ranges.keep(type, 1) }
        return true
    }

    /// Bytes of a BER tag and length.
    private static func berHeader(_ bytes: RawSpan, _ offset: Int) -> Int {
        let first = bytes.u8(offset &+ 1)
        return first < 0x80 ? 2 : 2 &+ min(Int(first & 0x7f), 4)
    }

    /// RADIUS (RFC 2865, 3): code, id, length; authenticators and attribute values could be used to guess the shared secret or the password, so
    /// only attribute types and lengths, kinds of service and port, and the EAP header are kept.
    static func radius(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        let length = Int(payload.be16(2))
        guard uses(layers, [1812, 1813, 1645, 1646]), payload.has(20), length >= 20, length <= layers.payloadWireLength
        else { return false }
        ranges.keep(0, 4)
        var offset = 20
        while offset &+ 2 <= length, payload.has(2, at: offset) {
            let size = Int(payload.u8(offset &+ 1))
            guard size >= 2 else { break }
            ranges.keep(offset, 2)
            switch payload.u8(offset) {
            case 6 where size == 6, 61 where size == 6: ranges.keep(offset &+ 2, 4)
            // EAP: code, id, length 2, type.
            case 79 where size >= 6: ranges.keep(offset &+ 2, min(size &- 2, 5))
            default: break
            }
            offset &+= size
        }
        return true
    }

    /// DHCP (RFC 2131, 2): addresses and the client's hardware address; options that name, type or address the client.
    static func dhcp(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard uses(layers, [67, 68]), 1...2 ~= payload.u8(0), payload.u8(2) <= 16, payload.be32(236) == 0x6382_5363
        else {
            return false
        }
        ranges.keep(0, 28 &+ Int(payload.u8(2)))
        ranges.keep(236, 4)
        var offset = 240
        while payload.has(2, at: offset), payload.u8(offset) != 0xff {
            if payload.u8(offset) == 0 {
                offset &+= 1
                continue
            }
            let size = Int(payload.u8(offset &+ 1))
            let isHarmless = [1, 3, 6, 12, 50, 51, 53, 54, 55, 60, 61].contains(payload.u8(offset))
            ranges.keep(offset, isHarmless ? 2 &+ size : 2)
            offset &+= 2 &+ size
        }
        return true
    }

    /// NTP (RFC 5905, 7.3) without extension or authenticator.
    static func ntp(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard uses(layers, [123]), layers.payloadWireLength == 48, 1...5 ~= payload.u8(0) & 7 else { return false }
        ranges.keep(0, 48)
        return true
    }

    /// CAPWAP (RFC 5415, 4.3, 4.5.1) not under DTLS: transport header, and a control message's type.
    static func capwap(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        guard uses(layers, [5246, 5247]), payload.has(16), payload.u8(0) == 0 else { return false }
        ranges.keep(0, 8)
        if uses(layers, [5246]), payload.u8(1) >> 3 == 2 { ranges.keep(8, 8) }
        return true
    }

    /// What lies directly on IP.
    static func message(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) {
        switch layers.ipProtocol {
        // ICMP, IGMP, ICMPv6: type, code, checksum and one field; what is quoted behind may be anybody's payload.
        case 1, 2: ranges.keep(0, 8)
        case 58: ranges.keep(0, 0x87...0x88 ~= payload.u8(0) ? 24 : 8)
        // VRRP: version, router, priority; version 2 carries a password behind the addresses. ESP: SPI and sequence.
        case 112: ranges.keep(0, 4)
        case 50: ranges.keep(0, 8)
        default: break
        }
    }

    /// What lies directly on the link.
    static func link(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) {
        switch (layers.kind, layers.etherType, layers.code) {
        case (.etherType, 0x0806, _) where payload.be32(0) == 0x0001_0800: ranges.keep(0, 28)
        case (.etherType, 0x88cc, _): lldp(payload, &ranges)
        case (.etherType, 0x8892, _): ranges.keep(0, profinetLength(payload))
        case (.etherType, 0x888e, _):
            // EAPOL: version, type, length; EAP: code, id, length 2, type. Identities and key material follow.
            ranges.keep(0, payload.u8(1) == 0 ? 9 : 4)
        // Spanning tree.
        case (.llc, _, 0x42): ranges.keep(0, 36)
        case (.snap, _, 0x2000) where layers.snapOUI == 0x00000c: cdp(payload, &ranges)
        default: break
        }
    }

    /// PROFINET (IEC 61158-6-10): frame id 2. Cyclic data and DCP carry no credentials.
    private static func profinetLength(_ payload: RawSpan) -> Int {
        switch payload.be16(0) {
        case 0x0100...0xfbff, 0xfc01, 0xfe01, 0xfefc...0xfeff, 0xff00...0xff43: payload.byteCount
        default: 2
        }
    }

    /// LLDP (802.1AB, 8): TLVs of 7 bits type and 9 bits length. Basic ones and those of IEEE, TIA and PNO are kept.
    private static func lldp(_ payload: RawSpan, _ ranges: inout KeptRanges) {
        var offset = 0
        while payload.has(2, at: offset) {
            let header = payload.be16(offset)
            let size = Int(header & 0x1ff)
            let type = header >> 9
            let isKnown = type <= 8 || [0x0080c2, 0x00120f, 0x0012bb, 0x000ecf].contains(payload.be24(offset &+ 2))
            guard type <= 8 || type == 127 else { return }
            ranges.keep(offset, isKnown ? 2 &+ size : 2)
            if type == 0 { return }
            offset &+= 2 &+ size
        }
    }

    /// CDP: version, time to live, checksum 2, TLVs of type 2 and length 2. Identity, port, capabilities, version, platform, VLAN.
    private static func cdp(_ payload: RawSpan, _ ranges: inout KeptRanges) {
        ranges.keep(0, 4)
        var offset = 4
        while payload.has(4, at: offset) {
            let size = Int(payload.be16(offset &+ 2))
            guard size >= 4 else { return }
            ranges.keep(offset, [1, 2, 3, 4, 5, 6, 0x0a, 0x0b].contains(payload.be16(offset)) ? size : 4)
            offset &+= size
        }
    }

    /// 802.11 management (9.3.3): the header; of beacons and probe responses fixed fields and the elements that tell name, channel and
    /// protection.
    static func wirelessManagement(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) {
        ranges.keep(0, 24)
        guard layers.code == 8 || layers.code == 5 else { return }
        ranges.keep(24, 12)
        var offset = 36
        while payload.has(2, at: offset) {
            let size = Int(payload.u8(offset &+ 1))
            switch payload.u8(offset) {
            case 0, 1, 3, 48, 50: ranges.keep(offset, 2 &+ size)
            // Microsoft's WPA element.
            case 221 where payload.be32(offset &+ 2) == 0x0050_f201: ranges.keep(offset, 2 &+ size)
            default: ranges.keep(offset, 2)
            }
            offset &+= 2 &+ size
        }
    }

    private static func uses(_ layers: FrameLayers, _ ports: [UInt16]) -> Bool {
        ports.contains(layers.sourcePort) || ports.contains(layers.destinationPort)
    }
}
