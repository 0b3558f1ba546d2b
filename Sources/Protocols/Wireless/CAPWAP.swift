import Model
import Wire

/// Control and Provisioning of Wireless Access Points: an access point (WTP) finds and joins its controller (AC), then both
/// go on under DTLS. Control on UDP 5246, data on 5247.
///
///     0  version 4 bits, type 4 bits   type 0 CAPWAP header, 1 DTLS header
///     1  header length 5 bits (words), radio id 5, binding 5, flags 9
///     4  fragment id 2, fragment offset 13 bits, reserved 3
///     8  optional radio MAC and wireless information, up to the header length
///     control message: type 4, sequence 1, length 2 (of what follows the length), flags 1, elements of type 2, length 2
package enum CAPWAP: Dissector {
    package static let description = ProtocolDescription(
        name: "capwap", title: "CAPWAP", family: .wireless, level: .identity,
        reference: "RFC 5415; RFC 5416 (802.11 binding)", bindings: [.udp([5246, 5247])], displayFilter: "capwap")

    private enum Offset {
        static let flags = 3, dtlsRecord = 4
        static let messageType = 0, messageLength = 5, elements = 8
    }
    private static let controlPort: UInt16 = 5246, dataPort: UInt16 = 5247
    private static let dtlsCode: UInt32 = 0x1000_0000, dataCode: UInt32 = 0x1000_0001
    private static let keepAliveCode: UInt32 = 0x1000_0002
    /// IANA enterprise 13277, the base of the 802.11 binding's message types.
    private static let wirelessBinding: UInt32 = 13277 << 8

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.uses(controlPort) || hint.uses(dataPort), bytes.byteCount >= 8 else { return .no }
        let sender: Verdict.Sender =
            hint.destinationPort == controlPort || hint.destinationPort == dataPort ? .client : .server
        switch bytes.u8(0) {
        case 0x01: return isDTLS(bytes.from(Offset.dtlsRecord)) ? Verdict(.certain, sender: sender) : .no
        case 0x00:
            guard let body = body(bytes) else { return .no }
            // Data carries frames of any form: its header alone is weaker proof.
            if !hint.uses(controlPort) { return Verdict(.possible, sender: sender) }
            return isControl(body) ? Verdict(.certain, sender: sender) : Verdict(.possible, sender: sender)
        default: return .no
        }
    }

    /// A DTLS record of version 1.0 or 1.2 (RFC 6347, 4.1).
    private static func isDTLS(_ record: RawSpan) -> Bool {
        let version = record.be16(1)
        return record.u8(0) >= 20 && record.u8(0) <= 25 && (version == 0xfeff || version == 0xfefd)
    }

    /// What follows the CAPWAP header, or nil when the header makes no sense.
    @_lifetime(copy bytes)
    private static func body(_ bytes: RawSpan) -> RawSpan? {
        let length = Int(bytes.u8(1) >> 3) &* 4
        guard length >= 8, length <= bytes.byteCount else { return nil }
        return bytes.from(length)
    }

    private static func isControl(_ message: RawSpan) -> Bool {
        let type = message.be32(Offset.messageType)
        let isKnown = (type >= 1 && type <= 26) || (type >> 8 == wirelessBinding >> 8)
        return isKnown && message.byteCount >= Offset.elements
            && Int(message.be16(Offset.messageLength)) &+ Offset.messageLength <= message.byteCount &+ 8
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 4 else { return .malformed }
        if bytes.u8(0) == 0x01 {
            d.message(dtlsCode)
            if d.sourcePort == controlPort { d.role(.wirelessController, field: "dtls", confidence: .medium) }
            if d.destinationPort == controlPort { d.role(.accessPoint, field: "dtls", confidence: .medium) }
            return .consumed(bytes.byteCount)
        }
        guard bytes.u8(0) == 0, let body = body(bytes) else { return .malformed }
        if d.sourcePort == dataPort || d.destinationPort == dataPort {
            data(bytes.u8(Offset.flags), &d)
            return .consumed(bytes.byteCount)
        }
        guard isControl(body) else { return .malformed }
        // Flag M: the radio's MAC follows the header, length 1 first.
        if bytes.u8(Offset.flags) & 0x10 != 0, bytes.u8(8) == 6, bytes.mac(9).isUnicast {
            d.observe(.mac, mac: bytes.mac(9), field: "radio_mac")
        }
        control(body, &d)
        return .consumed(bytes.byteCount)
    }

    private static func data(_ flags: UInt8, _ d: inout Dissection) {
        // Bit 3: keep-alive.
        d.message(flags & 0x08 != 0 ? keepAliveCode : dataCode)
        if d.sourcePort == dataPort {
            d.role(.wirelessController, field: "data", confidence: .medium)
        } else {
            d.role(.accessPoint, field: "data", confidence: .medium)
        }
    }

    private static func control(_ message: RawSpan, _ d: inout Dissection) {
        let type = message.be32(Offset.messageType)
        d.message(type)
        switch type {
        // Odd numbers ask; these are asked by access points only.
        case 1, 3, 5, 9, 11, 13, 19: d.role(.accessPoint, field: "request")
        case 2, 4, 6, 10, 12, 14, 20: d.role(.wirelessController, field: "response")
        default: break
        }
        // The length counts from after itself: one byte of flags, then the elements.
        let length = Int(message.be16(Offset.messageLength))
        CAPWAPElements.read(message.slice(Offset.elements, max(0, length &- 1)), &d)
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 1: "Discovery Request"
        case 2: "Discovery Response"
        case 3: "Join Request"
        case 4: "Join Response"
        case 5: "Configuration Status Request"
        case 6: "Configuration Status Response"
        case 7: "Configuration Update Request"
        case 8: "Configuration Update Response"
        case 9: "WTP Event Request"
        case 10: "WTP Event Response"
        case 11: "Change State Event Request"
        case 12: "Change State Event Response"
        case 13: "Echo Request"
        case 14: "Echo Response"
        case 15: "Image Data Request"
        case 16: "Image Data Response"
        case 17: "Reset Request"
        case 18: "Reset Response"
        case 19: "Primary Discovery Request"
        case 20: "Primary Discovery Response"
        case 21: "Data Transfer Request"
        case 22: "Data Transfer Response"
        case 23: "Clear Configuration Request"
        case 24: "Clear Configuration Response"
        case 25: "Station Configuration Request"
        case 26: "Station Configuration Response"
        case dtlsCode: "DTLS record"
        case dataCode: "Data"
        case keepAliveCode: "Data Keep-Alive"
        case wirelessBinding | 1: "802.11 WLAN Configuration Request"
        case wirelessBinding | 2: "802.11 WLAN Configuration Response"
        default: "Message type \(code)"
        }
    }
}
