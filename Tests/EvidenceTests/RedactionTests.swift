import Analysis
import Captures
import Foundation
import Model
import Testing

private typealias Bytes = [UInt8]

/// No credential survives in a kept frame, whatever carries it.
@Suite struct RedactionTests {
    /// Of letters that no protocol's own words hold together.
    private static let secret = "Zq7#kW9!vJ2@"
    private static let account = "wjq-4471"

    private static func text(_ text: String) -> Bytes { Bytes(text.utf8) }
    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// Messages that carry the secret: port, over TCP or not, bytes.
    private static var messages: [(name: String, port: Int, isTCP: Bool, bytes: Bytes)] {
        let basic = base64("\(account):\(secret)")
        let short = text(secret)
        return [
            ("ftp", 21, true, text("USER \(account)\r\nPASS \(secret)\r\n")),
            ("ftp, odd port", 2121, true, text("PASS \(secret)\r\n")),
            ("http basic", 80, true, text("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Basic \(basic)\r\n\r\n")),
            ("http folded", 80, true, text("GET / HTTP/1.1\r\nAuthorization:\r\n Basic \(basic)\r\n\r\n")),
            ("http path", 80, true, text("GET /?user=\(account)&password=\(secret) HTTP/1.1\r\n\r\n")),
            ("http form", 8080, true, text("POST /login HTTP/1.1\r\n\r\nuser=\(account)&password=\(secret)")),
            ("http cookie", 80, true, text("GET / HTTP/1.0\r\nCookie: session=\(secret)\r\n\r\n")),
            ("telnet", 23, true, text("\(secret)\r\n")),
            ("pop3", 110, true, text("PASS \(secret)\r\n")),
            ("imap", 143, true, text("a1 LOGIN \(account) \(secret)\r\n")),
            ("smtp", 25, true, text("AUTH PLAIN \(base64("\0\(account)\0\(secret)"))\r\n")),
            ("smtp answer", 25, true, text("\(base64(secret))\r\n")),
            ("rtsp", 554, true, text("DESCRIBE rtsp://\(account):\(secret)@cam/ RTSP/1.0\r\n\r\n")),
            (
                "sip", 5060, false,
                text("REGISTER sip:a SIP/2.0\r\nAuthorization: Digest response=\"\(secret)\"\r\n\r\n")
            ),
            ("ssdp", 1900, false, text("M-SEARCH * HTTP/1.1\r\nX: \(secret)\r\n\r\n")),
            ("syslog", 514, false, text("<34>login \(account) password \(secret)")),
            ("tftp", 69, false, [0, 1] + text("\(secret)\0octet\0")),
            (
                "snmp v2c", 161, false,
                [0x30, 40, 2, 1, 1, 4, 12] + short + [0xa0, 19] + Bytes(repeating: 0, count: 19)
            ),
            ("snmp v1, long length", 161, false, [0x30, 0x81, 40, 2, 1, 0, 4, 0x81, 12] + short + [0xa4, 19]),
            ("snmp set", 162, false, [0x30, 40, 2, 1, 1, 4, 1, 0x61, 0xa3, 20, 4, 12] + short),
            ("ldap", 389, true, [0x30, 30, 2, 1, 1, 0x60, 25, 2, 1, 3, 4, 4] + text("cn=a") + [0x80, 12] + short),
            ("mqtt", 1883, true, [0x10, 40, 0, 4] + text("MQTT") + [4, 0xc2, 0, 60, 0, 1, 0x61, 0, 12] + short),
            ("socks5", 1080, true, [1, 1, 0x61, 12] + short),
            ("radius", 1812, false, [1, 1, 0, 34] + Bytes(repeating: 9, count: 16) + [2, 14] + short),
            ("radius name", 1812, false, [1, 1, 0, 34] + Bytes(repeating: 9, count: 16) + [6, 14] + short),
            (
                "dhcp", 67, false,
                [1, 1, 6] + Bytes(repeating: 0, count: 233) + [0x63, 0x82, 0x53, 0x63, 90, 12] + short
            ),
            ("dns", 53, false, [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 12] + short + [0, 0, 16, 0, 1]),
            ("ntp", 123, false, [0x23] + Bytes(repeating: 0, count: 47) + short),
            ("vnc", 5900, true, text("RFB 003.008\n") + short),
            ("opc ua", 4840, true, text("MSGF") + [80, 0, 0, 0] + Bytes(repeating: 1, count: 24) + short),
            (
                "s7 password", 102, true,
                [3, 0, 0, 39, 2, 0xf0, 0x80, 0x32, 7, 0, 0, 0, 1, 0, 8, 0, 14]
                    + [0, 1, 0x12, 4, 0x11, 0x45, 1, 0] + [0, 9] + short
            ),
            (
                "s7 download", 102, true,
                [3, 0, 0, 31, 2, 0xf0, 0x80, 0x32, 1, 0, 0, 0, 1, 0, 14, 0, 0, 0x1a, 0] + short
            ),
            ("mms", 102, true, [3, 0, 0, 19, 2, 0xf0, 0x80] + short),
            ("rdp", 3389, true, [3, 0, 0, 40, 35, 0xe0, 0, 0, 0, 0, 0] + text("Cookie: mstshash=\(secret)")),
            ("umas", 502, true, [0, 1, 0, 0, 0, 16, 0, 0x5a, 0, 0x10] + short),
            ("modbus, lengths that do not agree", 502, true, [0, 1, 0, 0, 0, 18, 1, 3, 0, 0, 0, 1] + short),
            ("modbus file", 502, true, [0, 1, 0, 0, 0, 16, 1, 21, 14, 6] + short),
            ("behind a modbus message", 502, true, [0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1] + short),
            (
                "slmp password", 5007, true,
                [0x50, 0, 0, 0xff, 0xff, 3, 0, 20, 0, 16, 0, 0x30, 0x16, 0, 0, 12, 0] + short
            ),
            ("melsoft text", 5007, true, text("500000FF03FF00002000101630000\(secret)")),
            ("fins password", 9600, false, [0x80, 0, 2, 0, 1, 0, 0, 2, 0, 1, 3, 4] + short),
            (
                "fins over tcp", 9600, true,
                text("FINS") + [0, 0, 0, 32, 0, 0, 0, 2, 0, 0, 0, 0]
                    + [0x80, 0, 2, 0, 1, 0, 0, 2, 0, 1, 3, 5] + short
            ),
            (
                "cip", 44818, true,
                [0x6f, 0, 34, 0] + Bytes(repeating: 0, count: 20) + Bytes(repeating: 0, count: 6)
                    + [2, 0, 0, 0, 0, 0, 0xb2, 0, 18, 0, 0x4c, 0x07, 0x91, 12] + short
            ),
            (
                "cip write", 44818, true,
                [0x70, 0, 42, 0] + Bytes(repeating: 0, count: 20) + Bytes(repeating: 0, count: 6)
                    + [2, 0, 0xa1, 0, 4, 0, 1, 2, 3, 4, 0xb1, 0, 18, 0, 9, 9, 0x4d, 1, 0x20, 4] + short
            ),
            ("bacnet reinitialise", 47808, false, [0x81, 0x0a, 0, 24, 1, 4, 0, 4, 1, 0x14, 0x1d, 13] + short),
            ("tls look-alike", 443, true, [22, 3, 1, 0, 17, 1, 0, 0, 9, 3] + short),
            ("smb", 445, true, [0, 0, 0, 80, 0xfe] + text("SMB") + [64, 0] + Bytes(repeating: 0, count: 8) + short),
        ]
    }

