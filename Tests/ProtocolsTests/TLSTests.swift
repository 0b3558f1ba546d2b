import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// TLS messages put together by hand.
enum TLSBytes {
    static func vector8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }
    static func vector16(_ bytes: [UInt8]) -> [UInt8] { be16(bytes.count) + bytes }
    static func vector24(_ bytes: [UInt8]) -> [UInt8] {
        [UInt8(bytes.count >> 16)] + be16(bytes.count & 0xffff) + bytes
    }
    static func words(_ values: [Int]) -> [UInt8] { values.flatMap(be16) }
    static func handshake(_ type: UInt8, _ body: [UInt8]) -> [UInt8] { [type] + vector24(body) }
    static func record(_ type: UInt8, _ content: [UInt8], version: Int = 0x0303) -> [UInt8] {
        [type] + be16(version) + vector16(content)
    }
    static func serverName(_ name: String) -> [UInt8] {
        be16(0) + vector16(vector16([0] + vector16(Array(name.utf8))))
    }
    static func protocols(_ names: [String]) -> [UInt8] {
        be16(16) + vector16(vector16(names.flatMap { vector8(Array($0.utf8)) }))
    }

    /// The body of a ClientHello.
    static func hello(ciphers: [Int], extensions: [[UInt8]], version: Int = 0x0303, cookie: [UInt8]? = nil) -> [UInt8] {
        be16(version) + [UInt8](repeating: 7, count: 32) + vector8([]) + (cookie.map(vector8) ?? [])
            + vector16(words(ciphers)) + vector8([0]) + vector16(extensions.flatMap { $0 })
    }

    /// The hello of the example in the JA4 specification: Chrome, with GREASE; JA4 sorts, so the order here is free.
    static let chrome: [UInt8] = {
        let algorithms = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601]
        let plain = [0x001b, 0x0033, 0x4469, 0x0017, 0x002d, 0x0005, 0x0023, 0x0012, 0x000b, 0xff01, 0x0015, 0x000a]
        return hello(
            ciphers: [
                0x6a6a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c,
                0x009d, 0x002f, 0x0035,
            ],
            extensions: [be16(0x1a1a) + vector16([]), serverName("device.example"), protocols(["h2", "http/1.1"])]
                + [be16(13) + vector16(vector16(words(algorithms)))]
                + [be16(43) + vector16(vector8(words([0x2a2a, 0x0304, 0x0303])))]
                + plain.map { be16($0) + vector16([]) })
    }()

    static func serverHello(version: Int, cipher: Int, extensions: [[UInt8]] = []) -> [UInt8] {
        be16(version) + [UInt8](repeating: 9, count: 32) + vector8([]) + be16(cipher) + [0]
            + (extensions.isEmpty ? [] : vector16(extensions.flatMap { $0 }))
    }

    /// O=Example Works, CN=plc-7.example, serialNumber=SN-0042, signed by itself; DNS name and 192.0.2.7.
    static let certificate = hex(
        """
        308201f83082019fa00302010202145e105b63270cbbfc98f789a579e29821e52fff62300a06082a8648ce3d0403023042311630140603
        55040a0c0d4578616d706c6520576f726b733116301406035504030c0d706c632d372e6578616d706c653110300e06035504051307534e
        2d30303432301e170d3236313132343036343334395a170d3336313132313036343334395a304231163014060355040a0c0d4578616d70
        6c6520576f726b733116301406035504030c0d706c632d372e6578616d706c653110300e06035504051307534e2d303034323059301306
        072a8648ce3d020106082a8648ce3d0301070342000421ea74a83b5dbf20fb9c26da61372275461d89de36da8df90d630d92cf13b72cea
        f69720feb5da32991e920841cdf9433dedf93a98c4dd33d24c079b0b3b7c45a3733071301d0603551d0e04160414866536a987e4e3d536
        0aa2a7eed06f9622b9446e301f0603551d23041830168014866536a987e4e3d5360aa2a7eed06f9622b9446e300f0603551d130101ff04
        0530030101ff301e0603551d1104173015820d706c632d372e6578616d706c658704c0000207300a06082a8648ce3d0403020347003044
        0220767e2a8a83acfbb39c32555509550ef234190e969c8d6a85be8a93d0d06a2ade02206b2e6d01bbe936757da56a0b2cf7a446abbf4a
        a425af970a89ff3c7049f9356a
        """)
    static var certificateMessage: [UInt8] { handshake(11, vector24(vector24(certificate))) }
}

@Suite struct TLSTests {
    private typealias B = TLSBytes

    @Test func clientHelloGivesNameAndFingerprint() {
        var bench = DissectorBench(TLS.self)
        bench.feed(B.record(22, B.handshake(1, B.chrome), version: 0x0301), fromClient: true)
        #expect(bench.value("server_name") == "device.example")
        #expect(bench.value("ja4", about: DissectorBench.client) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(bench.value("offered_protocols") == "h2,http/1.1")
        #expect(bench.names() == ["ClientHello"])
    }

