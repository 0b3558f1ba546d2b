import Model
import Wire

/// WS-Discovery: SOAP over UDP with which Windows computers, printers and ONVIF cameras announce themselves and answer searches.
/// Cameras tell their name, hardware and place in scopes.
///
///     Types    QNames: dn:NetworkVideoTransmitter, wprt:PrintDeviceType, pub:Computer
///     Scopes   onvif://www.onvif.org/name/…, …/hardware/…, …/location/…
///     XAddrs   addresses of the device's service
package enum WSDiscovery: Dissector {
    package static let description = ProtocolDescription(
        name: "ws-discovery", title: "WS-Discovery (ONVIF, DPWS)", family: .network, level: .identity,
        reference: "OASIS WS-Discovery 1.1, 4 and 5; ONVIF Core Specification, 7.3", bindings: [.udp([3702])],
        displayFilter: "udp.port == 3702")

    private static let searchLimit = 8_192

    private enum Code {
        static let probe: UInt32 = 1, probeMatch: UInt32 = 2, hello: UInt32 = 3, bye: UInt32 = 4, resolve: UInt32 = 5
        static let resolveMatch: UInt32 = 6
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == 0x3c, bytes.u8(1) == 0x3f || bytes.u8(1) | 0x20 >= 0x61, bytes.byteCount > 200 else {
            return .no
        }
        guard bytes.indexIgnoringCase(of: "/discovery", limit: 2_048) != nil,
            bytes.indexIgnoringCase(of: ":envelope", limit: 512) != nil
        else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let text = bytes.first(searchLimit)
        guard let kind = kind(text) else { return .consumed(bytes.byteCount) }
        d.message(kind, kind == Code.probe || kind == Code.resolve ? .identity : .none)
        guard kind != Code.probe, kind != Code.resolve else { return .consumed(bytes.byteCount) }
        if let types = content(text, ":types") {
            d.observe(.deviceType, text: types, field: "types")
            if types.indexIgnoringCase(of: "networkvideo") != nil { d.role(.camera, field: "types_role") }
            if types.indexIgnoringCase(of: "printdevice") != nil { d.role(.printer, field: "types_role") }
        }
        if let scopes = content(text, ":scopes") { self.scopes(scopes, &d) }
        if let addresses = content(text, ":xaddrs"), addresses.index(of: 0x40) == nil {
            d.observe(.url, text: addresses, field: "xaddrs")
        }
        return .consumed(bytes.byteCount)
    }

    /// The last part of the Action.
    private static func kind(_ text: RawSpan) -> UInt32? {
        guard let action = content(text, ":action") else { return nil }
        if action.endsIgnoringCase(with: "/probe") { return Code.probe }
        if action.endsIgnoringCase(with: "/probematches") { return Code.probeMatch }
        if action.endsIgnoringCase(with: "/hello") { return Code.hello }
        if action.endsIgnoringCase(with: "/bye") { return Code.bye }
        if action.endsIgnoringCase(with: "/resolve") { return Code.resolve }
        return action.endsIgnoringCase(with: "/resolvematches") ? Code.resolveMatch : nil
    }

    /// What stands between the first element of that name, given with the colon before it, and the next tag.
    @_lifetime(copy text)
    private static func content(_ text: RawSpan, _ name: StaticString) -> RawSpan? {
        guard let start = text.indexIgnoringCase(of: name) else { return nil }
        let after = start &+ name.utf8CodeUnitCount
        guard text.u8(after) == 0x3e || text.u8(after) == 0x20,
            let open = text.index(of: 0x3e, from: after, limit: 512),
            let close = text.index(of: 0x3c, from: open &+ 1)
        else { return nil }
        return text.slice(open &+ 1, close &- open &- 1).trimmingSpaces()
    }

    private static func scopes(_ text: RawSpan, _ d: inout Dissection) {
        var offset = 0
        var count = 0
        while offset < text.byteCount, count < 64 {
            count &+= 1
            var end = offset
            while end < text.byteCount, text.u8(end) > 0x20 { end &+= 1 }
            let scope = text.slice(offset, end &- offset)
            offset = end &+ 1
            guard scope.startsIgnoringCase(with: "onvif://www.onvif.org/") else { continue }
            let rest = scope.from(22)
            if rest.startsIgnoringCase(with: "name/") {
                d.observe(.name, decoded(rest.from(5)), field: "onvif_name", confidence: .medium)
            } else if rest.startsIgnoringCase(with: "hardware/") {
                d.observe(.model, decoded(rest.from(9)), field: "onvif_hardware")
            } else if rest.startsIgnoringCase(with: "location/") {
                d.observe(.location, decoded(rest.from(9)), field: "onvif_location")
            } else if rest.startsIgnoringCase(with: "mac/") {
                d.observe("onvif_mac", decoded(rest.from(4)), field: "onvif_mac")
            }
        }
    }

    /// Percent-decoded.
    private static func decoded(_ text: RawSpan) -> WireText {
        var bytes: [UInt8] = []
        var index = 0
        while index < text.byteCount, bytes.count < WireText.limit {
            if text.u8(index) == 0x25, text.has(3, at: index), let value = text.slice(index &+ 1, 2).decimal(radix: 16)
            {
                bytes.append(UInt8(truncatingIfNeeded: value))
                index &+= 3
            } else {
                bytes.append(text.u8(index))
                index &+= 1
            }
        }
        return WireText(wire: bytes.span.bytes)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.probe: "Probe"
        case Code.probeMatch: "ProbeMatches"
        case Code.hello: "Hello"
        case Code.bye: "Bye"
        case Code.resolve: "Resolve"
        default: "ResolveMatches"
        }
    }
}

extension RawSpan {
    fileprivate func endsIgnoringCase(with text: StaticString) -> Bool {
        startsIgnoringCase(with: text, at: byteCount &- text.utf8CodeUnitCount)
    }
}
