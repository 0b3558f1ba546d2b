import Model
import Wire

/// Simple Network Management Protocol, versions 1, 2c and 3.
///
///     SEQUENCE { version, community OCTET STRING, PDU }                                    versions 0 and 1
///     SEQUENCE { version, SEQUENCE { id, size, flags, model }, OCTET STRING parameters,    version 3
///                SEQUENCE { engine id, name, PDU } or an encrypted OCTET STRING }
///     PDU: [n] { request id, error status, error index, SEQUENCE OF SEQUENCE { name, value } }
package enum SNMP: Dissector {
    package static let description = ProtocolDescription(
        name: "snmp", title: "SNMP", family: .network, level: .operations,
        reference: "RFC 1157, RFC 3416, RFC 3412, RFC 3414; MIBs: RFC 3418, RFC 6933, RFC 3805",
        bindings: [.udp([161, 162])], displayFilter: "snmp", includes: ["SNMPv1", "SNMPv2c", "SNMPv3"])

    private static let agentPort: UInt16 = 161, trapPort: UInt16 = 162
    private enum Tag {
        static let get: UInt8 = 0xa0, getNext: UInt8 = 0xa1, response: UInt8 = 0xa2, set: UInt8 = 0xa3
        static let trapV1: UInt8 = 0xa4, getBulk: UInt8 = 0xa5, inform: UInt8 = 0xa6, trap: UInt8 = 0xa7
        static let report: UInt8 = 0xa8, encrypted: UInt8 = 0x04
    }
    /// Most variables read of one message.
    private static let variableLimit = 4096

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, bytes.u8(0) == BERTag.sequence else { return .no }
        // The outer length: one byte, or 81 and one, 82 and two.
        let header: Int
        let length: Int
        switch bytes.u8(1) {
        case 0x81: (header, length) = (3, Int(bytes.u8(2)))
        case 0x82: (header, length) = (4, Int(bytes.be16(2)))
        case let short where short < 0x80: (header, length) = (2, Int(short))
        default: return .no
        }
        guard length >= 12, header &+ length <= bytes.byteCount, bytes.be16(header) == 0x0201 else { return .no }
        switch bytes.u8(header + 2) {
        case 0, 1:
            guard bytes.u8(header + 3) == BERTag.octetString, bytes.u8(header + 4) < 0x80 else { return .no }
            let pdu = bytes.u8(header + 5 + Int(bytes.u8(header + 4)))
            guard pdu >= Tag.get, pdu <= Tag.report else { return .no }
            return .certain(from: isRequest(pdu) ? .client : pdu == Tag.response ? .server : .unknown)
        case 3: return bytes.u8(header + 3) == BERTag.sequence ? .certain : .no
        default: return .no
        }
    }

    private static func isRequest(_ pdu: UInt8) -> Bool {
        pdu == Tag.get || pdu == Tag.getNext || pdu == Tag.set || pdu == Tag.getBulk
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        do throws(DecodeError) {
            var outer = BERReader(bytes)
            var message = try outer.enter(BERTag.sequence, "message")
            switch try message.integer("version") {
            case 0: try community(&message, version: 0, &d)
            case 1: try community(&message, version: 1, &d)
            case 3: try version3(&message, &d)
            default: return .malformed
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    private static func community(_ message: inout BERReader, version: UInt32, _ d: inout Dissection)
        throws(DecodeError)
    {
        let community = try message.octets("community")
        d.observe(.version, version == 0 ? "SNMPv1" : "SNMPv2c", field: "version", about: .conversation)
        if community.byteCount > 0 {
            d.observe(.cleartextCredential, "SNMP community", field: "community", about: .conversation)
            if isDefault(community) {
                d.observe(
                    .cleartextCredential, "SNMP community (common default)", field: "default_community",
                    about: .conversation)
            }
        }
        try pdu(&message, version: version, &d)
    }

    private static func isDefault(_ community: RawSpan) -> Bool {
        community.byteCount == 6 && community.startsIgnoringCase(with: "public")
            || community.byteCount == 7 && community.startsIgnoringCase(with: "private")
    }

    // MARK: Version 3

    private static func version3(_ message: inout BERReader, _ d: inout Dissection) throws(DecodeError) {
        d.observe(.version, "SNMPv3", field: "version", about: .conversation)
        var header = try message.enter(BERTag.sequence, "global data")
        _ = try header.integer("message id")
        _ = try header.integer("maximum size")
        let flags = try header.octets("message flags").u8(0)
        let model = try header.integer("security model")
        let parameters = try message.octets("security parameters")
        if model == 3 {
            var outer = BERReader(parameters)
            var security = try outer.enter(BERTag.sequence, "user security parameters")
            let engine = try security.octets("engine id")
            _ = try security.integer("engine boots")
            _ = try security.integer("engine time")
            let user = try security.octets("user name")
            if let owner = authoritative(d) { SNMPEngine.state(engine, about: owner, &d) }
            // An empty name only asks for the engine's id.
            if user.byteCount > 0 {
                d.observe(.user, text: user, field: "user_name", about: .conversation)
                let level = flags & 2 != 0 ? "authPriv" : flags & 1 != 0 ? "authNoPriv" : "noAuthNoPriv"
                d.observe(.security, level, field: "security_level", about: .conversation)
            }
        }
        guard flags & 2 == 0 else {
            d.message(3 << 8 | UInt32(Tag.encrypted))
            return
        }
        var scoped = try message.enter(BERTag.sequence, "scoped PDU")
        _ = try scoped.octets("context engine id")
        _ = try scoped.octets("context name")
        try pdu(&scoped, version: 3, &d)
    }

    /// The end whose engine the message names: the agent, told by its port, or the sender of a trap.
    private static func authoritative(_ d: borrowing Dissection) -> Dissection.About? {
        if d.sourcePort == agentPort || d.destinationPort == trapPort { return .source }
        return d.destinationPort == agentPort ? .destination : nil
    }

    // MARK: PDUs

    private static func pdu(_ message: inout BERReader, version: UInt32, _ d: inout Dissection) throws(DecodeError) {
        let element = try message.next("PDU")
        guard element.tag >= Tag.get, element.tag <= Tag.report else {
            throw DecodeError(field: "PDU", offset: 0, needed: 0, available: element.contents.byteCount)
        }
        d.message(version << 8 | UInt32(element.tag), effect(element.tag))
        guard
            element.tag == Tag.response || element.tag == Tag.trap || element.tag == Tag.trapV1
                || element.tag == Tag.inform
        else { return }
        var fields = BERReader(element.contents)
        if element.tag == Tag.trapV1 {
            let enterprise = try fields.next("enterprise")
            if enterprise.tag == BERTag.objectIdentifier { SNMPVariables.objectID(enterprise.contents, &d) }
            _ = try fields.next("agent address")
            _ = try fields.integer("generic trap")
            _ = try fields.integer("specific trap")
            _ = try fields.next("time stamp")
        } else {
            _ = try fields.integer("request id")
            _ = try fields.integer("error status")
            _ = try fields.integer("error index")
        }
        var variables = try fields.enter(BERTag.sequence, "variables")
        var left = variableLimit
        while !variables.isAtEnd, left > 0 {
            left &-= 1
            var variable = try variables.enter(BERTag.sequence, "variable")
            let name = try variable.next("variable name")
            let value = try variable.next("variable value")
            guard name.tag == BERTag.objectIdentifier else { continue }
            SNMPVariables.state(name.contents, value.tag, value.contents, &d)
        }
    }

    private static func effect(_ tag: UInt8) -> MessageEffect {
        switch tag {
        case Tag.get, Tag.getNext, Tag.getBulk: .read
        case Tag.set: .write
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case Tag.get: "GetRequest"
        case Tag.getNext: "GetNextRequest"
        case Tag.response: "Response"
        case Tag.set: "SetRequest"
        case Tag.trapV1: "Trap (v1)"
        case Tag.getBulk: "GetBulkRequest"
        case Tag.inform: "InformRequest"
        case Tag.trap: "Trap"
        case Tag.report: "Report"
        default: "Encrypted PDU"
        }
    }
}