    @Test func fingerprintOfABareHello() {
        var bench = DissectorBench(TLS.self)
        let bare = B.hello(ciphers: [0x002f], extensions: [], version: 0x0301)
        bench.feed(B.record(22, B.handshake(1, bare), version: 0x0301), fromClient: true)
        // The first digits of SHA-256 of "002f"; no extensions give zeros.
        #expect(bench.value("ja4") == "t10i010000_ba72b8082249_000000000000")
        #expect(bench.value("server_name") == nil)
    }

    @Test func serverHelloTellsVersionAndCipher() {
        var bench = DissectorBench(TLS.self)
        let reply = B.serverHello(version: 0x0301, cipher: 0x0005)
        bench.feed(B.record(22, B.handshake(2, reply)), fromClient: false)
        #expect(bench.value("version", about: DissectorBench.server) == "TLS 1.0")
        #expect(bench.value("cipher_suite") == "TLS_RSA_WITH_RC4_128_SHA")

        var modern = DissectorBench(TLS.self)
        let thirteen = B.serverHello(
            version: 0x0303, cipher: 0x1302, extensions: [be16(43) + B.vector16(be16(0x0304))])
        #expect(modern.feed(B.record(22, B.handshake(2, thirteen)), fromClient: false) == .directionDone)
        #expect(modern.value("version") == "TLS 1.3")
    }

    @Test func certificateNamesItsOwner() {
        var bench = DissectorBench(TLS.self)
        bench.feed(B.record(22, B.certificateMessage), fromClient: false)
        #expect(bench.value("certificate_common_name", about: DissectorBench.server) == "plc-7.example")
        #expect(bench.value("certificate_organization") == "Example Works")
        #expect(bench.value("certificate_serial_number") == "SN-0042")
        #expect(bench.value("certificate_issuer") == "plc-7.example")
        #expect(bench.value("certificate_not_before") == "2026-11-24")
        #expect(bench.value("certificate_not_after") == "2036-11-21")
        #expect(bench.value("certificate_trust") == "self-issued")
        #expect(bench.values(.certificateName).contains("192.0.2.7"))
    }

    @Test func messagesCutAnywhereAreJoined() {
        let flight = B.handshake(2, B.serverHello(version: 0x0303, cipher: 0xc02f)) + B.certificateMessage
        for size in [1, 3, 4, 100, 513] {
            var bench = DissectorBench(TLS.self)
            var rest = flight[...]
            while !rest.isEmpty {
                bench.feed(B.record(22, Array(rest.prefix(size))), fromClient: false)
                rest = rest.dropFirst(size)
            }
            #expect(bench.value("version") == "TLS 1.2", "records of \(size)")
            #expect(bench.value("certificate_common_name") == "plc-7.example", "records of \(size)")
        }
    }

    @Test func recognitionNeedsMoreThanAByte() {
        let hello = B.record(22, B.handshake(1, B.chrome), version: 0x0301)
        #expect(probe(TLS.self, hello) == .certain(from: .client))
        #expect(probe(TLS.self, Array(hello.prefix(3))) == .wait)
        #expect(probe(TLS.self, hex("17 24 0a 20 00 00 00 00 00 00")) == .no, "TeamViewer begins with 0x17 too")
        #expect(probe(TLS.self, hex("17 03 03 00 20") + [UInt8](repeating: 1, count: 10)) == .possible)
        let two = B.record(23, [UInt8](repeating: 1, count: 40))
        #expect(probe(TLS.self, two + two) == .certain)
        #expect(probe(TLS.self, B.record(22, B.handshake(1, [0, 1]))) == .no)
        #expect(
            probe(TLS.self, hex("80 1c 01 0002 0003 0000 0010 010080") + [UInt8](repeating: 1, count: 16)).sender
                == .client)
    }

    @Test func datagramsCarryItToo() {
        func record(_ content: [UInt8]) -> [UInt8] {
            [22] + be16(0xfefd) + [UInt8](repeating: 0, count: 8) + TLSBytes.vector16(content)
        }
        func fragment(_ body: [UInt8], _ range: Range<Int>) -> [UInt8] {
            let part = Array(body[range])
            return [1, 0] + be16(body.count) + be16(0) + [0] + be16(range.lowerBound) + [0] + be16(part.count) + part
        }
        let body = TLSBytes.hello(
            ciphers: [0xc0ac], extensions: [TLSBytes.serverName("sensor.example")], version: 0xfefd, cookie: [1, 2])
        let whole = record(fragment(body, 0..<body.count))
        #expect(probe(DTLS.self, whole, isTCP: false) == .certain(from: .client))
        var bench = DissectorBench(DTLS.self, isTCP: false)
        bench.feed(record(fragment(body, 0..<20)), fromClient: true)
        bench.feed(record(fragment(body, 20..<body.count)), fromClient: true)
        #expect(bench.value("server_name") == "sensor.example")
        #expect(bench.value("ja4")?.hasPrefix("dd2d0101") == true)
    }

    @Test func hostileBytesDoNotTrap() {
        let messages = [
            B.record(22, B.handshake(1, B.chrome)),
            B.record(22, B.handshake(2, B.serverHello(version: 0x0303, cipher: 1)) + B.certificateMessage),
        ]
        #expect(DissectorBench.torment(TLS.self, messages) > 2_000)
        #expect(DissectorBench.torment(DTLS.self, messages, isTCP: false) > 2_000)
    }
}
