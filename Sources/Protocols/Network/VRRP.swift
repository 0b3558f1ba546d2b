import Model
import Wire

/// Virtual Router Redundancy Protocol: routers share a gateway address. IP protocol 112, hop limit 255.
///
///     0  version 4 bits, type 4 bits   version 2 or 3, type 1
///     1  virtual router id   1
///     2  priority            1   255 owns the address, 0 leaves
///     3  address count       1
///     4  version 2: authentication type 1, interval 1; version 3: interval 2
///     6  checksum            2
///     8  addresses               4 or 16 bytes each; version 2: authentication data 8 behind
///
/// OpenBSD's CARP rides the same protocol number with a fixed 36-byte message and is told apart.
package enum VRRP: Dissector {
    package static let description = ProtocolDescription(
        name: "vrrp", title: "VRRP / CARP", family: .network, level: .identity,
        reference: "RFC 3768 (v2), RFC 9568 (v3)",
        bindings: [.ipProtocol(112)], displayFilter: "vrrp")

    private enum Offset {
        static let id = 1, priority = 2, count = 3, authentication = 4, addresses = 8
    }
    private static let carpLength = 36
    private static let carpCode: UInt32 = 0x100

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.addresses else {
            if !d.isCut {
                d.malformed(
                    DecodeError(
                        field: "VRRP header", offset: 0, needed: Offset.addresses, available: bytes.byteCount))
            }
            return .malformed
        }
        let version = bytes.u8(0) >> 4
        guard version == 2 || version == 3, bytes.u8(0) & 15 == 1 else { return .malformed }
        // RFC 9568, 5.1.1.3: anything below 255 was forwarded and must be dropped.
        guard d.ttl == 255 else { return .malformed }
        let id = bytes.u8(Offset.id)
        if version == 2, bytes.byteCount == carpLength, bytes.u8(Offset.count) == 7 {
            d.message(carpCode)
            d.role(.router, field: "carp", about: speaker(d), confidence: .medium)
            d.observe("virtual_router_id", number: UInt64(id), field: "carp_id", about: speaker(d))
            return .consumed(bytes.byteCount)
        }
        d.message(UInt32(version))
        d.role(.router, field: "advertisement", about: speaker(d))
        d.observe("virtual_router_id", number: UInt64(id), field: "virtual_router_id", about: speaker(d))
        if bytes.u8(Offset.priority) != 0 {
            d.observe(
                "virtual_router_priority", number: UInt64(bytes.u8(Offset.priority)), field: "priority",
                about: speaker(d))
        }
        addresses(bytes, isV6: d.source.ip.map { !$0.isV4 } ?? false, id, &d)
        if version == 2, bytes.u8(Offset.authentication) == 1 {
            d.observe(
                .cleartextCredential, "VRRP simple text authentication", field: "authentication_type",
                about: speaker(d))
        }
        return .consumed(bytes.byteCount)
    }

    private static func addresses(_ bytes: RawSpan, isV6: Bool, _ id: UInt8, _ d: inout Dissection) {
        let size = isV6 ? 16 : 4
        // 00-00-5e-00-01-{id} for IPv4, 00-00-5e-00-02-{id} for IPv6.
        let virtual = MACAddress(bits: (isV6 ? 0x0000_5e00_0200 : 0x0000_5e00_0100) | UInt64(id))
        var offset = Offset.addresses
        var left = Int(bytes.u8(Offset.count))
        while left > 0 {
            guard bytes.has(size, at: offset) else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(
                            field: "VRRP address", offset: offset, needed: size, available: bytes.byteCount &- offset))
                }
                return
            }
            let address = isV6 ? bytes.ipv6(offset) : bytes.ipv4(offset)
            if address.isUnicast {
                d.observe(.virtualRouter, address: address, field: "address", about: speaker(d))
                d.observe(.ip, address: address, field: "virtual_mac", about: .mac(virtual), confidence: .medium)
            }
            offset &+= size
            left &-= 1
        }
    }

    /// The router itself: its advertisements come from the shared virtual MAC, so the address alone names it.
    private static func speaker(_ d: borrowing Dissection) -> Dissection.About {
        if let mac = d.source.mac, mac.bits >> 16 == 0x0000_5e00, let ip = d.source.ip { return .address(ip) }
        return .source
    }

    package static func messageName(_ code: UInt32) -> String {
        code == carpCode ? "CARP Advertisement" : "Advertisement v\(code)"
    }
}
