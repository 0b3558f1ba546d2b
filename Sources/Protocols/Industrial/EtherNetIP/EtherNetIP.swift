import Model
import Wire

/// EtherNet/IP: encapsulation of CIP on TCP and UDP 44818 (CIP Networks Library, volume 2, chapter 2). All numbers are
/// little-endian.
///
///      0  command         2
///      2  length          2   of what follows the header
///      4  session handle  4
///      8  status          4   0 in requests
///     12  sender context  8   echoed by the target
///     20  options         4   0
package enum EtherNetIP: Dissector {
    package static let description = ProtocolDescription(
        name: "enip", title: "EtherNet/IP and CIP", family: .industrial, level: .operations,
        reference: "CIP Networks Library, volumes 1 and 2 (ODVA, edition 3.x)", bindings: [.tcp([port]), .udp([port])],
        displayFilter: "enip || cip", includes: ["CIP explicit messages", "CIP Safety (its connections)", "PCCC"])

    static let port: UInt16 = 44818

    private enum Offset {
        static let command = 0, length = 2, session = 4, status = 8, context = 12, options = 20, data = 24
    }

    enum Command {
        static let nop: UInt16 = 0x0000, listTargets: UInt16 = 0x0001, listServices: UInt16 = 0x0004
        static let listIdentity: UInt16 = 0x0063, listInterfaces: UInt16 = 0x0064
        static let registerSession: UInt16 = 0x0065, unregisterSession: UInt16 = 0x0066
        static let sendRRData: UInt16 = 0x006f, sendUnitData: UInt16 = 0x0070
        static let indicateStatus: UInt16 = 0x0072, cancel: UInt16 = 0x0073, startDTLS: UInt16 = 0x00c8
    }

    /// Types of items in the common packet format (volume 2, 2-6.2).
    enum Item {
        static let null: UInt16 = 0x0000, identity: UInt16 = 0x000c, connectedAddress: UInt16 = 0x00a1
        static let connectedData: UInt16 = 0x00b1, unconnectedData: UInt16 = 0x00b2, services: UInt16 = 0x0100
        static let sequencedAddress: UInt16 = 0x8002
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.data else {
            guard hint.uses(port) else { return .no }
            return hint.isTCP ? .wait : .no
        }
        guard bytes.le32(Offset.options) == 0, isStatus(bytes.le32(Offset.status)) else { return .no }
        let length = Int(bytes.le16(Offset.length))
        let data = bytes.slice(Offset.data, length)
        guard hint.isTCP || bytes.byteCount == Offset.data &+ length else { return .no }
        let session = bytes.le32(Offset.session)
        let isOnPort = hint.uses(port)
        switch bytes.le16(Offset.command) {
        case Command.sendRRData, Command.sendUnitData:
            // Interface handle of CIP, then the item count.
            guard session != 0, length >= 8 else { return .no }
            guard data.byteCount >= 8 else { return .possible }
            guard data.le32(0) == 0, data.le16(6) <= 8 else { return .no }
            return data.le16(6) >= 2 ? .certain : isOnPort ? .certain : .possible
        case Command.registerSession:
            guard length == 4, data.le16(0) == 1, data.le16(2) == 0 else { return .no }
            return .certain(from: session == 0 ? .client : .server)
        // Without data there is too little to go by on another port.
        case Command.unregisterSession: return length == 0 && session != 0 && isOnPort ? .certain : .no
        case Command.listIdentity:
            if length == 0 { return isOnPort && bytes.byteCount == Offset.data ? .possible(from: .client) : .no }
            return data.le16(0) >= 1 && data.le16(2) == Item.identity ? .certain(from: .server) : .no
        case Command.listServices, Command.listInterfaces:
            guard isOnPort else { return .no }
            if length == 0 { return bytes.byteCount == Offset.data ? .possible(from: .client) : .no }
            // Item count, then the first item's type; a device may have no interfaces to list.
            let items = data.le16(0)
            let isList = data.le16(2) == Item.services ? items >= 1 : length == 2 && items == 0
            return isList && items <= 16 ? .possible(from: .server) : .no
        case Command.nop, Command.indicateStatus, Command.cancel, Command.startDTLS:
            // Zeros alone are a NOP too: of a session, whole, and followed by nothing or by another message.
            guard isOnPort, session != 0, bytes.byteCount >= Offset.data &+ length else { return .no }
            let next = bytes.from(Offset.data &+ length)
            return next.byteCount < 2 || isCommand(next.le16(0)) ? .possible : .no
        default: return .no
        }
    }

    /// Status codes of the encapsulation (volume 2, 2-3.4).
    private static func isStatus(_ status: UInt32) -> Bool {
        status <= 3 || status == 0x64 || status == 0x65 || status == 0x69
    }

    private static func isCommand(_ command: UInt16) -> Bool {
        switch command {
        case Command.nop, Command.listTargets, Command.listServices, Command.listIdentity, Command.listInterfaces,
            Command.registerSession, Command.unregisterSession, Command.sendRRData, Command.sendUnitData,
            Command.indicateStatus, Command.cancel, Command.startDTLS:
            true
        default: false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data else { return d.isTCP ? .needMore(Offset.data) : .malformed }
        let command = bytes.le16(Offset.command)
        guard isCommand(command), bytes.le32(Offset.options) == 0 else { return .malformed }
        let length = Int(bytes.le16(Offset.length))
        let total = Offset.data &+ length
        guard bytes.byteCount >= total else {
            if d.isTCP { return .needMore(total) }
            if !d.isCut {
                d.malformed(
                    DecodeError(
                        field: "encapsulated data", offset: Offset.data, needed: length,
                        available: bytes.byteCount &- Offset.data))
            }
            return .consumed(bytes.byteCount)
        }
        let data = bytes.slice(Offset.data, length)
        switch command {
        case Command.sendRRData, Command.sendUnitData:
            guard bytes.le32(Offset.status) == 0 else {
                d.message(CIPMessage.encapsulation(command, isResponse: true))
                break
            }
            let state = d.state { CIPSession() }
            items(data.from(6), context: bytes.le64(Offset.context), state, &d)
        case Command.listIdentity:
            d.message(
                CIPMessage.encapsulation(command, isResponse: length > 0), length == 0 ? .identity : .none)
            if length > 0 { listIdentity(data, &d) }
        case Command.registerSession:
            // A request has no session yet; the target gives one.
            let isResponse = bytes.le32(Offset.session) != 0 || bytes.le32(Offset.status) != 0
            d.message(CIPMessage.encapsulation(command, isResponse: isResponse))
        case Command.listServices, Command.listInterfaces:
            d.message(CIPMessage.encapsulation(command, isResponse: length > 0), length == 0 ? .identity : .none)
        default: d.message(CIPMessage.encapsulation(command, isResponse: false))
        }
        return .consumed(total)
    }

    /// Items of the common packet format: count 2, then type 2, length 2, data each.
    private static func items(_ bytes: RawSpan, context: UInt64, _ state: CIPSession, _ d: inout Dissection) {
        var reader = FieldReader(bytes)
        var connection: UInt32 = 0
        do throws(DecodeError) {
            var left = try reader.le16("item count")
            while left > 0 {
                let type = try reader.le16("item type")
                let item = try reader.take(Int(try reader.le16("item length")), "item data")
                switch type {
                case Item.connectedAddress: connection = item.le32(0)
                case Item.unconnectedData:
                    CIP.message(item, .unconnected(context), state, &d)
                case Item.connectedData where item.byteCount >= 4:
                    CIP.message(item.from(2), .connected(connection, item.le16(0)), state, &d)
                default: break
                }
                left &-= 1
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    /// List Identity response (volume 2, 2-4.2): count, then items of type 12: version 2, socket address 16 (big-endian),
    /// vendor 2, device type 2, product code 2, revision 1.1, status 2, serial number 4, name (length 1), state 1.
    private static func listIdentity(_ bytes: RawSpan, _ d: inout Dissection) {
        var reader = FieldReader(bytes)
        do throws(DecodeError) {
            var left = try reader.le16("item count")
            while left > 0 {
                let type = try reader.le16("item type")
                let item = try reader.take(Int(try reader.le16("item length")), "identity item")
                left &-= 1
                guard type == Item.identity, item.byteCount >= 33 else { continue }
                let address = item.be32(6)
                if address != 0 {
                    d.observe(.ip, address: item.ipv4(6), field: "lir_socket_address", confidence: .medium)
                }
                let identity = item.from(18)
                let vendor = identity.le16(0)
                d.observe(.vendorID, number: UInt64(vendor), field: "lir_vendor")
                if let name = CIPVendor.name(vendor) { d.observe(.vendor, name, field: "lir_vendor_name") }
                d.observe(.deviceType, number: UInt64(identity.le16(2)), field: "lir_device_type")
                d.observe(.productCode, number: UInt64(identity.le16(4)), field: "lir_product_code")
                if let revision = CIPIdentity.revision(identity, at: 6) {
                    d.observe(.firmware, revision, field: "lir_revision")
                }
                d.observe(.status, hexadecimal(identity.le16(8), digits: 4), field: "lir_status")
                d.observe(.serial, hexadecimal(identity.le32(10), digits: 8), field: "lir_serial")
                d.observe(.model, text: identity.slice(15, Int(identity.u8(14))), field: "lir_product_name")
                if let role = CIPIdentity.role(identity.le16(2)) {
                    d.role(role.0, field: "lir_device_type_role", confidence: role.1)
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    package static func messageName(_ code: UInt32) -> String { CIPMessage.name(code) }
}
