/// A link-layer header type as registered for pcap files (LINKTYPE_ values, draft-ietf-opsawg-pcaplinktype).
package struct LinkType: Hashable, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let null = LinkType(rawValue: 0)
    package static let ethernet = LinkType(rawValue: 1)
    package static let ppp = LinkType(rawValue: 9)
    /// PPP in HDLC-like framing (RFC 1662), and Cisco PPP.
    package static let pppHDLC = LinkType(rawValue: 50)
    package static let pppEthernet = LinkType(rawValue: 51)
    package static let raw = LinkType(rawValue: 101)
    package static let ieee80211 = LinkType(rawValue: 105)
    /// Cisco's framing of HDLC.
    package static let ciscoHDLC = LinkType(rawValue: 104)
    package static let loop = LinkType(rawValue: 108)
    package static let linuxCooked = LinkType(rawValue: 113)
    package static let prism = LinkType(rawValue: 119)
    package static let radiotap = LinkType(rawValue: 127)
    package static let avs = LinkType(rawValue: 163)
    package static let ppi = LinkType(rawValue: 192)
    package static let ipv4 = LinkType(rawValue: 228)
    package static let ipv6 = LinkType(rawValue: 229)
    /// Linux netfilter's log.
    package static let netfilterLog = LinkType(rawValue: 239)
    /// Apple's header before any other link type; 149 is what macOS writes for it in the files themselves.
    package static let pktap = LinkType(rawValue: 258)
    package static let linuxCooked2 = LinkType(rawValue: 276)
}
