import Model
import Wire

/// SMB, versions 1 to 3, over TCP directly or in NetBIOS sessions; both put four bytes before each message.
///
///     0  type    1   0 message; NetBIOS also 0x81 session request, 0x82 granted, 0x83 refused, 0x85 keep-alive
///     1  length  3   of what follows (NetBIOS: the low 17 bits)
///     4  message     0xff "SMB" version 1, 0xfe "SMB" 2 and 3, 0xfd "SMB" encrypted, 0xfc "SMB" compressed
/// Versions 1 and 2 are read in files of their own.
package enum SMB: Dissector {
    package static let description = ProtocolDescription(
        name: "smb", title: "SMB", family: .service, level: .operations,
        reference: "[MS-SMB2] 2.2; [MS-CIFS] 2.2; RFC 1002, 4.3", bindings: [.tcp([445, 139])], displayFilter: "smb2",
        includes: ["NTLM", "NetBIOS session service"])

    private enum Frame {
        static let message: UInt8 = 0, sessionRequest: UInt8 = 0x81, granted: UInt8 = 0x82, refused: UInt8 = 0x83
        static let retarget: UInt8 = 0x84, keepAlive: UInt8 = 0x85
    }
    enum Magic {
        static let one: UInt32 = 0xff53_4d42, two: UInt32 = 0xfe53_4d42
        static let encrypted: UInt32 = 0xfd53_4d42, compressed: UInt32 = 0xfc53_4d42
    }
    static let framingSize = 4
    /// Most of a message that is waited for: what names things lies at its start.
    static let longestRead = 65_536
    static let longestMessage = 0xff_ffff

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 4 else { return .wait }
        switch bytes.u8(0) {
        case Frame.message:
            guard bytes.byteCount >= 8 else { return bytes.be24(1) >= 32 ? .wait : .no }
            return message(bytes)
        case Frame.sessionRequest:
            guard bytes.be24(1) & 0x1_ffff <= 512, NetBIOSName(bytes.from(framingSize)) != nil else { return .no }
            return .certain(from: .client)
        case Frame.granted:
            return bytes.be24(1) == 0 && hint.uses(139) ? .possible(from: .server) : .no
        default:
            return .no
        }
    }

    private static func message(_ bytes: RawSpan) -> Verdict {
        switch bytes.be32(framingSize) {
        case Magic.one:
            guard bytes.byteCount >= 14 else { return .certain }
            return .certain(from: bytes.u8(13) & 0x80 != 0 ? .server : .client)
        case Magic.two:
            guard bytes.byteCount >= 24, bytes.le16(8) == 64 else { return bytes.byteCount < 24 ? .wait : .no }
            return .certain(from: bytes.le32(20) & 1 != 0 ? .server : .client)
        case Magic.encrypted, Magic.compressed: return .certain
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { SMBState() }
        guard bytes.byteCount >= framingSize else { return .needMore(framingSize) }
        let length = Int(bytes.be24(1))
        switch bytes.u8(0) {
        case Frame.message:
            if length == 0 { return .consumed(framingSize) }
            return message(bytes, length, state, &d)
        case Frame.sessionRequest:
            let total = framingSize &+ Int(bytes.be24(1) & 0x1_ffff)
            guard total <= 1_024 else { return .malformed }
            guard bytes.byteCount >= total else { return .needMore(total) }
            sessionRequest(bytes.slice(framingSize, total &- framingSize), &d)
            return .consumed(total)
        case Frame.granted, Frame.refused, Frame.retarget, Frame.keepAlive:
            return length <= 64 ? .consumed(framingSize &+ length) : lost(bytes, &d)
        default:
            return lost(bytes, &d)
        }
    }

    /// After lost bytes a segment may begin within a message; the next one may not.
    private static func lost(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.afterGap ? .consumed(bytes.byteCount) : .malformed
    }

    private static func message(_ bytes: RawSpan, _ length: Int, _ state: SMBState, _ d: inout Dissection) -> Progress {
        let total = framingSize &+ length
        guard bytes.byteCount >= framingSize &+ min(length, 36) else {
            return .needMore(framingSize &+ min(length, 36))
        }
        switch bytes.be32(framingSize) {
        case Magic.one:
            guard length >= 32 else { return .malformed }
            return SMB1.read(bytes, total, state, &d)
        case Magic.two:
            guard length >= 64 else { return .malformed }
            return SMB2.read(bytes, total, state, &d)
        case Magic.encrypted:
            d.message(SMBState.encryptedCode)
            d.observe(.security, "SMB encryption", field: "encryption", about: .server)
            return .consumed(total)
        case Magic.compressed:
            // Offset and original size of a compressed message ([MS-SMB2] 2.2.42.1) that overflow together break servers
            // (CVE-2020-0796).
            let sum = bytes.le32(framingSize &+ 4).addingReportingOverflow(bytes.le32(framingSize &+ 12))
            if bytes.byteCount >= framingSize &+ 16, sum.overflow {
                d.observe(
                    "exploit_pattern", "SMB compression overflow (CVE-2020-0796)", field: "compression_header",
                    about: .conversation)
            }
            return .consumed(total)
        default: return lost(bytes, &d)
        }
    }

    /// Called name, calling name.
    private static func sessionRequest(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let called = NetBIOSName(bytes), let calling = NetBIOSName(bytes.from(called.size)) else { return }
        // *SMBSERVER stands for whoever listens.
        if called.text.raw.first != "*" {
            d.observe(.name, called.text, field: "called_name", about: .server, confidence: .medium)
        }
        d.observe(.name, calling.text, field: "calling_name", confidence: .medium)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code == SMBState.encryptedCode { return "encrypted" }
        return code >= SMB1.codeBase ? SMB1.name(code &- SMB1.codeBase) : SMB2.name(code)
    }
}

/// What is kept of an SMB connection.
final class SMBState {
    static let encryptedCode: UInt32 = 0x1000

    /// Version 1: dialects as the client offered them, to name the one chosen.
    var dialects: [WireText] = []
    /// Version 1: the server asked for passwords as they are.
    var wantsPlainPasswords = false
}

/// NTSTATUS as far as logins tell by it ([MS-ERREF] 2.3).
enum SMBStatus {
    static let success: UInt32 = 0, moreProcessing: UInt32 = 0xc000_0016

    /// How a session setup ended; nil while it goes on.
    static func login(_ status: UInt32, _ d: inout Dissection) {
        switch status {
        case success: d.observe(.authentication, "accepted", field: "login", about: .conversation)
        case moreProcessing: break
        default:
            if status >> 30 == 3 { d.observe(.authentication, "rejected", field: "login", about: .conversation) }
        }
    }
}
