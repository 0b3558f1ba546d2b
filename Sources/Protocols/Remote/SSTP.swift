import Model
import Wire

/// SSTP, Microsoft's VPN inside HTTPS. Behind a device that ends TLS for the server its first request is in clear; otherwise
/// nothing tells it from other HTTPS.
///
///     client   "SSTP_DUPLEX_POST /sra_{BA195980-CD49-458b-9E23-C84EE0ADCD75}/ HTTP/1.1", header fields
package enum SSTP: Dissector {
    package static let description = ProtocolDescription(
        name: "sstp", title: "SSTP", family: .tunnel, level: .recognised, reference: "[MS-SSTP] 3.2.4.1",
        bindings: [.tcp([80])], displayFilter: "http.request.method == \"SSTP_DUPLEX_POST\"")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x53 else { return .no }
        return bytes.starts(with: "SSTP_DUPLEX_POST ") ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if d.fromClient { d.message(0, .login) }
        d.role(.vpnGateway, field: "duplex_post", about: .server, confidence: .medium)
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "SSTP_DUPLEX_POST" }
}
