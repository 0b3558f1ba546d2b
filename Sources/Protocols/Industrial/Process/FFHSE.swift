import Model
import Wire

/// FOUNDATION Fieldbus HSE: linking devices and hosts of process plants.
///
///     0  version  1   1
///     1  options  1   bit 7 message number, 6 invoke id, 5 time stamp, 3 extended; they add trailers
///     2  protocol 1   bits 7 to 2: 1 FDA session, 2 system management, 3 FMS, 4 LAN redundancy; bits 1 and 0: 0 request,
///                     1 response, 2 error
///     3  service  1   bit 7 confirmed
///     4  address  4
///     8  length   4   of the whole
package enum FFHSE: Dissector {
    package static let description = ProtocolDescription(
        name: "ff-hse", title: "FOUNDATION Fieldbus HSE", family: .industrial, level: .messages,
        reference: "FF-588-1.3, HSE Field Device Access Agent, 6; IEC 61158-5/6 type 5; fields as Wireshark names them",
        bindings: [.udp(ports), .tcp(ports)], displayFilter: "ff")

    private static let ports: [UInt16] = [1089, 1090, 1091, 3622]
    private enum Offset { static let version = 0, protocolType = 2, service = 3, length = 8, header = 12 }
    private static let longest: UInt32 = 65_535

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        bytes.has(Offset.header) && bytes.u8(Offset.version) == 1 && bytes.u8(Offset.protocolType) >> 2 >= 1
            && bytes.u8(Offset.protocolType) >> 2 <= 4 && bytes.u8(Offset.protocolType) & 3 != 3
            && bytes.be32(Offset.length) >= UInt32(Offset.header) && bytes.be32(Offset.length) <= longest
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isMessage(bytes), Int(bytes.be32(Offset.length)) == bytes.byteCount,
            hint.uses(1089) || hint.uses(1090) || hint.uses(1091) || hint.uses(3622)
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.header) else { return d.isTCP ? .needMore(Offset.header) : .malformed }
        guard isMessage(bytes) else { return .malformed }
        d.message(UInt32(bytes.u8(Offset.protocolType)) << 8 | UInt32(bytes.u8(Offset.service)))
        return .consumed(Int(bytes.be32(Offset.length)))
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code >> 10 {
            case 1: "FDA session"
            case 2: "System management"
            case 3: "FMS"
            default: "LAN redundancy"
            }
        let kind = ["request", "response", "error", ""][Int(code >> 8 & 3)]
        return "\(name) service \(code & 0x7f) (\(kind))"
    }
}
