import Model
import Wire

/// NoMachine NX: a line with each end's version in clear, then TLS.
///
///     client   "NXSH-" version LF
///     server   "NXD-" version LF
package enum NoMachine: Dissector {
    package static let description = ProtocolDescription(
        name: "nomachine", title: "NoMachine NX", family: .remoteAccess, level: .identity,
        reference: "Opening lines as observed; ports from the vendor's knowledge base", bindings: [.tcp([4000])])

    private static let longestLine = 64

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x4e, bytes.byteCount < 2 || bytes.u8(1) == 0x58 else { return .no }
        guard bytes.byteCount >= 6 else { return .wait }
        if bytes.starts(with: "NXSH-") { return .certain(from: .client) }
        return bytes.starts(with: "NXD-") ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let session = d.state { TLSSession(inside: ()) }
        if bytes.u8(0) >= 20, bytes.u8(0) <= 24 { return TLS.read(inside: bytes, session, &d) }
        guard bytes.u8(0) == 0x4e else { return .directionDone }
        guard let line = bytes.line(limit: longestLine) else {
            return bytes.byteCount < longestLine ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        guard let dash = line.text.index(of: 0x2d), dash <= 4 else { return .directionDone }
        let version = WireText(wire: line.text.from(dash &+ 1))
        if d.fromClient {
            d.message(0, .login)
            d.observe(.software, "NoMachine client \(version.raw)", field: "client_version")
        } else {
            d.message(1)
            d.observe(.software, "NoMachine server \(version.raw)", field: "server_version")
        }
        return .consumed(line.size)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "client version"
        case 1: "server version"
        default: TLS.messageName(code)
        }
    }
}
