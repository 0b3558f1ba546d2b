import Model
import Wire

/// EAP over LANs: what a station and its switch port or access point exchange before the port opens.
///
///     0  version  1   1…3
///     1  type     1   0 EAP, 1 start, 2 logoff, 3 key, 4 ASF alert, 5 MKA, 6… announcements
///     2  length   2   of the body
///     4  body
package enum EAPOL: Dissector {
    package static let description = ProtocolDescription(
        name: "eapol", title: "EAPOL (802.1X)", family: .network, level: .identity,
        reference: "IEEE 802.1X-2020, clause 11", bindings: [.etherType(0x888e), .etherType(0x88c7)],
        displayFilter: "eapol")

    private enum Kind {
        static let eap: UInt8 = 0, start: UInt8 = 1, logoff: UInt8 = 2, key: UInt8 = 3, keyAgreement: UInt8 = 5
        static let last: UInt8 = 8
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let kind = bytes.u8(1)
        guard bytes.byteCount >= 4, bytes.u8(0) >= 1, bytes.u8(0) <= 3, kind <= Kind.last else { return .malformed }
        let length = Int(bytes.be16(2))
        let body = bytes.slice(4, length)
        if body.byteCount < length, !d.isCut {
            d.malformed(DecodeError(field: "EAPOL body", offset: 4, needed: length, available: body.byteCount))
        }
        switch kind {
        case Kind.eap where body.byteCount >= 4:
            d.message(UInt32(kind) << 8 | UInt32(body.u8(0)))
            eap(body, &d)
        case Kind.keyAgreement:
            d.message(UInt32(kind) << 8)
            d.observe(.security, "macsec", field: "key_agreement")
        case Kind.start:
            d.message(UInt32(kind) << 8)
            d.observe(.capability, "802.1x-supplicant", field: "start")
        default: d.message(UInt32(kind) << 8)
        }
        return .consumed(bytes.byteCount)
    }

    private static func eap(_ body: RawSpan, _ d: inout Dissection) {
        switch body.u8(0) {
        case EAP.Code.request: d.observe(.security, "802.1x", field: "authenticator")
        case EAP.Code.response:
            d.observe(.capability, "802.1x-supplicant", field: "response")
            EAP.read(body, about: .source, &d)
        case EAP.Code.success: result("accepted", &d)
        case EAP.Code.failure: result("rejected", &d)
        default: break
        }
    }

    /// The result is about the station it is sent to; switches often send it to the group address and do not say to whom.
    private static func result(_ value: String, _ d: inout Dissection) {
        if let station = d.destination.mac, station.isUnicast {
            d.observe(.authentication, value, field: "result", about: .mac(station))
        } else {
            d.observe(.authentication, value, field: "group_result", about: .conversation)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch (UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code)) {
        case (Kind.eap, EAP.Code.request): "EAP Request"
        case (Kind.eap, EAP.Code.response): "EAP Response"
        case (Kind.eap, EAP.Code.success): "EAP Success"
        case (Kind.eap, EAP.Code.failure): "EAP Failure"
        case (Kind.eap, _): "EAP"
        case (Kind.start, _): "Start"
        case (Kind.logoff, _): "Logoff"
        case (Kind.key, _): "Key"
        case (4, _): "Encapsulated ASF Alert"
        case (Kind.keyAgreement, _): "MACsec Key Agreement"
        case (6, _): "Announcement (generic)"
        case (7, _): "Announcement (specific)"
        case (8, _): "Announcement Request"
        default: "Type \(code >> 8)"
        }
    }
}
