import Model
import Wire

/// The suites of an RSN element, or of WPA's element that came before it: version 2, group cipher 4, pairwise count 2 and
/// ciphers 4 each, key management count 2 and suites 4 each, capabilities 2; little-endian (IEEE 802.11-2020, 9.4.2.24).
struct RSNSuites {
    /// Bit n set for cipher suite type n of the standard's OUI; bit 31 for a vendor's.
    private(set) var ciphers: UInt32 = 0
    /// Bit n set for key management suite type n; bit 31 for a vendor's.
    private(set) var keyManagement: UInt32 = 0
    private(set) var capabilities: UInt16 = 0
    private(set) var hasCapabilities = false

    private static let mostSuites = 16

    init?(_ value: RawSpan) {
        guard value.byteCount >= 2, value.le16(0) == 1 else { return nil }
        var offset = 2
        if value.has(4, at: offset) { ciphers |= RSNSuites.bit(value, offset) }
        offset &+= 4
        guard let pairwise = RSNSuites.list(value, &offset) else { return }
        ciphers |= pairwise
        guard let management = RSNSuites.list(value, &offset) else { return }
        keyManagement = management
        if value.has(2, at: offset) {
            capabilities = value.le16(offset)
            hasCapabilities = true
        }
    }

    private static func list(_ value: RawSpan, _ offset: inout Int) -> UInt32? {
        guard value.has(2, at: offset) else { return nil }
        var left = min(Int(value.le16(offset)), mostSuites)
        offset &+= 2
        var bits: UInt32 = 0
        while left > 0 {
            guard value.has(4, at: offset) else { return bits }
            bits |= bit(value, offset)
            offset &+= 4
            left &-= 1
        }
        return bits
    }

    /// OUI 3, type 1: 00-0f-ac is the standard's, 00-50-f2 was WPA's.
    private static func bit(_ value: RawSpan, _ offset: Int) -> UInt32 {
        let oui = value.be24(offset)
        let type = value.u8(offset &+ 3)
        guard oui == 0x000fac || oui == 0x0050f2, type < 31 else { return 1 << 31 }
        return 1 << UInt32(type)
    }

    func has(cipher type: UInt32) -> Bool { ciphers >> type & 1 != 0 }
    func has(_ types: UInt32...) -> Bool { types.contains { keyManagement >> $0 & 1 != 0 } }
}

/// How a wireless network lets stations in, in the words that people use for it.
enum WirelessSecurity {
    private enum Cipher {
        static let wep40: UInt32 = 1, tkip: UInt32 = 2, ccmp: UInt32 = 4, wep104: UInt32 = 5
        static let gcmp: UInt32 = 8, gcmp256: UInt32 = 9, ccmp256: UInt32 = 10
    }

    static func state(
        _ network: borrowing WirelessElements, privacy: Bool, about: Dissection.About, _ d: inout Dissection
    ) {
        if let wpa = network.wpa {
            if wpa.has(2) { say("wpa-psk", about, &d) }
            if wpa.has(1) { say("wpa-eap", about, &d) }
            ciphers(wpa, about, &d)
        }
        if let rsn = network.rsn {
            keyManagement(rsn, about, &d)
            ciphers(rsn, about, &d)
            if rsn.hasCapabilities {
                // Management frame protection: bit 6 required, bit 7 capable.
                let protection =
                    rsn.capabilities & 0x40 != 0 ? "required" : rsn.capabilities & 0x80 != 0 ? "capable" : "no"
                d.observe("management_frame_protection", protection, field: "rsn_capabilities", about: about)
            }
        }
        if network.wpa == nil, network.rsn == nil, network.isComplete, !d.isCut {
            say(privacy ? "wep" : "open", about, &d)
            if network.isOWETransition { say("owe-transition", about, &d) }
        }
    }

    /// AKM suite types of table 9-151.
    private static func keyManagement(_ rsn: RSNSuites, _ about: Dissection.About, _ d: inout Dissection) {
        if rsn.has(2, 4, 6, 19, 20) { say("wpa2-psk", about, &d) }
        if rsn.has(8, 9, 24, 25) { say("wpa3-sae", about, &d) }
        // WPA3-Enterprise is 802.1X with SHA-256 and management frame protection required.
        let isProtected = rsn.capabilities & 0x40 != 0
        if rsn.has(1, 3) || (rsn.has(5) && !isProtected) { say("wpa2-eap", about, &d) }
        if rsn.has(11, 12, 13, 22, 23) || (rsn.has(5) && isProtected) { say("wpa3-eap", about, &d) }
        if rsn.has(14, 15, 16, 17) { say("fils-eap", about, &d) }
        if rsn.has(18) { say("owe", about, &d) }
        if rsn.has(7) { say("tdls", about, &d) }
        if rsn.has(31) { say("vendor-akm", about, &d) }
    }

    private static func ciphers(_ suites: RSNSuites, _ about: Dissection.About, _ d: inout Dissection) {
        if suites.has(cipher: Cipher.wep40) || suites.has(cipher: Cipher.wep104) { cipher("wep", about, &d) }
        if suites.has(cipher: Cipher.tkip) { cipher("tkip", about, &d) }
        if suites.has(cipher: Cipher.ccmp) { cipher("ccmp", about, &d) }
        if suites.has(cipher: Cipher.gcmp) { cipher("gcmp", about, &d) }
        if suites.has(cipher: Cipher.gcmp256) { cipher("gcmp-256", about, &d) }
        if suites.has(cipher: Cipher.ccmp256) { cipher("ccmp-256", about, &d) }
    }

    private static func say(_ value: String, _ about: Dissection.About, _ d: inout Dissection) {
        d.observe(.security, value, field: "security", about: about)
    }

    private static func cipher(_ value: String, _ about: Dissection.About, _ d: inout Dissection) {
        d.observe(.cipher, value, field: "cipher", about: about)
    }
}
