import Model
import Wire

/// AMQP: programs exchange messages through a broker (RabbitMQ, ActiveMQ, Azure). Both ends of 0-9-1 describe themselves at
/// the start.
///
///     client   "AMQP", 0, major, minor, revision    (1.0: 0 or 3 for SASL, then 1, 0, 0)
///     frame    type 1, channel 2, length 4, payload, 0xce
///     method   class 2, number 2: 10.10 start { version 2, properties, mechanisms, locales },
///              10.11 start-ok { properties, mechanism, response, locale }
package enum AMQP: Dissector {
    package static let description = ProtocolDescription(
        name: "amqp", title: "AMQP", family: .service, level: .identity,
        reference: "AMQP 0-9-1, 2.2.4 and 4.2; OASIS AMQP 1.0, 2.2", bindings: [.tcp([5672])], displayFilter: "amqp")

    private static let frameHeader = 7
    private static let start: UInt32 = 0x000a_000a, startOk: UInt32 = 0x000a_000b

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.u8(0) == 0x41 {
            guard bytes.byteCount >= 8 else { return bytes.byteCount < 2 || bytes.u8(1) == 0x4d ? .wait : .no }
            return bytes.starts(with: "AMQP") && bytes.u8(4) <= 3 && bytes.u8(5) <= 1 ? .certain(from: .client) : .no
        }
        guard bytes.u8(0) >= 1, bytes.u8(0) <= 3, bytes.byteCount >= 12, hint.uses(5672) else { return .no }
        let length = Int(bytes.be32(3))
        return length <= bytes.byteCount && bytes.u8(frameHeader &+ length) == 0xce ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else { return .needMore(8) }
        if bytes.starts(with: "AMQP") {
            d.message(0)
            guard bytes.u8(4) != 0 || bytes.u8(5) != 1 else {
                // 1.0 is written in types of its own.
                d.observe(.version, "AMQP 1.0", field: "protocol_version")
                return .conversationDone
            }
            return .consumed(8)
        }
        let length = Int(bytes.be32(3))
        guard bytes.u8(0) >= 1, bytes.u8(0) <= 8, length <= 16 << 20 else { return .directionDone }
        guard bytes.u8(0) == 1, length >= 4 else { return .consumed(frameHeader &+ length &+ 1) }
        guard bytes.byteCount >= frameHeader &+ 4 else { return .needMore(frameHeader &+ 4) }
        let method = bytes.be32(frameHeader)
        d.message(method, method == startOk ? .login : .none)
        if method == start || method == startOk, length <= 16_384 {
            guard bytes.byteCount >= frameHeader &+ length else { return .needMore(frameHeader &+ length) }
            let body = bytes.slice(frameHeader &+ 4, length &- 4)
            if method == start { properties(body.from(2), &d) } else { answer(body, &d) }
        }
        return .consumed(frameHeader &+ length &+ 1)
    }

    /// A table after its length; texts in it are name length 1, name, 'S', length 4, text. The S is asked for in lower case.
    private static func properties(_ body: RawSpan, _ d: inout Dissection) {
        let table = body.slice(4, Int(body.be32(0)))
        let product = WireText(wire: text(table, "products")).raw
        guard !product.isEmpty else { return }
        let version = WireText(wire: text(table, "versions")).raw
        d.observe(.software, version.isEmpty ? product : "\(product) \(version)", field: "product")
        if !d.fromClient { d.role(.server, field: "broker", confidence: .medium) }
    }

    @_lifetime(copy table)
    private static func text(_ table: RawSpan, _ key: StaticString) -> RawSpan {
        guard let start = table.indexIgnoringCase(of: key) else { return table.first(0) }
        let place = start &+ key.utf8CodeUnitCount
        return table.slice(place &+ 4, Int(table.be32(place)))
    }

    private static func answer(_ body: RawSpan, _ d: inout Dissection) {
        properties(body, &d)
        let place = 4 &+ Int(body.be32(0))
        let mechanism = body.slice(place &+ 1, Int(body.u8(place)))
        d.observe(.security, text: mechanism, field: "mechanism", about: .conversation)
        let response = body.from(place &+ 1 &+ mechanism.byteCount)
        // PLAIN: 0, account, 0, password. AMQPLAIN: a table.
        if mechanism.starts(with: "PLAIN"), response.u8(4) == 0, let end = response.index(of: 0, from: 5) {
            d.observe(.user, text: response.slice(5, end &- 5), field: "user", about: .conversation)
        }
        if mechanism.starts(with: "PLAIN") || mechanism.starts(with: "AMQPLAIN") {
            d.observe(.cleartextCredential, "AMQP", field: "response", about: .conversation)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "protocol header"
        case start: "Connection.Start"
        case startOk: "Connection.Start-Ok"
        case 0x000a_001e: "Connection.Tune"
        case 0x000a_0028: "Connection.Open"
        case 0x000a_0032: "Connection.Close"
        case 0x0014_000a: "Channel.Open"
        case 0x0032_000a: "Queue.Declare"
        case 0x003c_0014: "Basic.Consume"
        case 0x003c_0028: "Basic.Publish"
        case 0x003c_003c: "Basic.Deliver"
        default: "method \(code >> 16).\(code & 0xffff)"
        }
    }
}
