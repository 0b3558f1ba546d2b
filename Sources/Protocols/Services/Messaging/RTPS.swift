import Model
import Wire

/// RTPS, the wire protocol of DDS: robots (ROS 2), test benches, power plants. Participants announce themselves by multicast.
///
///     0  "RTPS"
///     4  version    2
///     6  vendor     2
///     8  GUID prefix  12
///    20  submessages: id 1, flags 1 (bit 0 little-endian), length 2, then content
///
/// DATA (15): extra flags 2, octets to inline QoS 2, reader 4, writer 4, sequence 8; for the participant writer (000100C2) a
/// parameter list: encapsulation 4, then id 2, length 2, value; 0062 entity name, 0059 properties.
package enum RTPS: Dissector {
    package static let description = ProtocolDescription(
        name: "rtps", title: "DDS (RTPS)", family: .service, level: .identity,
        reference: "OMG DDSI-RTPS 2.5, 9.4 and 9.6",
        bindings: [.udp([7400, 7401, 7410, 7411, 7412, 7413, 7414, 7415]), .tcp([7400])], displayFilter: "rtps")

    private enum Offset { static let version = 4, vendor = 6, prefix = 8, submessages = 20 }
    private enum Submessage { static let data: UInt8 = 0x15, header = 4 }
    private static let participantWriter: UInt32 = 0x0001_00c2
    private static let mostSubmessages = 64
    private static let mostParameters = 128

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x52, bytes.byteCount >= Offset.submessages, bytes.starts(with: "RTPS"),
            bytes.u8(Offset.version) <= 2
        else { return .no }
        return hint.isTCP && !hint.uses(7400) ? .no : .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // Streams are only recognised: the segments between messages belong to each vendor.
        if d.isTCP { return .conversationDone }
        guard bytes.byteCount >= Offset.submessages, bytes.starts(with: "RTPS") else { return .malformed }
        if let vendor = vendorName(bytes.be16(Offset.vendor)) { d.observe(.software, vendor, field: "vendor_id") }
        var offset = Offset.submessages
        var left = mostSubmessages
        while left > 0, bytes.has(Submessage.header, at: offset) {
            left &-= 1
            let id = bytes.u8(offset)
            let isLittle = bytes.u8(offset &+ 1) & 1 != 0
            let length = Int(isLittle ? bytes.le16(offset &+ 2) : bytes.be16(offset &+ 2))
            d.message(UInt32(id))
            // Zero means "to the end" for the last submessage.
            let size = length == 0 ? bytes.byteCount &- offset &- Submessage.header : length
            if id == Submessage.data {
                data(bytes.slice(offset &+ Submessage.header, size), flags: bytes.u8(offset &+ 1), &d)
            }
            offset &+= Submessage.header &+ size
        }
        return .consumed(bytes.byteCount)
    }

    private static func data(_ content: RawSpan, flags: UInt8, _ d: inout Dissection) {
        guard content.be32(8) == participantWriter, content.byteCount >= 24 else { return }
        let isLittle = flags & 1 != 0
        guard d.isNew(content.from(20), field: "participant") else { return }
        var offset = 4 &+ Int(isLittle ? content.le16(2) : content.be16(2))
        // Inline quality of service is another parameter list before the data.
        if flags & 2 != 0 { offset = parameters(content, at: offset, isLittle: isLittle, isRead: false, &d) }
        let isListLittle = content.u8(offset &+ 1) & 1 != 0
        _ = parameters(content, at: offset &+ 4, isLittle: isListLittle, isRead: true, &d)
    }

    /// Walks a parameter list; answers where it ends.
    private static func parameters(
        _ content: RawSpan, at start: Int, isLittle: Bool, isRead: Bool, _ d: inout Dissection
    ) -> Int {
        var offset = start
        var left = mostParameters
        while left > 0, content.has(4, at: offset) {
            left &-= 1
            let id = isLittle ? content.le16(offset) : content.be16(offset)
            let length = Int(isLittle ? content.le16(offset &+ 2) : content.be16(offset &+ 2))
            offset &+= 4
            if id & 0x3fff == 1 { return offset }
            let value = content.slice(offset, length)
            if isRead {
                if id == 0x0062 {
                    d.observe(
                        "dds_participant", text: value.slice(4, Int(isLittle ? value.le32(0) : value.be32(0))),
                        field: "entity_name")
                } else if id == 0x0059 {
                    properties(value, isLittle: isLittle, &d)
                }
            }
            offset &+= length
        }
        return offset
    }

    /// Number of pairs 4, then name and value: length 4 with the NUL, text, padding to 4.
    private static func properties(_ list: RawSpan, isLittle: Bool, _ d: inout Dissection) {
        var offset = 4
        var left = 64
        while left > 0, list.has(4, at: offset) {
            left &-= 1
            let size = Int(isLittle ? list.le32(offset) : list.be32(offset))
            let name = list.slice(offset &+ 4, size)
            let next = offset &+ 4 &+ (size &+ 3) & ~3
            let valueSize = Int(isLittle ? list.le32(next) : list.be32(next))
            guard list.has(valueSize, at: next &+ 4) else { return }
            let value = list.slice(next &+ 4, valueSize)
            if name.starts(with: "dds.sys_info.hostname") {
                d.observe(.name, text: value, field: "hostname", confidence: .medium)
            } else if name.starts(with: "dds.sys_info.target") {
                d.observe(.os, text: value, field: "target", confidence: .low)
            }
            offset = next &+ 4 &+ (valueSize &+ 3) & ~3
        }
    }

    /// OMG's list of vendor ids.
    private static func vendorName(_ id: UInt16) -> String? {
        switch id {
        case 0x0101: "RTI Connext DDS"
        case 0x0102: "OpenSplice DDS"
        case 0x0103: "OpenDDS"
        case 0x0106: "CoreDX DDS"
        case 0x010f: "eProsima Fast DDS"
        case 0x0110: "Eclipse Cyclone DDS"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0x01: "PAD"
        case 0x06: "ACKNACK"
        case 0x07: "HEARTBEAT"
        case 0x08: "GAP"
        case 0x09: "INFO_TS"
        case 0x0c: "INFO_SRC"
        case 0x0d: "INFO_REPLY_IP4"
        case 0x0e: "INFO_DST"
        case 0x0f: "INFO_REPLY"
        case 0x12: "NACK_FRAG"
        case 0x13: "HEARTBEAT_FRAG"
        case 0x15: "DATA"
        case 0x16: "DATA_FRAG"
        default: "Submessage 0x" + String(code, radix: 16)
        }
    }
}
