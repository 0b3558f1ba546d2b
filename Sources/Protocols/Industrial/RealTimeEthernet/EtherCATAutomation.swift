import Model
import Wire

/// EtherCAT Automation Protocol: controllers publish network variables to each other, in UDP datagrams or straight on Ethernet
/// (where `EtherCAT` hands the frames over, as both share the EtherType).
///
///     0  length 11 bits, reserved 1, type 4      little-endian, as in every EtherCAT frame; type 4: process data
///     2  publisher   6   AMS NetId
///     8  variables   2   number of them
///    10  cycle       2   index, counts the publisher's cycles
///    12  reserved    2
///    14  variables: id 2, hash 2, length 2, quality 2, data
package enum EtherCATAutomation: Dissector {
    package static let description = ProtocolDescription(
        name: "ethercat-ap", title: "EtherCAT Automation Protocol (EAP)", family: .industrial, level: .identity,
        reference: "ETG.1005; Beckhoff TwinCAT, network variables; as Wireshark's nv reads it",
        bindings: [.udp([port])], displayFilter: "tc_nv", includes: ["network variables"])

    private static let port: UInt16 = 0x88a4
    /// Frame type of process data, in the high four bits of the frame's first word.
    static let processData: UInt16 = 4

    private static let lengthMask: UInt16 = 0x7ff
    private enum Offset { static let publisher = 2, count = 8, variables = 14 }
    private enum Variable { static let length = 4, data = 8 }
    /// Variables that fit an Ethernet frame.
    private static let mostVariables = 190

    private enum Code { static let published: UInt32 = 1 }
    private static let name = Dissection.ProtocolName(description.name)

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount > Offset.variables, bytes.le16(0) >> 12 == processData,
            bytes.le32(Offset.publisher) != 0, let end = end(of: bytes), end == bytes.byteCount
        else { return .no }
        let length = Int(bytes.le16(0) & lengthMask)
        guard length &+ Offset.publisher <= bytes.byteCount else { return .no }
        // One variable of a few bytes is a weak shape; several that fill the datagram as its header says are not.
        let fills = bytes.le16(Offset.count) > 1 && length &+ Offset.publisher == bytes.byteCount
        return fills || hint.uses(port) ? .certain : .possible
    }

    /// Where the last variable ends; nil when they do not fit.
    private static func end(of bytes: RawSpan) -> Int? {
        var left = Int(bytes.le16(Offset.count))
        guard left > 0, left <= mostVariables else { return nil }
        var offset = Offset.variables
        while left > 0 {
            guard bytes.has(Variable.data, at: offset) else { return nil }
            let length = Int(bytes.le16(offset &+ Variable.length))
            guard length > 0, bytes.has(length, at: offset &+ Variable.data) else { return nil }
            offset &+= Variable.data &+ length
            left &-= 1
        }
        return offset
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount > Offset.variables, bytes.le16(0) >> 12 == processData else { return .malformed }
        d.message(Code.published)
        guard end(of: bytes) != nil else {
            if !d.isCut {
                d.malformed(
                    DecodeError(
                        field: "network variables", offset: Offset.variables, needed: Variable.data,
                        available: bytes.byteCount &- Offset.variables))
            }
            return .consumed(bytes.byteCount)
        }
        if d.isNew(bytes.slice(Offset.publisher, 6), field: "publisher") {
            let text = (0..<6).map { String(bytes.u8(Offset.publisher &+ $0)) }.joined(separator: ".")
            d.observe("ams_net_id", text, field: "publisher")
            d.role(.plc, field: "publisher_role", confidence: .medium)
        }
        return .consumed(bytes.byteCount)
    }

    /// Reads a frame that came with EtherCAT's EtherType; counts it as process data with the codes of `EtherCATMessage`.
    static func handedOver(_ bytes: RawSpan, _ d: inout Dissection) {
        let outer = d.lent
        let first = d.messageCount
        d.lent = name
        _ = dissect(bytes, &d)
        d.lent = outer
        if d.messageCount > first { d.recode(messageAt: first, EtherCATMessage.other | UInt32(processData)) }
    }

    package static func messageName(_ code: UInt32) -> String {
        code == Code.published ? "network variables" : "message \(code)"
    }
}
