import Model
import Wire

/// Link-Local Multicast Name Resolution: a host that is asked for its own name answers with its addresses. DNS's message
/// format, one question.
package enum LLMNR: Dissector {
    package static let description = ProtocolDescription(
        name: "llmnr", title: "LLMNR", family: .network, level: .identity, reference: "RFC 4795",
        bindings: [.udp([5355]), .tcp([5355])], displayFilter: "llmnr")

    private static let port: UInt16 = 5355

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(port), !hint.isTCP, let header = DNSHeader(bytes), header.opcode == 0, header.questions == 1,
            header.isResponse || header.answers == 0, let end = DNSName.end(bytes, at: DNSHeader.size),
            bytes.has(4, at: end)
        else { return .no }
        return .certain(from: header.isResponse ? .server : .client)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let header = DNSHeader(bytes) else { return .malformed }
        d.message(header.isResponse ? 1 : 0)
        guard header.isResponse else {
            if let name = DNSName.read(bytes, at: DNSHeader.size) { DNSQueries.note(name, &d) }
            return .consumed(bytes.byteCount)
        }
        for record in DNSRecords.read(bytes, header).records where record.section == .answer {
            guard let owner = DNSName.read(bytes, at: record.name) else { continue }
            switch record.type {
            case DNSType.a where record.length == 4, DNSType.aaaa where record.length == 16:
                let address = DNS.address(bytes, record)
                d.observe(
                    .name, text: owner.span.bytes, field: "address_record",
                    about: address == d.source.ip ? .source : .address(address))
            case DNSType.ptr:
                guard let address = DNSName.reversed(owner), let name = DNSName.read(bytes, at: record.data) else {
                    continue
                }
                d.observe(
                    .name, text: name.span.bytes, field: "pointer_record",
                    about: address == d.source.ip ? .source : .address(address))
            default: continue
            }
        }
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "Response" : "Query" }
}
