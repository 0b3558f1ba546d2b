import Model
import Wire

/// EtherCAT: one frame runs through all slaves, each of which reads and writes its part on the fly. Slaves have no address on
/// Ethernet: what is learnt of them is stated about the master's interface, with the slave's station address before it.
///
///     0  length 11 bits, reserved 1, type 4   little-endian; type 1: datagrams
///     2  datagrams: command 1, index 1, address 2 and offset 2 (or logical address 4), length 11 bits with "more" 8000,
///        interrupt 2, data, working counter 2
///
/// The first slave marks the frame that comes back by the locally administered bit of the source address.
package enum EtherCAT: Dissector {
    package static let description = ProtocolDescription(
        name: "ethercat", title: "EtherCAT", family: .industrial, level: .operations,
        reference: "IEC 61158-4-12 and 61158-6-12; ETG.1000.4, ETG.1000.6, ETG.2010", bindings: [.etherType(0x88a4)],
        displayFilter: "ecat", includes: ["CoE (CANopen over EtherCAT)", "FoE", "EoE"])

    enum Command {
        static let positionRead: UInt8 = 1, positionWrite: UInt8 = 2, stationRead: UInt8 = 4, stationWrite: UInt8 = 5
        static let broadcastWrite: UInt8 = 8, logicalRead: UInt8 = 10, logicalReadWrite: UInt8 = 12
        static let last: UInt8 = 14
    }

    private enum Datagram {
        static let command = 0, address = 2, offset = 4, length = 6, data = 10
        static let lengthMask: UInt16 = 0x7ff, more: UInt16 = 0x8000
    }

    /// Registers of a slave controller (ETG.1000.4, 6).
    private enum Register {
        static let applicationControl: UInt16 = 0x0120, memoryControl: UInt16 = 0x0502, memoryData: UInt16 = 0x0508
        /// Process data and mailboxes begin here.
        static let memory: UInt16 = 0x1000
    }

    private static let mostDatagrams = 64

    /// The word of the slave information memory that was last asked for, by the slave's address.
    private final class State {
        static let limit = 1024
        var words: [UInt16: UInt32] = [:]
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let header = bytes.le16(0)
        guard bytes.byteCount >= 2 else { return .malformed }
        guard header >> 12 == 1 else {
            if header >> 12 == EtherCATAutomation.processData {
                EtherCATAutomation.handedOver(bytes, &d)
                return .consumed(bytes.byteCount)
            }
            d.message(EtherCATMessage.other | UInt32(header >> 12))
            return .consumed(bytes.byteCount)
        }
        let hasLocalBit = d.source.mac.map { $0.bits >> 40 & 2 != 0 } ?? false
        d.role(.plc, field: "master", confidence: .medium)
        var rest = bytes.slice(2, Int(header & Datagram.lengthMask))
        var left = mostDatagrams
        while left > 0 {
            left &-= 1
            guard rest.byteCount >= Datagram.data &+ 2 else { return short(rest, &d) }
            let command = rest.u8(Datagram.command)
            let lengthField = rest.le16(Datagram.length)
            let length = Int(lengthField & Datagram.lengthMask)
            guard rest.has(length &+ 2, at: Datagram.data), command <= Command.last else { return short(rest, &d) }
            datagram(
                command, rest.le16(Datagram.address), rest.le16(Datagram.offset), rest.slice(Datagram.data, length),
                counter: rest.le16(Datagram.data &+ length), hasLocalBit: hasLocalBit, &d)
            if lengthField & Datagram.more == 0 { break }
            rest = rest.from(Datagram.data &+ length &+ 2)
        }
        return .consumed(bytes.byteCount)
    }

    private static func short(_ rest: RawSpan, _ d: inout Dissection) -> Progress {
        if !d.isCut {
            d.malformed(
                DecodeError(
                    field: "ethercat datagram", offset: 0, needed: Datagram.data &+ 2, available: rest.byteCount))
        }
        return .consumed(2)
    }

    private static func datagram(
        _ command: UInt8, _ address: UInt16, _ offset: UInt16, _ data: RawSpan, counter: UInt16, hasLocalBit: Bool,
        _ d: inout Dissection
    ) {
        let isWrite =
            command == Command.positionWrite || command == Command.stationWrite || command == Command.broadcastWrite
        let isAnswered = counter > 0
        let isReturned = isAnswered && hasLocalBit
        if isReturned, let mac = d.source.mac {
            d.observe(.mac, mac: MACAddress(bits: mac.bits & ~(2 << 40)), field: "returned_frame", confidence: .medium)
        }
        var code = UInt32(command)
        var effect = MessageEffect.none
        switch (isWrite, offset) {
        case (true, Register.applicationControl):
            code = EtherCATMessage.state | UInt32(data.u8(0) & 15)
            effect = .control
        case (true, Register.memoryControl) where data.byteCount >= 6:
            let state = d.state { State() }
            if state.words.count < State.limit || state.words[address] != nil {
                state.words[address] = data.le32(2)
            }
            // Command 2 of the interface writes the slave's memory.
            if data.le16(0) & 0x0700 == 0x0200 {
                code = EtherCATMessage.memoryWrite
                effect = .write
            }
        case (false, Register.memoryData) where isAnswered && command == Command.stationRead:
            let state = d.state { State() }
            if let word = state.words[address] { EtherCATSlave.memory(word, data, address, &d) }
        case (_, Register.memory...) where command < Command.logicalRead && data.byteCount >= 8:
            guard let message = EtherCATSlave.mailbox(data, address, isWrite: isWrite, isAnswered: isAnswered, &d)
            else {
                break
            }
            code = message.code
            effect = message.effect
        default: break
        }
        d.message(isReturned ? code | EtherCATMessage.returned : code, isReturned ? .none : effect)
    }

    package static func messageName(_ code: UInt32) -> String { EtherCATMessage.name(code) }
}