    private static func keep(_ bytes: Bytes, link: UInt16) -> KeptFrame {
        let frame = Frame(
            number: 1, time: .zero, originalLength: UInt32(bytes.count), capturedLength: UInt32(bytes.count),
            linkType: LinkType(rawValue: link))
        return ExhibitFrames.keep(bytes.span.bytes, frame, of: 1)
    }

    /// Four letters of the secret in a row, in clear or as Base64 writes it, are a leak.
    private static let needles: [Bytes] = {
        var needles: Set<Bytes> = []
        for whole in [secret, base64("\(account):\(secret)"), base64("\0\(account)\0\(secret)"), base64(secret)] {
            let bytes = Bytes(whole.utf8)
            for start in 0...(bytes.count - 4) { needles.insert(Bytes(bytes[start..<start + 4])) }
        }
        return Array(needles)
    }()

    private static func leak(_ kept: Bytes) -> Bool {
        kept.count >= 4 && (0...(kept.count - 4)).contains { start in needles.contains(Bytes(kept[start..<start + 4])) }
    }

    @Test func nothingIsLeakedByAnyCarrier() {
        var frames = 0
        for message in RedactionTests.messages {
            for carrier in HostileFrames.carriers {
                let packet =
                    message.isTCP
                    ? HostileFrames.tcp(message.bytes, to: message.port)
                    : HostileFrames.udp(message.bytes, to: message.port)
                for frame in carrier.frames(packet) {
                    frames += 1
                    let kept = RedactionTests.keep(frame, link: carrier.link)
                    #expect(!RedactionTests.leak(kept.bytes), "\(message.name) in \(carrier.name)")
                    #expect(kept.bytes.count == min(frame.count, Exhibit.snapLength))
                    #expect(kept.isRedacted || !RedactionTests.leak(frame), "\(message.name) in \(carrier.name)")
                }
            }
        }
        #expect(frames > 1000)
    }

