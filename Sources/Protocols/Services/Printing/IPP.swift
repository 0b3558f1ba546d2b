import Model
import Wire

/// Internet Printing Protocol: requests of type `application/ipp` in HTTP, which HTTP reads; and the lines with which older
/// CUPS servers announce their queues over UDP. A printer's answers hold attributes, each a tag, a name and a value with
/// their lengths.
///
///     attribute     tag 1 (0x41 text), name length 2, name, value length 2, value
///     announcement  type (hexadecimal) state "ipp://host/printers/queue" "location" "information" "make and model"
package enum IPP: Dissector {
    package static let description = ProtocolDescription(
        name: "ipp", title: "IPP", family: .service, level: .identity,
        reference: "RFC 8010, 3; RFC 8011; CUPS browsing",
        // Asked before HTTP where both could be.
        bindings: [.tcp([631]), .udp([631])], displayFilter: "ipp")

    private static let searchLimit = 8_192

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else {
            guard hint.uses(631), let first = bytes.index(of: 0x20, limit: 9), first > 0 else { return .no }
            return bytes.first(32).indexIgnoringCase(of: " ipp://") != nil ? .certain : .no
        }
        guard bytes.u8(0) == 0x50, bytes.starts(with: "POST ") else { return .no }
        return bytes.indexIgnoringCase(of: "content-type: application/ipp", limit: 1_024) != nil
            ? .certain(from: .client) : .no
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else {
            announcement(bytes, &d)
            return .consumed(bytes.byteCount)
        }
        if !d.fromClient, bytes.starts(with: "HTTP/1."),
            bytes.indexIgnoringCase(of: "application/ipp", limit: 1_024) != nil
        {
            d.role(.printer, field: "answer", confidence: .medium)
            attributes(bytes.first(searchLimit), &d)
        }
        return HTTP.dissect(bytes, &d)
    }

    private static func attributes(_ bytes: RawSpan, _ d: inout Dissection) {
        if let text = value(bytes, "printer-make-and-model") { d.observe(.model, text: text, field: "make_and_model") }
        if let text = value(bytes, "printer-name") {
            d.observe(.name, text: text, field: "printer_name", confidence: .medium)
        }
        if let text = value(bytes, "printer-location") { d.observe(.location, text: text, field: "location") }
        if let text = value(bytes, "printer-info") { d.observe(.description, text: text, field: "info") }
    }

    @_lifetime(copy bytes)
    private static func value(_ bytes: RawSpan, _ name: StaticString) -> RawSpan? {
        guard let start = bytes.indexIgnoringCase(of: name) else { return nil }
        let end = start &+ name.utf8CodeUnitCount
        let length = Int(bytes.be16(end))
        guard Int(bytes.be16(start &- 2)) == name.utf8CodeUnitCount, length > 0, bytes.has(length, at: end &+ 2) else {
            return nil
        }
        return bytes.slice(end &+ 2, length)
    }

    private static func announcement(_ bytes: RawSpan, _ d: inout Dissection) {
        d.message(0xf000)
        guard let start = bytes.indexIgnoringCase(of: "ipp://") else { return }
        let end = bytes.index(of: 0x20, from: start) ?? bytes.byteCount
        let uri = bytes.slice(start, end &- start)
        if !uri.hasUserInformation { d.observe(.url, text: uri, field: "browse_uri") }
        var offset = end
        var index = 0
        while index < 3, let open = bytes.index(of: 0x22, from: offset),
            let close = bytes.index(of: 0x22, from: open &+ 1)
        {
            let text = bytes.slice(open &+ 1, close &- open &- 1)
            switch index {
            case 0: d.observe(.location, text: text, field: "browse_location", confidence: .medium)
            case 1: d.observe(.description, text: text, field: "browse_info", confidence: .medium)
            // The queue's printer need not be the announcing computer.
            default: d.observe("printer_model", text: text, field: "browse_make_and_model")
            }
            offset = close &+ 1
            index &+= 1
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        code == 0xf000 ? "CUPS announcement" : HTTP.messageName(code)
    }
}
