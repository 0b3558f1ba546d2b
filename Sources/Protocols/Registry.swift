import Wire

/// One protocol as the engine calls it. Built from a dissector type, so that adding a protocol is one line below.
package struct ProtocolEntry: Sendable {
    package let description: ProtocolDescription
    package let probe: @Sendable (RawSpan, ProbeHint) -> Verdict
    package let dissect: @Sendable (RawSpan, inout Dissection) -> Progress
    package let messageName: @Sendable (UInt32) -> String

    package init<D: Dissector>(_: D.Type) {
        description = D.description
        probe = { D.probe($0, $1) }
        dissect = { D.dissect($0, &$1) }
        messageName = { D.messageName($0) }
    }
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
        ProtocolEntry(MMS.self),
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
        ProtocolEntry(DNP3.self),
        ProtocolEntry(IEC104.self),
        ProtocolEntry(GOOSE.self),
        ProtocolEntry(SampledValues.self),
        ProtocolEntry(Synchrophasor.self),
        ProtocolEntry(EtherCAT.self),
        ProtocolEntry(Powerlink.self),
        ProtocolEntry(Sercos.self),
        ProtocolEntry(DeviceLevelRing.self),
        ProtocolEntry(SeamlessRedundancy.self),
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
