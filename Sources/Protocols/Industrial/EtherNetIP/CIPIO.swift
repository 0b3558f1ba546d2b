import Model
import Wire

/// CIP implicit messages: cyclic inputs and outputs on UDP 2222 (CIP Networks Library, volume 2, 2-6 and 3-3). Two items:
/// a sequenced address (connection id, sequence number) and connected data.
package enum CIPIO: Dissector {
    package static let description = ProtocolDescription(
        name: "cip-io", title: "CIP I/O", family: .industrial, level: .messages,
        reference: "CIP Networks Library, volume 2 (ODVA), 2-6 and 3-3", bindings: [.udp([port])],
        displayFilter: "cipio")

    private static let port: UInt16 = 2222

    private enum Offset {
        static let itemCount = 0, addressType = 2, addressLength = 4, dataType = 14, dataLength = 16, data = 18
    }
    private static let sequencedAddressLength: UInt16 = 8

    private enum Code {
        static let unicast: UInt32 = 0, multicast: UInt32 = 1
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= Offset.data, bytes.le16(Offset.itemCount) >= 2, bytes.le16(Offset.itemCount) <= 4,
            bytes.le16(Offset.addressType) == EtherNetIP.Item.sequencedAddress,
            bytes.le16(Offset.addressLength) == sequencedAddressLength,
            bytes.le16(Offset.dataType) == EtherNetIP.Item.connectedData,
            bytes.has(Int(bytes.le16(Offset.dataLength)), at: Offset.data)
        else { return .no }
        return hint.isTCP ? .no : .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.data,
            bytes.le16(Offset.addressType) == EtherNetIP.Item.sequencedAddress
        else { return .malformed }
        let isMulticast = d.destination.ip?.isMulticast ?? false
        d.message(isMulticast ? Code.multicast : Code.unicast)
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        code == Code.multicast ? "I/O data (multicast)" : "I/O data"
    }
}
