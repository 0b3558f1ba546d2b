import Model
import Wire

/// Apache Guacamole, between its web application and the proxy that speaks RDP, VNC, SSH or Telnet for browsers. Instructions are
/// lists of texts with their lengths. Only the first is read: the following one carries passwords.
///
///     client   "6.select,3.rdp;" and later "4.size,…;", "7.connect,…;"
package enum Guacamole: Dissector {
    package static let description = ProtocolDescription(
        name: "guacamole", title: "Apache Guacamole", family: .remoteAccess, level: .identity,
        reference: "Guacamole manual, Guacamole protocol reference", bindings: [.tcp([4822])])

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x36 else { return .no }
        return bytes.starts(with: "6.select,") ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.fromClient, bytes.starts(with: "6.select,") else { return .directionDone }
        guard let end = bytes.index(of: 0x3b, limit: 64) else {
            return bytes.byteCount < 64 ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        d.message(0, .login)
        d.role(.jumpHost, field: "select", about: .server, confidence: .medium)
        if let dot = bytes.index(of: 0x2e, from: 9, limit: 8), dot < end {
            d.observe(
                "guacamole_protocol", text: bytes.slice(dot &+ 1, end &- dot &- 1), field: "protocol",
                about: .conversation)
        }
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String { "select" }
}