/// What is said of one slave: by its information memory, and in mailbox messages of CANopen over EtherCAT (CoE).
///
/// Mailbox: length 2, address 2, channel 1, type 4 bits and counter; CoE: number 9 bits, service 4 bits; SDO: command 1, index 2,
/// subindex 1, data 4 or size 4 and data. All little-endian.
enum EtherCATSlave {
    private enum Mailbox { static let type = 5, body = 6 }
    enum Kind { static let ethernet: UInt8 = 2, canOpen: UInt8 = 3, file: UInt8 = 4 }
    private enum SDO {
        static let request: UInt16 = 2, response: UInt16 = 3
        static let command = 8, index = 9, subindex = 11, data = 12, longData = 16
    }

    /// Words of the slave information memory (ETG.2010, table 2).
    static func memory(_ word: UInt32, _ data: RawSpan, _ slave: UInt16, _ d: inout Dissection) {
        var word = word
        var offset = 0
        while data.has(4, at: offset), offset < 8 {
            number(word, data.le32(offset), slave, &d)
            word &+= 2
            offset &+= 4
        }
    }

    private static func number(_ word: UInt32, _ value: UInt32, _ slave: UInt16, _ d: inout Dissection) {
        guard value != 0, value != .max else { return }
        switch word {
        case 0x08: vendor(value, slave, &d)
        case 0x0a: state("ethercat_product", hexadecimal(value, digits: 8), slave, field: "product_code", &d)
        case 0x0c: state("ethercat_revision", hexadecimal(value, digits: 8), slave, field: "revision_number", &d)
        case 0x0e: state("ethercat_serial", String(value), slave, field: "serial_number", &d)
        default: break
        }
    }

    private static func vendor(_ id: UInt32, _ slave: UInt16, _ d: inout Dissection) {
        state("ethercat_vendor", vendorName(id) ?? hexadecimal(id, digits: 8), slave, field: "vendor_id", &d)
    }

    private static func state(
        _ attribute: Attribute, _ value: String, _ slave: UInt16, field: StaticString, _ d: inout Dissection
    ) {
        d.observe(attribute, "\(slave): \(value)", field: field)
    }

    /// Vendors of the EtherCAT Technology Group's list that are met most.
    private static func vendorName(_ id: UInt32) -> String? {
        switch id {
        case 0x0000_0002: "Beckhoff"
        case 0x0000_001d: "Festo"
        case 0x0000_0021: "WAGO"
        case 0x0000_003b: "Lenze"
        case 0x0000_0083: "OMRON"
        case 0x0000_009a: "Elmo Motion Control"
        case 0x0000_01dd: "Delta Electronics"
        case 0x0000_0539: "Yaskawa"
        case 0x0000_066f: "Panasonic"
        default: nil
        }
    }

