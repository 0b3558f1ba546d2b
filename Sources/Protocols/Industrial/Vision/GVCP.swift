import Model
import Wire

/// GigE Vision control: industrial cameras, and the programs that set them up.
///
///     command:          42   flags 1   command 2   size 2   request id 2   payload
///     acknowledgement:  status 2       command 2   size 2   request id 2   payload
///     discovery acknowledgement, payload: version 4, mode 4, reserved 2, MAC 6, …, address 4 (36), …,
///        maker 32 (72), model 32 (104), version 32 (136), maker's information 48 (168), serial 16 (216), user's name 16 (232)
package enum GVCP: Dissector {
    package static let description = ProtocolDescription(
        name: "gvcp", title: "GigE Vision control (GVCP)", family: .industrial, level: .operations,
        reference: "AIA GigE Vision 2.0, 14 to 16", bindings: [.udp([port])], displayFilter: "gvcp")

    private static let port: UInt16 = 3956
    private enum Offset { static let command = 2, size = 4, payload = 8 }
    private static let key: UInt8 = 0x42
    private static let discovery: UInt16 = 0x0003

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), bytes.has(Offset.payload), name(bytes.be16(Offset.command)) != nil,
            Int(bytes.be16(Offset.size)) &+ Offset.payload == bytes.byteCount
        else { return .no }
        let isCommand = bytes.be16(Offset.command) & 1 == 0
        if isCommand { return bytes.u8(0) == key && bytes.u8(1) & 0x06 == 0 ? .certain(from: .client) : .no }
        // An acknowledgement without payload could be anything.
        guard bytes.be16(Offset.size) >= 4, bytes.be16(Offset.size) & 3 == 0 else { return .no }
        return bytes.be16(0) == 0 || bytes.be16(0) >> 12 == 8 ? .certain(from: .server) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload), name(bytes.be16(Offset.command)) != nil else { return .malformed }
        let command = bytes.be16(Offset.command)
        d.message(UInt32(command), effect(command))
        guard command & 1 == 1, bytes.be16(0) == 0 else { return .consumed(bytes.byteCount) }
        d.role(.camera, field: "device", confidence: .high)
        guard command == discovery, bytes.has(Offset.payload &+ 248) else { return .consumed(bytes.byteCount) }
        let payload = bytes.from(Offset.payload)
        d.observe(.mac, mac: payload.mac(10), field: "mac_address")
        d.observe(.ip, address: payload.ipv4(36), field: "current_ip")
        d.observe(.vendor, text: payload.slice(72, 32), field: "manufacturer_name")
        d.observe(.model, text: payload.slice(104, 32), field: "model_name")
        d.observe(.firmware, text: payload.slice(136, 32), field: "device_version")
        d.observe(.serial, text: payload.slice(216, 16), field: "serial_number")
        d.observe(.name, text: payload.slice(232, 16), field: "user_defined_name")
        return .consumed(bytes.byteCount)
    }

    private static func effect(_ command: UInt16) -> MessageEffect {
        switch command {
        case 0x0002: .identity
        case 0x0080, 0x0084: .read
        case 0x0082, 0x0086: .write
        case 0x0004: .control
        default: .none
        }
    }

    private static func name(_ command: UInt16) -> String? {
        switch command {
        case 0x0002: "Discovery"
        case 0x0003: "Discovery (acknowledgement)"
        case 0x0004: "Force IP"
        case 0x0005: "Force IP (acknowledgement)"
        case 0x0040: "Resend packets"
        case 0x0080: "Read register"
        case 0x0081: "Read register (acknowledgement)"
        case 0x0082: "Write register"
        case 0x0083: "Write register (acknowledgement)"
        case 0x0084: "Read memory"
        case 0x0085: "Read memory (acknowledgement)"
        case 0x0086: "Write memory"
        case 0x0087: "Write memory (acknowledgement)"
        case 0x0089: "Pending (acknowledgement)"
        case 0x00c0: "Event"
        case 0x00c1: "Event (acknowledgement)"
        case 0x00c2: "Event with data"
        case 0x00c3: "Event with data (acknowledgement)"
        case 0x0100: "Action"
        case 0x0101: "Action (acknowledgement)"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        name(UInt16(truncatingIfNeeded: code)) ?? "Command \(code)"
    }
}