    /// As a stream cut at every place, each piece a segment of its own.
    @Test func nothingIsLeakedBySegments() {
        for message in RedactionTests.messages where message.isTCP {
            for cut in 1..<message.bytes.count {
                for piece in [Bytes(message.bytes.prefix(cut)), Bytes(message.bytes.dropFirst(cut))] {
                    let frame = HostileFrames.ethernet(
                        0x0800, HostileFrames.ipv4(HostileFrames.tcp(piece, to: message.port, sequence: cut)))
                    let kept = RedactionTests.keep(frame, link: 1)
                    #expect(!RedactionTests.leak(kept.bytes), "\(message.name) cut at \(cut)")
                }
            }
        }
    }

    /// Captured with a snap length anywhere.
    @Test func nothingIsLeakedByCutFrames() {
        for message in RedactionTests.messages {
            let packet =
                message.isTCP
                ? HostileFrames.tcp(message.bytes, to: message.port)
                : HostileFrames.udp(message.bytes, to: message.port)
            let whole = HostileFrames.ethernet(0x0800, HostileFrames.ipv4(packet))
            for snap in 0..<whole.count {
                let bytes = Bytes(whole.prefix(snap))
                let frame = Frame(
                    number: 1, time: .zero, originalLength: UInt32(whole.count), capturedLength: UInt32(snap),
                    linkType: .ethernet)
                let kept = ExhibitFrames.keep(bytes.span.bytes, frame, of: 1)
                #expect(!RedactionTests.leak(kept.bytes), "\(message.name) cut to \(snap)")
                #expect(kept.bytes.count == snap)
            }
        }
    }