    /// Reads a mailbox message; nil when the data are none (process data lie in the same memory).
    static func mailbox(
        _ data: RawSpan, _ slave: UInt16, isWrite: Bool, isAnswered: Bool, _ d: inout Dissection
    ) -> (code: UInt32, effect: MessageEffect)? {
        let length = Int(data.le16(0))
        let kind = data.u8(Mailbox.type) & 15
        guard length >= 2, length <= data.byteCount &- Mailbox.body, data.u8(4) & 0x3f == 0,
            data.u8(Mailbox.type) & 0x80 == 0
        else { return nil }
        let body = data.slice(Mailbox.body, length)
        switch kind {
        case Kind.canOpen where length >= 8:
            let service = body.le16(0) >> 12
            let index = data.le16(SDO.index)
            let command = data.u8(SDO.command)
            if service == SDO.response, !isWrite, isAnswered, command >> 5 == 2 {
                upload(index, data.u8(SDO.subindex), command, data.first(Mailbox.body &+ length), slave, &d)
            }
            guard service == SDO.request, isWrite else { return (EtherCATMessage.mailbox | UInt32(kind), .none) }
            if command >> 5 == 1 { return (EtherCATMessage.download, .write) }
            let isIdentity = index == 0x1018 || (0x1008...0x100a).contains(index)
            return (EtherCATMessage.upload, isIdentity ? .identity : .read)
        case Kind.file where isWrite && length >= 6:
            switch body.u8(0) {
            case 1: return (EtherCATMessage.fileRead, .upload)
            case 2: return (EtherCATMessage.fileWrite, .firmware)
            default: return (EtherCATMessage.mailbox | UInt32(kind), .none)
            }
        case 0...5, 15: return (EtherCATMessage.mailbox | UInt32(kind), .none)
        default: return nil
        }
    }

    /// Answer to an SDO upload: expedited with up to four bytes, or with a size before the data.
    private static func upload(
        _ index: UInt16, _ subindex: UInt8, _ command: UInt8, _ data: RawSpan, _ slave: UInt16, _ d: inout Dissection
    ) {
        let isExpedited = command & 2 != 0
        let value =
            isExpedited
            ? data.slice(SDO.data, command & 1 != 0 ? 4 &- Int(command >> 2 & 3) : 4)
            : data.slice(SDO.longData, Int(data.le32(SDO.data)))
        switch (index, subindex) {
        case (0x1018, 1...4) where value.byteCount == 4:
            number(0x06 &+ UInt32(subindex) &* 2, value.le32(0), slave, &d)
        case (0x1008, 0): text("ethercat_name", value, slave, field: "device_name", &d)
        case (0x1009, 0): text("ethercat_hardware", value, slave, field: "hardware_version", &d)
        case (0x100a, 0): text("ethercat_software", value, slave, field: "software_version", &d)
        default: break
        }
    }

    private static func text(
        _ attribute: Attribute, _ value: RawSpan, _ slave: UInt16, field: StaticString, _ d: inout Dissection
    ) {
        guard value.isPrintable else { return }
        state(attribute, WireText(wire: value).raw, slave, field: field, &d)
    }
}

/// Codes and names of EtherCAT messages: datagram commands, and what is more than moving data.
enum EtherCATMessage {
    static let returned: UInt32 = 0x8000_0000
    static let state: UInt32 = 0x100, mailbox: UInt32 = 0x200, other: UInt32 = 0x300
    static let memoryWrite: UInt32 = 0x400, download: UInt32 = 0x401, upload: UInt32 = 0x402
    static let fileRead: UInt32 = 0x403, fileWrite: UInt32 = 0x404

    static func name(_ code: UInt32) -> String {
        if code & returned != 0 { return name(code & ~returned) + " (returned)" }
        switch code {
        case memoryWrite: return "SII write"
        case download: return "CoE SDO download"
        case upload: return "CoE SDO upload"
        case fileRead: return "FoE read"
        case fileWrite: return "FoE write"
        case state..<mailbox: return "AL control: " + stateName(code & 15)
        case mailbox..<other: return mailboxName(code & 15) + " mailbox"
        case other | UInt32(EtherCATAutomation.processData): return "network variables (EAP)"
        case other..<memoryWrite: return "Frame type \(code & 15)"
        default: return commandName(code)
        }
    }

    private static func stateName(_ state: UInt32) -> String {
        switch state {
        case 1: "Init"
        case 2: "Pre-Operational"
        case 3: "Bootstrap"
        case 4: "Safe-Operational"
        case 8: "Operational"
        default: "state \(state)"
        }
    }

    private static func mailboxName(_ kind: UInt32) -> String {
        switch kind {
        case 0: "Error"
        case 1: "AoE"
        case 2: "EoE"
        case 3: "CoE"
        case 4: "FoE"
        case 5: "SoE"
        default: "VoE"
        }
    }

    private static func commandName(_ command: UInt32) -> String {
        switch command {
        case 0: "NOP"
        case 1: "APRD"
        case 2: "APWR"
        case 3: "APRW"
        case 4: "FPRD"
        case 5: "FPWR"
        case 6: "FPRW"
        case 7: "BRD"
        case 8: "BWR"
        case 9: "BRW"
        case 10: "LRD"
        case 11: "LWR"
        case 12: "LRW"
        case 13: "ARMW"
        case 14: "FRMW"
        default: "Command \(command)"
        }
    }
}
