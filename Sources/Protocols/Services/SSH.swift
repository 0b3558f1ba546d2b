import Model
import Wire

/// SSH: both ends open with a line that names version and software; then binary packets, in clear until NEWKEYS.
///
///     SSH-protoversion-softwareversion SP comments CR LF
///     packet: length 4, padding length 1, message number 1, …
package enum SSH: Dissector {
    package static let description = ProtocolDescription(
        name: "ssh", title: "SSH", family: .remoteAccess, level: .identity,
        reference: "RFC 4253, 4.2 and 6; RFC 4250, 4.1", bindings: [.tcp([22, 2222])], displayFilter: "ssh")

    private enum Message {
        static let keyExchangeInit: UInt8 = 20, newKeys: UInt8 = 21
    }
    /// Longest identification line (RFC 4253, 4.2) and longest packet (6.1), with room.
    private static let longestLine = 1_024
    private static let longestPacket = 262_000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.starts(with: "SSH-2.0-") || bytes.starts(with: "SSH-1.") {
            return .certain(from: hint.fromClient ? .client : .server)
        }
        return bytes.byteCount < 8 && isBeginning(bytes) ? .wait : .no
    }

    private static func isBeginning(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: "SSH-")
            || bytes.byteCount < 4 && bytes.u8(0) == 0x53 && (bytes.byteCount < 2 || bytes.u8(1) == 0x53)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { SSHState() }
        if state.isGreeted(d.fromClient) { return packet(bytes, &d) }
        if d.afterGap { return .directionDone }
        guard let line = bytes.line(limit: longestLine) else {
            return bytes.byteCount < longestLine ? .needMore(bytes.byteCount &+ 1) : .directionDone
        }
        // A server may send other lines first.
        guard line.text.starts(with: "SSH-") else { return .consumed(line.size) }
        state.greet(d.fromClient)
        greeting(line.text, &d)
        return .consumed(line.size)
    }

    private static func greeting(_ line: RawSpan, _ d: inout Dissection) {
        d.message(0, d.fromClient ? .login : .none)
        guard let dash = line.index(of: 0x2d, from: 4) else { return }
        d.observe(.version, text: line.first(dash), field: "protocol")
        let software = line.from(dash &+ 1)
        let space = software.index(of: 0x20) ?? software.byteCount
        d.observe(.software, text: software.first(space), field: "software")
        let comment = software.from(space &+ 1)
        d.observe(.comment, text: comment, field: "comments")
        let system = systemName(software)
        if !system.isEmpty { d.observe(.os, system, field: "software_os", confidence: .medium) }
    }

    /// The system that builds of OpenSSH and embedded servers name in their line.
    private static func systemName(_ line: RawSpan) -> String {
        if line.indexIgnoringCase(of: "ubuntu") != nil { return "Ubuntu Linux" }
        if line.indexIgnoringCase(of: "debian") != nil { return "Debian Linux" }
        if line.indexIgnoringCase(of: "raspbian") != nil { return "Raspbian Linux" }
        if line.indexIgnoringCase(of: "freebsd") != nil { return "FreeBSD" }
        if line.indexIgnoringCase(of: "netbsd") != nil { return "NetBSD" }
        if line.indexIgnoringCase(of: "for_windows") != nil { return "Windows" }
        if line.startsIgnoringCase(with: "cisco-") { return "Cisco IOS" }
        if line.startsIgnoringCase(with: "rosssh") { return "MikroTik RouterOS" }
        return ""
    }

    private static func packet(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if d.afterGap { return .directionDone }
        guard bytes.byteCount >= 6 else { return .needMore(6) }
        let length = Int(bytes.be32(0))
        guard length >= 2, length <= longestPacket else { return .directionDone }
        let number = bytes.u8(5)
        d.message(UInt32(number))
        return number == Message.newKeys ? .directionDone : .consumed(4 &+ length)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "identification"
        case 1: "SSH_MSG_DISCONNECT"
        case 2: "SSH_MSG_IGNORE"
        case 3: "SSH_MSG_UNIMPLEMENTED"
        case 4: "SSH_MSG_DEBUG"
        case 20: "SSH_MSG_KEXINIT"
        case 21: "SSH_MSG_NEWKEYS"
        case 30...49: "SSH_MSG_KEX \(code)"
        default: "message \(code)"
        }
    }
}

/// Which ends have sent their identification line.
private final class SSHState {
    private var client = false
    private var server = false

    func isGreeted(_ fromClient: Bool) -> Bool { fromClient ? client : server }

    func greet(_ fromClient: Bool) {
        if fromClient { client = true } else { server = true }
    }
}
