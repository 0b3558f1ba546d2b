import Model
import Wire

/// RIP and RIPng: routers announce what they can reach, every half minute.
///
///     0  command 1 (1 request, 2 response)   1  version 1   2  zero 2   4  entries of 20
///     RIP: family 2 (2; 0xffff for authentication: kind 2), tag 2, address 4, mask 4, next hop 4, metric 4
package enum RIP: Dissector {
    package static let description = ProtocolDescription(
        name: "rip", title: "RIP", family: .network, level: .identity, reference: "RFC 2453, 4; RFC 2080, 2",
        bindings: [.udp([520, 521])], displayFilter: "rip || ripng")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 1 || bytes.u8(0) == 2, bytes.byteCount >= 24, (bytes.byteCount &- 4) % 20 == 0 else {
            return .no
        }
        if hint.destinationPort == 521 { return bytes.u8(1) == 1 && bytes.be16(2) == 0 ? .certain : .no }
        guard hint.uses(520), bytes.u8(1) == 1 || bytes.u8(1) == 2 else { return .no }
        let family = bytes.be16(4)
        return family == 2 || family == 0 || family == 0xffff ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.u8(0) == 1 || bytes.u8(0) == 2 else { return .malformed }
        d.message(UInt32(bytes.u8(0)))
        if bytes.u8(0) == 2 { d.role(.router, field: "response", confidence: .medium) }
        guard d.destinationPort != 521, bytes.byteCount >= 24 else { return .consumed(bytes.byteCount) }
        d.observe(.version, "RIP version \(bytes.u8(1))", field: "version")
        if bytes.be16(4) == 0xffff {
            if bytes.be16(6) == 2 {
                d.observe(.security, "RIP simple password", field: "authentication_type")
                d.observe(.cleartextCredential, "RIP simple password", field: "authentication", about: .conversation)
            } else {
                d.observe(.security, "RIP cryptographic authentication", field: "authentication_type")
            }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "Request" : "Response" }
}
