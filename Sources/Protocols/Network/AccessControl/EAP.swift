import Model
import Wire

/// Extensible Authentication Protocol packets inside EAPOL and RADIUS.
///
///     0  code        1   1 request, 2 response, 3 success, 4 failure
///     1  identifier  1
///     2  length      2
///     4  type        1   in requests and responses: 1 identity, 3 nak, then methods
///     5  data
///
/// Reference: RFC 3748; method numbers by IANA.
enum EAP {
    enum Code {
        static let request: UInt8 = 1, response: UInt8 = 2, success: UInt8 = 3, failure: UInt8 = 4
    }
    private enum Offset {
        static let length = 2, type = 4, data = 5
    }
    private static let identity: UInt8 = 1, notification: UInt8 = 2, nak: UInt8 = 3

    /// Reads what a packet says of the peer that wants to come in.
    static func read(_ bytes: RawSpan, about peer: Dissection.About, _ d: inout Dissection) {
        guard bytes.has(Offset.data) else { return }
        let code = bytes.u8(0)
        let packet = bytes.first(Int(bytes.be16(Offset.length)))
        let type = packet.u8(Offset.type)
        switch (code, type) {
        // RFC 3748, 5.1: some peers put a NUL and options behind the name; text ends there.
        case (Code.response, identity):
            d.observe(.user, text: packet.from(Offset.data), field: "eap_identity", about: peer)
        case (Code.response, notification), (Code.response, nak): break
        case (Code.response, _) where packet.byteCount >= Offset.data:
            d.observe("eap_method", method(type), field: "eap_method", about: peer)
        default: break
        }
    }

    private static func method(_ type: UInt8) -> String {
        switch type {
        case 4: "MD5-Challenge"
        case 5: "OTP"
        case 6: "GTC"
        case 13: "TLS"
        case 17: "LEAP"
        case 18: "SIM"
        case 21: "TTLS"
        case 23: "AKA"
        case 25: "PEAP"
        case 26: "MSCHAPv2"
        case 43: "FAST"
        case 50: "AKA'"
        case 52: "PWD"
        case 55: "TEAP"
        case 254: "expanded"
        default: "method \(type)"
        }
    }
}
