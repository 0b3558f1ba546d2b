/// One end of a frame as it appeared: the link address, the network address and the VLAN it was seen in. Behind a
/// router the MAC is the router's; asset resolution decides whose the address is.
package struct Endpoint: Hashable, Sendable, Codable {
    package var mac: MACAddress?
    package var ip: IPAddress?
    /// Innermost 802.1Q VLAN id, 0 when untagged.
    package var vlan: UInt16

    package init(mac: MACAddress?, ip: IPAddress?, vlan: UInt16 = 0) {
        self.mac = mac
        self.ip = ip
        self.vlan = vlan
    }
}

/// What an observation is about.
package enum Subject: Hashable, Sendable {
    /// An end of a frame; MAC and IP as seen together.
    case endpoint(Endpoint)
    /// An interface known by its MAC alone (link-layer protocols, or named by another host).
    case mac(MACAddress)
    /// A host known by its address alone (named by another host: DNS, DHCP, LLDP management address).
    case address(IPAddress)
    /// A conversation, by its key.
    case conversation(ConversationKey)
    /// The network as a whole (a VLAN that a switch advertises, a mask that DHCP hands out).
    case network
}
