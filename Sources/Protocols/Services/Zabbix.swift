import Model
import Wire

/// Zabbix, the monitoring of computers and devices: server and agents exchange JSON, mostly compressed.
///
///     0  "ZBXD"   4  flags 1 (1 always, 2 compressed, 4 large)   5  length 4 (little-endian; 8 when large), size 4
package enum Zabbix: Dissector {
    package static let description = ProtocolDescription(
        name: "zabbix", title: "Zabbix", family: .service, level: .identity,
        reference: "Zabbix manual, Protocols: header",
        bindings: [.tcp([10050, 10051])])

    private static let headerSize = 13
    private static let serverPort: UInt16 = 10_051

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x5a else { return .no }
        guard bytes.byteCount >= 5 else { return bytes.byteCount < 2 || bytes.u8(1) == 0x42 ? .wait : .no }
        return bytes.starts(with: "ZBXD") && bytes.u8(4) & 0xf9 == 1 ? .certain : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= headerSize else { return .needMore(headerSize) }
        guard bytes.starts(with: "ZBXD") else { return .directionDone }
        let flags = bytes.u8(4)
        let isLarge = flags & 4 != 0
        let length = isLarge ? Int(truncatingIfNeeded: min(bytes.le64(5), 1 << 40)) : Int(bytes.le32(5))
        let header = isLarge ? 21 : headerSize
        guard length <= 1 << 30 else { return .malformed }
        if d.fromClient { d.message(UInt32(flags & 3)) }
        if d.destinationPort == serverPort { d.role(.server, field: "trapper", about: .server, confidence: .medium) }
        // An agent that asks for its checks names its host.
        if d.fromClient, flags & 2 == 0, length <= 4_096 {
            guard bytes.byteCount >= header &+ length else { return .needMore(header &+ length) }
            let text = bytes.slice(header, length)
            if text.u8(0) == 0x7b, let start = text.indexIgnoringCase(of: "\"host\":\"") {
                let rest = text.from(start &+ 8)
                d.observe(.name, text: rest.first(rest.index(of: 0x22) ?? 0), field: "host", confidence: .medium)
            }
        }
        return .consumed(header &+ length)
    }

    package static func messageName(_ code: UInt32) -> String { code == 3 ? "compressed message" : "message" }
}
