import Model
import Wire

/// Tailscale: peers look for a way to each other with datagrams of their own before WireGuard runs between them.
///
///     0  magic   6   "TS" and U+1F4AC in UTF-8
///     6  sender  32  public key
///    38  nonce   24
///    62  sealed message
package enum Tailscale: Dissector {
    package static let description = ProtocolDescription(
        name: "tailscale", title: "Tailscale", family: .tunnel, level: .recognised,
        reference: "Package disco of tailscale.com (magic, sender, nonce)", bindings: [.udp([41641])])

    private static let headerSize = 62

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        bytes.u8(0) == 0x54 && isDiscovery(bytes) ? .certain : .no
    }

    private static func isDiscovery(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= headerSize && bytes.be48(0) == 0x5453_f09f_92ac
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isDiscovery(bytes) else {
            d.message(1)
            return .consumed(bytes.byteCount)
        }
        d.message(0)
        d.observe(.software, "Tailscale", field: "discovery", confidence: .medium)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "discovery" : "data" }
}
