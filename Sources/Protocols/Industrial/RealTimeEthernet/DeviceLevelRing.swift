import Model
import Wire

/// Device Level Ring of EtherNet/IP: a ring supervisor and two-port devices watch over their ring.
///
///     0  sub-type 1, version 1
///     2  frame type   1
///     3  source port  1
///     4  source IP    4   zero when the device has none
///     8  sequence     4
///    12  beacon: ring state 1 (1 normal, 2 fault), supervisor precedence 1, interval 4, timeout 4
package enum DeviceLevelRing: Dissector {
    package static let description = ProtocolDescription(
        name: "dlr", title: "Device Level Ring (DLR)", family: .industrial, level: .identity,
        reference: "ODVA The CIP Networks Library, volume 2, 9-5", bindings: [.etherType(0x80e1)],
        displayFilter: "dlr")

    private enum Offset { static let type = 2, address = 4, state = 12, end = 12 }
    private enum FrameType { static let beacon: UInt8 = 1, locateFault: UInt8 = 5, announce: UInt8 = 6 }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.end else { return .malformed }
        let type = bytes.u8(Offset.type)
        d.message(UInt32(type))
        let address = bytes.ipv4(Offset.address)
        if bytes.be32(Offset.address) != 0, address.isUnicast { d.observe(.ip, address: address, field: "source_ip") }
        if type == FrameType.beacon || type == FrameType.announce {
            if type == FrameType.beacon { d.observe("ring_supervisor", "DLR", field: "beacon") }
            if bytes.u8(Offset.state) == 2 { d.observe(.status, "ring fault", field: "ring_state") }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Beacon"
        case 2: "Neighbor_Check_Request"
        case 3: "Neighbor_Check_Response"
        case 4: "Link_Status"
        case 5: "Locate_Fault"
        case 6: "Announce"
        case 7: "Sign_On"
        case 8: "Advertise"
        case 9: "Flush_Tables"
        case 10: "Learning_Update"
        default: "Frame type \(code)"
        }
    }
}
