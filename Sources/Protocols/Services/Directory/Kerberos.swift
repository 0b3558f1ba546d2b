import Model
import Wire

/// Kerberos 5: a client asks a key distribution centre for tickets. Messages are DER with an application tag of their own; over
/// TCP a length of four bytes goes before each. Names of accounts, computers and domains are in clear, secrets never are.
///
///     AS-REQ 10, AS-REP 11, TGS-REQ 12, TGS-REP 13, KRB-ERROR 30: SEQUENCE of fields [n]
///     requests   [1] 5, [2] type, [3] padata, [4] body { [1] client, [2] realm, [3] server, [8] encryptions, [9] addresses }
///     replies    [0] 5, [1] type, [3] realm, [4] client, [5] ticket, [6] encrypted part { [0] encryption }
///     error      [0] 5, [1] type, [6] code, [7] client's realm, [8] client, [9] realm, [10] server
package enum Kerberos: Dissector {
    package static let description = ProtocolDescription(
        name: "kerberos", title: "Kerberos", family: .service, level: .identity,
        reference: "RFC 4120, 5; RFC 3961 (encryption types)", bindings: [.tcp([88]), .udp([88])],
        displayFilter: "kerberos")

    private enum Tag {
        static let asRequest: UInt8 = 0x6a, asReply: UInt8 = 0x6b, tgsRequest: UInt8 = 0x6c, tgsReply: UInt8 = 0x6d
        static let error: UInt8 = 0x7e
    }
    private static let markSize = 4
    private static let longestMessage = 262_144

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else { return message(bytes, isWhole: true) }
        guard bytes.u8(0) == 0 else { return .no }
        guard bytes.byteCount >= markSize &+ 16 else {
            return bytes.byteCount < markSize && hint.uses(88) ? .wait : .no
        }
        let length = Int(bytes.be32(0))
        guard length <= longestMessage, bytes.from(markSize).berSize() == length else { return .no }
        return message(bytes.from(markSize), isWhole: false)
    }

    private static func message(_ bytes: RawSpan, isWhole: Bool) -> Verdict {
        let tag = bytes.u8(0)
        guard tag >= Tag.asRequest && tag <= Tag.tgsReply || tag == Tag.error else { return .no }
        guard let size = bytes.berSize(), !isWhole || size == bytes.byteCount else { return .no }
        let inner = bytes.from(bytes.berHeaderSize())
        guard inner.u8(0) == 0x30 else { return .no }
        // Version 5 in the first field.
        let first = inner.from(inner.berHeaderSize())
        let isRequest = tag == Tag.asRequest || tag == Tag.tgsRequest
        guard first.u8(0) == (isRequest ? 0xa1 : 0xa0), first.be32(1) == 0x0302_0105 else { return .no }
        return .certain(from: isRequest ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            if message(bytes, isWhole: false) != .no || d.isCut { read(bytes, &d) }
            return .consumed(bytes.byteCount)
        }
        guard bytes.byteCount >= markSize else { return .needMore(markSize) }
        let length = Int(bytes.be32(0) & 0x7fff_ffff)
        guard length <= longestMessage else { return .malformed }
        guard bytes.byteCount >= markSize &+ length else { return .needMore(markSize &+ length) }
        read(bytes.slice(markSize, length), &d)
        return .consumed(markSize &+ length)
    }

    private static func read(_ bytes: RawSpan, _ d: inout Dissection) {
        let tag = bytes.u8(0)
        d.message(UInt32(tag & 0x1f), tag == Tag.asRequest ? .login : .none)
        var reader = BERReader(bytes)
        do throws(DecodeError) {
            var message = try reader.enter(tag, "message")
            var fields = try message.enter(BERTag.sequence, "fields")
            var parts = Parts()
            var count = 0
            while !fields.isAtEnd, count < 32 {
                count &+= 1
                let field = try fields.next("field")
                switch (tag, field.tag) {
                case (Tag.asRequest, 0xa4), (Tag.tgsRequest, 0xa4): try request(tag, field.contents, &d)
                case (Tag.asReply, 0xa3), (Tag.tgsReply, 0xa3), (Tag.error, 0xa9): parts.realm = text(field.contents)
                case (Tag.asReply, 0xa4), (Tag.tgsReply, 0xa4), (Tag.error, 0xa8):
                    parts.client = try principal(field.contents)
                case (Tag.error, 0xa6):
                    var code = BERReader(field.contents)
                    parts.error = UInt32(truncatingIfNeeded: try code.integer("error code"))
                case (Tag.asReply, 0xa5), (Tag.tgsReply, 0xa5): try ticket(field.contents, &d)
                default: break
                }
            }
            answer(tag, parts, &d)
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private struct Parts {
        var realm = WireText("")
        var client = WireText("")
        var error: UInt32 = 0
    }

    // MARK: Requests

    private static func request(_ tag: UInt8, _ contents: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        var outer = BERReader(contents)
        var fields = try outer.enter(BERTag.sequence, "body")
        var client = WireText("")
        var realm = WireText("")
        var count = 0
        while !fields.isAtEnd, count < 16 {
            count &+= 1
            let field = try fields.next("body field")
            switch field.tag {
            case 0xa1: client = try principal(field.contents)
            case 0xa2: realm = text(field.contents)
            case 0xa9: try addresses(field.contents, &d)
            default: break
            }
        }
        d.observe(.domain, realm, field: "realm", confidence: .medium)
        if tag == Tag.asRequest { account(client, realm, .source, &d) }
    }

    /// Accounts that end with `$` are computers'; the others are people's and services'.
    private static func account(
        _ client: WireText, _ realm: WireText, _ computer: Dissection.About, _ d: inout Dissection
    ) {
        guard !client.isEmpty else { return }
        if client.raw.hasSuffix("$") {
            d.observe(
                .name, String(client.raw.dropLast()), field: "computer_account", about: computer, confidence: .medium)
        } else if client.raw.hasPrefix("host/") {
            d.observe(
                .name, String(client.raw.dropFirst(5)), field: "host_principal", about: computer, confidence: .medium)
        } else {
            let name = realm.isEmpty || client.raw.contains("@") ? client.raw : "\(client.raw)@\(realm.raw)"
            d.observe(.user, name, field: "client_name", about: .conversation)
        }
    }

    /// Addresses of the client: type 20 is its NetBIOS name, padded with spaces.
    private static func addresses(_ contents: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        var outer = BERReader(contents)
        var list = try outer.enter(BERTag.sequence, "addresses")
        var count = 0
        while !list.isAtEnd, count < 16 {
            count &+= 1
            var address = try list.enter(BERTag.sequence, "address")
            var type = BERReader(try address.next("address type").contents)
            var value = BERReader(try address.next("address value").contents)
            let kind = try type.integer("type")
            let octets = try value.octets("value")
            if kind == 20 { d.observe(.name, text: octets.first(15), field: "netbios_address") }
        }
    }

    // MARK: Answers

    /// The ticket says with which encryption the service's key was used: [3] encrypted part, [0] its type.
    private static func ticket(_ contents: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        var outer = BERReader(contents)
        var application = try outer.enter(0x61, "ticket")
        var fields = try application.enter(BERTag.sequence, "ticket fields")
        var count = 0
        while !fields.isAtEnd, count < 8 {
            count &+= 1
            let field = try fields.next("ticket field")
            guard field.tag == 0xa3 else { continue }
            var part = BERReader(field.contents)
            var encrypted = try part.enter(BERTag.sequence, "encrypted part")
            var type = BERReader(try encrypted.next("encryption").contents)
            d.observe(
                .cipher, encryptionName(try type.integer("type")), field: "ticket_encryption", about: .conversation)
        }
    }

    private static func answer(_ tag: UInt8, _ parts: Parts, _ d: inout Dissection) {
        switch tag {
        case Tag.asReply, Tag.tgsReply:
            // Only a key distribution centre can answer so.
            d.role(.domainController, field: "ticket", confidence: .medium)
            d.observe(.domain, parts.realm, field: "realm")
            if tag == Tag.asReply {
                account(parts.client, parts.realm, .client, &d)
                d.observe(.authentication, "accepted", field: "as_rep", about: .conversation)
            }
        case Tag.error:
            d.observe(.domain, parts.realm, field: "realm")
            // That proof is required is the usual second step and no refusal.
            guard parts.error != 25 else { return }
            d.observe(.status, errorName(parts.error), field: "error_code", about: .conversation)
            if isRefusal(parts.error) {
                d.observe(.authentication, "rejected", field: "error_code_result", about: .conversation)
            }
        default: break
        }
    }

    private static func text(_ contents: RawSpan) -> WireText {
        contents.berSize() == contents.byteCount
            ? WireText(wire: contents.from(contents.berHeaderSize())) : WireText("")
    }

    /// PrincipalName: type [0], components [1], joined by `/`.
    private static func principal(_ contents: RawSpan) throws(DecodeError) -> WireText {
        var outer = BERReader(contents)
        var name = try outer.enter(BERTag.sequence, "principal")
        _ = try name.next("name type")
        var list = BERReader(try name.next("name string").contents)
        var strings = try list.enter(BERTag.sequence, "components")
        var joined = ""
        var count = 0
        while !strings.isAtEnd, count < 8 {
            if count > 0 { joined += "/" }
            count &+= 1
            joined += WireText(wire: try strings.next("component").contents).raw
        }
        return WireText(joined)
    }

    private static func isRefusal(_ code: UInt32) -> Bool {
        switch code {
        case 6, 12, 14, 18, 23, 24, 31: true
        default: false
        }
    }

    private static func errorName(_ code: UInt32) -> String {
        switch code {
        case 6: "KDC_ERR_C_PRINCIPAL_UNKNOWN"
        case 7: "KDC_ERR_S_PRINCIPAL_UNKNOWN"
        case 12: "KDC_ERR_POLICY"
        case 14: "KDC_ERR_ETYPE_NOSUPP"
        case 18: "KDC_ERR_CLIENT_REVOKED"
        case 23: "KDC_ERR_KEY_EXPIRED"
        case 24: "KDC_ERR_PREAUTH_FAILED"
        case 31: "KRB_AP_ERR_BAD_INTEGRITY"
        case 32: "KRB_AP_ERR_TKT_EXPIRED"
        case 37: "KRB_AP_ERR_SKEW"
        case 52: "KRB_ERR_RESPONSE_TOO_BIG"
        case 68: "KDC_ERR_WRONG_REALM"
        default: "error \(code)"
        }
    }

    private static func encryptionName(_ type: Int64) -> String {
        switch type {
        case 1: "des-cbc-crc"
        case 3: "des-cbc-md5"
        case 16: "des3-cbc-sha1"
        case 17: "aes128-cts-hmac-sha1-96"
        case 18: "aes256-cts-hmac-sha1-96"
        case 19: "aes128-cts-hmac-sha256-128"
        case 20: "aes256-cts-hmac-sha384-192"
        case 23: "rc4-hmac"
        case 24: "rc4-hmac-exp"
        default: "encryption type \(type)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 10: "AS-REQ"
        case 11: "AS-REP"
        case 12: "TGS-REQ"
        case 13: "TGS-REP"
        case 30: "KRB-ERROR"
        default: "message \(code)"
        }
    }
}
