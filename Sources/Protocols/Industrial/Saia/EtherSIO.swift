import Model
import Wire

/// SAIA Ether-S-I/O: cyclic data between SAIA PCD controllers and their remote inputs and outputs.
///
///     0  "ESIO"
///     4  type         2   0 reserved, 1 data, 2 status
///     6  version      2   0
///     8  length       2   of the whole telegram
///    10  transaction  2
///    12  telegram     4
package enum EtherSIO: Dissector {
    package static let description = ProtocolDescription(
        name: "ether-sio", title: "SAIA Ether-S-I/O", family: .industrial, level: .messages,
        reference: "Saia-Burgess Controls, unpublished; fields as Wireshark names them", bindings: [.udp([6060])],
        displayFilter: "esio")

    private enum Offset { static let type = 4, length = 8, telegram = 12 }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        bytes.starts(with: "ESIO") && Int(bytes.be16(Offset.length)) == bytes.byteCount ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.starts(with: "ESIO"), bytes.has(16) else { return .malformed }
        d.message(UInt32(bytes.be16(Offset.type)))
        d.observe("telegram", number: UInt64(bytes.be32(Offset.telegram)), field: "telegram_id")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Data transfer"
        case 2: "Status"
        default: "Type \(code)"
        }
    }
}
