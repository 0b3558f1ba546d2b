import Wire

/// Generic Routing Encapsulation whose content is not read as a packet of its own: another kind of payload, or one that is
/// compressed or encrypted.
///
///     0  flags and version 2   2  payload's EtherType 2
package enum GRE: Dissector {
    package static let description = ProtocolDescription(
        name: "gre", title: "GRE", family: .tunnel, level: .messages,
        reference: "RFC 2784; RFC 2890; RFC 2637, 4 (PPTP)",
        bindings: [.ipProtocol(47)], displayFilter: "gre")

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4, bytes.be16(0) & 7 <= 1 else { return .malformed }
        d.message(UInt32(bytes.be16(2)))
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x0800: "IPv4"
        case 0x86dd: "IPv6"
        case 0x880b: "PPP"
        case 0x6558: "Ethernet"
        case 0x2001: "NHRP"
        case 0x883e: "WCCP"
        case 0x88be, 0x22eb: "ERSPAN"
        default: "payload 0x" + String(code, radix: 16)
        }
    }
}