    @Test func whatProvesThePointIsKept() {
        func kept(_ packet: (proto: UInt8, [UInt8])) -> Bytes {
            Bytes(
                RedactionTests.keep(HostileFrames.ethernet(0x0800, HostileFrames.ipv4(packet)), link: 1).bytes
                    .dropFirst(54))
        }
        #expect(kept(HostileFrames.tcp(Bytes("PASS abc\r\n".utf8), to: 21)) == Bytes("PASS xxx\r\n".utf8))
        #expect(
            kept(HostileFrames.tcp(Bytes("GET /a HTTP/1.1\r\nAuthorization: Basic YWI6Yw==\r\n".utf8), to: 80))
                == Bytes("GET xxxxxxxxxxx\r\nAuthorization: Basic xxxxxxxx\r\n".utf8))
        let read: Bytes = [0, 1, 0, 0, 0, 6, 1, 3, 0, 0, 0, 1]
        #expect(kept(HostileFrames.tcp(read, to: 502)) == read)
        #expect(
            kept(HostileFrames.tcp([0, 1, 0, 0, 0, 5, 1, 0x5a, 0, 1, 2], to: 502)) == [
                0, 1, 0, 0, 0, 5, 1, 0x5a, 0x78, 0x78, 0x78,
            ])
    }

    /// The checksum is cleared, for it tells about what was overwritten; it stays where nothing was.
    @Test func checksumsOfRedactedFramesAreCleared() {
        func checksum(_ payload: Bytes) -> Bytes {
            let frame = HostileFrames.ethernet(0x0800, HostileFrames.ipv4(HostileFrames.tcp(payload, to: 21)))
            return Bytes(RedactionTests.keep(frame, link: 1).bytes[50..<52])
        }
        #expect(checksum(Bytes("PASS abc\r\n".utf8)) == [0, 0])
        #expect(checksum([]) == [0xbe, 0xef])
    }

    @Test func linkLayerLoginsAreNotKept() {
        let secret = Bytes(RedactionTests.secret.utf8)
        let frames: [(String, UInt16, Bytes)] = [
            ("pap in ppp", 9, [0xff, 3, 0xc0, 0x23, 1, 1, 0, 20, 1, 0x61, 12] + secret),
            (
                "pap in pppoe", 1,
                HostileFrames.ethernet(0x8864, [0x11, 0, 0, 1, 0, 23, 0xc0, 0x23, 1, 1, 0, 20, 1, 0x61, 12] + secret)
            ),
            ("eap", 1, HostileFrames.ethernet(0x888e, [1, 0, 0, 17, 2, 1, 0, 17, 1] + secret)),
            ("eap key", 1, HostileFrames.ethernet(0x888e, [2, 3, 0, 12] + secret)),
            (
                "vrrp", 1,
                HostileFrames.ethernet(0x0800, HostileFrames.ipv4((112, [0x21, 1, 100, 0, 1, 1, 0, 0] + secret)))
            ),
            ("ospf", 1, HostileFrames.ethernet(0x0800, HostileFrames.ipv4((89, [2, 1, 0, 44, 0, 0, 0, 1] + secret)))),
            (
                "hsrp", 1,
                HostileFrames.ethernet(
                    0x0800, HostileFrames.ipv4(HostileFrames.udp([0, 0, 16, 3, 10, 100, 1, 0] + secret, to: 1985)))
            ),
            (
                "icmp quoting", 1,
                HostileFrames.ethernet(0x0800, HostileFrames.ipv4((1, [3, 1, 0, 0, 0, 0, 0, 0] + secret)))
            ),
            ("lldp of nobody", 1, HostileFrames.ethernet(0x88cc, [0xfe, 16, 0xaa, 0xbb, 0xcc, 1] + secret)),
            ("behind lldp", 1, HostileFrames.ethernet(0x88cc, [0, 0] + secret)),
            (
                "wireless login", 105,
                [0xb0, 0, 0, 0] + Bytes(repeating: 2, count: 20) + [1, 0, 3, 0, 0, 0, 16, 12] + secret
            ),
            (
                "beacon of a vendor", 105,
                [0x80, 0, 0, 0] + Bytes(repeating: 2, count: 20) + Bytes(repeating: 0, count: 12) + [221, 12] + secret
            ),
        ]
        for (name, link, frame) in frames {
            #expect(!RedactionTests.leak(RedactionTests.keep(frame, link: link).bytes), "\(name)")
        }
    }
}
