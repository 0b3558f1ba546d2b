import Model
import Wire

/// UniDirectional Link Detection: each end repeats who it heard.
///
///     0  version 3 bits, opcode 5 bits   1 probe, 2 echo, 3 flush
///     1  flags     1
///     2  checksum  2
///     4  TLVs          type 2, length 2 (header included), value: 1 device id, 2 port id, 3 echo, 6 device name
package enum UDLD: Dissector {
    package static let description = ProtocolDescription(
        name: "udld", title: "UDLD", family: .network, level: .identity, reference: "RFC 5171",
        bindings: [.snap(0x00000c, 0x0111)], displayFilter: "udld")

    private static let mostTLVs = 32

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var reader = FieldReader(bytes)
        do throws(DecodeError) {
            let opcode = try reader.u8("UDLD opcode")
            guard opcode >> 5 == 1 else { return .malformed }
            d.message(UInt32(opcode & 31))
            d.role(.switch, field: "sender", confidence: .medium)
            try reader.skip(3, "UDLD flags and checksum")
            var left = mostTLVs
            while left > 0, reader.remaining >= 4 {
                left &-= 1
                let type = try reader.be16("UDLD TLV type")
                let length = try reader.be16("UDLD TLV length")
                if type == 0, length == 0 { break }
                guard length >= 4 else { return .malformed }
                let value = try reader.take(Int(length) &- 4, "UDLD TLV value")
                switch type {
                case 1: d.observe(.chassisID, identifier: value, field: "device_id")
                case 2: d.observe(.portID, text: value, field: "port_id")
                case 6: d.observe(.name, text: value, field: "device_name")
                default: break
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Probe"
        case 2: "Echo"
        case 3: "Flush"
        default: "Opcode \(code)"
        }
    }
}
