import Model
import Wire

/// Advanced Device Discovery Protocol of Digi International: programs search for serial servers and modules, give them an address
/// and restart them. A password goes with every change, in clear.
///
///     0  DIGI, DVKT or DGDP   4
///     4  command              2   big-endian; odd in requests
///     6  length               2   of what follows
///     8  request: values of the command; answer: type 1, length 1, value …
package enum ADDP: Dissector {
    package static let description = ProtocolDescription(
        name: "addp", title: "Digi device discovery (ADDP)", family: .industrial, level: .operations,
        reference: "Digi International, Advanced Device Discovery Protocol; Metasploit's ADDP library",
        bindings: [.udp([2_362])])

    private enum Offset { static let command = 4, length = 6, values = 8 }
    private enum Magic {
        static let digi: UInt32 = 0x4449_4749, dvkt: UInt32 = 0x4456_4b54, dgdp: UInt32 = 0x4447_4450
    }
    private enum Command {
        static let search: UInt16 = 1, setAddress: UInt16 = 3, reboot: UInt16 = 5, setDHCP: UInt16 = 7
        static let setWireless: UInt16 = 9, countries: UInt16 = 11, last: UInt16 = 14
    }
    private enum Field {
        static let mac: UInt8 = 1, ip: UInt8 = 2, name: UInt8 = 4, domain: UInt8 = 5, firmware: UInt8 = 8
        static let gateway: UInt8 = 0x0b, model: UInt8 = 0x0d, dns: UInt8 = 0x0f, ports: UInt8 = 0x12
    }
    private static let mostFields = 64

    private static func isMine(_ bytes: RawSpan) -> Bool {
        switch bytes.be32(0) {
        case Magic.digi, Magic.dvkt, Magic.dgdp:
            let command = bytes.be16(Offset.command)
            return bytes.byteCount >= Offset.values && command >= Command.search && command <= Command.last
        default: return false
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMine(bytes), Int(bytes.be16(Offset.length)) == bytes.byteCount &- Offset.values else { return .no }
        return .certain(from: bytes.be16(Offset.command) & 1 != 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isMine(bytes) else { return .malformed }
        let command = bytes.be16(Offset.command)
        let values = bytes.slice(Offset.values, Int(bytes.be16(Offset.length)))
        if command & 1 != 0 {
            d.message(UInt32(command), effect(command))
            // MAC and values of fixed size come first; then the password, its length before it.
            let fixed: Int? =
                switch command {
                case Command.setAddress: 18
                case Command.reboot: 6
                case Command.setDHCP: 7
                default: nil
                }
            if let fixed, values.u8(fixed) > 0, values.byteCount > fixed &+ 1 {
                d.observe(.cleartextCredential, "ADDP", field: "password", about: .conversation)
            }
            return .consumed(bytes.byteCount)
        }
        d.message(UInt32(command))
        d.role(.gateway, field: "answer", confidence: .medium)
        d.observe(.vendor, "Digi International", field: "answer_vendor", confidence: .medium)
        var index = 0
        var left = mostFields
        while left > 0, values.has(2, at: index) {
            left &-= 1
            let size = Int(values.u8(index &+ 1))
            guard values.has(size, at: index &+ 2) else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(
                            field: "addp field", offset: Offset.values &+ index, needed: size &+ 2,
                            available: values.byteCount &- index))
                }
                break
            }
            field(values.u8(index), values.slice(index &+ 2, size), &d)
            index &+= 2 &+ size
        }
        return .consumed(bytes.byteCount)
    }

    private static func field(_ type: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch type {
        case Field.mac where value.byteCount == 6:
            d.observe(.mac, mac: value.mac(0), field: "mac_address")
        case Field.ip: address(.ip, value, field: "ip_address", &d)
        case Field.gateway: address(.gateway, value, field: "gateway", &d)
        case Field.dns: address(.dnsServer, value, field: "dns_server", &d)
        case Field.name: text(.name, value, field: "name", &d)
        case Field.domain: text(.domain, value, field: "domain", &d)
        case Field.firmware: text(.firmware, value, field: "firmware", &d)
        case Field.model: text(.model, value, field: "product", &d)
        case Field.ports where value.byteCount == 1:
            d.observe("serial_ports", "\(value.u8(0))", field: "port_count")
        default: break
        }
    }

    private static func text(_ attribute: Attribute, _ value: RawSpan, field: StaticString, _ d: inout Dissection) {
        if value.isPrintable { d.observe(attribute, text: value, field: field) }
    }

    private static func address(_ attribute: Attribute, _ value: RawSpan, field: StaticString, _ d: inout Dissection) {
        guard value.byteCount == 4, value.be32(0) != 0 else { return }
        d.observe(attribute, address: value.ipv4(0), field: field)
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case Command.search, Command.countries: .identity
        case Command.setAddress, Command.setDHCP, Command.setWireless: .write
        case Command.reboot: .control
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let isAnswer = code & 1 == 0
        let name: String =
            switch UInt16(truncatingIfNeeded: isAnswer ? code &- 1 : code) {
            case Command.search: "search"
            case Command.setAddress: "set address"
            case Command.reboot: "reboot"
            case Command.setDHCP: "set DHCP"
            case Command.setWireless: "set wireless"
            case Command.countries: "wireless countries"
            default: "command \(code)"
            }
        return isAnswer ? name + " (answer)" : name
    }
}
