import Model
import Wire

/// What OPC UA's discovery and session services tell of servers, clients and their security.
enum OPCUAIdentity {
    /// GetEndpoints response: endpoints.
    static func endpoints(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        var left = try reader.opcCount("endpoints")
        while left > 0 {
            try endpoint(&reader, &d)
            left &-= 1
        }
    }

    /// EndpointDescription (Part 4, 7.14).
    private static func endpoint(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        let url = try reader.opcText("endpoint url")
        if !reader.text(url).hasUserInformation { d.observe(.url, text: reader.text(url), field: "endpoint_url") }
        let application = try reader.opcApplication()
        state(application, reader.bytes, &d, about: .source, confidence: .high)
        let certificate = try reader.opcText("server certificate")
        self.certificate(reader.text(certificate), &d)
        let mode = try reader.le32("security mode")
        let policyURI = try reader.opcText("security policy uri")
        d.observe(
            .security, OPCUA.policy(reader.text(policyURI)) + "/" + self.mode(mode), field: "endpoint_security")
        var left = try reader.opcCount("user identity tokens")
        while left > 0 {
            _ = try reader.opcText("policy id")
            let type = try reader.le32("token type")
            _ = try reader.opcText("issued token type")
            _ = try reader.opcText("issuer endpoint url")
            _ = try reader.opcText("token security policy uri")
            d.observe("user_token", token(type), field: "endpoint_user_token")
            left &-= 1
        }
        _ = try reader.opcText("transport profile uri")
        try reader.skip(1, "security level")
    }

    /// FindServers response: the descriptions of servers that the answering one knows, itself among them.
    static func foundServers(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        var left = try reader.opcCount("servers")
        let isOne = left == 1
        while left > 0 {
            let application = try reader.opcApplication()
            let bytes = reader.bytes
            if let address = address(bytes.slice(application.firstURL.offset, application.firstURL.count)),
                address != d.source.ip, !address.isLoopback
            {
                state(application, bytes, &d, about: .address(address), confidence: .medium)
            } else {
                state(application, bytes, &d, about: .source, confidence: isOne ? .high : .medium)
            }
            left &-= 1
        }
    }

    /// CreateSession request: who the client is.
    static func createSession(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        let application = try reader.opcApplication()
        state(application, reader.bytes, &d, about: .source, confidence: .high)
        let server = try reader.opcText("server uri")
        d.observe(
            .applicationURI, text: reader.text(server), field: "server_uri", about: .destination, confidence: .medium)
        _ = try reader.opcText("endpoint url")
        let session = try reader.opcText("session name")
        d.observe("session_name", text: reader.text(session), field: "session_name", about: .conversation)
        _ = try reader.opcText("client nonce")
        let certificate = try reader.opcText("client certificate")
        self.certificate(reader.text(certificate), &d)
    }

    /// CreateSession response: session ids, certificate, and the endpoints once more.
    static func createdSession(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        _ = try reader.opcNodeID("session id")
        _ = try reader.opcNodeID("authentication token")
        try reader.skip(8, "session timeout")
        _ = try reader.opcText("server nonce")
        let certificate = try reader.opcText("server certificate")
        self.certificate(reader.text(certificate), &d)
        try endpoints(&reader, &d)
    }

    /// RegisterServer request: a server makes itself known to a discovery server (Part 4, 7.32).
    static func registration(_ reader: inout FieldReader, _ d: inout Dissection) throws(DecodeError) {
        let uri = try reader.opcText("server uri")
        d.observe(.applicationURI, text: reader.text(uri), field: "registered_server_uri")
        let product = try reader.opcText("product uri")
        d.observe("product_uri", text: reader.text(product), field: "registered_product_uri")
        var left = try reader.opcCount("server names")
        while left > 0 {
            let name = try reader.opcLocalizedText("server name")
            d.observe(.software, text: reader.text(name), field: "registered_server_name")
            left &-= 1
        }
        d.role(.opcServer, field: "registration")
    }

