/// Names for what rides directly on a link, so that traffic which nothing dissects is still shown by name.
///
/// Sources: IEEE Registration Authority EtherType list; IANA "ieee-802-numbers"; IEEE 802.2 and ISO/IEC TR 11802-1 for
/// the service access points; makers' documents for the rest.
package enum EtherTypes {
    /// The usual name of an EtherType, or nil. Values below 0x0600 are 802.3 lengths and have none.
    package static func name(_ type: UInt16) -> String? {
        industrial(type) ?? network(type) ?? bridging(type) ?? vendor(type)
    }

    /// The usual name of an IEEE 802.2 service access point, or nil. The lowest bit (group, or response) is ignored
    /// except where the value is registered with it.
    package static func name(serviceAccessPoint sap: UInt8) -> String? {
        switch sap {
        case 0x00: "LLC null"
        case 0x02, 0x03: "LLC sublayer management"
        case 0x04, 0x05, 0x08, 0x0c: "IBM SNA"
        case 0x06: "IPv4 (802.2)"
        case 0x0e: "PROWAY network management (IEC 60955)"
        case 0x18: "Texas Instruments"
        case 0x42: "Spanning Tree Protocol"
        case 0x4e: "EIA RS-511 manufacturing message service"
        case 0x7e: "X.25 over 802.2"
        case 0x80: "Xerox Network Systems"
        case 0x86: "Nestar"
        case 0x8e: "PROWAY active station list (IEC 60955)"
        case 0x98: "ARP (802.2)"
        case 0xaa, 0xab: "SNAP"
        case 0xbc: "Banyan VINES"
        case 0xe0: "Novell NetWare IPX"
        case 0xf0: "NetBIOS frames (NetBEUI)"
        case 0xf4, 0xf5: "IBM LAN management"
        case 0xf8, 0xfc: "IBM remote program load"
        case 0xfa: "Ungermann-Bass"
        case 0xfe: "ISO network layer (CLNP, ES-IS, IS-IS)"
        case 0xff: "Novell NetWare raw 802.3, or global SAP"
        default: nil
        }
    }

    /// The usual name of a SNAP protocol under an organisation's OUI, or nil.
    package static func name(oui: UInt32, protocolID: UInt16) -> String? {
        switch (oui, protocolID) {
        case (0x00_0000, let type): name(type)
        case (0x00_000c, 0x0102): "Cisco Dynamic Ring Protocol"
        case (0x00_000c, 0x0104): "Port Aggregation Protocol (PAgP)"
        case (0x00_000c, 0x010b): "Per-VLAN Spanning Tree (PVST+)"
        case (0x00_000c, 0x010c): "Cisco VLAN bridge"
        case (0x00_000c, 0x0111): "UniDirectional Link Detection (UDLD)"
        case (0x00_000c, 0x2000): "Cisco Discovery Protocol (CDP)"
        case (0x00_000c, 0x2001): "Cisco Group Management Protocol (CGMP)"
        case (0x00_000c, 0x2003): "VLAN Trunking Protocol (VTP)"
        case (0x00_000c, 0x2004): "Dynamic Trunking Protocol (DTP)"
        case (0x00_000c, 0x200a): "Cisco spanning tree uplink fast"
        case (0x00_0081, 0x01a1), (0x00_0081, 0x01a2): "Nortel Discovery Protocol"
        case (0x00_80c2, 0x0001), (0x00_80c2, 0x0007): "Bridged Ethernet (802.1)"
        case (0x00_80c2, 0x000e): "Bridged spanning tree (802.1)"
        case (0x00_e02b, 0x00bb): "Extreme Discovery Protocol (EDP)"
        case (0x00_e02b, 0x00bc): "Extreme Encapsulation Protocol"
        case (0x00_e052, 0x2000): "Foundry Discovery Protocol (FDP)"
        case (0x08_0007, 0x809b): "AppleTalk"
        case (0x00_0b85, 0xcccd): "LWAPP 802.11 (Cisco)"
        case (0x00_4096, 0x0000): "Inter-Access Point Protocol (Cisco Aironet)"
        default: nil
        }
    }

    private static func industrial(_ type: UInt16) -> String? {
        switch type {
        case 0x80e1: "Device Level Ring (DLR)"
        case 0x8819: "CobraNet"
        case 0x888b: "TCnet (Toshiba)"
        case 0x8892: "PROFINET (DCP, RT, PTCP)"
        case 0x88a4: "EtherCAT"
        case 0x88ab: "Ethernet POWERLINK"
        case 0x88b8: "IEC 61850 GOOSE"
        case 0x88b9: "IEC 61850 GSE management"
        case 0x88ba: "IEC 61850 Sampled Values"
        case 0x88bf: "MikroTik RoMON"
        case 0x88bc: "Ethernet for Plant Automation (EPA)"
        case 0x88cd: "SERCOS III"
        case 0x88d9: "Link Layer Topology Discovery (LLTD)"
        case 0x88e1: "HomePlug AV management"
        case 0x88e3: "Media Redundancy Protocol (MRP)"
        case 0x88f7: "Precision Time Protocol (PTP)"
        case 0x88fb: "Parallel Redundancy Protocol supervision (PRP)"
        case 0x88fe: "RAPIEnet (LS)"
        case 0x890f: "CC-Link IE"
        case 0x891d: "TTEthernet protocol control"
        case 0x892f: "High-availability Seamless Redundancy (HSR)"
        case 0x8914: "FCoE Initialization Protocol (FIP)"
        case 0x8906: "Fibre Channel over Ethernet (FCoE)"
        case 0x88dc: "WAVE Short Message Protocol"
        case 0x8947: "GeoNetworking (ETSI ITS)"
        case 0x22f0: "Audio Video Transport Protocol (AVTP)"
        case 0x22ea: "Stream Reservation Protocol (SRP)"
        case 0x9c40: "SafetyNET p"
        case 0x99fe: "Technically Enhanced Capture Module (TECMP)"
        case 0x8915: "RDMA over Converged Ethernet (RoCE)"
        case 0x893a: "IEEE 1905.1 (hybrid home networks)"
        case 0x88a2: "ATA over Ethernet"
        case 0x88b5, 0x88b6: "IEEE 802 local experimental"
        case 0x88b7: "IEEE 802 OUI-extended"
        default: nil
        }
    }

    private static func network(_ type: UInt16) -> String? {
        switch type {
        case 0x0600: "Xerox NS IDP"
        case 0x0800: "IPv4"
        case 0x0801: "X.75"
        case 0x0805: "X.25 layer 3"
        case 0x0806: "ARP"
        case 0x0808: "Frame Relay ARP"
        case 0x0842: "Wake-on-LAN"
        case 0x0bad: "Banyan VINES"
        case 0x22f3: "TRILL"
        case 0x22f4: "IS-IS over TRILL"
        case 0x6001: "DEC MOP dump/load"
        case 0x6002: "DEC MOP remote console"
        case 0x6003: "DECnet phase IV"
        case 0x6004: "DEC LAT"
        case 0x6005: "DEC diagnostics"
        case 0x6007: "DEC LAVC / SCA"
        case 0x6558: "Transparent Ethernet bridging"
        case 0x6559: "Raw Frame Relay"
        case 0x8035: "RARP"
        case 0x809b: "AppleTalk"
        case 0x80d5: "IBM SNA over Ethernet"
        case 0x80f3: "AppleTalk ARP (AARP)"
        case 0x8137, 0x8138: "Novell NetWare IPX"
        case 0x814c: "SNMP over Ethernet (RFC 1089)"
        case 0x8191: "NetBEUI"
        case 0x86dd: "IPv6"
        case 0x876b: "TCP/IP compression (RFC 1144)"
        case 0x880b: "PPP"
        case 0x880c: "General Switch Management Protocol (GSMP)"
        case 0x8847: "MPLS"
        case 0x8848: "MPLS (upstream label)"
        case 0x8861: "MCAP"
        case 0x8863: "PPPoE discovery"
        case 0x8864: "PPPoE session"
        case 0x8884: "ATM over Ethernet (FATMAAL5)"
        case 0x889a: "HyperSCSI"
        case 0x894f: "Network Service Header (NSH)"
        case 0xa0ed: "LoWPAN encapsulation (RFC 7973)"
        default: nil
        }
    }

    private static func bridging(_ type: UInt16) -> String? {
        switch type {
        case 0x8100: "802.1Q VLAN tag"
        case 0x8808: "Ethernet flow control (PAUSE)"
        case 0x8809: "Slow protocols (LACP, OAM)"
        case 0x888e: "EAPOL (802.1X)"
        case 0x88a8: "802.1ad service VLAN tag"
        case 0x88c7: "802.11 pre-authentication"
        case 0x88cc: "LLDP"
        case 0x88e5: "MACsec (802.1AE)"
        case 0x88e7: "802.1ah provider backbone bridging"
        case 0x88ee: "Ethernet Local Management Interface (E-LMI)"
        case 0x88f5: "Multiple VLAN Registration Protocol (MVRP)"
        case 0x88f6: "Multiple MAC Registration Protocol (MMRP)"
        case 0x8902: "Connectivity Fault Management (802.1ag, Y.1731)"
        case 0x8940: "Edge Control Protocol (802.1Qbg)"
        case 0x890d: "802.11 data encapsulation (TDLS)"
        case 0x8917: "802.21 media independent handover"
        case 0x8929: "Multiple I-SID Registration Protocol (802.1Qbe)"
        case 0x893f: "802.1BR E-tag"
        case 0x9000: "Ethernet loopback (configuration test)"
        case 0x9100, 0x9200, 0x9300: "VLAN double tag (before 802.1ad)"
        case 0xf1c1: "802.1CB redundancy tag (R-TAG)"
        default: nil
        }
    }

    private static func vendor(_ type: UInt16) -> String? {
        switch type {
        case 0x2000: "Cisco Discovery Protocol (Ethernet II)"
        case 0x2003: "VLAN Trunking Protocol (Ethernet II)"
        case 0x2004: "Dynamic Trunking Protocol (Ethernet II)"
        case 0x8005: "HP Probe"
        case 0x8038: "DEC LANBridge management"
        case 0x803f: "DEC LAN traffic monitor"
        case 0x80c4: "Banyan VINES IP"
        case 0x80c5: "Banyan VINES echo"
        case 0x8820: "Hitachi Cable"
        case 0x886c: "Broadcom (vendor extension)"
        case 0x886d: "Intel Advanced Networking Services"
        case 0x886f: "Microsoft Network Load Balancing heartbeat"
        case 0x8874: "Broadcom switch tag"
        case 0x887b: "HomePlug 1.0 management"
        case 0x8899: "Realtek Remote Control Protocol (RRCP)"
        case 0x88be: "ERSPAN type II"
        case 0x22eb: "ERSPAN type III"
        case 0x88bb: "LWAPP over Ethernet"
        case 0xbbbb: "LWAPP over Ethernet (Airespace)"
        case 0x88ca: "Transparent Inter-Process Communication (TIPC)"
        case 0x8903: "Cisco Data Center Ethernet"
        case 0x8909: "Cisco Metadata (TrustSec)"
        case 0x8926: "Cisco VN-Tag"
        case 0xcafe: "Veritas Low Latency Transport (LLT)"
        case 0xdada: "Marvell DSA tag"
        default: nil
        }
    }
}
