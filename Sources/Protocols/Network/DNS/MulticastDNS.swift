import Model
import Wire

/// Multicast DNS and DNS-based service discovery: hosts announce their own names and the services they offer.
package enum MulticastDNS: Dissector {
    package static let description = ProtocolDescription(
        name: "mdns", title: "Multicast DNS", family: .network, level: .identity,
        reference: "RFC 6762; RFC 6763 (service discovery)", bindings: [.udp([5353])], displayFilter: "mdns")

    private static let port: UInt16 = 5353

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard !hint.isTCP, hint.uses(port), let header = DNSHeader(bytes), header.opcode == 0,
            header.questions <= 128, header.answers <= 256, header.authorities <= 128, header.additionals <= 128,
            header.questions &+ header.answers &+ header.authorities > 0,
            DNSName.end(bytes, at: DNSHeader.size) != nil
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let header = DNSHeader(bytes) else { return .malformed }
        d.message(header.isResponse ? 1 : 0)
        // The same announcement again, or the same question, has nothing new to tell.
        guard d.isNew(bytes.from(2), field: "message") || header.isResponse else { return .consumed(bytes.byteCount) }
        let (records, isWhole) = DNSRecords.read(bytes, header)
        if !isWhole, !d.isCut {
            d.malformed(DecodeError(field: "DNS record", offset: bytes.byteCount, needed: 1, available: 0))
        }
        if header.isResponse {
            announced(bytes, records, &d)
        } else {
            // Answers in a question are what its sender already knows of others.
            for record in records where record.section == .question {
                if let name = DNSName.read(bytes, at: record.name) { DNSQueries.note(name, &d) }
            }
        }
        return .consumed(bytes.byteCount)
    }

    private static func announced(_ bytes: RawSpan, _ records: [DNSRecord], _ d: inout Dissection) {
        for record in records where record.section != .question && record.classNumber == 1 {
            switch record.type {
            case DNSType.a where record.length == 4, DNSType.aaaa where record.length == 16:
                guard let name = DNSName.read(bytes, at: record.name), isHostName(name) else { continue }
                let address = DNS.address(bytes, record)
                d.observe(
                    .name, text: withoutLocal(name).span.bytes, field: "address_record",
                    about: address == d.source.ip ? .source : .address(address))
            case DNSType.ptr:
                guard let owner = DNSName.read(bytes, at: record.name) else { continue }
                if let address = DNSName.reversed(owner) {
                    guard let name = DNSName.read(bytes, at: record.data) else { continue }
                    d.observe(
                        .name, text: withoutLocal(name).span.bytes, field: "pointer_record",
                        about: address == d.source.ip ? .source : .address(address))
                } else {
                    offered(String(decoding: owner, as: UTF8.self), &d)
                }
            case DNSType.srv where record.length > 6:
                guard let instance = DNSName.read(bytes, at: record.name) else { continue }
                offered(String(decoding: instance, as: UTF8.self), &d)
            case DNSType.txt:
                guard let instance = DNSName.read(bytes, at: record.name) else { continue }
                properties(
                    bytes.slice(record.data, record.length), of: String(decoding: instance, as: UTF8.self), &d)
            case DNSType.hinfo:
                hostInformation(bytes.slice(record.data, record.length), &d)
            default: continue
            }
        }
    }

    /// `host.local` without its last label, which says no more than that it was multicast.
    private static func withoutLocal(_ name: [UInt8]) -> [UInt8] {
        let suffix: [UInt8] = [0x2e, 0x6c, 0x6f, 0x63, 0x61, 0x6c]
        return name.count > 6 && name.suffix(6).elementsEqual(suffix) ? Array(name.dropLast(6)) : name
    }

    /// Some responders hang addresses on a service instance, `Office._ipp._tcp.local`, which names no host.
    private static func isHostName(_ name: [UInt8]) -> Bool {
        for index in name.indices.dropLast() where name[index] == 0x2e && name[index + 1] == 0x5f { return false }
        return true
    }

    /// The service type, `_ipp._tcp`, in an instance's name `Office._ipp._tcp.local` or by itself.
    private static func type(_ name: String) -> String? {
        let labels = name.split(separator: ".")
        guard let end = labels.lastIndex(where: { $0 == "_tcp" || $0 == "_udp" }), end > 0,
            labels[end - 1].hasPrefix("_")
        else { return nil }
        return labels[end - 1].lowercased() + "." + labels[end]
    }

    private static func offered(_ name: String, _ d: inout Dissection) {
        guard let type = type(name), type != "_dns-sd._udp", type.utf8.count <= 64 else { return }
        d.observe("service", type, field: "service")
        guard let (role, confidence) = ServiceTypes.role(type) else { return }
        d.role(role, field: "service", confidence: confidence)
    }

    /// TXT record (RFC 6763, 6): strings of length and `key=value`.
    private static func properties(_ data: RawSpan, of instance: String, _ d: inout Dissection) {
        guard let type = type(instance) else { return }
        var offset = 0
        var left = 64
        while left > 0, data.has(1, at: offset) {
            left &-= 1
            let count = Int(data.u8(offset))
            let text = data.slice(offset &+ 1, count)
            offset &+= 1 &+ count
            guard let equals = text.index(of: 0x3d, limit: 32) else { continue }
            let value = text.from(equals &+ 1)
            switch (type, WireText(wire: text.first(equals)).raw.lowercased()) {
            case (_, "ty"), (_, "usb_mdl"), ("_googlecast._tcp", "md"), ("_hap._tcp", "md"),
                ("_device-info._tcp", "model"), ("_airplay._tcp", "model"):
                d.observe(.model, text: value, field: "txt_model", confidence: .medium)
            case (_, "usb_mfg"), (_, "manufacturer"), (_, "vendor"):
                d.observe(.vendor, text: value, field: "txt_vendor", confidence: .medium)
            case (_, "note") where ServiceTypes.isPrinting(type):
                d.observe(.location, text: value, field: "txt_note", confidence: .medium)
            case (_, "serialnumber"), (_, "serial"):
                d.observe(.serial, text: value, field: "txt_serial", confidence: .medium)
            case (_, "fw"), (_, "fwversion"), (_, "firmware"):
                d.observe(.firmware, text: value, field: "txt_firmware", confidence: .medium)
            default: continue
            }
        }
    }

    /// HINFO: processor, operating system, as strings of length and text.
    private static func hostInformation(_ data: RawSpan, _ d: inout Dissection) {
        let processor = Int(data.u8(0))
        let system = data.slice(2 &+ processor, Int(data.u8(1 &+ processor)))
        d.observe(.os, text: system, field: "host_information", confidence: .medium)
    }

    package static func messageName(_ code: UInt32) -> String { code == 1 ? "Response" : "Query" }
}

