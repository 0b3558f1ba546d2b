import Model
import Wire

/// PROFINET IO context management (IEC 61158-6-10, 4.10): connects a controller with its devices, writes their parameters and
/// reads their records, on connectionless DCE/RPC (C706, 12.5) from and to UDP 34964. The header is 80 bytes:
///
///      0  version       1   4
///      1  packet type   1   0 request, 2 response, others without a body of interest
///      4  data format   3   bit 4 of the first: little-endian
///      8  object        16  PROFINET's ends with instance, device and vendor id
///     24  interface     16
///     40  activity      16
///     68  operation     2
///     74  body length   2
///     76  fragment      2
///
/// The body: maximum or status 4, length 4, then maximum, offset and count 4 each, then blocks, always big-endian.
package enum ProfinetIOCM: Dissector {
    package static let description = ProtocolDescription(
        name: "profinet-io-cm", title: "PROFINET IO-CM", family: .industrial, level: .operations,
        reference: "IEC 61158-6-10, 4.10; DCE 1.1 RPC (C706), 12.5", bindings: [.udp([port])],
        displayFilter: "pn_io", includes: ["DCE/RPC"])

    private static let port: UInt16 = 34964

    private enum Offset {
        static let version = 0, packetType = 1, dataFormat = 4, object = 8, interface = 24
        static let operation = 68, length = 74, fragment = 76, body = 80, blocks = 100
    }

    private enum PacketType {
        static let request: UInt8 = 0, response: UInt8 = 2, last: UInt8 = 10
    }

    private enum Operation {
        static let connect: UInt16 = 0, release: UInt16 = 1, read: UInt16 = 2, write: UInt16 = 3, control: UInt16 = 4
        static let readImplicit: UInt16 = 5
    }

    /// First field of the interface: who offers it.
    private enum Interface {
        static let object: UInt32 = 0xdea0_0000, device: UInt32 = 0xdea0_0001, controller: UInt32 = 0xdea0_0002
        /// Clock sequence and node, the same for all interfaces of PROFINET.
        static let tail: UInt64 = 0x8271_00a0_2442_df7d
        /// The same of the endpoint mapper of DCE/RPC.
        static let endpointMapper: UInt64 = 0x91a4_0800_2b14_a0fa
    }

    private static let endpointMapperCode: UInt32 = 0x100
    private static let responseBit: UInt32 = 0x1_0000

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.body, bytes.u8(Offset.version) == 4,
            bytes.u8(Offset.packetType) <= PacketType.last
        else { return .no }
        let tail = bytes.be64(Offset.interface &+ 8)
        guard tail == Interface.tail || (tail == Interface.endpointMapper && hint.uses(port)) else { return .no }
        switch bytes.u8(Offset.packetType) {
        case PacketType.request: return .certain(from: .client)
        case PacketType.response: return .certain(from: .server)
        default: return .certain
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.body, bytes.u8(Offset.version) == 4 else { return .malformed }
        let isLittle = bytes.u8(Offset.dataFormat) & 0x10 != 0
        let type = bytes.u8(Offset.packetType)
        let operation = isLittle ? bytes.le16(Offset.operation) : bytes.be16(Offset.operation)
        let fragment = isLittle ? bytes.le16(Offset.fragment) : bytes.be16(Offset.fragment)
        guard type == PacketType.request || type == PacketType.response, fragment == 0 else {
            return .consumed(bytes.byteCount)
        }
        let isRequest = type == PacketType.request
        let length = Int(isLittle ? bytes.le16(Offset.length) : bytes.be16(Offset.length))
        let body = bytes.slice(Offset.body, length)
        if bytes.be64(Offset.interface &+ 8) == Interface.endpointMapper {
            d.message(endpointMapperCode | (isRequest ? 0 : responseBit), isRequest ? .identity : .none)
            if !isRequest { endpointMap(body, isLittle, &d) }
            return .consumed(bytes.byteCount)
        }
        d.message(UInt32(operation) | (isRequest ? 0 : responseBit), isRequest ? effect(operation) : .none)
        let interface = isLittle ? bytes.le32(Offset.interface) : bytes.be32(Offset.interface)
        ends(interface, isRequest: isRequest, &d)
        if interface == Interface.device {
            let object = isLittle ? bytes.le32(Offset.object) : bytes.be32(Offset.object)
            if object == Interface.object { objectIdentity(bytes, about: isRequest ? .destination : .source, &d) }
        }
        ProfinetBlocks.read(body.from(Offset.blocks &- Offset.body), isRequest: isRequest, &d)
        return .consumed(bytes.byteCount)
    }

    /// The object names the device it belongs to: instance, device and vendor id, 2 each, in its last six bytes, which are
    /// bytes and not numbers of the data format.
    private static func objectIdentity(_ bytes: RawSpan, about: Dissection.About, _ d: inout Dissection) {
        let vendor = bytes.be16(Offset.object &+ 14)
        guard vendor != 0 else { return }
        d.observe(.vendorID, number: UInt64(vendor), field: "object_vendor_id", about: about, confidence: .medium)
        d.observe(
            .productCode, number: UInt64(bytes.be16(Offset.object &+ 12)), field: "object_device_id", about: about,
            confidence: .medium)
        if let name = ProfinetVendor.name(vendor) {
            d.observe(.vendor, name, field: "object_vendor", about: about, confidence: .medium)
        }
    }

    /// Who offers the device's interface is a device; who connects to it, and who offers the controller's, a controller.
    private static func ends(_ interface: UInt32, isRequest: Bool, _ d: inout Dissection) {
        switch (interface, isRequest) {
        case (Interface.device, false): d.role(.io, field: "device_interface", confidence: .medium)
        case (Interface.controller, true): d.role(.io, field: "controller_interface_caller", confidence: .medium)
        case (Interface.controller, false): d.role(.plc, field: "controller_interface", confidence: .medium)
        default: break
        }
    }

    private static func effect(_ operation: UInt16) -> MessageEffect {
        switch operation {
        case Operation.read, Operation.readImplicit: .read
        case Operation.write: .write
        default: .none
        }
    }

    /// Endpoint mapper's answer: handle 20, count 4, array header 12, then per entry object 16, tower 4, offset 4, length 4
    /// and an annotation of 64 characters: type of device 25, order number 20, hardware 5, software 10, blanks between.
    private static func endpointMap(_ body: RawSpan, _ isLittle: Bool, _ d: inout Dissection) {
        let lengthOffset = 60
        let length = Int(isLittle ? body.le32(lengthOffset) : body.be32(lengthOffset))
        let annotation = body.slice(lengthOffset &+ 4, min(length, 64))
        guard annotation.byteCount >= 62 else { return }
        d.observe(.model, text: annotation.slice(0, 25), field: "annotation_device_type")
        d.observe(.productCode, text: annotation.slice(26, 20), field: "annotation_order_id")
        d.observe(.hardware, text: annotation.slice(47, 5), field: "annotation_hardware_revision")
        // The prefix letter, then three numbers of three characters each.
        let release = annotation.slice(53, 10)
        let prefix = release.u8(0)
        guard prefix >= 0x41, prefix <= 0x5a, let major = number(release.slice(1, 3)),
            let minor = number(release.slice(4, 3)), let patch = number(release.slice(7, 3))
        else { return }
        d.observe(
            .firmware, "\(Character(Unicode.Scalar(prefix)))\(major).\(minor).\(patch)",
            field: "annotation_software_revision")
    }

    /// Decimal figures, blanks around them allowed.
    private static func number(_ text: RawSpan) -> Int? {
        var value = 0
        var figures = 0
        var index = 0
        while index < text.byteCount {
            let octet = text.u8(index)
            index &+= 1
            if octet == 0x20 { continue }
            guard octet >= 0x30, octet <= 0x39 else { return nil }
            value = value &* 10 &+ Int(octet &- 0x30)
            figures &+= 1
        }
        return figures > 0 ? value : nil
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code & 0xffff {
            case UInt32(Operation.connect): "Connect"
            case UInt32(Operation.release): "Release"
            case UInt32(Operation.read): "Read"
            case UInt32(Operation.write): "Write"
            case UInt32(Operation.control): "Control"
            case UInt32(Operation.readImplicit): "Read Implicit"
            case endpointMapperCode: "Endpoint Mapper Lookup"
            default: "operation \(code & 0xffff)"
            }
        return code & responseBit != 0 ? name + " (response)" : name
    }
}
