import Model
import Wire

/// Service Location Protocol: printers, storage, hypervisors and management controllers announce services and describe them.
///
///     version 2   2, function 1, length 3, flags 2, extension 3, id 2, language length 2, language
///     version 1   1, function 1, length 2, flags 1, dialect 1, language 2, character set 2, id 2
///     functions   1 request, 2 reply, 3 register, 6 attribute request, 7 attribute reply, 8 directory, 11 agent
package enum SLP: Dissector {
    package static let description = ProtocolDescription(
        name: "slp", title: "Service Location Protocol", family: .network, level: .identity,
        reference: "RFC 2608, 8 to 10; RFC 2165", bindings: [.udp([427])], displayFilter: "srvloc")

    private static let port: UInt16 = 427

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let function = bytes.u8(1)
        guard hint.uses(port), function >= 1, function <= 11 else { return .no }
        switch bytes.u8(0) {
        case 2:
            return bytes.byteCount >= 16 && Int(bytes.be24(2)) == bytes.byteCount && bytes.be16(12) <= 16
                ? .certain : .no
        case 1: return bytes.byteCount >= 12 && Int(bytes.be16(2)) == bytes.byteCount ? .certain : .no
        default: return .no
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let function = bytes.u8(1)
        guard function >= 1, function <= 11 else { return .malformed }
        d.message(UInt32(function), function == 1 || function == 6 ? .identity : .none)
        switch function {
        case 2, 3: url(bytes, &d)
        case 7: attributes(bytes, &d)
        default: break
        }
        return .consumed(bytes.byteCount)
    }

    /// The first `service:` address of a reply or registration, which lies behind its length.
    private static func url(_ bytes: RawSpan, _ d: inout Dissection) {
        guard let start = bytes.indexIgnoringCase(of: "service:", limit: 256), start >= 2 else { return }
        let url = bytes.slice(start, Int(bytes.be16(start &- 2)))
        if !url.hasUserInformation { d.observe(.url, text: url, field: "service_url") }
        if url.startsIgnoringCase(with: "service:printer") {
            d.role(.printer, field: "service_role", confidence: .medium)
        }
    }

    private static func attributes(_ bytes: RawSpan, _ d: inout Dissection) {
        DeviceID.read(bytes, &d)
        if let start = bytes.indexIgnoringCase(of: "(x-hp-hn=") {
            d.role(.printer, field: "hp_attributes", confidence: .medium)
            let end = bytes.index(of: 0x29, from: start &+ 9, limit: 256) ?? start &+ 9
            d.observe(.name, text: bytes.slice(start &+ 9, end &- start &- 9), field: "hp_host_name")
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Service Request"
        case 2: "Service Reply"
        case 3: "Service Registration"
        case 4: "Service Deregister"
        case 5: "Service Acknowledge"
        case 6: "Attribute Request"
        case 7: "Attribute Reply"
        case 8: "DA Advertisement"
        case 9: "Service Type Request"
        case 10: "Service Type Reply"
        default: "SA Advertisement"
        }
    }
}
