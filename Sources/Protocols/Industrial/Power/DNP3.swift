import Model
import Wire

/// DNP3 between a master station and outstations, over TCP or UDP: link frames whose data are cut into blocks of 16 bytes,
/// each with its checksum; in them a transport byte and the application layer.
///
///     0  start         2   05 64
///     2  length        1   of control, addresses and user data; checksums not counted; at least 5
///     3  control       1   DIR 80 (from the master), PRM 40, function in the low four bits
///     4  destination   2   little-endian
///     6  source        2   little-endian
///     8  checksum      2   of the eight bytes before
///    10  transport     1   FIN 80, FIR 40, sequence
///    11  application control 1, function 1; in responses internal indications 2; then objects
package enum DNP3: Dissector {
    package static let description = ProtocolDescription(
        name: "dnp3", title: "DNP3", family: .industrial, level: .operations,
        reference: "IEEE 1815-2012, clauses 4 (application), 8 (transport), 9 (link)",
        bindings: [.tcp([port]), .udp([port])], displayFilter: "dnp3")

    private static let port: UInt16 = 20_000

    private enum Offset {
        static let length = 2, control = 3, destination = 4, source = 6, checksum = 8, transport = 10
        static let function = 12, requestObjects = 13, indications = 13, responseObjects = 15
    }
    private enum Control { static let fromMaster: UInt8 = 0x80, primary: UInt8 = 0x40 }
    private enum Transport { static let final: UInt8 = 0x80, first: UInt8 = 0x40 }
    /// Bytes of control and addresses, counted by the length.
    private static let shortestLength = 5
    private static let blockSize = 16
    /// Longest fragment put together; the specification asks masters for 2048.
    private static let longestFragment = 4096
    private static let start: UInt16 = 0x0564

    /// Segments of a fragment that states an identity, one of each per direction.
    private final class State {
        var fromClient: [UInt8] = []
        var fromServer: [UInt8] = []
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.transport else {
            return hint.isTCP && bytes.be16(0) == start ? .wait : .no
        }
        guard bytes.be16(0) == start, Int(bytes.u8(Offset.length)) >= shortestLength,
            CRC16.dnp(bytes.first(Offset.checksum)) == bytes.le16(Offset.checksum)
        else { return .no }
        return .certain(from: bytes.u8(Offset.control) & Control.fromMaster != 0 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var used = 0
        // A datagram may hold several frames; on TCP the caller comes back for the next.
        repeat {
            let progress = frame(bytes.from(used), &d)
            guard case .consumed(let size) = progress else { return used > 0 && !d.isTCP ? .consumed(used) : progress }
            used &+= size
        } while !d.isTCP && used < bytes.byteCount
        return .consumed(used)
    }

    private static func frame(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.transport else { return d.isTCP ? .needMore(Offset.transport) : .malformed }
        let length = Int(bytes.u8(Offset.length)) &- shortestLength
        guard bytes.be16(0) == start, length >= 0 else { return .malformed }
        let size = Offset.transport &+ length &+ (length &+ blockSize &- 1) / blockSize &* 2
        guard bytes.byteCount >= size else { return d.isTCP ? .needMore(size) : .malformed }
        guard CRC16.dnp(bytes.first(Offset.checksum)) == bytes.le16(Offset.checksum) else { return .malformed }
        let control = bytes.u8(Offset.control)
        addresses(bytes, control, &d)
        let linkFunction = control & 15
        guard control & Control.primary != 0, linkFunction == 3 || linkFunction == 4, length >= 1 else {
            d.message(DNP3Message.link(control))
            return .consumed(size)
        }
        let transport = bytes.u8(Offset.transport)
        if transport & Transport.first != 0, length >= 3 { opening(bytes, length, &d) }
        segment(bytes.slice(Offset.transport, size &- Offset.transport), length, transport, &d)
        return .consumed(size)
    }

    /// The sender's link address, and what the direction bit makes of the ends.
    private static func addresses(_ bytes: RawSpan, _ control: UInt8, _ d: inout Dissection) {
        let source = bytes.le16(Offset.source)
        if source < 0xfff0 { d.observe("dnp3_address", number: UInt64(source), field: "source_address") }
        if control & Control.fromMaster != 0 {
            d.role(.scada, field: "master", confidence: .medium)
        } else {
            d.role(.plc, field: "outstation", confidence: .medium)
        }
    }

    /// Counts the message that a first segment opens.
    private static func opening(_ bytes: RawSpan, _ length: Int, _ d: inout Dissection) {
        let function = bytes.u8(Offset.function)
        let isResponse = DNP3Message.isResponse(function)
        let objects = isResponse ? Offset.responseObjects : Offset.requestObjects
        let group = length > objects &- Offset.transport ? bytes.u8(objects) : 0xff
        let code = DNP3Message.code(function, group: group)
        d.message(code, DNP3Message.effect(code))
        guard isResponse, length >= 5 else { return }
        let first = bytes.u8(Offset.indications)
        let second = bytes.u8(Offset.indications &+ 1)
        if first & 0x40 != 0 { d.observe(.status, "device trouble", field: "iin_device_trouble") }
        if first & 0x20 != 0 { d.observe(.status, "local control", field: "iin_local_control") }
        if second & 0x20 != 0 { d.observe(.status, "configuration corrupt", field: "iin_config_corrupt") }
    }

    /// Puts the segments of fragments together that may name the device. `blocks` begin with the transport byte.
    private static func segment(_ blocks: RawSpan, _ length: Int, _ transport: UInt8, _ d: inout Dissection) {
        let isFirst = transport & Transport.first != 0
        if isFirst {
            let function = blocks.u8(2)
            let group = blocks.u8(DNP3Message.isResponse(function) ? 5 : 3)
            guard DNP3Message.isResponse(function), group == DNP3Attributes.group else {
                if let state = d.kept as? State { put([], state, d.fromClient) }
                return
            }
        }
        let state = d.state { State() }
        var held = isFirst ? [] : d.fromClient ? state.fromClient : state.fromServer
        guard isFirst || !held.isEmpty, held.count < longestFragment, !d.afterGap || isFirst else {
            return put([], state, d.fromClient)
        }
        append(blocks, length, to: &held)
        guard transport & Transport.final != 0 else { return put(held, state, d.fromClient) }
        put([], state, d.fromClient)
        DNP3Attributes.read(held.span.bytes.from(4), &d)
    }

    private static func put(_ held: [UInt8], _ state: State, _ fromClient: Bool) {
        if fromClient { state.fromClient = held } else { state.fromServer = held }
    }

    /// The application bytes of a frame: without transport byte and block checksums.
    private static func append(_ blocks: RawSpan, _ length: Int, to held: inout [UInt8]) {
        var index = 1
        while index < length {
            held.append(blocks.u8(index &+ index / blockSize &* 2))
            index &+= 1
        }
    }

    package static func messageName(_ code: UInt32) -> String { DNP3Message.name(code) }
}

/// Device attributes (object group 0): the variation says which, the value says its own type.
///
///     0  group, variation, qualifier 1 each; range by qualifier; then for each object type 1, length 1, value
enum DNP3Attributes {
    static let group: UInt8 = 0
    private enum DataType { static let text: UInt8 = 1, unsigned: UInt8 = 2 }
    private static let mostObjects = 512

    static func read(_ objects: RawSpan, _ d: inout Dissection) {
        var reader = FieldReader(objects)
        do throws(DecodeError) {
            var left = mostObjects
            while left > 0, !reader.isAtEnd {
                left &-= 1
                guard try reader.u8("object group") == group else { return }
                let variation = try reader.u8("object variation")
                let qualifier = try reader.u8("object qualifier")
                var count = 1
                switch qualifier & 15 {
                case 0:
                    let first = Int(try reader.u8("range start"))
                    count = Int(try reader.u8("range stop")) &- first &+ 1
                case 1:
                    let first = Int(try reader.le16("range start"))
                    count = Int(try reader.le16("range stop")) &- first &+ 1
                case 7: count = Int(try reader.u8("object count"))
                case 8: count = Int(try reader.le16("object count"))
                default: return
                }
                while count > 0, left > 0 {
                    count &-= 1
                    left &-= 1
                    try reader.skip(qualifier >> 4 & 7 == 2 ? 2 : qualifier >> 4 & 7 == 1 ? 1 : 0, "object index")
                    let type = try reader.u8("attribute type")
                    let size = Int(try reader.u8("attribute length"))
                    attribute(variation, type, try reader.take(size, "attribute value"), &d)
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func attribute(_ variation: UInt8, _ type: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        guard type == DataType.text else { return }
        switch variation {
        case 242: d.observe(.firmware, text: value, field: "software_version")
        case 243: d.observe(.hardware, text: value, field: "hardware_version")
        case 245: d.observe(.location, text: value, field: "location")
        case 246: d.observe(.productCode, text: value, field: "user_assigned_id", confidence: .medium)
        case 247: d.observe(.name, text: value, field: "device_name")
        case 248: d.observe(.serial, text: value, field: "serial_number")
        case 250: d.observe(.model, text: value, field: "product_name")
        case 252: d.observe(.vendor, text: value, field: "manufacturer")
        default: break
        }
    }
}

/// Codes, names and effects of DNP3 messages. A code is the application function in bits 0 to 7 with the first object group
/// in bits 8 to 15 where that changes what it means; link frames without user data have bit 16 set and the link control below.
enum DNP3Message {
    private static let linkBit: UInt32 = 0x1_0000

    static func link(_ control: UInt8) -> UInt32 { linkBit | UInt32(control & 0x4f) }

    static func code(_ function: UInt8, group: UInt8) -> UInt32 {
        function == 1 && group == DNP3Attributes.group ? UInt32(function) | 0x8000 : UInt32(function)
    }

    static func isResponse(_ function: UInt8) -> Bool { (129...131).contains(function) }

    static func effect(_ code: UInt32) -> MessageEffect {
        guard code & linkBit == 0 else { return .none }
        switch code & 0xff {
        case 1: return code & 0x8000 != 0 ? .identity : .read
        case 2, 4...12, 19...22, 27: return .write
        case 13...18, 31: return .control
        case 25, 28: return .read
        case 29, 32, 33: return .login
        default: return .none
        }
    }

    static func name(_ code: UInt32) -> String {
        if code & linkBit != 0 { return linkName(code & 0x40 != 0, code & 15) }
        switch code & 0xff {
        case 0: return "Confirm"
        case 1: return code & 0x8000 != 0 ? "Read device attributes" : "Read"
        case 2: return "Write"
        case 3: return "Select"
        case 4: return "Operate"
        case 5: return "Direct operate"
        case 6: return "Direct operate, no response"
        case 7: return "Immediate freeze"
        case 8: return "Immediate freeze, no response"
        case 9: return "Freeze and clear"
        case 10: return "Freeze and clear, no response"
        case 11: return "Freeze at time"
        case 12: return "Freeze at time, no response"
        case 13: return "Cold restart"
        case 14: return "Warm restart"
        case 15: return "Initialize data"
        case 16: return "Initialize application"
        case 17: return "Start application"
        case 18: return "Stop application"
        case 19: return "Save configuration"
        case 20: return "Enable unsolicited responses"
        case 21: return "Disable unsolicited responses"
        case 22: return "Assign class"
        case 23: return "Delay measurement"
        case 24: return "Record current time"
        case 25: return "Open file"
        case 26: return "Close file"
        case 27: return "Delete file"
        case 28: return "Get file information"
        case 29: return "Authenticate file"
        case 30: return "Abort file transfer"
        case 31: return "Activate configuration"
        case 32: return "Authentication request"
        case 33: return "Authentication request, no response"
        case 129: return "Response"
        case 130: return "Unsolicited response"
        case 131: return "Authentication response"
        default: return "Function \(code & 0xff)"
        }
    }

    private static func linkName(_ isPrimary: Bool, _ function: UInt32) -> String {
        switch (isPrimary, function) {
        case (true, 0): "Link: reset"
        case (true, 2): "Link: test"
        case (true, 9): "Link: request status"
        case (true, 3), (true, 4): "Link: user data"
        case (false, 0): "Link: acknowledge"
        case (false, 1): "Link: not acknowledged"
        case (false, 11): "Link: status"
        case (false, 15): "Link: not supported"
        default: "Link: function \(function)"
        }
    }
}
