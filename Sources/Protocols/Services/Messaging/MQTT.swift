import Model
import Wire

/// MQTT 3.1, 3.1.1 and 5: machines publish to a broker; Sparkplug B says in its topics which edge nodes and devices they are.
///
///     0  type 4 bits, flags 4 bits
///     1  remaining length  1 to 4   seven bits each, lowest first, high bit: more
///     CONNECT: name (length 2, "MQTT" or "MQIsdp"), level 1, flags 1, keep-alive 2, properties in version 5, then client id, will
///     topic and message, user name, password, each with a length 2
///     PUBLISH: topic (length 2), then id, properties, message
package enum MQTT: Dissector {
    package static let description = ProtocolDescription(
        name: "mqtt", title: "MQTT, Sparkplug B", family: .service, level: .operations,
        reference: "OASIS MQTT 3.1.1 and 5.0; Eclipse Sparkplug 3.0", bindings: [.tcp([port])], displayFilter: "mqtt")

    private static let port: UInt16 = 1883
    private enum Kind { static let connect: UInt8 = 1, connack: UInt8 = 2, publish: UInt8 = 3, disconnect: UInt8 = 14 }
    private enum Flag { static let user: UInt8 = 0x80, password: UInt8 = 0x40, will: UInt8 = 0x04 }
    /// What is read of a message; the rest is passed over.
    private static let longestHead = 1024

    private struct Header {
        var size: Int
        var total: Int
    }

    private enum Reading {
        case header(Header)
        case short, wrong
    }

    private static func header(_ bytes: RawSpan) -> Reading {
        var length = 0
        var index = 1
        while index < 5 {
            guard index < bytes.byteCount else { return .short }
            let byte = bytes.u8(index)
            length |= Int(byte & 0x7f) << (7 &* (index &- 1))
            index &+= 1
            if byte & 0x80 == 0 { return .header(Header(size: index, total: index &+ length)) }
        }
        return .wrong
    }

    /// True when type and flags go together.
    private static func isType(_ first: UInt8) -> Bool {
        switch first >> 4 {
        case 3: first & 6 != 6
        case 6, 8, 10: first & 15 == 2
        case 0: false
        default: first & 15 == 0
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let first = bytes.u8(0)
        guard first == 0x10 || hint.uses(port), isType(first) else { return .no }
        guard case .header(let header) = header(bytes) else { return bytes.byteCount < 5 ? .wait : .no }
        switch first >> 4 {
        case Kind.connect:
            guard bytes.byteCount >= header.size &+ 7 else { return .wait }
            let isName =
                bytes.starts(with: "\u{0}\u{4}MQTT", at: header.size)
                || bytes.starts(with: "\u{0}\u{6}MQIsdp", at: header.size)
            return isName ? .certain(from: .client) : .no
        case Kind.connack:
            return bytes.byteCount >= 4 && header.total >= 4 && bytes.u8(header.size) <= 1
                ? .possible(from: .server) : .no
        case Kind.publish:
            let size = Int(bytes.be16(header.size))
            guard size > 0, header.size &+ 2 &+ size <= header.total else { return .no }
            return bytes.slice(header.size &+ 2, size).isPrintable ? .possible : .no
        default: return bytes.byteCount == header.total && header.total < 256 ? .possible : .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let first = bytes.u8(0)
        guard bytes.byteCount > 0, isType(first) else { return .malformed }
        switch header(bytes) {
        case .short: return .needMore(bytes.byteCount &+ 1)
        case .wrong: return .malformed
        case .header(let header):
            let needed = min(header.total, longestHead)
            guard bytes.byteCount >= needed else { return .needMore(needed) }
            let body = bytes.slice(header.size, needed &- header.size)
            switch first >> 4 {
            case Kind.connect: connect(body, &d)
            case Kind.publish: publish(body, &d)
            default: d.message(UInt32(first >> 4))
            }
            if first >> 4 == Kind.connack {
                d.role(.server, field: "broker", confidence: .medium)
                d.observe(
                    .authentication, body.u8(1) == 0 ? "accepted" : "rejected", field: "connack", about: .conversation)
            }
            return .consumed(header.total)
        }
    }

    private static func connect(_ body: RawSpan, _ d: inout Dissection) {
        var reader = FieldReader(body)
        do throws(DecodeError) {
            try reader.skip(Int(try reader.be16("protocol name length")), "protocol name")
            let level = try reader.u8("protocol level")
            let flags = try reader.u8("connect flags")
            d.message(UInt32(Kind.connect), flags & (Flag.user | Flag.password) != 0 ? .login : .none)
            try reader.skip(2, "keep alive")
            if level == 5 { try skipProperties(&reader) }
            d.observe(
                .version, level == 3 ? "MQTT 3.1" : level == 4 ? "MQTT 3.1.1" : "MQTT \(level)", field: "level",
                about: .conversation)
            d.observe(
                "mqtt_client_id", text: try reader.take(Int(try reader.be16("client id length")), "client id"),
                field: "client_id")
            if flags & Flag.will != 0 {
                if level == 5 { try skipProperties(&reader) }
                try reader.skip(Int(try reader.be16("will topic length")), "will topic")
                try reader.skip(Int(try reader.be16("will message length")), "will message")
            }
            if flags & Flag.password != 0 {
                d.observe(.cleartextCredential, "MQTT password", field: "password", about: .conversation)
            }
            if flags & Flag.user != 0 {
                d.observe(
                    .user, text: try reader.take(Int(try reader.be16("user name length")), "user name"),
                    field: "user_name", about: .conversation)
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func skipProperties(_ reader: inout FieldReader) throws(DecodeError) {
        var length = 0
        var shift = 0
        while shift < 28 {
            let byte = try reader.u8("properties length")
            length |= Int(byte & 0x7f) << shift
            if byte & 0x80 == 0 { break }
            shift &+= 7
        }
        try reader.skip(length, "properties")
    }

    /// Sparkplug topics: spBv1.0/group/type/node[/device].
    private static func publish(_ body: RawSpan, _ d: inout Dissection) {
        let topic = body.slice(2, Int(body.be16(0)))
        guard topic.starts(with: "spBv1.0/"), let group = topic.index(of: 0x2f, from: 8),
            let type = topic.index(of: 0x2f, from: group &+ 1)
        else {
            d.message(UInt32(Kind.publish))
            return
        }
        let name = topic.from(group &+ 1)
        if name.starts(with: "NCMD/") || name.starts(with: "DCMD/") {
            d.message(0x100 | UInt32(Kind.publish), .write)
            return
        }
        let isBirth = name.starts(with: "NBIRTH/") || name.starts(with: "DBIRTH/")
        d.message((isBirth ? 0x200 : 0x300) | UInt32(Kind.publish))
        // Only the node itself announces a birth, and its broker repeats it to others.
        guard isBirth, d.fromClient else { return }
        d.role(.gateway, field: "sparkplug_node", confidence: .medium)
        if d.isNew(topic, field: "birth") {
            let groupName = WireText(wire: topic.slice(8, group &- 8)).raw
            d.observe("sparkplug", groupName + "/" + WireText(wire: topic.from(type &+ 1)).raw, field: "birth_topic")
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x103: "Publish (Sparkplug command)"
        case 0x203: "Publish (Sparkplug birth)"
        case 0x303: "Publish (Sparkplug)"
        case 1: "Connect"
        case 2: "Connect acknowledge"
        case 3: "Publish"
        case 4: "Publish acknowledge"
        case 5: "Publish received"
        case 6: "Publish release"
        case 7: "Publish complete"
        case 8: "Subscribe"
        case 9: "Subscribe acknowledge"
        case 10: "Unsubscribe"
        case 11: "Unsubscribe acknowledge"
        case 12: "Ping request"
        case 13: "Ping response"
        case 14: "Disconnect"
        case 15: "Authenticate"
        default: "Type \(code)"
        }
    }
}
