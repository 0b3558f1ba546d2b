import Model
import Wire

/// SoftEther VPN, as far as it shows outside TLS: the service that helps its peers through address translation tells them how
/// they look from outside.
///
///     server   "IP=" address ",PORT=" port
package enum SoftEther: Dissector {
    package static let description = ProtocolDescription(
        name: "softether", title: "SoftEther VPN", family: .tunnel, level: .recognised,
        reference: "NAT traversal answers as observed (nDPI)", bindings: [.udp([5004])])

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x49, bytes.byteCount < 64, bytes.starts(with: "IP=") else { return .no }
        return bytes.indexIgnoringCase(of: ",port=") != nil ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if bytes.starts(with: "IP=") {
            d.message(0)
            d.observe(.software, "SoftEther VPN", field: "nat_traversal", about: .destination, confidence: .medium)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "address answer" }
}
