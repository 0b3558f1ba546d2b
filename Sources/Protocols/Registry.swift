import Wire

/// One protocol as the engine calls it. Built from a dissector type, so that adding a protocol is one line below.
package struct ProtocolEntry: Sendable {
    package let description: ProtocolDescription
    package let type: any Dissector.Type

    package init<D: Dissector>(_ type: D.Type) {
        description = D.description
        self.type = type
    }

    package func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict { type.probe(bytes, hint) }
    package func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress { type.dissect(bytes, &d) }
    package func messageName(_ code: UInt32) -> String { type.messageName(code) }
}

/// Every protocol that otscan knows. Order matters only between probes that are equally certain: the more specific first.
package enum ProtocolRegistry {
    package static let all: [ProtocolEntry] = [
        ProtocolEntry(Modbus.self),
        ProtocolEntry(S7comm.self),
        ProtocolEntry(S7commPlus.self),
        ProtocolEntry(EtherNetIP.self),
        ProtocolEntry(CIPIO.self),
        ProtocolEntry(Profinet.self),
        ProtocolEntry(ProfinetIOCM.self),
        ProtocolEntry(ISOOnTCP.self),
        ProtocolEntry(ISONetwork.self),
        ProtocolEntry(CCLinkFieldBasic.self),
        ProtocolEntry(CCLinkTSN.self),
        ProtocolEntry(CCLinkIE.self),
        ProtocolEntry(MELSOFT.self),
        ProtocolEntry(SLMP.self),
        ProtocolEntry(MCFrame1E.self),
        ProtocolEntry(FINS.self),
        ProtocolEntry(OPCUA.self),
        ProtocolEntry(BACnet.self),
        ProtocolEntry(ARP.self),
        ProtocolEntry(ICMP.self),
        ProtocolEntry(ICMPv6.self),
        ProtocolEntry(IGMP.self),
        ProtocolEntry(LLDP.self),
        ProtocolEntry(CDP.self),
        ProtocolEntry(DTP.self),
        ProtocolEntry(VTP.self),
        ProtocolEntry(UDLD.self),
        ProtocolEntry(PAgP.self),
        ProtocolEntry(SpanningTree.self),
        ProtocolEntry(VRRP.self),
        ProtocolEntry(HSRP.self),
        ProtocolEntry(GLBP.self),
        ProtocolEntry(DHCP.self),
        ProtocolEntry(DHCPv6.self),
        ProtocolEntry(RADIUS.self),
        ProtocolEntry(EAPOL.self),
        ProtocolEntry(SlowProtocols.self),
        ProtocolEntry(Loopback.self),
        ProtocolEntry(MRP.self),
        ProtocolEntry(PTP.self),
        ProtocolEntry(CAPWAP.self),
        ProtocolEntry(LWAPP.self),
        ProtocolEntry(WirelessManagement.self),
        ProtocolEntry(HTTP.self),
        ProtocolEntry(SSDP.self),
        ProtocolEntry(AnyDesk.self),
        ProtocolEntry(TeamViewer.self),
        ProtocolEntry(TLS.self),
        ProtocolEntry(DTLS.self),
        ProtocolEntry(QUIC.self),
        ProtocolEntry(SSH.self),
        ProtocolEntry(SMB.self),
        ProtocolEntry(BrowserAnnouncements.self),
        ProtocolEntry(FTP.self),
        ProtocolEntry(SMTP.self),
        ProtocolEntry(POP3.self),
        ProtocolEntry(IMAP.self),
        ProtocolEntry(Telnet.self),
        ProtocolEntry(RDP.self),
        ProtocolEntry(NetBIOSNames.self),
        ProtocolEntry(DNS.self),
        ProtocolEntry(MulticastDNS.self),
        ProtocolEntry(LLMNR.self),
        ProtocolEntry(SNMP.self),
        ProtocolEntry(NTP.self),
        ProtocolEntry(Syslog.self),
        ProtocolEntry(TFTP.self),
        ProtocolEntry(VNC.self),
        ProtocolEntry(IKE.self),
        ProtocolEntry(ESP.self),
        ProtocolEntry(AuthenticationHeader.self),
        ProtocolEntry(WireGuard.self),
        ProtocolEntry(OpenVPN.self),
        ProtocolEntry(PPTP.self),
        ProtocolEntry(L2TP.self),
        ProtocolEntry(SOCKS.self),
    ]
}
