import Model
import Wire

/// What is known of one TLS or DTLS connection; kept by whichever protocol carries it.
package final class TLSSession {
    struct Side {
        /// Handshake bytes of a message that its record did not hold whole.
        var pending: [UInt8] = []
        var helloSeen = false
        /// DTLS: number of the message whose fragments are in `pending`.
        var pendingSequence: UInt16 = 0
    }

    var client = Side()
    var server = Side()
    /// Everything from the server on is encrypted: TLS 1.3 was agreed.
    var serverIsEncrypted = false

    /// Added to message codes, so that they stay apart from those of the protocol around.
    let messageBase: UInt32

    package init() { messageBase = 0 }

    /// For TLS inside another protocol.
    package init(inside _: Void) { messageBase = TLS.insideBase }

    subscript(fromClient fromClient: Bool) -> Side {
        get { fromClient ? client : server }
        set {
            if fromClient { client = newValue } else { server = newValue }
        }
    }
}

/// Handshake messages, which TLS, DTLS and QUIC share (RFC 8446, 4; RFC 5246, 7.4).
enum TLSHandshake {
    enum MessageType {
        static let clientHello: UInt8 = 1, serverHello: UInt8 = 2, certificate: UInt8 = 11, serverHelloDone: UInt8 = 14
    }
    /// Longest message that is put together; a chain of certificates stays far below.
    static let longestMessage = 131_072

