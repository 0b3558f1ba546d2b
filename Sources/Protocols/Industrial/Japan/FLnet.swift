import Model
import Wire

/// FL-net: masterless token passing between the controllers of several Japanese makers, over UDP.
///
///     0  "FACN"
///     4  length        4   of the whole frame
///     8  source node   4
///    12  destination   4
///    16  sequences     8
///    24  control 4, upper layer state 2, message size 2, message address 4
///    36  message flags 2, reserved 2
///    40  transaction   2   65000 token, 65001 cyclic data, 65002 participation, …
///    42  version       2
///    44  common memory areas 1 and 2: address and size, 2 each
///    52  mode 2, protocol type 1, priority 1, block numbers 2, size 2, link state 1, token watch 1, refresh time 2
///    64  data
package enum FLnet: Dissector {
    package static let description = ProtocolDescription(
        name: "fl-net", title: "FL-net (OPCN-2)", family: .industrial, level: .operations,
        reference: "JEM 1479:2012 (FL-net protocol), JEM-TR 213; header as makers' FL-net manuals print it",
        bindings: [.udp([55_000, 55_001, 55_002, 55_003])], displayFilter: nil)

    private enum Offset { static let length = 4, source = 8, transaction = 40 }
    private static let headerSize = 64

    private static func isFrame(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= headerSize && bytes.starts(with: "FACN") && Int(bytes.be32(Offset.length)) <= bytes.byteCount
            && bytes.be32(Offset.length) >= UInt32(headerSize)
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict { isFrame(bytes) ? .certain : .no }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isFrame(bytes) else { return .malformed }
        let transaction = UInt32(bytes.be16(Offset.transaction))
        d.message(transaction, effect(transaction))
        d.role(.plc, field: "node", confidence: .medium)
        // Node numbers are 1 to 254; 255 goes to all.
        let node = bytes.be32(Offset.source)
        if node >= 1, node <= 254 { d.observe("node", number: UInt64(node), field: "node_number") }
        return .consumed(bytes.byteCount)
    }

    private static func effect(_ transaction: UInt32) -> MessageEffect {
        switch transaction {
        case 65003, 65005, 65007, 65013: .read
        case 65004, 65006, 65008, 65014: .write
        case 65009, 65010: .control
        case 65011: .identity
        default: .none
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 65000: "Token"
        case 65001: "Cyclic data"
        case 65002: "Participation request"
        case 65003: "Read byte block"
        case 65004: "Write byte block"
        case 65005: "Read word block"
        case 65006: "Write word block"
        case 65007: "Read network parameters"
        case 65008: "Write network parameters"
        case 65009: "Stop"
        case 65010: "Run"
        case 65011: "Read device profile"
        case 65013: "Read log"
        case 65014: "Clear log"
        case 65015: "Echo"
        case 65203...65215: "Response to \(code - 200)"
        case 0..<60000: "Transparent message \(code)"
        default: "Transaction \(code)"
        }
    }
}
