import Model
import Wire

/// Bristol Standard Asynchronous Protocol: Emerson ControlWave and Bristol controllers in gas and water, over UDP.
///
///     IP:      0  id 2 (000E, little-endian), 2 number of messages 2, 4 kind 2 (0 poll, 5 response, 6 request);
///             25  function of a request to the database (23 A0)
///     serial:  0  10 02, 2 address 1, 3 serial number 1, 4 destination function 1, 5 sequence 2, 7 source function 1, 8 node status 1,
///              9  database function 1; at the end 10 03 and a checksum 2
package enum BSAP: Dissector {
    package static let description = ProtocolDescription(
        name: "bsap", title: "BSAP", family: .industrial, level: .messages,
        reference: "Emerson Network 3000 Communications Application Programmer's Reference D4052",
        bindings: [.udp([1234, 1235])], displayFilter: nil)

    private enum Network {
        static let id: UInt16 = 0x000e
        static let count = 2, kind = 4, application = 23, function = 25
        static let response: UInt16 = 5, request: UInt16 = 6
    }
    private enum Serial { static let start: UInt16 = 0x1002, destination = 4, source = 7, function = 9, shortest = 13 }
    /// The remote database access function.
    private static let database: UInt8 = 0xa0

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(1234) || hint.uses(1235) else { return .no }
        if bytes.be16(0) == Serial.start, bytes.byteCount >= Serial.shortest, bytes.be16(bytes.byteCount &- 4) == 0x1003
        {
            return bytes.u8(Serial.destination) == database ? .possible(from: .client) : .possible
        }
        guard bytes.le16(0) == Network.id, bytes.byteCount >= 14, bytes.le16(Network.count) <= 64 else { return .no }
        switch bytes.le16(Network.kind) {
        case Network.request: return .possible(from: .client)
        case Network.response: return .possible(from: .server)
        case 0: return bytes.le16(Network.count) == 0 ? .possible : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        if bytes.be16(0) == Serial.start {
            guard bytes.byteCount >= Serial.shortest else { return .malformed }
            let isRequest = bytes.u8(Serial.destination) == database
            read(bytes.u8(Serial.function), isRequest: isRequest, &d)
            if !isRequest, bytes.u8(Serial.source) == database { d.role(.plc, field: "database", confidence: .medium) }
            return .consumed(bytes.byteCount)
        }
        guard bytes.le16(0) == Network.id, bytes.byteCount >= 14 else { return .malformed }
        switch bytes.le16(Network.kind) {
        case Network.request where bytes.u8(Network.application) == database:
            read(bytes.u8(Network.function), isRequest: true, &d)
        case Network.response:
            d.message(0x100)
            d.role(.plc, field: "response", confidence: .medium)
        case 0: d.message(0x101)
        default: d.message(0x102)
        }
        return .consumed(bytes.byteCount)
    }

    private static func read(_ function: UInt8, isRequest: Bool, _ d: inout Dissection) {
        guard isRequest else { return d.message(0x100) }
        d.message(UInt32(function), function & 0x80 != 0 ? .write : .read)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x00: "Read signals by address"
        case 0x04: "Read signals by name"
        case 0x0c: "Read signals by list"
        case 0x80: "Write signals by address"
        case 0x84: "Write signals by name"
        case 0x8c: "Write signals by list"
        case 0x100: "Response"
        case 0x101: "Poll or acknowledge"
        default: code < 0x100 ? "Database function \(code)" : "Message"
        }
    }
}