    /// Reads the body of one message.
    static func read(
        _ type: UInt8, _ body: RawSpan, over carrier: JA4.Carrier, _ session: TLSSession, _ d: inout Dissection
    ) {
        d.message(session.messageBase | UInt32(type))
        do throws(DecodeError) {
            switch type {
            case MessageType.clientHello: clientHello(body, over: carrier, session, &d)
            case MessageType.serverHello: try serverHello(body, session, &d)
            case MessageType.certificate where !session.serverIsEncrypted: try certificates(body, &d)
            default: break
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func clientHello(
        _ body: RawSpan, over carrier: JA4.Carrier, _ session: TLSSession, _ d: inout Dissection
    ) {
        // The second one, after HelloRetryRequest or HelloVerifyRequest, says nothing new.
        if session.client.helloSeen { return }
        session.client.helloSeen = hello(body, over: carrier, &d)
    }

    /// Tells what a ClientHello says; true when all of it could be read.
    @discardableResult
    static func hello(_ body: RawSpan, over carrier: JA4.Carrier, _ d: inout Dissection) -> Bool {
        var hello = ClientHello()
        var isWhole = true
        do throws(DecodeError) {
            try hello.read(body, isDatagram: carrier == .dtls)
        } catch {
            isWhole = false
            if !d.isCut { d.malformed(error) }
        }
        d.observe(.serverName, hello.serverName, field: "server_name", about: .conversation)
        guard isWhole else { return false }
        let seed = d.observations.seed
        let fingerprint = d.once(JA4.key(of: hello, over: carrier, seed: seed)) {
            JA4.fingerprint(hello, over: carrier)
        }
        d.observe(.ja4, fingerprint, field: "ja4")
        d.observe("alpn", hello.applicationProtocolText, field: "offered_protocols")
        return true
    }

    private static func serverHello(
        _ body: RawSpan, _ session: TLSSession, _ d: inout Dissection
    ) throws(DecodeError) {
        var reader = FieldReader(body)
        var version = try reader.be16("server version")
        let random = try reader.take(32, "random")
        try reader.skip(Int(try reader.u8("session id length")), "session id")
        let suite = try reader.be16("cipher suite")
        _ = try reader.u8("compression method")
        var chosen = WireText("")
        if reader.remaining >= 2 {
            var each = FieldReader(try reader.take(Int(try reader.be16("extensions length")), "extensions"))
            var seen = 0
            while each.remaining >= 4, seen < 64 {
                seen &+= 1
                let type = try each.be16("extension type")
                let data = try each.take(Int(try each.be16("extension length")), "extension")
                switch type {
                case 16: chosen = WireText(wire: data.from(3))
                case 43: version = data.be16(0)
                default: break
                }
            }
        }
        // TLS 1.3 and its drafts encrypt all that follows; a HelloRetryRequest is a ServerHello of this random (4.1.3).
        let isRetry = random.be64(0) == 0xcf21_ad74_e59a_6111
        let isThirteen = version == 0x0304 || version >> 8 == 0x7f || version == 0xfefc
        if isRetry { return }
        session.serverIsEncrypted = isThirteen
        session.server.helloSeen = true
        d.observe(.version, versionName(version), field: "version")
        d.observe(.cipher, CipherSuites.name(suite), field: "cipher_suite")
        d.observe("alpn", chosen, field: "chosen_protocol")
    }

    /// Certificate of TLS up to 1.2: list length 3, then each certificate after its length of 3. The first is the sender's.
    private static func certificates(_ body: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(body)
        let listLength = try reader.be24("certificates length")
        guard listLength >= 3 else { return }
        let leaf = try reader.take(Int(try reader.be24("certificate length")), "certificate")
        certificate(leaf, &d)
    }

    static func certificate(_ leaf: RawSpan, _ d: inout Dissection) {
        guard let names = X509Names(leaf) else {
            d.malformed(
                DecodeError(field: "certificate", offset: 0, needed: leaf.byteCount &+ 1, available: leaf.byteCount))
            return
        }
        d.observe(.certificateName, names.subjectCommonName, field: "certificate_common_name")
        // Outside, they are the long lists of shared hosting.
        if d.source.ip?.isGlobal != true {
            for name in names.alternativeNames {
                d.observe(.certificateName, name, field: "certificate_alternative_name")
            }
        }
        d.observe("certificate_organization", names.subjectOrganization, field: "certificate_organization")
        d.observe("certificate_serial_number", names.subjectSerialNumber, field: "certificate_serial_number")
        let issuer = names.issuerCommonName.isEmpty ? names.issuerOrganization : names.issuerCommonName
        d.observe(.certificateIssuer, issuer, field: "certificate_issuer")
        d.observe("certificate_not_before", names.notBefore, field: "certificate_not_before")
        d.observe("certificate_not_after", names.notAfter, field: "certificate_not_after")
        if names.isSelfIssued {
            d.observe("certificate_trust", "self-issued", field: "certificate_trust")
            // A name that a product gave itself also tells what this connection is.
            d.observe(
                .certificateName, names.subjectCommonName, field: "self_issued_common_name", about: .conversation)
        }
    }

    static func versionName(_ version: UInt16) -> String {
        switch version {
        case 0x0002: "SSL 2.0"
        case 0x0300: "SSL 3.0"
        case 0x0301: "TLS 1.0"
        case 0x0302: "TLS 1.1"
        case 0x0303: "TLS 1.2"
        case 0x0304: "TLS 1.3"
        case 0x7f00...0x7fff: "TLS 1.3 draft \(version & 0xff)"
        case 0x0100, 0xfeff: "DTLS 1.0"
        case 0xfefd: "DTLS 1.2"
        case 0xfefc: "DTLS 1.3"
        default: hexadecimal(version, digits: 4)
        }
    }

    static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "HelloRequest"
        case 1: "ClientHello"
        case 2: "ServerHello"
        case 3: "HelloVerifyRequest"
        case 4: "NewSessionTicket"
        case 11: "Certificate"
        case 12: "ServerKeyExchange"
        case 13: "CertificateRequest"
        case 14: "ServerHelloDone"
        case 15: "CertificateVerify"
        case 16: "ClientKeyExchange"
        case 20: "Finished"
        case 22: "CertificateStatus"
        case 0x1500...0x15ff: "Alert \(code & 0xff)"
        default: "Handshake \(code)"
        }
    }
}
