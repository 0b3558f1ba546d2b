import Model
import Wire

/// SMB version 2 and 3 messages ([MS-SMB2] 2.2). Offsets count from the 0xfe of the header.
///
///     4  structure size  2   64          12  command       2
///     8  status          4               16  flags         4   bit 0: response
///    20  next command    4   offset of the next message of a compound, 0 in the last
///    64  body; integers little-endian
enum SMB2 {
    private enum Command {
        static let negotiate: UInt16 = 0, sessionSetup: UInt16 = 1, treeConnect: UInt16 = 3
    }
    private enum Offset {
        static let status = 8, command = 12, flags = 16, next = 20, body = 64
    }

    static func read(_ bytes: RawSpan, _ total: Int, _ state: SMBState, _ d: inout Dissection) -> Progress {
        let first = bytes.from(SMB.framingSize)
        let command = first.le16(Offset.command)
        // Of a lone message that names nothing the header is enough.
        if first.le32(Offset.next) == 0, !isRead(command) {
            count(first, &d)
            return .consumed(total)
        }
        guard total <= SMB.longestRead else {
            count(first, &d)
            return .consumed(total)
        }
        guard bytes.byteCount >= total else { return .needMore(total) }
        var rest = bytes.slice(SMB.framingSize, total &- SMB.framingSize)
        var messages = 0
        while rest.byteCount >= Offset.body, rest.be32(0) == SMB.Magic.two, messages < 64 {
            messages &+= 1
            let next = Int(rest.le32(Offset.next))
            let isLast = next < Offset.body
            count(rest, &d)
            body(isLast ? rest : rest.first(next), state, &d)
            if isLast { break }
            rest = rest.from(next)
        }
        return .consumed(total)
    }

    private static func isRead(_ command: UInt16) -> Bool {
        command == Command.negotiate || command == Command.sessionSetup || command == Command.treeConnect
    }

    private static func count(_ message: RawSpan, _ d: inout Dissection) {
        let command = message.le16(Offset.command)
        let isResponse = message.le32(Offset.flags) & 1 != 0
        d.message(UInt32(command & 0xff), isResponse ? .none : effect(command))
    }

    private static func body(_ message: RawSpan, _ state: SMBState, _ d: inout Dissection) {
        let isResponse = message.le32(Offset.flags) & 1 != 0
        let body = message.from(Offset.body)
        switch (message.le16(Offset.command), isResponse) {
        case (Command.negotiate, true) where body.le16(0) == 65:
            dialect(body.le16(4), &d)
            let mode = body.le16(2)
            d.observe(
                .security, SMB1.signing(required: mode & 2 != 0, enabled: mode & 1 != 0), field: "signing")
            NTLM.read(message.slice(Int(body.le16(56)), Int(body.le16(58))), &d)
        case (Command.sessionSetup, false) where body.le16(0) == 25:
            NTLM.read(message.slice(Int(body.le16(12)), Int(body.le16(14))), &d)
        case (Command.sessionSetup, true) where body.le16(0) == 9:
            let status = message.le32(Offset.status)
            SMBStatus.login(status, &d)
            if status == SMBStatus.success, body.le16(2) & 1 != 0 {
                d.observe(.authentication, "guest", field: "guest_login", about: .conversation)
            }
            NTLM.read(message.slice(Int(body.le16(4)), Int(body.le16(6))), &d)
        case (Command.sessionSetup, true):
            SMBStatus.login(message.le32(Offset.status), &d)
        case (Command.treeConnect, false) where body.le16(0) == 9:
            let path = message.slice(Int(body.le16(4)), Int(body.le16(6)))
            d.observe("share", WireText(utf16: path), field: "tree", about: .server)
        case (Command.treeConnect, true) where body.le16(0) == 16 && body.u8(2) == 1:
            d.role(.fileServer, field: "disk_share", confidence: .medium)
        default: break
        }
    }

    private static func dialect(_ value: UInt16, _ d: inout Dissection) {
        switch value {
        case 0x0202: d.observe(.version, "SMB 2.0.2", field: "dialect")
        case 0x0210: d.observe(.version, "SMB 2.1", field: "dialect")
        case 0x0300: d.observe(.version, "SMB 3.0", field: "dialect")
        case 0x0302: d.observe(.version, "SMB 3.0.2", field: "dialect")
        case 0x0311: d.observe(.version, "SMB 3.1.1", field: "dialect")
        // 0x02ff only says that another negotiation follows.
        default: break
        }
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 1: .login
        case 8, 14, 16: .read
        case 9, 17: .write
        default: .none
        }
    }

    static func name(_ command: UInt32) -> String {
        let names = [
            "Negotiate", "Session Setup", "Logoff", "Tree Connect", "Tree Disconnect", "Create", "Close", "Flush",
            "Read",
            "Write", "Lock", "IOCTL", "Cancel", "Echo", "Query Directory", "Change Notify", "Query Info", "Set Info",
            "Oplock Break",
        ]
        return command < UInt32(names.count) ? names[Int(command)] : "command \(command)"
    }
}
