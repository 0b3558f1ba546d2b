import Model
import Wire

/// sFlow: switches and routers send samples of frames and counters to a collector.
///
///     0  version  4   5
///     4  agent's address: kind 4 (1 IPv4, 2 IPv6), address 4 or 16
///        sub-agent 4, sequence 4, up time 4, samples 4, then samples { kind 4, length 4, … }
package enum SFlow: Dissector {
    package static let description = ProtocolDescription(
        name: "sflow", title: "sFlow", family: .network, level: .identity, reference: "sFlow Version 5, 5",
        bindings: [.udp([6343])], displayFilter: "sflow")

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.be32(0) == 5, bytes.byteCount >= 28 else { return .no }
        let address = addressSize(bytes)
        guard address > 0, bytes.be32(20 &+ address) <= 256 else { return .no }
        let first = 24 &+ address
        guard bytes.byteCount > first else { return bytes.be32(20 &+ address) == 0 ? .certain(from: .client) : .no }
        return bytes.be32(first) & 0xfff <= 8 && Int(bytes.be32(first &+ 4)) <= bytes.byteCount
            ? .certain(from: .client) : .no
    }

    private static func addressSize(_ bytes: RawSpan) -> Int {
        switch bytes.be32(4) {
        case 1: 4
        case 2: 16
        default: 0
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.message(5)
        switch addressSize(bytes) {
        case 4 where bytes.be32(8) != 0:
            d.observe(.managementAddress, address: bytes.ipv4(8), field: "agent_address", confidence: .medium)
        case 16: d.observe(.managementAddress, address: bytes.ipv6(8), field: "agent_address", confidence: .medium)
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "sFlow datagram" }
}
