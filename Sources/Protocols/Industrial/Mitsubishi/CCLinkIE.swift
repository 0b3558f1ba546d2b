import Model
import Wire

/// CC-Link IE Field and CC-Link IE Control, token-passing cyclic networks right on Ethernet, and CC-Link IE TSN, which shares their
/// EtherType. The first byte is the kind of frame; what follows it is read of TSN, whose partner association published it.
///
///     test data, and the frames of Field and Control:
///         0  kind 1, data type 1, priority 3, node type 1, node number 2
///         8  protocol          1   high half the version, low half 0 Control, 1 Field, 3 TSN
///     TSN detection answer:
///         2  node type         1   low half 0 master, 1 slave, 2 switch, 4 submaster
///         6  MAC of the sender 6, unused 2, MAC of the node before it 6
///        58  IPv4 address, mask and gateway 4 each
///       118  device version 2, vendor 2, model 4, expansion 2, device type 2
package enum CCLinkIE: Dissector {
    package static let description = ProtocolDescription(
        name: "cclink-ie", title: "CC-Link IE Field / Control / TSN", family: .industrial, level: .identity,
        reference:
            "CC-Link IE Field Network specification BAP-C1605; CC-Link Partner Association, CC-Link IE TSN dissector",
        bindings: [.etherType(0x890f)], displayFilter: "eth.type == 0x890f",
        includes: ["detection and cyclic frames of TSN"])

    private enum Kind {
        static let testData: UInt8 = 0x11, testAnswer: UInt8 = 0x12, priority: UInt8 = 0xc0, detection: UInt8 = 0xc1
        static let detectionAnswer: UInt8 = 0xc2, acyclic: UInt8 = 0xc3, cyclicMaster: UInt8 = 0xc4
        static let cyclicSlave: UInt8 = 0xc5
    }
    private enum Answer {
        static let node = 2, address = 58, gateway = 66, version = 118, vendor = 120, model = 122, deviceType = 128
        static let end = 130
    }
    private static let protocolType = 8

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 12 else { return .malformed }
        let kind = bytes.u8(0)
        d.message(UInt32(kind), kind == Kind.detection ? .identity : .none)
        switch kind {
        case Kind.detectionAnswer where bytes.byteCount >= Answer.end:
            if d.isNew(bytes.first(Answer.end), field: "detection_answer") { detected(bytes, &d) }
        case Kind.cyclicMaster: d.role(.plc, field: "cyclic_master", confidence: .medium)
        case Kind.testData, Kind.testAnswer:
            if let name = network(bytes.u8(protocolType)) {
                // Control's number is what any byte that means something else is likely to hold.
                let isZero = bytes.u8(protocolType) & 15 == 0
                d.observe(
                    "cclink_network", WireText(name), field: "protocol_type", confidence: isZero ? .low : .medium)
            }
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    private static func network(_ type: UInt8) -> String? {
        switch type & 15 {
        case 0: "CC-Link IE Control"
        case 1: "CC-Link IE Field"
        case 3: "CC-Link IE TSN"
        default: nil
        }
    }

    private static func detected(_ bytes: RawSpan, _ d: inout Dissection) {
        d.observe("cclink_network", "CC-Link IE TSN", field: "detection_answer_network")
        switch bytes.u8(Answer.node) & 15 {
        case 0, 4: d.role(.plc, field: "node_type")
        case 1: d.role(.io, field: "node_type", confidence: .low)
        case 2: d.role(.switch, field: "node_type")
        default: break
        }
        let vendor = bytes.be16(Answer.vendor)
        if vendor != 0 { d.observe(.vendorID, "\(vendor)", field: "vendor_code") }
        if bytes.be32(Answer.model) != 0 {
            d.observe(.productCode, hexadecimal(bytes.be32(Answer.model), digits: 8), field: "model_code")
        }
        d.observe(.deviceType, "\(bytes.be16(Answer.deviceType))", field: "device_type")
        d.observe(.version, "\(bytes.be16(Answer.version))", field: "device_version", confidence: .medium)
        let address = bytes.be32(Answer.address)
        if address != 0, address != .max { d.observe(.ip, address: IPAddress(v4: address), field: "ipv4_address") }
        let gateway = bytes.be32(Answer.gateway)
        if gateway != 0, gateway != .max { d.observe(.gateway, address: IPAddress(v4: gateway), field: "ipv4_gateway") }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch UInt8(truncatingIfNeeded: code) {
        case Kind.testData: "Test data"
        case Kind.testAnswer: "Test data answer"
        case Kind.priority: "TSN priority"
        case Kind.detection: "TSN detection"
        case Kind.detectionAnswer: "TSN detection answer"
        case Kind.acyclic: "TSN acyclic data"
        case Kind.cyclicMaster: "TSN cyclic data of a master"
        case Kind.cyclicSlave: "TSN cyclic data of a slave"
        default: "Frame type 0x" + String(code, radix: 16)
        }
    }
}
