import Model

/// The MAC-pair test: do two hosts exchange frames with each other's own MACs, so that nothing routes between them?
enum DirectTalk {
    /// True when both ends sent, each from a MAC that is its own and no router's.
    static func isDirect(_ conversation: Conversation, _ client: EndFacts, _ server: EndFacts) -> Bool {
        client.isOwnPort && server.isOwnPort && client.asset != server.asset && conversation.isSymmetric
            && conversation.fromClient.frames > 0 && conversation.fromServer.frames > 0 && conversation.isUnicastIP
    }
}

/// MACs that stand for a virtual router.
enum VirtualMAC {
    /// VRRP 00-00-5E-00-01/02-xx (RFC 9568), HSRP 00-00-0C-07-AC-xx and 00-00-0C-9F-Fx-xx, GLBP 00-07-B4-00-xx-xx.
    static func isRouter(_ mac: MACAddress) -> Bool {
        let top = mac.bits >> 8
        return top == 0x00_005e_0001 || top == 0x00_005e_0002 || top == 0x00_000c_07ac
            || mac.bits >> 12 == 0x0_0000_c9ff
            || mac.bits >> 16 == 0x0007_b400
    }
}

extension Conversation {
    /// IP between two single hosts.
    package var isUnicastIP: Bool {
        guard let a = client.ip, let b = server.ip else { return false }
        return a.isUnicast && b.isUnicast && !a.isLoopback && !b.isLoopback && !isToGroup
    }

    /// Sent to all: the frame's destination was the broadcast or a group address.
    var isToGroup: Bool {
        client.mac?.isMulticast == true || server.mac?.isMulticast == true
    }
}
