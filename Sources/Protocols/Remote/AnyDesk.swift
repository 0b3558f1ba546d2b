import Model
import Wire

/// AnyDesk runs in TLS; its ClientHello offers an application protocol of its own (`anydesk/6.2.0/linux`) or asks for a
/// host of its relay network.
package enum AnyDesk: Dissector {
    package static let description = ProtocolDescription(
        name: "anydesk", title: "AnyDesk", family: .remoteAccess, level: .recognised,
        reference: "TLS ClientHello as observed; ports from the vendor's firewall guide",
        // Asked before TLS where both could be.
        bindings: [.tcp([443, 6568, 7070])])

    /// How far into a ClientHello its marks are looked for.
    private static let searchLimit = 2_048

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 22, bytes.u8(1) == 3, bytes.u8(5) == 1 else { return .no }
        let name = ClientHello.serverName(inStream: bytes)
        if name.startsIgnoringCase(with: ".net.anydesk.com", at: name.byteCount &- 16) {
            return .certain(from: .client)
        }
        return protocolName(bytes).byteCount > 0 ? .certain(from: .client) : .no
    }

    /// `anydesk/version/system` among the application protocols, after its length.
    @_lifetime(copy bytes)
    private static func protocolName(_ bytes: RawSpan) -> RawSpan {
        var start = 0
        while let found = bytes.index(of: 0x61, from: start, limit: searchLimit &- start) {
            if bytes.starts(with: "anydesk/", at: found) { return bytes.slice(found, Int(bytes.u8(found &- 1))) }
            start = found &+ 1
        }
        return bytes.first(0)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let session = d.state { TLSSession(inside: ()) }
        if d.fromClient, bytes.u8(0) == 22, bytes.u8(5) == 1 {
            let name = protocolName(bytes)
            if name.byteCount > 0 {
                d.observe(.software, text: name, field: "application_protocol")
            } else {
                d.observe(.software, "AnyDesk", field: "relay_name", confidence: .medium)
            }
        }
        return TLS.read(inside: bytes, session, &d)
    }

    package static func messageName(_ code: UInt32) -> String { TLS.messageName(code) }
}
