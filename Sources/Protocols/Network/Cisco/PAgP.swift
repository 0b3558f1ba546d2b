import Model
import Wire

/// Port Aggregation Protocol: Cisco switches bundle links. Version 1 (information) or 2 (flush), then fixed fields of both
/// ends, the sender's first.
///
///     0  version                1
///     1  flags                  1
///     2  local device id        6   a MAC address
///     8  learning, hot standby  2
///    10  source port ifIndex    4
package enum PAgP: Dissector {
    package static let description = ProtocolDescription(
        name: "pagp", title: "PAgP", family: .network, level: .identity,
        reference: "Cisco Port Aggregation Protocol; fields as observed",
        bindings: [.snap(0x00000c, 0x0104)], displayFilter: "pagp")

    private static let deviceID = 2

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let version = bytes.u8(0)
        guard bytes.byteCount >= 8, version == 1 || version == 2 else { return .malformed }
        d.message(UInt32(version))
        let device = bytes.mac(deviceID)
        if version == 1, device.isUnicast {
            d.observe(.mac, mac: device, field: "local_device")
            d.role(.switch, field: "sender", confidence: .medium)
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 2 ? "Flush" : "Information" }
}
