import Model
import Wire

/// SSDP: HTTP header lines in datagrams, with which UPnP devices announce themselves to 239.255.255.250 and answer searches.
package enum SSDP: Dissector {
    package static let description = ProtocolDescription(
        name: "ssdp", title: "SSDP (UPnP)", family: .network, level: .identity,
        reference: "UPnP Device Architecture 2.0, 1", bindings: [.udp([1900])], displayFilter: "ssdp")

    private enum Code {
        static let notify: UInt32 = 1, search: UInt32 = 2, response: UInt32 = 3
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        kind(bytes) == nil ? .no : .certain
    }

    private static func kind(_ bytes: RawSpan) -> UInt32? {
        if bytes.starts(with: "NOTIFY * HTTP/1.") { return Code.notify }
        if bytes.starts(with: "M-SEARCH * HTTP/1.") { return Code.search }
        if bytes.starts(with: "HTTP/1.1 200"), bytes.first(1_500).indexIgnoringCase(of: "\nst:") != nil {
            return Code.response
        }
        return nil
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard let kind = kind(bytes) else { return .malformed }
        d.message(kind)
        var offset = 0
        var lines = 0
        while lines < 64, let line = bytes.line(from: offset, limit: 2_048) {
            offset &+= line.size
            lines &+= 1
            guard let colon = line.text.index(of: 0x3a) else { continue }
            let value = line.text.from(colon &+ 1).trimmingSpaces()
            switch colon {
            case 6 where line.text.startsIgnoringCase(with: "server"):
                d.observe(.software, text: value, field: "server")
            case 8 where line.text.startsIgnoringCase(with: "location"):
                if !value.hasUserInformation { d.observe(.url, text: value, field: "location") }
            case 10 where line.text.startsIgnoringCase(with: "user-agent"):
                d.observe(.userAgent, text: value, field: "user_agent")
            case 2 where kind != Code.search && line.text.startsIgnoringCase(with: "nt"),
                2 where kind != Code.search && line.text.startsIgnoringCase(with: "st"):
                type(value, &d)
            default: break
            }
        }
        return .consumed(bytes.byteCount)
    }

    /// A notification or search type; `urn:domain:device:kind:version` says what the device is.
    private static func type(_ value: RawSpan, _ d: inout Dissection) {
        guard let device = value.indexIgnoringCase(of: ":device:") else { return }
        let kind = value.from(device &+ 8)
        d.observe(.deviceType, text: kind, field: "device_type")
        if kind.startsIgnoringCase(with: "internetgatewaydevice") { d.role(.router, field: "device_type_role") }
        if kind.startsIgnoringCase(with: "printer") { d.role(.printer, field: "device_type_role") }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.notify: "NOTIFY"
        case Code.search: "M-SEARCH"
        default: "response"
        }
    }
}
