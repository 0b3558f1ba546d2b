import Model
import Wire

/// NTLM authentication messages, which SMB, HTTP, RPC and others carry, bare or inside SPNEGO ([MS-NLMP], 2.2.1). They name
/// both ends before anything is encrypted. Hashes and challenges are never kept.
///
///     0  signature  8   "NTLMSSP" and NUL
///     8  type       4   1 negotiate, 2 challenge, 3 authenticate; all fields little-endian
/// Texts lie behind descriptors: length 2, allocated 2, offset from the signature 4.
enum NTLM {
    private enum Offset {
        static let type = 8
        // Challenge
        static let targetName = 12, challengeFlags = 20, targetInfo = 40, challengeVersion = 48
        // Authenticate
        static let ntResponse = 20, domain = 28, user = 36, workstation = 44, flags = 60, version = 64
    }
    private enum Flag {
        static let unicode: UInt32 = 1
        static let targetIsDomain: UInt32 = 0x1_0000
        static let version: UInt32 = 0x0200_0000
    }
    /// How far into a token the signature is looked for: behind the headers of SPNEGO.
    private static let searchLimit = 512

    /// Reads the NTLM message in an authentication token, when there is one.
    static func read(_ token: RawSpan, _ d: inout Dissection) {
        var start = 0
        let end = min(searchLimit, token.byteCount)
        while start < end {
            guard let found = token.index(of: 0x4e, from: start, limit: end &- start) else { return }
            if token.starts(with: "NTLMSSP\0", at: found) {
                let message = token.from(found)
                switch message.le32(Offset.type) {
                case 2: challenge(message, &d)
                case 3: authenticate(message, &d)
                default: break
                }
                return
            }
            start = found &+ 1
        }
    }

    private static func challenge(_ message: RawSpan, _ d: inout Dissection) {
        let flags = message.le32(Offset.challengeFlags)
        let target = text(message, Offset.targetName, flags)
        let attribute: Attribute = flags & Flag.targetIsDomain != 0 ? .domain : .name
        d.observe(attribute, target, field: "ntlm_target_name")
        if flags & Flag.version != 0 { version(message, Offset.challengeVersion, &d) }
        // AV_PAIR: id 2, length 2, value (2.2.2.1)
        var pairs = FieldReader(field(message, Offset.targetInfo))
        var seen = 0
        do throws(DecodeError) {
            while pairs.remaining >= 4, seen < 32 {
                seen &+= 1
                let id = try pairs.le16("pair id")
                let value = try pairs.take(Int(try pairs.le16("pair length")), "pair value")
                switch id {
                case 0: return
                case 1: d.observe(.name, WireText(utf16: value), field: "ntlm_netbios_computer_name")
                case 2: d.observe(.domain, WireText(utf16: value), field: "ntlm_netbios_domain_name")
                case 3: d.observe(.name, WireText(utf16: value), field: "ntlm_dns_computer_name")
                case 4: d.observe(.domain, WireText(utf16: value), field: "ntlm_dns_domain_name")
                default: break
                }
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    private static func authenticate(_ message: RawSpan, _ d: inout Dissection) {
        let flags = message.le32(Offset.flags)
        d.observe(.name, text(message, Offset.workstation, flags), field: "ntlm_workstation")
        let domain = text(message, Offset.domain, flags)
        let user = text(message, Offset.user, flags)
        d.observe(.domain, domain, field: "ntlm_domain", confidence: .medium)
        if !user.isEmpty {
            let account = domain.isEmpty ? user : WireText(domain.raw + "\\" + user.raw)
            d.observe(.user, account, field: "ntlm_user", about: .conversation)
            // A response of 24 bytes is of version 1, whose hash can be recovered from the wire (3.3.1).
            let response = message.le16(Offset.ntResponse)
            if response == 24 {
                d.observe(.security, "NTLMv1", field: "ntlm_version", about: .conversation)
            } else if response > 24 {
                d.observe(.security, "NTLMv2", field: "ntlm_version", about: .conversation)
            }
        }
        if flags & Flag.version != 0 { version(message, Offset.version, &d) }
    }

    /// VERSION (2.2.2.10): major 1, minor 1, build 2. Others than Windows send a build of 0.
    private static func version(_ message: RawSpan, _ offset: Int, _ d: inout Dissection) {
        let build = message.le16(offset &+ 2)
        guard message.has(8, at: offset), build > 0, message.u8(offset) > 0 else { return }
        d.observe(
            .os, "Windows \(message.u8(offset)).\(message.u8(offset &+ 1)).\(build)", field: "ntlm_os_version",
            confidence: .medium)
    }

    @_lifetime(copy message)
    private static func field(_ message: RawSpan, _ descriptor: Int) -> RawSpan {
        let length = Int(message.le16(descriptor))
        let offset = Int(message.le32(descriptor &+ 4))
        guard length > 0, message.has(length, at: offset) else { return message.first(0) }
        return message.slice(offset, length)
    }

    private static func text(_ message: RawSpan, _ descriptor: Int, _ flags: UInt32) -> WireText {
        let bytes = field(message, descriptor)
        return flags & Flag.unicode != 0 ? WireText(utf16: bytes) : WireText(wire: bytes)
    }
}
