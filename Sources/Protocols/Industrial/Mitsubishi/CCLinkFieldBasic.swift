import Model
import Wire

/// CC-Link IE Field Basic: a master broadcasts cyclic data to its slaves over UDP 61450, each answers it. Both use SLMP's
/// 3E header with fixed routing fields; the answer's end code stands further back.
///
///     request                                response
///     0   50 00, 00 FF FF 03 00              0   D0 00, 00 FF FF 03 00
///     7   length 2                           7   length 2
///     9   reserved 2                         9   reserved 2
///     11  command 0E70, subcommand 0000      11  protocol version 2
///     15  protocol version 2                 13  end code 2
///                                            31  vendor code 2, reserved 2, model code 4, equipment version 2
package enum CCLinkFieldBasic: Dissector {
    package static let description = ProtocolDescription(
        name: "cclink-ief-basic", title: "CC-Link IE Field Basic", family: .industrial, level: .identity,
        reference: "CC-Link IE Field Basic specification BAP-C2010-ENG", bindings: [.udp([61450])], displayFilter: nil)

    private static let port: UInt16 = 61450
    private enum Offset {
        static let length = 7, command = 11, requestVersion = 15, responseVersion = 11, endCode = 13
        static let vendor = 31, model = 35, equipment = 39
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, let isRequest = isRequest(bytes) else { return .no }
        if isRequest { return .certain(from: .client) }
        // Nothing but the port tells an answer from one of SLMP's.
        return hint.uses(port) && (1...2).contains(bytes.le16(Offset.responseVersion)) ? .certain(from: .server) : .no
    }

    private static func isRequest(_ bytes: RawSpan) -> Bool? {
        guard bytes.byteCount >= 31, bytes.be32(2) == 0x00ff_ff03, bytes.u8(6) == 0,
            Int(bytes.le16(Offset.length)) == bytes.byteCount &- 9, bytes.be16(9) == 0
        else { return nil }
        switch bytes.be16(0) {
        case 0x5000: return bytes.le16(Offset.command) == SLMPCommand.cyclic ? true : nil
        case 0xd000: return false
        default: return nil
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let isRequest = isRequest(bytes) else { return .malformed }
        if isRequest {
            d.message(1)
            d.role(.plc, field: "cyclic_request", confidence: .medium)
        } else {
            d.message(2)
            d.role(.io, field: "cyclic_response", confidence: .medium)
            if bytes.byteCount >= Offset.equipment + 2 {
                let vendor = bytes.le16(Offset.vendor)
                let model = bytes.le32(Offset.model)
                if vendor != 0 { d.observe(.vendorID, number: UInt64(vendor), field: "vendor_code") }
                if model != 0 { d.observe(.productCode, number: UInt64(model), field: "model_code") }
                if vendor != 0 || model != 0 {
                    d.observe(
                        .hardware, number: UInt64(bytes.le16(Offset.equipment)), field: "equipment_version")
                }
            }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        code == 1 ? "Cyclic Data request" : "Cyclic Data response"
    }
}
