import Model
import Wire

/// Ethernet POWERLINK: a managing node (240) polls controlled nodes in turn.
///
///     0  message type  1   01 SoC, 03 PReq, 04 PRes, 05 SoA, 06 ASnd, 07 AMNI, 0D AInv
///     1  destination node, source node  1 each
///     3  ASnd: service 1, then its data
///
/// IdentResponse: 6 NMT state 1, 8 profile version 1, 26 device type 4, 30 vendor 4, 34 product code 4, 38 revision 4, 42 serial 4,
/// 70 IP address 4, 82 host name 32; little-endian.
package enum Powerlink: Dissector {
    package static let description = ProtocolDescription(
        name: "powerlink", title: "Ethernet POWERLINK", family: .industrial, level: .operations,
        reference: "EPSG DS 301 V1.3.0, 4.6 and 7.3", bindings: [.etherType(0x88ab)], displayFilter: "epl")

    private enum Offset {
        static let destination = 1, source = 2, service = 3, command = 4
        static let deviceType = 26, vendor = 30, product = 34, revision = 38, serial = 42, address = 70, hostName = 82
        static let sdoFlags = 10, sdoCommand = 11
    }
    private enum MessageType { static let asynchronous: UInt8 = 6, startOfCycle: UInt8 = 1, pollResponse: UInt8 = 4 }
    private enum Service {
        static let ident: UInt8 = 1, nmtCommand: UInt8 = 4, sdo: UInt8 = 5
    }
    private static let managingNode: UInt8 = 240

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4 else { return .malformed }
        let type = bytes.u8(0)
        let node = bytes.u8(Offset.source)
        let service = type == MessageType.asynchronous ? bytes.u8(Offset.service) : 0
        var code = UInt32(type) << 16 | UInt32(service) << 8
        var effect = MessageEffect.none
        switch (type, service) {
        case (MessageType.asynchronous, Service.nmtCommand):
            let command = bytes.u8(Offset.command)
            code |= UInt32(command)
            effect = (0x21...0x4f).contains(command) ? .control : command < 0x80 ? .none : .read
        case (MessageType.asynchronous, Service.sdo) where bytes.u8(Offset.sdoFlags) & 0x80 == 0:
            let command = bytes.u8(Offset.sdoCommand)
            code |= UInt32(command)
            switch command {
            case 0x01, 0x03, 0x31: effect = .write
            case 0x02, 0x04, 0x32: effect = .read
            case 0x20, 0x21: effect = .download
            case 0x22, 0x23: effect = .upload
            default: break
            }
        case (MessageType.asynchronous, Service.ident): ident(bytes, &d)
        default: break
        }
        d.message(code, effect)
        if node == managingNode {
            d.role(.plc, field: "managing_node", confidence: .medium)
        } else if node != 0, type == MessageType.pollResponse || service == Service.ident {
            d.role(.io, field: "controlled_node", confidence: .medium)
            d.observe("powerlink_node", number: UInt64(node), field: "node")
        }
        return .consumed(bytes.byteCount)
    }

    private static func ident(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.byteCount >= Offset.serial &+ 4 else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "ident response", offset: 4, needed: 42, available: bytes.byteCount &- 4))
            }
            return
        }
        if bytes.le32(Offset.vendor) != 0 {
            d.observe(.vendorID, number: UInt64(bytes.le32(Offset.vendor)), field: "vendor_id")
            // B&R Industrial Automation's number in the list of CiA.
            if bytes.le32(Offset.vendor) == 0x0100_006c {
                d.observe(.vendor, "B&R Industrial Automation", field: "vendor", confidence: .medium)
            }
        }
        if bytes.le32(Offset.product) != 0 {
            d.observe(.productCode, number: UInt64(bytes.le32(Offset.product)), field: "product_code")
        }
        if bytes.le32(Offset.revision) != 0 {
            d.observe(.hardware, number: UInt64(bytes.le32(Offset.revision)), field: "revision", confidence: .medium)
        }
        if bytes.le32(Offset.serial) != 0 {
            d.observe(.serial, number: UInt64(bytes.le32(Offset.serial)), field: "serial_number")
        }
        d.observe(.deviceType, number: UInt64(bytes.le32(Offset.deviceType)), field: "device_type")
        // Nodes live in 192.168.100.0/24 (DS 301, 5.1.2); implementations differ in the order of the bytes.
        for address in [bytes.be32(Offset.address), bytes.le32(Offset.address)] where address >> 8 == 0xc0_a864 {
            d.observe(.ip, address: IPAddress(v4: address), field: "ip_address", confidence: .medium)
            break
        }
        d.observe(.name, text: bytes.slice(Offset.hostName, 32), field: "host_name")
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code >> 16 {
        case 1: "SoC"
        case 3: "PReq"
        case 4: "PRes"
        case 5: "SoA"
        case 6: "ASnd " + serviceName(code >> 8 & 0xff, code & 0xff)
        case 7: "AMNI"
        case 13: "AInv"
        default: "Message type \(code >> 16)"
        }
    }

    private static func serviceName(_ service: UInt32, _ detail: UInt32) -> String {
        switch service {
        case 1: "IdentResponse"
        case 2: "StatusResponse"
        case 3: "NMTRequest"
        case 4:
            switch detail {
            case 0x21: "NMT StartNode"
            case 0x22: "NMT StopNode"
            case 0x23: "NMT EnterPreOperational2"
            case 0x24: "NMT EnableReadyToOperate"
            case 0x28: "NMT ResetNode"
            case 0x29: "NMT ResetCommunication"
            case 0x2a: "NMT ResetConfiguration"
            case 0x2b: "NMT SwReset"
            default: "NMT command \(detail)"
            }
        case 5:
            detail == 0 ? "SDO" : detail == 1 ? "SDO WriteByIndex" : detail == 2 ? "SDO ReadByIndex" : "SDO \(detail)"
        case 6: "SyncResponse"
        default: "service \(service)"
        }
    }
}
