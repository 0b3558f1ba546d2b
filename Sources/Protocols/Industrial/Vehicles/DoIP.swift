import Model
import Wire

/// Diagnostics on IP: testers and vehicles or their control units, on the line's end and in the workshop.
///
///     0  version  1   and its complement; FF while it is not known
///     2  type     2
///     4  length   4   of the payload
///     8  payload
///        announcement: VIN 17, logical address 2, entity id 6, group id 6, further action 1
///        diagnostic message: source 2, target 2, UDS service 1, …
package enum DoIP: Dissector {
    package static let description = ProtocolDescription(
        name: "doip", title: "DoIP (vehicle diagnostics)", family: .industrial, level: .operations,
        reference: "ISO 13400-2:2019, 9; ISO 14229-1:2020 (UDS services)", bindings: [.udp([port]), .tcp([port])],
        displayFilter: "doip")

    private static let port: UInt16 = 13_400
    private enum Offset { static let type = 2, length = 4, payload = 8, service = 12 }
    private enum Kind {
        static let announcement: UInt16 = 0x0004, routingActivation: UInt16 = 0x0005, diagnostic: UInt16 = 0x8001
    }
    private static let longest: UInt32 = 1 << 24

    private static func isHeader(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.payload), bytes.u8(0) ^ bytes.u8(1) == 0xff, bytes.be32(Offset.length) <= longest else {
            return false
        }
        guard bytes.u8(0) >= 1 && bytes.u8(0) <= 4 || bytes.u8(0) == 0xff else { return false }
        let length = bytes.be32(Offset.length)
        switch bytes.be16(Offset.type) {
        case 0x0001: return length == 0
        case 0x0002: return length == 6
        case 0x0003: return length == 17
        // Only the questions above may leave the version open.
        case _ where bytes.u8(0) == 0xff: return false
        case 0x0000, 0x4004: return length == 1
        case 0x0004: return length == 32 || length == 33
        case 0x0005: return length == 7 || length == 11
        case 0x0006: return length == 9 || length == 13
        case 0x0007, 0x4001, 0x4003: return length == 0
        case 0x0008: return length == 2
        case 0x4002: return length == 3 || length == 7
        case 0x8001...0x8003: return length >= 5
        default: return false
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isHeader(bytes) else { return .no }
        let total = Offset.payload &+ Int(bytes.be32(Offset.length))
        guard hint.isTCP ? hint.uses(port) || total <= bytes.byteCount : total == bytes.byteCount else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload) else { return d.isTCP ? .needMore(Offset.payload) : .malformed }
        guard isHeader(bytes) else { return .malformed }
        let total = Offset.payload &+ Int(bytes.be32(Offset.length))
        let type = bytes.be16(Offset.type)
        if type == Kind.diagnostic {
            guard bytes.has(Offset.service &+ 1) else { return d.isTCP ? .needMore(Offset.service &+ 1) : .malformed }
            let service = bytes.u8(Offset.service)
            d.message(0x1_0000 | UInt32(service), effect(service))
            d.observe("logical_address", number: UInt64(bytes.be16(Offset.payload)), field: "source_address")
        } else {
            d.message(UInt32(type), type == Kind.routingActivation ? .login : type <= 3 ? .identity : .none)
            if type == Kind.announcement, bytes.has(Offset.payload &+ 31) {
                announcement(bytes.from(Offset.payload), &d)
            }
        }
        return .consumed(total)
    }

    private static func announcement(_ payload: RawSpan, _ d: inout Dissection) {
        if payload.first(17).isPrintable { d.observe(.serial, text: payload.first(17), field: "vin") }
        d.observe("logical_address", number: UInt64(payload.be16(17)), field: "logical_address")
        d.observe("entity_id", WireText(hexadecimal: payload.slice(19, 6)), field: "entity_id")
    }

    /// UDS services; responses have bit 6 set.
    private static func effect(_ service: UInt8) -> MessageEffect {
        switch service {
        case 0x22, 0x19, 0x23, 0x24: .read
        case 0x2e, 0x2f, 0x14, 0x3d: .write
        case 0x27, 0x29: .login
        case 0x11, 0x28, 0x31, 0x85: .control
        case 0x35: .upload
        case 0x34, 0x36, 0x38: .download
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x0000: return "Header acknowledgement (negative)"
        case 0x0001...0x0003: return "Vehicle identification request"
        case 0x0004: return "Vehicle announcement"
        case 0x0005: return "Routing activation request"
        case 0x0006: return "Routing activation response"
        case 0x0007: return "Alive check request"
        case 0x0008: return "Alive check response"
        case 0x4001: return "Entity status request"
        case 0x4002: return "Entity status response"
        case 0x4003: return "Power mode request"
        case 0x4004: return "Power mode response"
        case 0x8002: return "Diagnostic acknowledgement"
        case 0x8003: return "Diagnostic acknowledgement (negative)"
        default: break
        }
        let service = UInt8(truncatingIfNeeded: code)
        return switch service {
        case 0x10: "Diagnostic session control"
        case 0x11: "ECU reset"
        case 0x22: "Read data by identifier"
        case 0x27: "Security access"
        case 0x2e: "Write data by identifier"
        case 0x31: "Routine control"
        case 0x34: "Request download"
        case 0x35: "Request upload"
        case 0x36: "Transfer data"
        case 0x3e: "Tester present"
        case 0x7f: "Negative response"
        default: "UDS service 0x" + String(service, radix: 16)
        }
    }
}
