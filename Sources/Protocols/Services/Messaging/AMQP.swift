import Model
import Wire

/// AMQP 0-9-1 and 1.0: message queues between plant systems. The broker introduces itself when a connection is opened.
///
///     header: "AMQP", then 00 00 09 01, or id 1 (0, 2 TLS, 3 SASL) 01 00 00
///     0-9-1 frame: type 1, channel 2, size 4, payload, CE
///     method payload: class 2, method 2, arguments; connection.start 10, 10: versions 2, table of properties
package enum AMQP: Dissector {
    package static let description = ProtocolDescription(
        name: "amqp", title: "AMQP", family: .service, level: .identity,
        reference: "AMQP 0-9-1, 2.2 and 4.2; OASIS AMQP 1.0, part 2", bindings: [.tcp([port])], displayFilter: "amqp")

    private static let port: UInt16 = 5672
    private static let frameEnd: UInt8 = 0xce
    private enum Offset { static let size = 3, payload = 7 }
    private static let longestHead = 8192
    private static let mostProperties = 32

    private static func isHeader(_ bytes: RawSpan) -> Bool {
        guard bytes.starts(with: "AMQP") else { return false }
        return bytes.be32(4) == 0x0000_0901 || bytes.be24(5) == 0x01_0000 && bytes.u8(4) <= 3
    }

    private static func isFrame(_ bytes: RawSpan) -> Bool {
        (1...3).contains(bytes.u8(0)) || bytes.u8(0) == 8
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if bytes.u8(0) == 0x41 {
            guard bytes.byteCount >= 8 else { return bytes.be16(0) == 0x414d ? .wait : .no }
            return isHeader(bytes) ? .certain : .no
        }
        guard isFrame(bytes), hint.uses(port) else { return .no }
        guard bytes.byteCount >= Offset.payload else { return .wait }
        let size = Int(bytes.be32(Offset.size))
        guard size <= 0x20_0000 else { return .no }
        let end = Offset.payload &+ size
        guard bytes.byteCount > end else { return .no }
        return bytes.u8(end) == frameEnd ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else { return .needMore(8) }
        if bytes.starts(with: "AMQP") {
            guard isHeader(bytes) else { return .malformed }
            d.message(0)
            d.observe(
                .version, bytes.u8(5) == 1 ? "AMQP 1.0" : "AMQP 0-9-1", field: "protocol_header", about: .conversation)
            // Version 1.0 is only recognised.
            return bytes.u8(5) == 1 ? .directionDone : .consumed(8)
        }
        guard isFrame(bytes) else { return .malformed }
        let size = Int(bytes.be32(Offset.size))
        guard size <= 0x800_0000 else { return .malformed }
        let total = Offset.payload &+ size &+ 1
        let needed = min(total, longestHead)
        guard bytes.byteCount >= needed else { return .needMore(needed) }
        if total <= bytes.byteCount, bytes.u8(total &- 1) != frameEnd { return .malformed }
        let payload = bytes.slice(Offset.payload, needed &- Offset.payload)
        guard bytes.u8(0) == 1 else {
            d.message(0x1_0000 | UInt32(bytes.u8(0)))
            return .consumed(total)
        }
        let method = UInt32(payload.be16(0)) << 8 | UInt32(payload.be16(2) & 0xff)
        d.message(method, method == 0x0a0b ? .login : .none)
        switch method {
        case 0x0a0a: properties(payload, at: 6, isServer: true, &d)
        case 0x0a0b: properties(payload, at: 4, isServer: false, &d)
        default: break
        }
        return .consumed(total)
    }

    /// A table: length 4, then key with length 1, type 1, value; long strings (S) have a length 4.
    private static func properties(_ payload: RawSpan, at start: Int, isServer: Bool, _ d: inout Dissection) {
        let end = start &+ 4 &+ Int(payload.be32(start))
        var reader = FieldReader(payload.first(end), at: start &+ 4)
        var product = WireText("")
        var version = WireText("")
        do throws(DecodeError) {
            var left = mostProperties
            while left > 0, !reader.isAtEnd {
                left &-= 1
                let key = try reader.take(Int(try reader.u8("property name length")), "property name")
                let type = try reader.u8("property type")
                let value: RawSpan
                switch type {
                case 0x53, 0x46: value = try reader.take(Int(try reader.be32("property length")), "property")
                case 0x74: value = try reader.take(1, "property")
                case 0x49: value = try reader.take(4, "property")
                default: return
                }
                guard type == 0x53 else { continue }
                if key.starts(with: "product") { product = WireText(wire: value) }
                if key.byteCount == 7, key.starts(with: "version") { version = WireText(wire: value) }
                if isServer, key.starts(with: "cluster_name") {
                    d.observe("amqp_cluster", text: value, field: "cluster_name")
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        if !product.isEmpty {
            d.observe(.software, version.isEmpty ? product.raw : "\(product.raw) \(version.raw)", field: "product")
        }
        if isServer {
            d.role(.server, field: "broker", confidence: .medium)
        } else {
            mechanism(payload.from(end), &d)
        }
    }

    /// Mechanism with length 1, response with length 4: for PLAIN a NUL, the user, a NUL, the password.
    private static func mechanism(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.u8(0) == 5, bytes.starts(with: "PLAIN", at: 1) else { return }
        d.observe(.cleartextCredential, "AMQP PLAIN password", field: "response", about: .conversation)
        let response = bytes.slice(10, Int(bytes.be32(6)))
        d.observe(.user, text: response.from(1), field: "user", about: .conversation)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "Protocol header"
        case 0x1_0002: "Content header"
        case 0x1_0003: "Content body"
        case 0x1_0008: "Heartbeat"
        case 0x0a0a: "Connection.Start"
        case 0x0a0b: "Connection.StartOk"
        case 0x0a1e: "Connection.Tune"
        case 0x0a1f: "Connection.TuneOk"
        case 0x0a28: "Connection.Open"
        case 0x0a29: "Connection.OpenOk"
        case 0x0a32: "Connection.Close"
        case 0x3c14: "Basic.Consume"
        case 0x3c28: "Basic.Publish"
        case 0x3c3c: "Basic.Deliver"
        case 0x3c50: "Basic.Ack"
        default: "Method \(code >> 8).\(code & 0xff)"
        }
    }
}
