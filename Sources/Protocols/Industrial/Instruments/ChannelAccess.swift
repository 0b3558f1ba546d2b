import Model
import Wire

/// EPICS Channel Access: process variables of plants that run on EPICS.
///
///     0  command    2
///     2  size       2   of the payload, a multiple of 8
///     4  data type  2
///     6  count      2
///     8  parameters 4, 4
///    16  payload
package enum ChannelAccess: Dissector {
    package static let description = ProtocolDescription(
        name: "channel-access", title: "EPICS Channel Access", family: .industrial, level: .operations,
        reference: "EPICS Channel Access Protocol Specification 1.4, 4 and 5", bindings: [.tcp(ports), .udp(ports)],
        displayFilter: nil)

    private static let ports: [UInt16] = [5064, 5065]
    private enum Offset { static let size = 2, payload = 16 }
    private enum Command {
        static let version: UInt16 = 0, search: UInt16 = 6, clientName: UInt16 = 20, hostName: UInt16 = 21
        static let last: UInt16 = 27
    }
    private static let kept = 256

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        bytes.has(Offset.payload) && bytes.be16(0) <= Command.last
            && (bytes.be16(Offset.size) & 7 == 0 || bytes.be16(Offset.size) == 0xffff)
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0, isMessage(bytes), hint.uses(5064) || hint.uses(5065) else { return .no }
        // A version opens every circuit and most datagrams: revision 1 to 13 and nothing else.
        if bytes.be16(0) == Command.version, bytes.be16(Offset.size) == 0, bytes.be16(6) >= 1, bytes.be16(6) <= 20,
            bytes.be32(12) == 0
        {
            return .possible
        }
        return bytes.be16(0) == 13 && bytes.byteCount == Offset.payload && bytes.be16(6) != 0 ? .possible : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload) else { return d.isTCP ? .needMore(Offset.payload) : .malformed }
        guard isMessage(bytes) else { return .malformed }
        let command = bytes.be16(0)
        var header = Offset.payload
        var size = Int(bytes.be16(Offset.size))
        if size == 0xffff {
            guard bytes.has(header &+ 8) else { return d.isTCP ? .needMore(header &+ 8) : .malformed }
            size = Int(bytes.be32(header))
            header &+= 8
        }
        let named = command == Command.clientName || command == Command.hostName
        if named, size <= kept {
            guard bytes.has(header &+ size) else { return d.isTCP ? .needMore(header &+ size) : .malformed }
            let text = bytes.slice(header, size)
            if command == Command.hostName {
                d.observe(.name, text: text, field: "host_name")
            } else {
                d.observe(.user, text: text, field: "client_name", about: .conversation)
            }
        }
        d.message(UInt32(command) | (d.fromClient ? 0 : 0x100), d.fromClient ? effect(command) : .none)
        return .consumed(header &+ size)
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 1, 3, 15: .read
        case 4, 19: .write
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name: String =
            switch code & 0xff {
            case 0: "Version"
            case 1: "Add event"
            case 2: "Cancel event"
            case 4: "Write"
            case 6: "Search"
            case 11: "Error"
            case 12: "Clear channel"
            case 13: "Beacon"
            case 15: "Read with notification"
            case 17: "Repeater confirm"
            case 18: "Create channel"
            case 19: "Write with notification"
            case 20: "Client name"
            case 21: "Host name"
            case 22: "Access rights"
            case 23: "Echo"
            case 24: "Register at repeater"
            default: "Command \(code & 0xff)"
            }
        return code & 0x100 != 0 ? name + " (server)" : name
    }
}
