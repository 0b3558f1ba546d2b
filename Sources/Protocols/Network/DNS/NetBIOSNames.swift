import Model
import Wire

/// NetBIOS Name Service: DNS's message format with names of 16 bytes, the last of which says what the name is for.
package enum NetBIOSNames: Dissector {
    package static let description = ProtocolDescription(
        name: "nbns", title: "NetBIOS Name Service", family: .network, level: .identity,
        reference: "RFC 1002, 4.2; suffixes: MS-NBTE 1.8", bindings: [.udp([137])], displayFilter: "nbns")

    private static let encodedSize = 32

    /// Name and suffix.
    struct Name {
        var text: WireText
        var suffix: UInt8
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, let header = DNSHeader(bytes), header.questions <= 1,
            header.questions &+ header.answers >= 1, header.answers <= 2, header.additionals <= 1,
            name(bytes, at: DNSHeader.size) != nil
        else { return .no }
        return .certain(from: header.isResponse ? .server : .client)
    }

    /// A first-level encoded name: length 20, then two letters A–P for every byte (RFC 1001, 14.1).
    static func name(_ bytes: RawSpan, at offset: Int) -> Name? {
        guard bytes.u8(offset) == UInt8(encodedSize), bytes.has(encodedSize, at: offset + 1) else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(16)
        var index = 0
        while index < encodedSize {
            let high = bytes.u8(offset + 1 + index) &- 0x41
            let low = bytes.u8(offset + 2 + index) &- 0x41
            guard high < 16, low < 16 else { return nil }
            decoded.append(high << 4 | low)
            index += 2
        }
        return name(decoded.span.bytes)
    }

    /// 15 bytes filled up with blanks, suffix 1. The code page is the sender's; in Japan 932.
    private static func name(_ bytes: RawSpan) -> Name {
        Name(text: WireText(shiftJIS: bytes.first(15)), suffix: bytes.u8(15))
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let header = DNSHeader(bytes) else { return .malformed }
        d.message(UInt32(header.opcode) | (header.isResponse ? 0x80 : 0))
        if !header.isResponse, header.opcode == 0 {
            if let name = name(bytes, at: DNSHeader.size), name.text.raw != "*" {
                DNSQueries.note(Array(name.text.raw.utf8), &d)
            }
            return .consumed(bytes.byteCount)
        }
        let (records, isWhole) = DNSRecords.read(bytes, header)
        if !isWhole, !d.isCut {
            d.malformed(DecodeError(field: "NetBIOS record", offset: bytes.byteCount, needed: 1, available: 0))
        }
        for record in records where record.section != .question {
            switch record.type {
            case DNSType.netBIOS: addresses(bytes, record, header, &d)
            case DNSType.nodeStatus where header.isResponse: nodeStatus(bytes.slice(record.data, record.length), &d)
            default: continue
            }
        }
        return .consumed(bytes.byteCount)
    }

    /// NB record: flags 2 (8000 group name), address 4, again and again. In a registration or refresh the sender claims the
    /// name, in an answer the owner or a name server gives it; a negative answer or a release says nothing.
    private static func addresses(_ bytes: RawSpan, _ record: DNSRecord, _ header: DNSHeader, _ d: inout Dissection) {
        let isClaim = !header.isResponse && header.opcode != 6
        let isAnswer = header.isResponse && header.opcode == 0 && header.responseCode == 0
        guard isClaim || isAnswer, let name = owner(bytes, record) else { return }
        var offset = record.data
        var left = 16
        while left > 0, offset &+ 6 <= record.data &+ record.length {
            let address = bytes.ipv4(offset &+ 2)
            if address.isUnicast {
                state(
                    name, isGroup: bytes.be16(offset) & 0x8000 != 0,
                    about: address == d.source.ip ? .source : .address(address),
                    confidence: isClaim || address == d.source.ip ? .high : .medium, &d)
            }
            offset &+= 6
            left &-= 1
        }
    }

    /// The record's name, which may be a pointer to the question's.
    private static func owner(_ bytes: RawSpan, _ record: DNSRecord) -> Name? {
        let place = bytes.u8(record.name) & 0xc0 == 0xc0 ? Int(bytes.be16(record.name) & 0x3fff) : record.name
        return name(bytes, at: place)
    }

    /// Node status: number of names 1; name 16, flags 2 each; then the unit's MAC address 6.
    private static func nodeStatus(_ data: RawSpan, _ d: inout Dissection) {
        var left = Int(data.u8(0))
        var offset = 1
        while left > 0, data.has(18, at: offset) {
            state(
                name(data.slice(offset, 16)), isGroup: data.be16(offset &+ 16) & 0x8000 != 0, about: .source,
                confidence: .high, &d)
            offset &+= 18
            left &-= 1
        }
        let mac = data.mac(offset)
        if data.has(6, at: offset), mac != .zero { d.observe(.mac, mac: mac, field: "unit_id") }
    }

    /// What a name's suffix and kind say of its owner (MS-NBTE 1.8).
    private static func state(
        _ name: Name, isGroup: Bool, about: Dissection.About, confidence: Confidence, _ d: inout Dissection
    ) {
        // Internet Information Services registers names of its own, which are no host's and no domain's.
        guard let first = name.text.raw.utf8.first, first > 0x20, !name.text.raw.hasPrefix("INet~"),
            !name.text.raw.hasPrefix("IS~")
        else { return }
        switch (name.suffix, isGroup) {
        case (0x00, false): d.observe(.name, name.text, field: "workstation_name", about: about, confidence: confidence)
        case (0x20, false):
            d.observe(.name, name.text, field: "server_name", about: about, confidence: confidence)
            d.observe("service", "file and printer sharing", field: "service", about: about, confidence: confidence)
        case (0x00, true), (0x1e, true):
            d.observe(.domain, name.text, field: "domain_name", about: about, confidence: confidence)
        case (0x1b, false):
            d.observe(.domain, name.text, field: "domain_name", about: about, confidence: confidence)
            d.role(.domainController, field: "domain_master_browser", about: about, confidence: .medium)
        case (0x1c, true):
            d.observe(.domain, name.text, field: "domain_name", about: about, confidence: confidence)
            d.role(.domainController, field: "domain_controllers", about: about, confidence: .high)
        default: break
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let name =
            switch code & 0x7f {
            case 0: "Query"
            case 5: "Registration"
            case 6: "Release"
            case 7: "Wait"
            case 8, 9: "Refresh"
            case 15: "Multihomed registration"
            default: "Opcode \(code & 0x7f)"
            }
        return code & 0x80 != 0 ? name + " response" : name
    }
}
