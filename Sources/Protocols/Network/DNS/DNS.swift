import Model
import Wire

/// Domain Name System over UDP, and over TCP behind a length of 2 bytes.
package enum DNS: Dissector {
    package static let description = ProtocolDescription(
        name: "dns", title: "DNS", family: .network, level: .identity,
        reference: "RFC 1034, RFC 1035, RFC 2136 (updates), RFC 7766 (TCP)", bindings: [.udp([53]), .tcp([53])],
        displayFilter: "dns", includes: ["tunnels through DNS, suspected"])

    private static let port: UInt16 = 53
    private static let update: UInt8 = 5
    private static let internet: UInt16 = 1, chaos: UInt16 = 3

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        // Its relatives have ports of their own.
        if hint.uses(5353) || hint.uses(5355) || hint.uses(137) { return .no }
        if hint.isTCP {
            guard bytes.byteCount >= 2 + DNSHeader.size else { return hint.uses(port) ? .wait : .no }
            let length = Int(bytes.be16(0))
            guard length > DNSHeader.size, bytes.byteCount >= min(2 + length, 64) else { return .no }
            return verdict(bytes.slice(2, length), hint)
        }
        return verdict(bytes, hint)
    }

    private static func verdict(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard let header = DNSHeader(bytes), header.opcode <= update, header.opcode != 3, bytes.be16(2) & 0x0040 == 0
        else {
            return .no
        }
        guard header.questions <= 8, header.answers <= 512, header.authorities <= 256, header.additionals <= 256,
            header.questions > 0 || header.isResponse, header.isResponse || header.answers == 0 || header.opcode != 0
        else { return .no }
        if header.questions > 0 {
            guard let end = DNSName.end(bytes, at: DNSHeader.size), bytes.has(4, at: end) else { return .no }
            let classNumber = bytes.be16(end + 2)
            guard (1...4).contains(classNumber) || classNumber == 254 || classNumber == 255 else { return .no }
        }
        let sender: Verdict.Sender = header.isResponse ? .server : .client
        if hint.uses(port) { return .certain(from: sender) }
        // Elsewhere only questions for host names will do.
        guard header.questions == 1, let name = DNSName.read(bytes, at: DNSHeader.size), DNSName.isOrdinary(name),
            name.count > 3
        else { return .no }
        return .possible(from: sender)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            guard let header = DNSHeader(bytes) else { return .malformed }
            message(bytes, header, &d)
            return .consumed(bytes.byteCount)
        }
        guard bytes.byteCount >= 2 else { return .needMore(2) }
        let total = 2 + Int(bytes.be16(0))
        guard total >= 2 + DNSHeader.size else { return .malformed }
        guard bytes.byteCount >= total else { return .needMore(total) }
        let body = bytes.slice(2, total &- 2)
        guard let header = DNSHeader(body) else { return .malformed }
        message(body, header, &d)
        return .consumed(total)
    }

    private static func message(_ bytes: RawSpan, _ header: DNSHeader, _ d: inout Dissection) {
        d.message(UInt32(header.opcode) | (header.isResponse ? 0x80 : 0))
        if !header.isResponse, header.opcode == 0 {
            if header.questions > 0, let name = DNSName.read(bytes, at: DNSHeader.size) { DNSQueries.note(name, &d) }
            return
        }
        let (records, isWhole) = DNSRecords.read(bytes, header)
        if !isWhole, !d.isCut {
            d.malformed(DecodeError(field: "DNS record", offset: bytes.byteCount, needed: 1, available: 0))
        }
        if header.opcode == update {
            if !header.isResponse { registration(bytes, records, &d) }
            return
        }
        guard header.isResponse else { return }
        if header.recursionAvailable || header.isAuthoritative {
            d.role(.dnsServer, field: "answer", confidence: header.responseCode == 5 ? .low : .high)
        }
        answers(bytes, records, &d)
    }

    /// Names that an answer gives to addresses, and domain controllers among them.
    private static func answers(_ bytes: RawSpan, _ records: [DNSRecord], _ d: inout Dissection) {
        let question = records.first { $0.section == .question }.flatMap { DNSName.read(bytes, at: $0.name) }
        var controllers: [[UInt8]] = []
        var seen = 0
        for record in records where record.section != .question {
            if record.classNumber == chaos, record.type == DNSType.txt {
                version(bytes, record, question, &d)
                continue
            }
            guard record.classNumber == internet, seen < 64 else { continue }
            switch record.type {
            case DNSType.a where record.length == 4 && record.section == .answer,
                DNSType.aaaa where record.length == 16 && record.section == .answer:
                seen &+= 1
                // What was asked for says more than the alias at the end of a chain.
                if let name = question ?? DNSName.read(bytes, at: record.name) {
                    d.observe(
                        .name, text: name.span.bytes, field: "address_record", about: .address(address(bytes, record)),
                        confidence: .medium)
                }
            case DNSType.a where record.length == 4, DNSType.aaaa where record.length == 16:
                guard let name = DNSName.read(bytes, at: record.name) else { continue }
                d.observe(
                    .name, text: name.span.bytes, field: "address_record", about: .address(address(bytes, record)),
                    confidence: .medium)
                if controllers.contains(name) {
                    d.role(
                        .domainController, field: "service_record", about: .address(address(bytes, record)),
                        confidence: .medium)
                }
            case DNSType.ptr where record.section == .answer:
                seen &+= 1
                guard let owner = DNSName.read(bytes, at: record.name), let address = DNSName.reversed(owner),
                    let name = DNSName.read(bytes, at: record.data)
                else { continue }
                d.observe(
                    .name, text: name.span.bytes, field: "pointer_record", about: .address(address), confidence: .medium
                )
            case DNSType.srv where record.length > 6 && controllers.count < 16:
                guard let owner = DNSName.read(bytes, at: record.name), isDomainControllerService(owner),
                    let target = DNSName.read(bytes, at: record.data + 6)
                else { continue }
                controllers.append(target)
            default: continue
            }
        }
    }

    /// Active Directory's locator records (MS-ADTS 6.3.2.3): `_ldap._tcp.dc._msdcs.…`, `_kerberos._tcp.dc._msdcs.…`.
    private static func isDomainControllerService(_ owner: [UInt8]) -> Bool {
        let text = String(decoding: owner, as: UTF8.self).lowercased()
        return text.hasPrefix("_ldap._tcp.") || text.hasPrefix("_kerberos._tcp.") || text.hasPrefix("_gc._tcp.")
    }

    /// `version.bind` or `version.server` in class CHAOS: what the server runs.
    private static func version(_ bytes: RawSpan, _ record: DNSRecord, _ question: [UInt8]?, _ d: inout Dissection) {
        guard let question, String(decoding: question, as: UTF8.self).lowercased().hasPrefix("version.") else { return }
        let count = Int(bytes.u8(record.data))
        guard count < record.length else { return }
        d.observe(.software, text: bytes.slice(record.data + 1, count), field: "version")
    }

    /// A dynamic update (RFC 2136): hosts register their own name this way. The update section is the authority section.
    private static func registration(_ bytes: RawSpan, _ records: [DNSRecord], _ d: inout Dissection) {
        for record in records where record.section == .authority && record.classNumber == internet {
            guard record.type == DNSType.a && record.length == 4 || record.type == DNSType.aaaa && record.length == 16,
                let name = DNSName.read(bytes, at: record.name)
            else { continue }
            let address = address(bytes, record)
            d.observe(
                .name, text: name.span.bytes, field: "update", about: .address(address),
                confidence: address == d.source.ip ? .high : .medium)
        }
    }

    /// The address of an A or AAAA record.
    static func address(_ bytes: RawSpan, _ record: DNSRecord) -> IPAddress {
        record.length == 4 ? bytes.ipv4(record.data) : bytes.ipv6(record.data)
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code & 0x7f {
            case 0: "Query"
            case 1: "Inverse query"
            case 2: "Status"
            case 4: "Notify"
            case 5: "Update"
            default: "Opcode \(code & 0x7f)"
            }
        return code & 0x80 != 0 ? name + " response" : name
    }
}