/// What registered service types (RFC 6335 service names) say of their host.
private enum ServiceTypes {
    static func isPrinting(_ type: String) -> Bool {
        switch type {
        case "_ipp._tcp", "_ipps._tcp", "_printer._tcp", "_pdl-datastream._tcp": true
        default: false
        }
    }

    static func role(_ type: String) -> (Role, Confidence)? {
        if isPrinting(type) { return (.printer, .medium) }
        switch type {
        case "_scanner._tcp", "_uscan._tcp", "_uscans._tcp", "_privet._tcp": return (.printer, .low)
        case "_axis-video._tcp", "_psia._tcp", "_onvif._tcp": return (.camera, .high)
        case "_rtsp._tcp": return (.camera, .low)
        case "_sip._tcp", "_sip._udp": return (.phone, .low)
        case "_workstation._tcp": return (.workstation, .low)
        case "_smb._tcp", "_afpovertcp._tcp", "_nfs._tcp", "_adisk._tcp": return (.fileServer, .low)
        case "_opcua-tcp._tcp": return (.opcServer, .high)
        case "_ntp._udp": return (.timeServer, .medium)
        case "_domain._udp", "_domain._tcp": return (.dnsServer, .medium)
        case "_apple-mobdev2._tcp": return (.mobile, .medium)
        default: return nil
        }
    }
}
