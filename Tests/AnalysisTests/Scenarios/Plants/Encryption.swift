import Model

/// What is wrong with encryption, what hides where nobody looks, and what is in order.
extension Scenario {
    /// DER: a tag, a length below 64 KiB, and what it holds.
    private static func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            content.count < 128 ? [UInt8(content.count)] : [0x82] + Bytes.be16(content.count)
        return [tag] + length + content
    }

    private static func name(_ text: String) -> [UInt8] {
        der(0x30, der(0x31, der(0x30, der(0x06, [0x55, 0x04, 0x03]) + der(0x0c, Array(text.utf8)))))
    }

    /// A certificate of RFC 5280's form; nobody checks its signature.
    private static func certificate(_ subject: String, by issuer: String, until: String) -> [UInt8] {
        let algorithm = der(0x30, der(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]))
        let validity = der(0x30, der(0x17, Array("200101000000Z".utf8)) + der(0x17, Array(until.utf8)))
        let body = der(
            0x30,
            der(0xa0, der(0x02, [2])) + der(0x02, [1]) + algorithm + name(issuer) + validity + name(subject)
                + der(0x30, algorithm + der(0x03, [0, 1])))
        return der(0x30, body + algorithm + der(0x03, [0] + [UInt8](repeating: 9, count: 64)))
    }

    private static func record(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        let message = [type, 0] + Bytes.be16(body.count) + body
        return Bytes.hex("16 0303") + Bytes.be16(message.count) + message
    }

    /// A TLS 1.2 connection whose server chooses `suite` and shows a certificate.
    private static func tls(suite: [UInt8], _ certificate: [UInt8]) -> Dialog {
        let random = [UInt8](repeating: 7, count: 32)
        let hello = Bytes.hex("0303") + random + [0, 0, 4] + suite + [0xc0, 0x2f, 1, 0, 0, 0]
        let length = { (count: Int) -> [UInt8] in [0] + Bytes.be16(count) }
        let chain = length(certificate.count + 3) + length(certificate.count) + certificate
        return Dialog(
            [
                (true, record(1, hello)), (false, record(2, Bytes.hex("0303") + random + [0] + suite + [0])),
                (false, record(11, chain)),
            ],
            [
                (true, Bytes.hex("170303 0080") + [UInt8](repeating: 5, count: 128)),
                (false, Bytes.hex("170303 0200") + [UInt8](repeating: 6, count: 512)),
            ])
    }
    private static let strong: [UInt8] = [0xc0, 0x2f]

    static let expiredCertificate = Scenario(
        "expired-certificate", "A panel's certificate has expired, and it still chooses RC4.",
        truth: Truth(findings: ["doubtful-certificate": ["panel"], "weak-cipher": ["panel"]])
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        network.tcp(
            line.engineering, line.panel, 443,
            tls(suite: [0x00, 0x05], certificate("panel", by: "panel", until: "241231235959Z")))
    }

    static let goodCertificates = Scenario(
        "certificates-in-order",
        "A panel shows a certificate of its own making that is valid, and a web site one that an authority issued.",
        truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line)
        network.tcp(
            line.engineering, line.panel, 443,
            tls(suite: strong, certificate("panel", by: "panel", until: "301231235959Z")))
        network.tcp(
            office.pcs[0], office.internet, 443,
            tls(suite: strong, certificate("www.example.com", by: "Example CA", until: "301231235959Z")))
    }

    static let selfMadeOutside = Scenario(
        "self-made-certificate-outside", "An office PC talks to a server outside that issued its certificate itself.",
        truth: Truth(findings: ["doubtful-certificate": []])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line)
        network.tcp(
            office.pcs[0], office.internet, 443,
            tls(suite: strong, certificate("localhost", by: "localhost", until: "301231235959Z")))
    }

    static let pingTunnel = Scenario(
        "icmp-tunnel", "An office PC carries data out in echo requests, and more comes back in the replies.",
        truth: Truth(findings: ["icmp-tunnel": ["office-pc-1"]])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line)
        network.ping(
            office.pcs[0], office.internet, [UInt8](repeating: 0x41, count: 56), times: 60,
            other: [UInt8](repeating: 0x5a, count: 56))
    }

    static let watching = Scenario(
        "ping-for-watching", "Supervision pings every device for hours with data of different lengths.", truth: Truth()
    ) { network in
        let line = PlantKit.line(&network)
        PlantKit.work(&network, line)
        for controller in line.controllers {
            for size in [32, 56, 1400] {
                network.ping(line.supervision, controller, [UInt8](repeating: 0x61, count: size), times: 60)
            }
        }
    }

    static let allEncryption: [Scenario] = [
        expiredCertificate, goodCertificates, selfMadeOutside, pingTunnel, watching,
    ]
}
