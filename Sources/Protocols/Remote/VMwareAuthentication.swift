import Model
import Wire

/// The authentication daemon of VMware's hosts, through which consoles and files of virtual machines are reached: a greeting in
/// clear, then TLS.
///
///     server   "220 VMware Authentication Daemon Version 1.10: SSL Required, ServerDaemonProtocol:SOAP, MKSDisplayProtocol:VNC …"
package enum VMwareAuthentication: Dissector {
    package static let description = ProtocolDescription(
        name: "vmware-authd", title: "VMware console (authd)", family: .remoteAccess, level: .identity,
        reference: "Greeting as observed; ports from the vendor's list",
        // Asked before other protocols that greet with 220.
        bindings: [.tcp([902, 912])])

    private static let greeting: StaticString = "220 VMware Authentication Daemon Version "

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x32, bytes.u8(4) == 0x56 else { return .no }
        return bytes.starts(with: greeting) ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let session = d.state { TLSSession(inside: ()) }
        if bytes.u8(0) >= 20, bytes.u8(0) <= 24 { return TLS.read(inside: bytes, session, &d) }
        guard !d.fromClient, bytes.starts(with: greeting) else {
            return d.fromClient ? .consumed(bytes.byteCount) : .directionDone
        }
        guard let line = bytes.line(limit: 512) else {
            return bytes.byteCount < 512 ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        d.message(0)
        let version = line.text.from(greeting.utf8CodeUnitCount)
        let end = version.index(of: 0x3a) ?? version.byteCount
        d.observe(
            .software, "VMware Authentication Daemon \(WireText(wire: version.first(end)).raw)", field: "greeting")
        d.role(.server, field: "virtual_machines", confidence: .medium)
        return .consumed(line.size)
    }

    package static func messageName(_ code: UInt32) -> String { code == 0 ? "greeting" : TLS.messageName(code) }
}
