import Crypto
import Model
import Wire

/// JA4, the TLS client fingerprint of FoxIO (JA4+ specification, technical_details/JA4.md): one text that stays the same for
/// one TLS client implementation whatever it connects to.
///
///     t13d1516h2_8daaf6152771_e5627efa2ab1
///     │││ │ │ │  │            └ SHA-256, first 12 digits, of the sorted extensions, "_", signature algorithms as sent
///     │││ │ │ │  └ the same of the sorted cipher suites
///     │││ │ │ └ first and last character of the first application protocol, 00 without
///     │││ │ └ number of extensions, at most 99
///     │││ └ number of cipher suites, at most 99
///     ││└ d: to a named host, i: to an address
///     │└ highest version offered
///     └ t: TCP, q: QUIC, d: DTLS
/// GREASE values (RFC 8701) count nowhere.
enum JA4 {
    enum Carrier: Character {
        case tcp = "t", quic = "q", dtls = "d"
    }

    static func fingerprint(_ hello: ClientHello, over carrier: Carrier) -> String {
        let suites = hello.cipherSuites.filter { !isGREASE($0) }
        let extensions = hello.extensions.filter { !isGREASE($0) }
        var text = String(carrier.rawValue)
        text += version(hello)
        text += extensions.contains(0) ? "d" : "i"
        text += twoDigits(suites.count) + twoDigits(extensions.count)
        text += protocolMark(hello.applicationProtocols.first ?? [])
        text += "_" + digest(joined(suites.sorted()))
        let named = extensions.filter { $0 != 0 && $0 != 16 }.sorted()
        var second = joined(named)
        let algorithms = hello.signatureAlgorithms.filter { !isGREASE($0) }
        if !algorithms.isEmpty { second += "_" + joined(algorithms) }
        text += "_" + (named.isEmpty ? digest("") : digest(second))
        return text
    }

    /// A hash of all that the fingerprint is made of: a client says the same in thousands of connections.
    static func key(of hello: ClientHello, over carrier: Carrier, seed: UInt64) -> UInt64 {
        var hash = mixed(seed ^ UInt64(carrier.rawValue.asciiValue ?? 0) ^ UInt64(hello.legacyVersion) << 8)
        func add(_ values: [UInt16]) {
            hash = mixed(hash ^ UInt64(truncatingIfNeeded: values.count))
            for value in values { hash = mixed(hash ^ UInt64(value)) }
        }
        add(hello.cipherSuites)
        add(hello.extensions)
        add(hello.supportedVersions)
        add(hello.signatureAlgorithms)
        for byte in hello.applicationProtocols.first ?? [] { hash = mixed(hash ^ UInt64(byte)) }
        return hash
    }

    static func isGREASE(_ value: UInt16) -> Bool { value & 0x0f0f == 0x0a0a && value >> 8 == value & 0xff }

    private static func version(_ hello: ClientHello) -> String {
        let offered = hello.supportedVersions.filter { !isGREASE($0) }
        // DTLS counts its versions downwards from 0xfeff.
        let highest =
            offered.isEmpty
            ? hello.legacyVersion : hello.legacyVersion >= 0xfe00 ? offered.min() ?? 0 : offered.max() ?? 0
        switch highest {
        case 0x0304: return "13"
        case 0x0303: return "12"
        case 0x0302: return "11"
        case 0x0301: return "10"
        case 0x0300: return "s3"
        case 0x0002: return "s2"
        case 0xfeff: return "d1"
        case 0xfefd: return "d2"
        case 0xfefc: return "d3"
        default: return "00"
        }
    }

    private static func protocolMark(_ name: [UInt8]) -> String {
        guard let first = name.first, let last = name.last else { return "00" }
        if isAlphanumeric(first), isAlphanumeric(last) {
            return String(decoding: [first, last], as: UTF8.self)
        }
        return String([hexDigit(first >> 4), hexDigit(last)])
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        default: false
        }
    }

    private static func twoDigits(_ count: Int) -> String {
        let shown = min(count, 99)
        return shown < 10 ? "0\(shown)" : "\(shown)"
    }

    private static func joined(_ values: [UInt16]) -> String {
        var text = ""
        for value in values {
            if !text.isEmpty { text += "," }
            text.append(hexDigit(UInt8(truncatingIfNeeded: value >> 12)))
            text.append(hexDigit(UInt8(truncatingIfNeeded: value >> 8)))
            text.append(hexDigit(UInt8(truncatingIfNeeded: value >> 4)))
            text.append(hexDigit(UInt8(truncatingIfNeeded: value)))
        }
        return text
    }

    private static func digest(_ text: String) -> String {
        guard !text.isEmpty else { return "000000000000" }
        var shown = ""
        for octet in SHA256.hash(data: Array(text.utf8)).prefix(6) {
            shown.append(hexDigit(octet >> 4))
            shown.append(hexDigit(octet))
        }
        return shown
    }
}
