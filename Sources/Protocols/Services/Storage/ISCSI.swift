import Model
import Wire

/// iSCSI: disks over TCP. The login is made of texts `key=value`, each ended by a zero, which name both ends.
///
///     0  operation 1 (0x03 login, 0x23 its answer; bit 6: immediate), flags 1, …
///     4  additional headers 1 (in words), data length 3
///    36  login's answer: status class 1, detail 1
///    48  data, padded to 4
package enum ISCSI: Dissector {
    package static let description = ProtocolDescription(
        name: "iscsi", title: "iSCSI", family: .service, level: .identity, reference: "RFC 7143, 11",
        bindings: [.tcp([3260])], displayFilter: "iscsi")

    private enum Operation {
        static let login: UInt8 = 0x03, loginAnswer: UInt8 = 0x23
    }
    private static let headerSize = 48

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let operation = bytes.u8(0) & 0x3f
        guard operation == Operation.login || operation == Operation.loginAnswer else { return .no }
        guard bytes.byteCount >= headerSize &+ 8, bytes.u8(0) & 0x80 == 0, bytes.be16(2) == 0, bytes.u8(4) == 0,
            bytes.be24(5) > 0, bytes.be24(5) <= 8_192
        else { return .no }
        let data = bytes.slice(headerSize, Int(bytes.be24(5)))
        if operation == Operation.login {
            return data.indexIgnoringCase(of: "initiatorname=", limit: 1_024) != nil ? .certain(from: .client) : .no
        }
        return data.indexIgnoringCase(of: "targetportalgrouptag=", limit: 1_024) != nil ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        let operation = bytes.u8(0) & 0x3f
        let length = Int(bytes.be24(5))
        let size = headerSize &+ Int(bytes.u8(4)) &* 4 &+ (length &+ 3) & ~3
        guard operation == Operation.login || operation == Operation.loginAnswer else { return .conversationDone }
        guard length <= 65_536 else { return .malformed }
        guard bytes.byteCount >= size else { return .needMore(size) }
        d.message(UInt32(operation), operation == Operation.login ? .login : .none)
        if operation == Operation.loginAnswer {
            let status = bytes.u8(36)
            if status == 2, bytes.u8(37) == 1 || bytes.u8(37) == 2 {
                d.observe(.authentication, "rejected", field: "login_status", about: .conversation)
            }
            if status == 0 { d.role(.fileServer, field: "login_status", confidence: .medium) }
        }
        keys(bytes.slice(headerSize, length), &d)
        return .consumed(size)
    }

    private static func keys(_ text: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var count = 0
        while count < 64, offset < text.byteCount {
            count &+= 1
            let end = text.index(of: 0, from: offset) ?? text.byteCount
            let pair = text.slice(offset, end &- offset)
            offset = end &+ 1
            guard let equals = pair.index(of: 0x3d) else { continue }
            let value = pair.from(equals &+ 1)
            if pair.starts(with: "InitiatorName=") {
                d.observe("iscsi_name", text: value, field: "initiator_name", about: .client)
            } else if pair.starts(with: "TargetName=") {
                d.observe("iscsi_name", text: value, field: "target_name", about: .server)
            } else if pair.starts(with: "InitiatorAlias=") {
                d.observe(.name, text: value, field: "initiator_alias", about: .client, confidence: .medium)
            } else if pair.starts(with: "CHAP_N="), d.fromClient {
                d.observe(.user, text: value, field: "chap_name", about: .conversation)
            }
        }
    }

    package static func messageName(_ code: UInt32) -> String { code == 3 ? "Login Request" : "Login Response" }
}
