import Model
import Wire

/// CODESYS V3: the runtime in controllers of several hundred makers. Blocks travel in UDP datagrams or, with a header of their own,
/// over TCP; the name service finds controllers and says who they are.
///
///     TCP:  0  magic 4 (00 01 17 E8, little-endian), 4  length 4, this header included
///     0  magic         1   C5
///     1  hops 5 bits, header length 3 bits in 16-bit words
///     2  priority, signal, address type, data length
///     3  service       1   1, 2 addresses; 3, 4 names; 40 channels
///     4  message id    1
///     5  address sizes 4 bits each, sender's and receiver's, in words; they follow the header; then padding to 4 bytes
///
/// Identification: 0 type 2 (C280), 2 version 2, 4 request 4, 8 channels 2, 10 byte order 1, 12 parent size 2, 14 lengths of node,
/// device and vendor name 2 each, 20 target type 4, id 4, version 4, flags 4, 36 serial length 1, 37 more; 48 parent address, then the
/// names in UTF-16 with a NUL each, then the serial number; little-endian.
package enum CODESYS: Dissector {
    package static let description = ProtocolDescription(
        name: "codesys", title: "CODESYS V3", family: .industrial, level: .identity,
        reference: "3S/CODESYS, unpublished; Nmap's codesys3 library, Kaspersky ICS CERT research of 2019",
        bindings: [.tcp([11740, 11741, 11742, 11743]), .udp([1740, 1741, 1742, 1743])], displayFilter: nil)

    private enum Block {
        static let magic: UInt32 = 0x0001_17e8
        static let size = 8
    }
    private enum Offset { static let hops = 1, service = 3, addresses = 5, header = 6 }
    private static let magic: UInt8 = 0xc5
    private enum Service {
        static let nameRequest: UInt8 = 3, nameResponse: UInt8 = 4, channel: UInt8 = 0x40
    }
    private enum Package { static let identification: UInt16 = 0xc280 }

    private static func isDatagram(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 8, bytes.u8(0) == magic, bytes.u8(Offset.hops) & 7 >= 3 else { return false }
        switch bytes.u8(Offset.service) {
        case 1...4, Service.channel: break
        default: return false
        }
        return payload(bytes) <= bytes.byteCount
    }

    /// Where the payload of a datagram begins.
    private static func payload(_ bytes: RawSpan) -> Int {
        let sizes = bytes.u8(Offset.addresses)
        let end = Int(bytes.u8(Offset.hops) & 7) &* 2 &+ Int(sizes >> 4) &* 2 &+ Int(sizes & 15) &* 2
        return (end &+ 3) & ~3
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if hint.isTCP {
            guard bytes.u8(0) == 0xe8 else { return .no }
            guard bytes.byteCount >= Block.size &+ 4 else { return bytes.be16(0) == 0xe817 ? .wait : .no }
            let size = Int(bytes.le32(4))
            guard bytes.le32(0) == Block.magic, size > Block.size, size <= 0x1_0000,
                bytes.u8(Block.size) == magic
            else { return .no }
            return .certain
        }
        guard bytes.u8(0) == magic, isDatagram(bytes) else { return .no }
        let ports: ClosedRange<UInt16> = 1740...1743
        guard ports.contains(hint.sourcePort) || ports.contains(hint.destinationPort) else { return .no }
        let package = bytes.le16(payload(bytes))
        switch bytes.u8(Offset.service) {
        case Service.nameRequest: return package >> 8 == 0xc2 ? .certain(from: .client) : .possible(from: .client)
        case Service.nameResponse:
            return package == Package.identification ? .certain(from: .server) : .possible(from: .server)
        default: return .possible
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            guard isDatagram(bytes) else { return .malformed }
            datagram(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        guard bytes.byteCount >= Block.size else { return .needMore(Block.size) }
        let size = Int(bytes.le32(4))
        guard bytes.le32(0) == Block.magic, size >= Block.size, size <= 0x1_0000 else { return .malformed }
        guard bytes.byteCount >= size else { return .needMore(size) }
        let inner = bytes.slice(Block.size, size &- Block.size)
        if isDatagram(inner) { datagram(inner, &d) } else { d.message(0xff) }
        return .consumed(size)
    }

    private static func datagram(_ bytes: RawSpan, _ d: inout Dissection) {
        let service = bytes.u8(Offset.service)
        let body = bytes.from(payload(bytes))
        d.message(UInt32(service), service == Service.nameRequest ? .identity : .none)
        if service == Service.nameResponse, body.le16(0) == Package.identification { identification(body, &d) }
    }

    private enum Identity {
        static let version = 2, parentSize = 12, nameLengths = 14, targetType = 20, targetID = 24, targetVersion = 28
        static let serialLength = 36, names = 48
    }

    private static func identification(_ body: RawSpan, _ d: inout Dissection) {
        guard body.byteCount >= Identity.names, body.le16(Identity.version) >= 0x0400 else { return }
        d.role(.plc, field: "identification", confidence: .medium)
        var reader = FieldReader(body, at: Identity.names)
        do throws(DecodeError) {
            try reader.skip(Int(body.le16(Identity.parentSize)), "parent address")
            let node = try reader.take(Int(body.le16(Identity.nameLengths)) &* 2, "node name")
            try reader.skip(2, "node name end")
            d.observe(.name, WireText(utf16: node), field: "node_name")
            let device = try reader.take(Int(body.le16(Identity.nameLengths &+ 2)) &* 2, "device name")
            try reader.skip(2, "device name end")
            d.observe(.model, WireText(utf16: device), field: "device_name")
            let vendor = try reader.take(Int(body.le16(Identity.nameLengths &+ 4)) &* 2, "vendor name")
            try reader.skip(2, "vendor name end")
            d.observe(.vendor, WireText(utf16: vendor), field: "vendor_name")
            let version = body.le32(Identity.targetVersion)
            d.observe(
                .firmware, "\(version >> 24).\(version >> 16 & 255).\(version >> 8 & 255).\(version & 255)",
                field: "target_version")
            d.observe(.deviceType, number: UInt64(body.le32(Identity.targetType)), field: "target_type")
            d.observe(.productCode, number: UInt64(body.le32(Identity.targetID)), field: "target_id")
            let serial = try reader.take(Int(body.u8(Identity.serialLength)), "serial number")
            if serial.isPrintable { d.observe(.serial, text: serial, field: "serial_number") }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Address notification request"
        case 2: "Address notification response"
        case 3: "Name service request"
        case 4: "Name service response"
        case 0x40: "Channel"
        default: "Block"
        }
    }
}