    /// ActivateSession request: as whom the client logs in.
    static func activateSession(_ reader: inout FieldReader, isEncrypted: Bool, _ d: inout Dissection)
        throws(DecodeError)
    {
        _ = try reader.opcText("signature algorithm")
        _ = try reader.opcText("signature")
        var certificates = try reader.opcCount("software certificates")
        while certificates > 0 {
            _ = try reader.opcText("software certificate")
            _ = try reader.opcText("software certificate signature")
            certificates &-= 1
        }
        try reader.opcSkipTexts("locale ids")
        let (type, body) = try reader.opcExtension("user identity token")
        var token = FieldReader(reader.text(body))
        switch type {
        case 321: session("anonymous", &d)
        case 324:
            session("user name", &d)
            _ = try token.opcText("policy id")
            let user = try token.opcText("user name")
            d.observe(.user, text: token.text(user), field: "user_name", about: .conversation)
            let password = try token.opcText("password")
            let algorithm = try token.opcText("encryption algorithm")
            if password.count > 0, algorithm.count == 0, !isEncrypted {
                d.observe(
                    .cleartextCredential, "OPC UA password", field: "user_name_token", about: .conversation)
            }
        case 327:
            session("certificate", &d)
            _ = try token.opcText("policy id")
            let certificate = try token.opcText("certificate data")
            self.certificate(token.text(certificate), &d, field: "user_certificate", about: .conversation)
        case 940: session("issued token", &d)
        default: break
        }
    }

    private static func session(_ kind: String, _ d: inout Dissection) {
        d.observe("user_token", kind, field: "session_user_token", about: .conversation)
    }

    private static func state(
        _ application: OPCUAApplication, _ bytes: RawSpan, _ d: inout Dissection, about: Dissection.About,
        confidence: Confidence
    ) {
        d.observe(
            .applicationURI, text: bytes.slice(application.uri.offset, application.uri.count), field: "application_uri",
            about: about, confidence: confidence)
        d.observe(
            "product_uri", text: bytes.slice(application.productURI.offset, application.productURI.count),
            field: "product_uri", about: about, confidence: confidence)
        d.observe(
            .software, text: bytes.slice(application.name.offset, application.name.count), field: "application_name",
            about: about, confidence: confidence)
        switch application.type {
        case 0, 2, 3: d.role(.opcServer, field: "application_type", about: about, confidence: confidence)
        case 1: d.role(.scada, field: "application_type", about: about, confidence: .low)
        default: break
        }
    }

    /// Whom a certificate names, read once per bearer.
    static func certificate(
        _ bytes: RawSpan, _ d: inout Dissection, field: StaticString = "certificate", about: Dissection.About = .source
    ) {
        guard bytes.byteCount > 0, d.isNew(bytes, field: field, about: about), let names = X509Names(bytes) else {
            return
        }
        d.observe(.certificateName, names.subjectCommonName, field: "certificate_subject", about: about)
        d.observe(.certificateIssuer, names.issuerCommonName, field: "certificate_issuer", about: about)
    }

    /// MessageSecurityMode (Part 4, 7.20).
    static func mode(_ mode: UInt32) -> String {
        switch mode {
        case 1: "None"
        case 2: "Sign"
        case 3: "SignAndEncrypt"
        default: "mode \(mode)"
        }
    }

    /// UserTokenType (Part 4, 7.43).
    private static func token(_ type: UInt32) -> String {
        switch type {
        case 0: "anonymous"
        case 1: "user name"
        case 2: "certificate"
        case 3: "issued token"
        default: "type \(type)"
        }
    }

    /// The address in `opc.tcp://192.0.2.1:4840/…`; nil when the host is a name.
    private static func address(_ url: RawSpan) -> IPAddress? {
        let text = WireText(wire: url).raw
        guard let start = text.firstRange(of: "://")?.upperBound else { return nil }
        let authority = text[start...].prefix { $0 != "/" }
        return IPAddress(String(authority.prefix { $0 != ":" }))
    }
}

extension FieldReader {
    /// The bytes that a text read before stands for.
    @_lifetime(copy self)
    func text(_ text: OPCUAText) -> RawSpan { bytes.slice(text.offset, text.count) }
}
