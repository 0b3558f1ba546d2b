import Model
import Wire

/// IKE, which agrees on the keys of IPsec; on port 4500 four zero bytes tell it from ESP in UDP.
///
///     0  initiator SPI  8    8  responder SPI  8   16  next payload  1   17  version  1   18  exchange type  1
///    19  flags          1   20  message id     4   24  length        4   of all of it
///    payloads: next 1, flags 1, length 2 with this header, body
package enum IKE: Dissector {
    package static let description = ProtocolDescription(
        name: "ike", title: "IKE / IPsec NAT traversal", family: .tunnel, level: .identity,
        reference: "RFC 7296, 3.1; RFC 2408, 3.1 (version 1); RFC 3948 (UDP encapsulation)",
        bindings: [.udp([500, 4500])], displayFilter: "isakmp")

    private enum Offset {
        static let responder = 8, next = 16, version = 17, exchange = 18, flags = 19, length = 24
    }
    private static let headerSize = 28
    private static let natPort: UInt16 = 4_500
    /// Codes beside the exchange types.
    private enum Code {
        static let encapsulated: UInt32 = 0x100
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        if hint.uses(natPort) {
            if bytes.byteCount == 1, bytes.u8(0) == 0xff { return .possible }
            if bytes.byteCount >= 4, bytes.be32(0) == 0 { return isMessage(bytes.from(4)) ? .certain : .no }
            // ESP: SPI from 256 on, sequence number; padding makes it a multiple of four.
            if bytes.byteCount >= 24, bytes.be32(0) >= 256, !isMessage(bytes) { return .possible }
        }
        return isMessage(bytes) ? .certain : .no
    }

    private static func isMessage(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= headerSize, bytes.be64(0) != 0, Int(bytes.be32(Offset.length)) == bytes.byteCount
        else {
            return false
        }
        let exchange = bytes.u8(Offset.exchange)
        switch bytes.u8(Offset.version) {
        case 0x10:
            return (exchange >= 1 && exchange <= 6 || exchange == 32 || exchange == 33) && bytes.u8(Offset.flags) < 8
        case 0x20: return exchange >= 34 && exchange <= 45 && bytes.u8(Offset.flags) & 0xc7 == 0
        default: return false
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var message = bytes
        if d.sourcePort == natPort || d.destinationPort == natPort {
            if bytes.byteCount == 1 { return .consumed(1) }
            if bytes.be32(0) != 0, !isMessage(bytes) {
                d.message(Code.encapsulated)
                d.observe(.security, "ESP in UDP", field: "encapsulation", about: .conversation)
                // From here on only volume counts.
                return .conversationDone
            }
            if bytes.be32(0) == 0 { message = bytes.from(4) }
        }
        guard isMessage(message) else { return .malformed }
        let isVersion2 = message.u8(Offset.version) == 0x20
        let exchange = message.u8(Offset.exchange)
        d.message(UInt32(exchange))
        d.observe(.version, isVersion2 ? "IKEv2" : "IKEv1", field: "version", about: .conversation)
        if !isVersion2, exchange == 4 {
            d.observe(.security, "IKEv1 aggressive mode", field: "exchange", about: .conversation)
        }
        // The answer bears an SPI of the responder's own.
        if !d.fromClient, message.be64(Offset.responder) != 0 {
            d.role(.vpnGateway, field: "responder", confidence: .medium)
        }
        let isEncrypted = !isVersion2 && message.u8(Offset.flags) & 1 != 0
        if !isEncrypted { payloads(message, isVersion2, &d) }
        return .consumed(bytes.byteCount)
    }

    private static func payloads(_ message: RawSpan, _ isVersion2: Bool, _ d: inout Dissection) {
        var type = message.u8(Offset.next)
        var rest = message.from(headerSize)
        var count = 0
        while type != 0, rest.byteCount >= 4, count < 64 {
            count &+= 1
            let length = Int(rest.be16(2))
            guard length >= 4, length <= rest.byteCount else {
                if !d.isCut {
                    d.malformed(
                        DecodeError(field: "payload length", offset: 2, needed: length, available: rest.byteCount))
                }
                return
            }
            let body = rest.slice(4, length &- 4)
            switch (type, isVersion2) {
            case (13, false), (43, true): vendor(body, &d)
            case (5, false): identity(body, &d)
            // Encrypted, and encrypted fragment.
            case (46, true), (53, true): return
            default: break
            }
            type = rest.u8(0)
            rest = rest.from(length)
        }
    }

    /// Identification: type 1, protocol 1, port 2, value (RFC 2407, 4.6.2); in clear in aggressive mode only.
    private static func identity(_ body: RawSpan, _ d: inout Dissection) {
        switch body.u8(0) {
        case 1: d.observe("ike_identity", body.ipv4(4).description, field: "identity")
        case 2, 3, 11: d.observe("ike_identity", text: body.from(4), field: "identity")
        default: break
        }
    }

    private static func vendor(_ id: RawSpan, _ d: inout Dissection) {
        if let product = IKEVendor.product(id) {
            d.observe(.software, product, field: "vendor_id", confidence: .medium)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 2: "Identity Protection (Main Mode)"
        case 4: "Aggressive Mode"
        case 5: "Informational"
        case 6: "Transaction"
        case 32: "Quick Mode"
        case 33: "New Group Mode"
        case 34: "IKE_SA_INIT"
        case 35: "IKE_AUTH"
        case 36: "CREATE_CHILD_SA"
        case 37: "INFORMATIONAL"
        case Code.encapsulated: "ESP in UDP"
        default: "exchange \(code)"
        }
    }
}

/// Vendor ids that name a product. Most are MD5 hashes of a phrase; those that only name an extension are left out.
enum IKEVendor {
    static func product(_ id: RawSpan) -> String? {
        switch id.be64(0) {
        case 0x12f5_f28c_4571_68a9: "Cisco Unity"
        case 0x1f07_f70e_aa65_14d3: "Cisco VPN 3000"
        case 0x882f_e56d_6fd2_0dbc: "strongSwan"
        case 0x1e2b_5169_0599_1c7d: windows(id)
        case 0x8299_0317_57a3_6082: "Fortinet FortiGate"
        case 0xf4ed_19e0_c114_eb51: "Check Point"
        case 0x166f_932d_55eb_64d8: "Juniper NetScreen"
        case 0x7003_cbc1_097d_be9c: "racoon"
        case 0x5b36_2bc8_20f6_0007, 0x404b_f439_522c_a3f6: "SonicWall"
        default: text(id)
        }
    }

    /// "MS NT5 ISAKMPOAKLEY" hashed, then a version of four bytes.
    private static func windows(_ id: RawSpan) -> String {
        switch id.be32(16) {
        case 2: "Windows 2000 IPsec"
        case 3: "Windows XP IPsec"
        case 4: "Windows Server 2003 IPsec"
        case 5: "Windows Vista IPsec"
        case 8...: "Windows 7 or later IPsec"
        default: "Windows IPsec"
        }
    }

    private static func text(_ id: RawSpan) -> String? {
        if id.startsIgnoringCase(with: "cisco") { return "Cisco" }
        if id.startsIgnoringCase(with: "opportunistic") || id.starts(with: "OE") && id.byteCount == 12 {
            return "Openswan or Libreswan"
        }
        return nil
    }
}
