import Model
import Wire

/// EPICS pvAccess: the structured successor of Channel Access.
///
///     0  CA
///     1  version  1
///     2  flags    1   bit 0 control message, bits 4 and 5 segments, bit 6 from the server, bit 7 big-endian
///     3  command  1
///     4  size     4   of the payload; a number in control messages
///     8  payload; GET, PUT and RPC requests: server channel 4, request 4, subcommand 1 (08 first, 40 get, 10 last)
package enum PVAccess: Dissector {
    package static let description = ProtocolDescription(
        name: "pv-access", title: "EPICS pvAccess", family: .industrial, level: .operations,
        reference: "EPICS pvAccess Protocol Specification, message encoding and application messages",
        bindings: [.tcp(ports), .udp([5076])], displayFilter: nil)

    private static let ports: [UInt16] = [5075, 5076]
    private enum Offset { static let flags = 2, command = 3, size = 4, payload = 8, subcommand = 16 }
    private enum Flag { static let control: UInt8 = 1, server: UInt8 = 0x40, bigEndian: UInt8 = 0x80 }
    private static let longest: UInt32 = 1 << 24

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        bytes.has(Offset.payload) && bytes.u8(0) == 0xca && bytes.u8(1) >= 1 && bytes.u8(1) <= 8
            && bytes.u8(Offset.flags) & 0x0e == 0 && bytes.u8(Offset.command) <= 22
    }

    private static func size(_ bytes: RawSpan) -> UInt32 {
        guard bytes.u8(Offset.flags) & Flag.control == 0 else { return 0 }
        return bytes.u8(Offset.flags) & Flag.bigEndian != 0 ? bytes.be32(Offset.size) : bytes.le32(Offset.size)
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMessage(bytes), hint.uses(5075) || hint.uses(5076) else { return .no }
        // Messages fill a datagram or the first segment; a server opens with two, the first without payload.
        var offset = 0
        var messages = 0
        while offset < bytes.byteCount, messages < 8 {
            let message = bytes.from(offset)
            guard isMessage(message), size(message) <= longest else { return .no }
            offset &+= Offset.payload &+ Int(size(message))
            messages &+= 1
        }
        guard offset == bytes.byteCount, bytes.byteCount > Offset.payload else { return .no }
        return .certain(from: bytes.u8(Offset.flags) & Flag.server != 0 ? .server : .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload) else { return d.isTCP ? .needMore(Offset.payload) : .malformed }
        guard isMessage(bytes), size(bytes) <= longest else { return .malformed }
        let total = Offset.payload &+ Int(size(bytes))
        guard bytes.u8(Offset.flags) & Flag.control == 0 else {
            d.message(0x100 | UInt32(bytes.u8(Offset.command)))
            return .consumed(total)
        }
        let command = bytes.u8(Offset.command)
        let isServer = bytes.u8(Offset.flags) & Flag.server != 0
        let subcommand = bytes.u8(Offset.subcommand)
        let isAsking = !isServer && subcommand & 0x08 == 0
        var effect = MessageEffect.none
        switch command {
        case 10 where isAsking, 13 where isAsking: effect = .read
        case 11 where isAsking: effect = subcommand & 0x40 == 0 ? .write : .read
        case 12 where isAsking: effect = .write
        case 20 where isAsking: effect = .control
        default: break
        }
        d.message((isServer ? 0x200 : 0) | UInt32(command), effect)
        return .consumed(total)
    }

    package static func messageName(_ code: UInt32) -> String {
        if code & 0x100 != 0 { return "Control \(code & 0xff)" }
        let name: String =
            switch code & 0xff {
            case 0: "Beacon"
            case 1: "Connection validation"
            case 2: "Echo"
            case 3: "Search"
            case 4: "Search response"
            case 7: "Create channel"
            case 8: "Destroy channel"
            case 9: "Connection validated"
            case 10: "Get"
            case 11: "Put"
            case 12: "Put and get"
            case 13: "Monitor"
            case 14: "Array"
            case 15: "Destroy request"
            case 17: "Get field"
            case 20: "Call"
            default: "Command \(code & 0xff)"
            }
        return code & 0x200 != 0 ? name + " (server)" : name
    }
}
