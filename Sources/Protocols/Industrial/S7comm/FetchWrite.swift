import Model
import Wire

/// Siemens FETCH and WRITE: panels and other makers' controllers with SIMATIC S5 and S7, over TCP.
///
///     0  "S5", 10 (header size)
///     3  01 03, operation 1   3 write, 4 write answer, 5 fetch, 6 fetch answer
///     6  request:  03 08, area 1, block 1, start 2, size 2, FF 02
///        answer:   0F 03, error 1, FF 07
///    16  data
package enum FetchWrite: Dissector {
    package static let description = ProtocolDescription(
        name: "s5-fetch-write", title: "SIMATIC S5 FETCH/WRITE", family: .industrial, level: .operations,
        reference: "Siemens SIMATIC NET S7-CPs for Industrial Ethernet, FETCH/WRITE services, frame format",
        bindings: [.tcp([2000, 2001])], displayFilter: nil)

    private enum Offset { static let operation = 5, size = 12, header = 16 }
    private enum Operation {
        static let write: UInt8 = 3, writeAnswer: UInt8 = 4, fetch: UInt8 = 5, fetchAnswer: UInt8 = 6
    }

    private static func isHeader(_ bytes: RawSpan) -> Bool {
        bytes.starts(with: "S5") && bytes.u8(2) == 0x10 && bytes.be16(3) == 0x0103
            && bytes.u8(Offset.operation) >= Operation.write && bytes.u8(Offset.operation) <= Operation.fetchAnswer
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard isHeader(bytes), bytes.has(Offset.header) else { return .no }
        return .certain(from: bytes.u8(Offset.operation) & 1 == 1 ? .client : .server)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.header) else { return .needMore(Offset.header) }
        guard isHeader(bytes) else {
            // The data of a fetch answer: its size stood in the request.
            return d.fromClient ? .malformed : .consumed(bytes.byteCount)
        }
        let operation = bytes.u8(Offset.operation)
        d.message(
            UInt32(operation), operation == Operation.write ? .write : operation == Operation.fetch ? .read : .none)
        if operation & 1 == 0 { d.role(.plc, field: "server", confidence: .medium) }
        // Sizes are in words for data blocks; a write's data is skipped to the segment's end.
        return .consumed(operation == Operation.write ? bytes.byteCount : Offset.header)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 3: "WRITE"
        case 4: "WRITE (response)"
        case 5: "FETCH"
        case 6: "FETCH (response)"
        default: "Operation \(code)"
        }
    }
}
