import Model
import Wire

/// Configuration of Moxa's serial device servers (NPort), with which the maker's search tool finds and sets them up.
///
///     0  command       1   in the answer with the high bit set
///     1  status        1
///     2  length        2   big-endian, this header included
///     4  transaction   4
///     8  product line 2, unused 2, model 2, little-endian; MAC 6     in all but the search for devices
///    20  what the command asks for
package enum MoxaConfiguration: Dissector {
    package static let description = ProtocolDescription(
        name: "moxa-nport", title: "Moxa NPort configuration", family: .industrial, level: .identity,
        reference: "Moxa, unpublished; as open tools that search for NPort devices use it", bindings: [.udp([4_800])])

    private static let port: UInt16 = 4_800
    private enum Offset { static let status = 1, length = 2, model = 12, mac = 14, value = 20 }
    private static let answer: UInt8 = 0x80
    private static let shortest = 8
    private enum Command {
        static let search: UInt8 = 0x01, name: UInt8 = 0x10, serial: UInt8 = 0x16, address: UInt8 = 0x21
        static let netmask: UInt8 = 0x22, gateway: UInt8 = 0x23
    }
    /// First three bytes of the MAC addresses of the maker's devices.
    private static let maker: UInt32 = 0x0090e8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= shortest, Int(bytes.be16(Offset.length)) == bytes.byteCount else { return .no }
        let command = bytes.u8(0) & ~answer
        guard command == Command.search || (0x10...0x7f).contains(command) else { return .no }
        let isAnswer = bytes.u8(0) & answer != 0
        if command == Command.search, !isAnswer {
            return bytes.byteCount == shortest && hint.uses(port) ? .possible(from: .client) : .no
        }
        guard bytes.byteCount >= Offset.value, bytes.be24(Offset.mac) == maker else { return .no }
        return .certain(from: isAnswer ? .server : .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= shortest, Int(bytes.be16(Offset.length)) <= bytes.byteCount || d.isCut else {
            return .malformed
        }
        let command = bytes.u8(0) & ~answer
        guard bytes.u8(0) & answer != 0 else {
            d.message(UInt32(command), .identity)
            return .consumed(bytes.byteCount)
        }
        d.message(UInt32(bytes.u8(0)))
        guard bytes.u8(Offset.status) == 0, bytes.byteCount >= Offset.value else { return .consumed(bytes.byteCount) }
        d.role(.gateway, field: "answer")
        if bytes.be24(Offset.mac) == maker {
            d.observe(.vendor, "Moxa", field: "device_mac_vendor")
            d.observe(.mac, mac: bytes.mac(Offset.mac), field: "device_mac")
        }
        d.observe(.productCode, hexadecimal(UInt32(bytes.le16(Offset.model)), digits: 4), field: "model")
        let value = bytes.from(Offset.value)
        switch command {
        case Command.search, Command.address: address(.ip, value, field: "ip_address", &d)
        case Command.gateway: address(.gateway, value, field: "gateway", &d)
        case Command.name:
            let name = value.first(min(40, value.index(of: 0) ?? value.byteCount))
            if name.isPrintable { d.observe(.name, text: name, field: "server_name") }
        case Command.serial where value.has(10):
            let serial = value.le16(8)
            if serial != 0 { d.observe(.serial, "\(serial)", field: "serial_number") }
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    private static func address(_ attribute: Attribute, _ value: RawSpan, field: StaticString, _ d: inout Dissection) {
        guard value.has(4), value.be32(0) != 0 else { return }
        d.observe(attribute, address: value.ipv4(0), field: field)
    }

    package static func messageName(_ code: UInt32) -> String {
        let command = UInt8(truncatingIfNeeded: code) & ~answer
        let name: String =
            switch command {
            case Command.search: "search"
            case Command.name: "server name"
            case Command.serial: "product details"
            case Command.address: "IP address"
            case Command.netmask: "netmask"
            case Command.gateway: "gateway"
            default: "command 0x" + String(command, radix: 16)
            }
        return code & UInt32(answer) != 0 ? name + " (answer)" : name
    }
}
