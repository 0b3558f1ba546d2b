import Model
import Wire

/// Remote Desktop Protocol. A connection opens with an X.224 connection request in TPKT, in which client and server agree on
/// security; what follows is either TLS (with CredSSP inside) or, in old installations, MCS with RDP's own encryption.
///
///     TPKT       version 3, reserved, length 2
///     X.224      length indicator, code (0xe0 request, 0xd0 confirm), dst ref 2, src ref 2, class
///     request    "Cookie: mstshash=" user CR LF (optional), then rdpNegReq (optional)
///     rdpNegReq  type 1, flags, length 8 (little-endian 2), protocols 4; the answer's type is 2, a refusal's 3
package enum RDP: Dissector {
    package static let description = ProtocolDescription(
        name: "rdp", title: "Remote Desktop Protocol", family: .remoteAccess, level: .identity,
        reference: "[MS-RDPBCGR] 2.2.1; [MS-RDPEUDP] 2.2.2", bindings: [.tcp([3389, 3388]), .udp([3389])],
        displayFilter: "rdp")

    private enum Code {
        static let request: UInt8 = 0xe0, confirm: UInt8 = 0xd0, data: UInt8 = 0xf0
    }
    private static let tpktSize = 4
    /// TPKT and the fixed part of X.224.
    private static let headerSize = 11
    private static let longestPDU = 65_535

    // MARK: Recognition

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard hint.isTCP else { return hint.uses(3389) && isUDPOpening(bytes) ? .possible : .no }
        guard bytes.byteCount >= 6 else { return bytes.u8(0) == 3 && bytes.u8(1) == 0 ? .wait : .no }
        guard bytes.be16(0) == 0x0300 else { return .no }
        let length = Int(bytes.be16(2))
        guard length >= headerSize, length <= 1_024, Int(bytes.u8(4)) == length &- 5 else { return .no }
        guard bytes.byteCount >= length else { return .wait }
        let variable = bytes.slice(headerSize, length &- headerSize)
        switch bytes.u8(5) {
        case Code.request:
            if variable.starts(with: "Cookie: mstshash=") || variable.starts(with: "Cookie: msts=") {
                return .certain(from: .client)
            }
            if negotiation(variable.from(variable.byteCount &- 8), type: 1) { return .certain(from: .client) }
            // Without either it could be any protocol on X.224.
            return variable.byteCount == 0 && hint.uses(3389) ? .possible(from: .client) : .no
        case Code.confirm:
            if negotiation(variable, type: 2) || negotiation(variable, type: 3) { return .certain(from: .server) }
            return variable.byteCount == 0 && hint.uses(3389) ? .possible(from: .server) : .no
        default:
            return .no
        }
    }

    /// rdpNegReq and its answers: no X.224 parameter has a code that low.
    private static func negotiation(_ bytes: RawSpan, type: UInt8) -> Bool {
        bytes.byteCount >= 8 && bytes.u8(0) == type && bytes.le16(2) == 8 && bytes.le32(4) < 0x100
    }

    /// RDP-UDP's first datagram: acknowledges -1, is padded to the MTU, and says SYN ([MS-RDPEUDP] 2.2.2.1).
    private static func isUDPOpening(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= 1_130 else { return false }
        let flags = bytes.be16(6)
        return flags & 0x0001 != 0 && (bytes.be32(0) == 0xffff_ffff || flags & 0x0004 != 0)
    }

    // MARK: Connection

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard d.isTCP else { return .conversationDone }
        let state = d.state { RDPState() }
        if state.isTLS {
            if bytes.u8(0) >= 20, bytes.u8(0) <= 24 { return TLS.read(inside: bytes, state.session, &d) }
            return .directionDone
        }
        guard bytes.byteCount >= 7 else { return .needMore(7) }
        guard bytes.be16(0) == 0x0300 else {
            // Fast-path output, or TLS whose agreement was not seen.
            return bytes.u8(0) == 22 && bytes.u8(1) == 3
                ? TLS.read(inside: bytes, state.session, &d) : .directionDone
        }
        let length = Int(bytes.be16(2))
        guard length >= 7, length <= longestPDU else { return .malformed }
        guard bytes.byteCount >= length else { return .needMore(length) }
        let pdu = bytes.first(length)
        switch pdu.u8(5) {
        case Code.request: request(pdu, state, &d)
        case Code.confirm: confirm(pdu, state, &d)
        case Code.data:
            if data(pdu.from(7), &d) { return .directionDone }
        default: break
        }
        return .consumed(length)
    }

    private static func request(_ pdu: RawSpan, _ state: RDPState, _ d: inout Dissection) {
        d.message(UInt32(Code.request), .login)
        let variable = pdu.from(headerSize)
        if variable.starts(with: "Cookie: mstshash=") {
            if let line = variable.line() {
                d.observe(.user, text: line.text.from(17), field: "cookie", about: .conversation)
            }
        } else if variable.starts(with: "Cookie: msts=") {
            // A load balancer's token: address and port of the server to come back to.
            if let line = variable.line() {
                d.observe("routing_token", text: line.text.from(8), field: "routing_token", about: .conversation)
            }
        }
    }

    private static func confirm(_ pdu: RawSpan, _ state: RDPState, _ d: inout Dissection) {
        d.message(UInt32(Code.confirm))
        let variable = pdu.from(headerSize)
        guard variable.byteCount >= 8 else {
            d.observe(.security, securityName(0), field: "selected_protocol", about: .conversation)
            return
        }
        let value = variable.le32(4)
        switch variable.u8(0) {
        case 2:
            d.observe(.security, securityName(value), field: "selected_protocol", about: .conversation)
            state.isTLS = value != 0
        case 3:
            d.observe(.authentication, "rejected", field: "negotiation_failure", about: .conversation)
            d.observe(.status, failureName(value), field: "negotiation_failure_code", about: .conversation)
        default: break
        }
    }

    /// requestedProtocols and selectedProtocol ([MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1).
    private static func securityName(_ selected: UInt32) -> String {
        switch selected {
        case 0: "RDP"
        case 1: "TLS"
        case 2: "CredSSP (NLA)"
        case 4: "RDSTLS"
        case 8: "CredSSP (NLA) with Early User Authorization"
        case 16: "RDS AAD"
        default: "protocol \(selected)"
        }
    }

    private static func failureName(_ code: UInt32) -> String {
        switch code {
        case 1: "SSL_REQUIRED_BY_SERVER"
        case 2: "SSL_NOT_ALLOWED_BY_SERVER"
        case 3: "SSL_CERT_NOT_ON_SERVER"
        case 4: "INCONSISTENT_FLAGS"
        case 5: "HYBRID_REQUIRED_BY_SERVER"
        case 6: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"
        default: "failure \(code)"
        }
    }

    // MARK: MCS

    /// MCS Connect Initial (BER application 101) carries the client's settings, Connect Response (102) the server's; true
    /// when all that follows is encrypted.
    private static func data(_ mcs: RawSpan, _ d: inout Dissection) -> Bool {
        switch mcs.be16(0) {
        case 0x7f65:
            guard let key = mcs.indexIgnoringCase(of: "duca", limit: 512) else { return true }
            settings(mcs.from(key &+ 4), &d)
            return true
        case 0x7f66:
            guard let key = mcs.indexIgnoringCase(of: "mcdn", limit: 512) else { return true }
            settings(mcs.from(key &+ 4), &d)
            return true
        default:
            return false
        }
    }

    /// Settings blocks after the T.124 key: a length of 1 or 2 bytes, then each block with type 2, length 2 (2.2.1.3.1).
    private static func settings(_ bytes: RawSpan, _ d: inout Dissection) {
        var rest = bytes.from(bytes.u8(0) & 0x80 != 0 ? 2 : 1)
        var count = 0
        while rest.byteCount >= 4, count < 32 {
            count &+= 1
            let type = rest.le16(0)
            let length = Int(rest.le16(2))
            guard length >= 4 else { return }
            let block = rest.first(length)
            switch type {
            case 0xc001:  // client core: version 4, size 4, depth 2, SAS 2, keyboard 4, build 4, name 32
                d.observe(.name, WireText(utf16: block.slice(24, 32)), field: "client_name")
                if block.has(4, at: 20), block.le32(20) > 0 {
                    d.observe(
                        .software, "RDP client build \(block.le32(20))", field: "client_build", confidence: .medium)
                }
            case 0xc003 where block.indexIgnoringCase(of: "ms_t120") != nil:
                // A channel of the server's own, which no client asks for: it breaks servers (CVE-2019-0708).
                d.observe(
                    "exploit_pattern", "RDP channel MS_T120 (CVE-2019-0708)", field: "client_channels",
                    about: .conversation)
            case 0x0c02:  // server security: method 4, level 4
                d.observe(.security, encryptionName(block.le32(8)), field: "encryption_level", about: .conversation)
            default: break
            }
            rest = rest.from(length)
        }
    }

    private static func encryptionName(_ level: UInt32) -> String {
        switch level {
        case 0: "RDP encryption none"
        case 1: "RDP encryption low"
        case 2: "RDP encryption client compatible"
        case 3: "RDP encryption high"
        case 4: "RDP encryption FIPS"
        default: "RDP encryption level \(level)"
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0xe0: "Connection Request"
        case 0xd0: "Connection Confirm"
        default: code >= TLS.insideBase ? TLS.messageName(code) : "PDU \(code)"
        }
    }
}

private final class RDPState {
    var isTLS = false
    let session = TLSSession(inside: ())
}
