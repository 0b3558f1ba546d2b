import Model
import Wire

/// LDAP over TCP, and over UDP as domain members look for their controllers with it (CLDAP). Messages are BER:
///
///     SEQUENCE { messageID INTEGER, operation [APPLICATION n], controls [0] OPTIONAL }
/// Logins state account and mechanism; a simple bind's password is in clear. The root entry and the locator's answer name the
/// server and its domain. After StartTLS the bytes are TLS, after a sealing SASL login nobody's.
package enum LDAP: Dissector {
    package static let description = ProtocolDescription(
        name: "ldap", title: "LDAP", family: .service, level: .operations,
        reference: "RFC 4511; [MS-ADTS] 6.3 (locator); [MS-NLMP]",
        bindings: [.tcp([389, 3268]), .udp([389])], displayFilter: "ldap || cldap", includes: ["NTLM"])

    private enum Operation {
        static let bindRequest: UInt8 = 0x60, bindResponse: UInt8 = 0x61, unbind: UInt8 = 0x42
        static let searchRequest: UInt8 = 0x63, searchEntry: UInt8 = 0x64, searchDone: UInt8 = 0x65
        static let modify: UInt8 = 0x66, add: UInt8 = 0x68, delete: UInt8 = 0x4a, rename: UInt8 = 0x6c
        static let compare: UInt8 = 0x6e, abandon: UInt8 = 0x50, reference: UInt8 = 0x73
        static let extendedRequest: UInt8 = 0x77, extendedResponse: UInt8 = 0x78
    }
    /// Longer messages (pictures, exports) are passed over.
    private static let longestRead = 65_536
    private static let longestMessage = 64 << 20

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x30 else { return .no }
        guard bytes.byteCount >= 12 else { return bytes.byteCount < 7 && hint.isTCP ? .wait : unbind(bytes) }
        guard let total = bytes.berSize(), total <= longestMessage, hint.isTCP || total == bytes.byteCount else {
            return .no
        }
        let header = bytes.berHeaderSize()
        let idLength = Int(bytes.u8(header &+ 1))
        guard bytes.u8(header) == 2, idLength >= 1, idLength <= 4 else { return .no }
        let place = header &+ 2 &+ idLength
        guard let size = bytes.berSize(at: place), place &+ size <= total else { return .no }
        // What follows the operation are its controls.
        guard place &+ size == total || bytes.byteCount <= place &+ size || bytes.u8(place &+ size) == 0xa0 else {
            return .no
        }
        let first = bytes.u8(place &+ bytes.berHeaderSize(at: place))
        switch bytes.u8(place) {
        case Operation.bindRequest: return first == 2 ? .certain(from: .client) : .no
        case Operation.searchRequest: return first == 4 ? .certain(from: .client) : .no
        case Operation.bindResponse, Operation.searchDone: return first == 10 ? .certain(from: .server) : .no
        case Operation.searchEntry: return first == 4 ? .certain(from: .server) : .no
        case Operation.extendedRequest: return first == 0x80 ? .certain(from: .client) : .no
        case Operation.extendedResponse: return first == 10 ? .certain(from: .server) : .no
        case Operation.modify, Operation.add, Operation.rename: return first == 4 ? .possible(from: .client) : .no
        default: return .no
        }
    }

    /// `30 05 02 01 id 42 00`
    private static func unbind(_ bytes: RawSpan) -> Verdict {
        bytes.byteCount == 7 && bytes.be24(0) == 0x30_0502 && bytes.be16(5) == 0x4200 ? .possible(from: .client) : .no
    }

    // MARK: Messages

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { LDAPState() }
        guard bytes.u8(0) == 0x30 else {
            if d.isTCP, bytes.u8(0) >= 20, bytes.u8(0) <= 24 { return TLS.read(inside: bytes, state.session, &d) }
            return d.isTCP ? .directionDone : .malformed
        }
        guard let size = bytes.berSize() else { return bytes.byteCount < 6 ? .needMore(6) : .malformed }
        guard size >= 5, size <= longestMessage else { return .malformed }
        if d.isTCP, size > longestRead { return .consumed(size) }
        guard bytes.byteCount >= size else { return d.isTCP ? .needMore(size) : .malformed }
        var reader = BERReader(bytes.first(size))
        do throws(DecodeError) {
            var message = try reader.enter(BERTag.sequence, "message")
            _ = try message.integer("message id")
            let operation = try message.next("operation")
            try read(operation.tag, operation.contents, &d)
        } catch {
            d.malformed(error)
        }
        return .consumed(size)
    }

    private static func read(_ tag: UInt8, _ contents: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        d.message(UInt32(tag), effect(tag))
        var body = BERReader(contents)
        switch tag {
        case Operation.bindRequest: try bind(&body, &d)
        case Operation.bindResponse: try bound(&body, &d)
        case Operation.searchRequest: try search(&body, &d)
        case Operation.searchEntry: try entry(&body, &d)
        case Operation.extendedRequest:
            let name = try body.next("request name").contents
            if name.starts(with: "1.3.6.1.4.1.1466.20037") {
                d.observe(.security, "LDAP StartTLS", field: "start_tls", about: .conversation)
            }
        default: break
        }
    }

    private static func effect(_ tag: UInt8) -> MessageEffect {
        switch tag {
        case Operation.bindRequest: .login
        case Operation.modify, Operation.add, Operation.delete, Operation.rename: .write
        case Operation.searchRequest, Operation.compare: .read
        default: .none
        }
    }

    // MARK: Login

    private static func bind(_ body: inout BERReader, _ d: inout Dissection) throws(DecodeError) {
        _ = try body.integer("version")
        let name = try body.octets("name")
        d.observe(.user, text: name, field: "bind_name", about: .conversation)
        let authentication = try body.next("authentication")
        switch authentication.tag {
        case 0x80:
            if authentication.contents.byteCount > 0 {
                d.observe(.cleartextCredential, "LDAP simple bind", field: "simple_bind", about: .conversation)
            } else {
                d.observe(.security, "LDAP anonymous bind", field: "simple_bind", about: .conversation)
            }
        case 0xa3:
            var credentials = BERReader(authentication.contents)
            d.observe(
                .security, text: try credentials.octets("mechanism"), field: "sasl_mechanism", about: .conversation)
            if !credentials.isAtEnd { NTLM.read(try credentials.next("credentials").contents, &d) }
        default:
            // Microsoft's own: [9] to [11] carry NTLM ([MS-ADTS] 5.1.1.1.3).
            NTLM.read(authentication.contents, &d)
        }
    }

    private static func bound(_ body: inout BERReader, _ d: inout Dissection) throws(DecodeError) {
        let result = try body.next("result code").contents.u8(0)
        if result == 0 { d.observe(.authentication, "accepted", field: "bind_result", about: .conversation) }
        if result == 49 { d.observe(.authentication, "rejected", field: "bind_result", about: .conversation) }
        // Microsoft answers with its challenge in the matched name.
        NTLM.read(try body.octets("matched name"), &d)
        _ = try body.octets("message")
        while !body.isAtEnd {
            let element = try body.next("credentials")
            if element.tag == 0x87 { NTLM.read(element.contents, &d) }
        }
    }

    // MARK: Search

    private static func search(_ body: inout BERReader, _ d: inout Dissection) throws(DecodeError) {
        let base = try body.octets("base")
        if base.byteCount > 0, d.isNew(base, field: "base") {
            d.observe(.domain, domain(base), field: "search_base", about: .server, confidence: .medium)
        }
        guard !d.isTCP else { return }
        _ = try body.next("scope")
        _ = try body.next("aliases")
        _ = try body.next("size limit")
        _ = try body.next("time limit")
        _ = try body.next("types only")
        // The locator's question: and(DnsDomain=…, Host=…, NtVer=…).
        var terms = try body.enter(0xa0, "filter")
        var count = 0
        while !terms.isAtEnd, count < 16 {
            count &+= 1
            let term = try terms.next("filter term")
            guard term.tag == 0xa3 else { continue }
            var pair = BERReader(term.contents)
            let attribute = try pair.octets("attribute")
            let value = try pair.octets("value")
            if attribute.startsIgnoringCase(with: "host"), attribute.byteCount == 4 {
                d.observe(.name, text: value, field: "locator_host")
            } else if attribute.startsIgnoringCase(with: "dnsdomain") {
                d.observe(.domain, text: value, field: "locator_domain", confidence: .medium)
            }
        }
    }

    /// Entries without a name are the root's: they describe the server.
    private static func entry(_ body: inout BERReader, _ d: inout Dissection) throws(DecodeError) {
        guard try body.octets("object name").byteCount == 0 else { return }
        var attributes = try body.enter(BERTag.sequence, "attributes")
        var count = 0
        while !attributes.isAtEnd, count < 256 {
            count &+= 1
            var attribute = try attributes.enter(BERTag.sequence, "attribute")
            let name = try attribute.octets("attribute name")
            var values = BERReader(try attribute.next("values").contents)
            guard !values.isAtEnd else { continue }
            let value = try values.octets("value")
            root(name, value, &d)
        }
    }

    private static func root(_ name: RawSpan, _ value: RawSpan, _ d: inout Dissection) {
        switch name.byteCount {
        case 8 where name.startsIgnoringCase(with: "netlogon"): Netlogon.read(value, &d)
        case 11 where name.startsIgnoringCase(with: "dnshostname"):
            d.observe(.name, text: value, field: "dns_host_name")
        case 10 where name.startsIgnoringCase(with: "vendorname"): d.observe(.vendor, text: value, field: "vendor_name")
        case 13 where name.startsIgnoringCase(with: "vendorversion"):
            d.observe(.software, text: value, field: "vendor_version")
        case 20 where name.startsIgnoringCase(with: "defaultnamingcontext"):
            d.observe(.domain, domain(value), field: "default_naming_context")
        case 29 where name.startsIgnoringCase(with: "domaincontrollerfunctionality"):
            d.role(.domainController, field: "domain_controller_functionality")
            d.observe(.os, controllerName(value), field: "domain_controller_functionality", confidence: .medium)
        default: break
        }
    }

    /// The least Windows that has this functional level ([MS-ADTS] 3.1.1.3.2.25).
    private static func controllerName(_ value: RawSpan) -> String {
        switch value.decimal() {
        case 0: "Windows 2000 Server"
        case 2: "Windows Server 2003"
        case 3: "Windows Server 2008"
        case 4: "Windows Server 2008 R2"
        case 5: "Windows Server 2012"
        case 6: "Windows Server 2012 R2"
        case 7: "Windows Server 2016 or later"
        case 10: "Windows Server 2025"
        default: ""
        }
    }

    /// `DC=plant,DC=example` as `plant.example`; empty without such parts.
    private static func domain(_ name: RawSpan) -> String {
        var labels: [String] = []
        var start = 0
        while start < name.byteCount, labels.count < 16 {
            let end = name.index(of: 0x2c, from: start) ?? name.byteCount
            let part = name.slice(start, end &- start).trimmingSpaces()
            if part.startsIgnoringCase(with: "dc=") { labels.append(WireText(wire: part.from(3)).raw) }
            start = end &+ 1
        }
        return labels.joined(separator: ".")
    }

    package static func messageName(_ code: UInt32) -> String {
        if code >= TLS.insideBase { return TLS.messageName(code) }
        return switch UInt8(truncatingIfNeeded: code) {
        case Operation.bindRequest: "bindRequest"
        case Operation.bindResponse: "bindResponse"
        case Operation.unbind: "unbindRequest"
        case Operation.searchRequest: "searchRequest"
        case Operation.searchEntry: "searchResEntry"
        case Operation.searchDone: "searchResDone"
        case Operation.reference: "searchResRef"
        case Operation.modify: "modifyRequest"
        case 0x67: "modifyResponse"
        case Operation.add: "addRequest"
        case 0x69: "addResponse"
        case Operation.delete: "delRequest"
        case 0x6b: "delResponse"
        case Operation.rename: "modDNRequest"
        case 0x6d: "modDNResponse"
        case Operation.compare: "compareRequest"
        case 0x6f: "compareResponse"
        case Operation.abandon: "abandonRequest"
        case Operation.extendedRequest: "extendedReq"
        case Operation.extendedResponse: "extendedResp"
        default: "operation \(code & 0x1f)"
        }
    }
}

private final class LDAPState {
    let session = TLSSession(inside: ())
}
