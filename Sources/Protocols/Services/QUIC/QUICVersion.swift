/// Versions of QUIC that are known on the wire, and what differs between them.
enum QUICVersion: Equatable {
    case one
    case two
    /// IETF drafts, and Facebook's builds of them.
    case draft(UInt8)
    /// Google's own, with its handshake or TLS; obsolete since 2021, its name is all that is read.
    case google(UInt32)
    /// Reserved to exercise version negotiation (RFC 9000, 15).
    case reserved

    init?(_ value: UInt32) {
        switch value {
        case 1: self = .one
        case 0x6b33_43cf: self = .two
        case 0xff00_0016...0xff00_0022: self = .draft(UInt8(truncatingIfNeeded: value))
        case 0xface_b001: self = .draft(22)
        case 0xface_b002, 0xface_b00e: self = .draft(27)
        case 0x5130_3434...0x5130_3530, 0x5430_3530, 0x5430_3531: self = .google(value)
        case _ where value & 0x0f0f_0f0f == 0x0a0a_0a0a: self = .reserved
        default: return nil
        }
    }

    var name: String {
        switch self {
        case .one: "QUIC 1"
        case .two: "QUIC 2"
        case .draft(let number): "QUIC draft \(number)"
        case .google(let value):
            "Google QUIC "
                + String(
                    decoding: [value >> 24, value >> 16, value >> 8, value].map { UInt8(truncatingIfNeeded: $0) },
                    as: UTF8.self)
        case .reserved: "QUIC reserved version"
        }
    }

    /// Salt of the initial secret (RFC 9001, 5.2; RFC 9369, 3.3.1; the drafts' same sections); nil where the handshake is not
    /// read.
    var initialSalt: [UInt8]? {
        switch self {
        case .one, .draft(33...):
            [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
                0xbb,
                0x7f, 0x0a,
            ]
        case .two:
            [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
                0xbd,
                0x2e, 0xd9,
            ]
        case .draft(29...32):
            [
                0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43,
                0x90,
                0xa8, 0x99,
            ]
        case .draft(23...28):
            [
                0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe,
                0xf9,
                0xf5, 0x02,
            ]
        case .draft:
            [
                0x7f, 0xbc, 0xdb, 0x0e, 0x7c, 0x66, 0xbb, 0xe9, 0x19, 0x3a, 0x96, 0xcd, 0x21, 0x51, 0x9e, 0xbd, 0x7a,
                0x02,
                0x64, 0x4a,
            ]
        case .google, .reserved: nil
        }
    }

    /// Prefix of the labels of key, IV and header protection (RFC 9369, 3.3.2).
    var labelPrefix: String { self == .two ? "tls13 quicv2 " : "tls13 quic " }

    /// Long packet type bits of an Initial packet (RFC 9369, 3.2).
    var initialType: UInt8 { self == .two ? 1 : 0 }
}
