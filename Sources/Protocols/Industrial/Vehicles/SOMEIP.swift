import Model
import Wire

/// SOME/IP: services between control units of vehicles and their test benches, with service discovery.
///
///     0  service   2   FFFF with method 8100 for service discovery
///     2  method    2   bit 15 set for events
///     4  length    4   of what follows this field
///     8  client    2
///    10  session   2
///    12  protocol version 1 (1), interface version 1, type 1, return code 1
///    16  payload
package enum SOMEIP: Dissector {
    package static let description = ProtocolDescription(
        name: "someip", title: "SOME/IP", family: .industrial, level: .messages,
        reference: "AUTOSAR PRS SOME/IP Protocol R22-11, 4.1; PRS SOME/IP Service Discovery, 4.1",
        bindings: [.udp([30_490]), .tcp([30_490])], displayFilter: "someip")

    private enum Offset {
        static let length = 4, afterLength = 8, version = 12, type = 14, code = 15, payload = 16
        static let entries = 24
    }
    private static let discovery: UInt32 = 0xffff_8100
    private static let longest = 1 << 20

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        guard bytes.has(Offset.payload), bytes.u8(Offset.version) == 1, bytes.be16(0) != 0,
            bytes.be32(Offset.length) >= 8, bytes.be32(Offset.length) < longest
        else { return false }
        switch bytes.u8(Offset.type) & 0xdf {
        case 0x00, 0x01, 0x02: return bytes.u8(Offset.code) == 0
        case 0x80, 0x81: return bytes.u8(Offset.code) <= 0x5e
        default: return false
        }
    }

    private static func size(_ bytes: RawSpan) -> Int { Offset.afterLength &+ Int(bytes.be32(Offset.length)) }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMessage(bytes) else { return .no }
        // Messages fill the datagram or segment to the last byte.
        var offset = 0
        var messages = 0
        while offset < bytes.byteCount, messages < 8 {
            let message = bytes.from(offset)
            guard isMessage(message) else { return .no }
            offset &+= size(message)
            messages &+= 1
        }
        guard offset == bytes.byteCount || messages == 8 && offset < bytes.byteCount else { return .no }
        if bytes.be32(0) == discovery { return .certain }
        return .certain(from: bytes.u8(Offset.type) < 2 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload) else { return d.isTCP ? .needMore(Offset.payload) : .malformed }
        guard isMessage(bytes) else { return .malformed }
        let total = size(bytes)
        if bytes.be32(0) == discovery {
            guard bytes.has(total) else { return d.isTCP ? .needMore(total) : .malformed }
            d.message(0x100)
            entries(bytes.first(total), &d)
        } else {
            let type = bytes.u8(Offset.type) & 0xdf
            d.message(UInt32(type))
            if type >= 2 { d.observe("service_id", number: UInt64(bytes.be16(0)), field: "service") }
        }
        return .consumed(total)
    }

    /// Entries of 16 bytes: type 1 (1 offer), options 3, service 2, instance 2, major version 1, time to live 3, minor version 4.
    private static func entries(_ bytes: RawSpan, _ d: inout Dissection) {
        let end = min(Offset.entries &+ Int(bytes.be32(20)), bytes.byteCount)
        var offset = Offset.entries
        while offset &+ 16 <= end {
            if bytes.u8(offset) == 1, bytes.be24(offset &+ 9) != 0 {
                d.observe("offered_service", number: UInt64(bytes.be16(offset &+ 4)), field: "offer")
            }
            offset &+= 16
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x00: "Request"
        case 0x01: "Request without return"
        case 0x02: "Notification"
        case 0x80: "Response"
        case 0x81: "Error"
        case 0x100: "Service discovery"
        default: "Type \(code)"
        }
    }
}
