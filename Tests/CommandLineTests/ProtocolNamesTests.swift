import Foundation
import TestSupport
import Testing

/// Names that people look for in a list of protocols: each is there, as a line of its own or as part of one.
@Suite struct ProtocolNamesTests {
    private struct Record: Decodable {
        var name: String
        var title: String
        var family: String
        var level: String
        var includes: [String]
        var bindings: [String]
        var specification: String
        var tested_with: String?
    }
    private struct List: Decodable { var protocols: [Record] }

    private static func records() throws -> [Record] {
        let output = try Program.run(["protocols", "--json"], in: try Folder()).output
        return try JSONDecoder().decode(List.self, from: Data(output.utf8)).protocols
    }

    /// What is looked for, and the line that answers: its name, and after a colon what its title or its parts must say.
    private static let industrial: [String: String] = [
        "Modbus/TCP": "modbus", "Modbus/UDP": "modbus:Modbus/UDP", "Modbus RTU over TCP and UDP": "modbus-rtu",
        "UMAS": "modbus:UMAS", "S7comm": "s7comm", "S7comm-plus": "s7comm-plus", "PROFINET DCP": "profinet:DCP",
        "PROFINET RT": "profinet:RT", "PTCP": "profinet:PTCP", "PROFINET IO-CM": "profinet-io-cm:DCE/RPC",
        "EtherNet/IP": "enip:EtherNet/IP", "CIP explicit": "enip:explicit", "CIP I/O": "cip-io",
        "CIP Safety": "enip:CIP Safety", "EtherCAT": "ethercat", "CoE": "ethercat:CoE", "EAP": "ethercat-ap:EAP",
        "POWERLINK": "powerlink", "SERCOS III": "sercos", "CC-Link IE Field": "cclink-ie:Field",
        "CC-Link IE Control": "cclink-ie:Control", "CC-Link IE Field Basic": "cclink-ief-basic",
        "CC-Link IE TSN": "cclink-ie:TSN", "CC-Link IE TSN SLMP": "cclink-ie-tsn", "SLMP": "slmp", "MC 1E": "melsec-1e",
        "MC 3E/4E": "slmp:3E/4E",
        "MC ASCII": "slmp:ASCII", "read type name": "slmp:read type name", "MELSOFT": "melsoft", "FINS": "fins",
        "FL-net": "fl-net", "MECHATROLINK-4": "mechatrolink-4", "Keyence": "kv-hostlink", "Vnet/IP": "vnet-ip",
        "FA-M3": "fa-m3", "Toshiba": "toshiba-computer-link", "Hitachi": "hitachi-hi-protocol", "Fuji": "fuji-loader",
        "MEWTOCOL": "mewtocol", "TOYOPUC": "toyopuc", "FOCAS": "focas", "OPC UA": "opcua",
        "OPC Classic": "dce-rpc:OPC Classic", "DNP3": "dnp3", "IEC 60870-5-104": "iec104", "MMS": "mms",
        "GOOSE": "goose", "SV": "sampled-values", "C37.118": "synchrophasor", "BACnet/IP": "bacnet",
        "BACnet/SC": "bacnet-sc", "KNXnet/IP": "knxnet-ip", "LonTalk/IP": "cn-ip", "Niagara Fox": "fox",
        "HART-IP": "hart-ip", "FF-HSE": "ff-hse", "GE SRTP": "ge-srtp", "ADS": "ads", "CODESYS V2": "codesys-v2",
        "CODESYS V3": "codesys", "ISO transport": "iso-network", "ISO on TCP": "iso-on-tcp", "ROC+": "roc-plus",
        "BSAP": "bsap", "DeltaV": "deltav", "Schweitzer": "sel-fast-message", "Red Lion": "crimson",
        "PC Worx": "pcworx", "ProConOS": "proconos", "C12.22": "c1222", "Genisys": "genisys", "MQTT": "mqtt",
        "Sparkplug B": "mqtt:Sparkplug B", "AMQP": "amqp", "CoAP": "coap", "DDS/RTPS": "rtps", "Moxa": "moxa-nport",
        "Digi RealPort": "realport", "RFC 2217": "rfc2217", "PTP": "ptp", "802.1Qcc": "mrp-registration:802.1Qcc",
        "LRP": "lrp", "MRP": "mrp", "DLR": "dlr", "HSR": "prp:HSR", "PRP": "prp:PRP",
    ]

    private static let network: [String: String] = [
        "LLDP": "lldp", "LLDP 802.1": "lldp:802.1", "LLDP 802.3": "lldp:802.3", "LLDP PROFINET": "lldp:PROFINET",
        "CDP": "cdp", "EDP": "edp", "STP": "stp:STP", "RSTP": "stp:RSTP", "MSTP": "stp:MSTP", "PVST": "stp:PVST",
        "LACP": "slow:LACP", "DTP": "dtp", "VTP": "vtp", "EAPOL": "eapol", "802.1X": "eapol:802.1X",
        "RADIUS": "radius", "TACACS+": "tacacs-plus", "VRRP": "vrrp", "CARP": "vrrp:CARP", "HSRP": "hsrp",
        "GLBP": "glbp", "OSPF": "ospf", "EIGRP": "eigrp", "RIP": "rip", "BGP": "bgp", "IGMP": "igmp", "PIM": "pim",
        "CAPWAP": "capwap", "LWAPP": "lwapp", "802.11 management": "wlan", "WPS": "wlan:WPS", "RSN": "wlan:RSN",
        "probe requests": "wlan:probe requests", "NetFlow": "netflow", "IPFIX": "netflow:IPFIX", "sFlow": "sflow",
        "syslog": "syslog", "CEF": "syslog:CEF", "LEEF": "syslog:LEEF", "SNMPv1": "snmp:SNMPv1",
        "SNMPv2c": "snmp:SNMPv2c", "SNMPv3": "snmp:SNMPv3", "DHCPv4": "dhcp", "DHCPv6": "dhcpv6", "SSDP/UPnP": "ssdp",
        "WS-Discovery": "ws-discovery", "ONVIF": "ws-discovery:ONVIF", "NetBIOS names": "nbns",
        "NetBIOS datagrams": "browser", "NetBIOS sessions": "smb:NetBIOS session", "LLMNR": "llmnr", "mDNS": "mdns",
        "NTP": "ntp", "TFTP": "tftp", "FTP": "ftp", "SMTP": "smtp", "POP": "pop3", "IMAP": "imap", "HTTP/2": "http2",
        "QUIC": "quic", "Kerberos": "kerberos", "NTLM": "smb:NTLM", "LDAP": "ldap", "MSSQL": "tds", "MySQL": "mysql",
        "PostgreSQL": "postgresql", "Oracle": "tns", "DCE/RPC": "dce-rpc", "WinRM": "winrm", "WSUS": "wsus",
        "IPP": "ipp", "LPD": "lpd", "JetDirect": "jetdirect", "SIP": "sip", "RTP": "rtp", "RTSP": "rtsp",
    ]

    private static let remote: [String: String] = [
        "RDP": "rdp", "VNC": "vnc", "TeamViewer": "teamviewer", "AnyDesk": "anydesk", "Splashtop": "splashtop",
        "Chrome Remote Desktop": "chrome-remote-desktop", "LogMeIn": "logmein", "GoTo": "gotomypc",
        "RustDesk": "rustdesk", "DameWare": "dameware", "Radmin": "radmin", "X11": "x11", "Telnet": "telnet",
        "SSH": "ssh", "rlogin": "rlogin", "IKE": "ike", "IPsec ESP": "esp", "IPsec AH": "ah", "OpenVPN": "openvpn",
        "WireGuard": "wireguard", "L2TP": "l2tp", "PPTP": "pptp", "SSTP": "sstp", "SoftEther": "softether",
        "Tailscale": "tailscale", "ZeroTier": "zerotier", "Hamachi": "hamachi", "NordVPN": "nordvpn",
        "SOCKS": "socks", "HTTP CONNECT": "http:CONNECT", "Tor": "tor", "DNS tunnels": "dns:tunnels",
        "ICMP tunnels": "icmp:tunnels", "Talk2M": "talk2m:HMS", "Secomea": "secomea", "mGuard": "mguard-secure-cloud",
        "IXON": "ixon", "SINEMA RC": "sinema-rc", "Moxa MRC": "moxa-mrc", "Pro-face Connect": "pro-face-connect",
        "Mitsubishi": "mitsubishi-remote-service", "OMRON": "omron-remote-service", "Soracom": "soracom-napter",
        "IIJ": "m2m-carriers:IIJ", "NTT": "m2m-carriers:NTT",
        "KDDI": "m2m-carriers:KDDI", "SoftBank": "m2m-carriers:SoftBank",
    ]

    @Test func everyNameIsListed() throws {
        let records = Dictionary(uniqueKeysWithValues: try ProtocolNamesTests.records().map { ($0.name, $0) })
        for table in [ProtocolNamesTests.industrial, ProtocolNamesTests.network, ProtocolNamesTests.remote] {
            for (wanted, place) in table {
                let parts = place.split(separator: ":", maxSplits: 1).map(String.init)
                guard let record = records[parts[0]] else {
                    Issue.record("\(wanted): no line named \(parts[0])")
                    continue
                }
                guard parts.count == 2 else { continue }
                let says = ([record.title] + record.includes).contains { $0.contains(parts[1]) }
                #expect(says, "\(wanted): \(record.title), \(record.includes)")
            }
        }
    }

    /// docs/protocols.md is what the program prints, and README.md gives its numbers.
    @Test func thePageIsWhatTheProgramPrints() throws {
        let printed = try Program.run(["protocols", "--markdown"], in: try Folder()).output
        func read(_ name: String) throws -> String {
            try String(contentsOf: CaptureCorpus.repository.appendingPathComponent(name), encoding: .utf8)
        }
        #expect(try read("docs/protocols.md") == printed, "docs/protocols.md is stale: make protocols-page")
        let counts = try #require(
            printed.firstMatch(of: /(\d+) protocols are read, (\d+) of them of plants and buildings/))
        #expect(
            try read("README.md").contains(
                "the \(counts.1) protocols that are read, \(counts.2) of them of plants and buildings"),
            "README.md: \(counts.0)")
    }

    /// A cell of the table holds whatever a name holds.
    @Test func everyRowOfThePageHasItsCells() throws {
        let printed = try Program.run(["protocols", "--markdown"], in: try Folder()).output
        var width = 0
        for line in printed.split(separator: "\n") {
            guard line.hasPrefix("|") else {
                width = 0
                continue
            }
            let cells = line.replacing("\\|", with: "").count { $0 == "|" }
            if width == 0 { width = cells }
            #expect(cells == width, "\(line)")
        }
        #expect(printed.contains("| `talk2m` |"))
    }

    /// Each line says how deeply the protocol is read, what proves that, and where it can be looked up.
    @Test func everyLineIsWhole() throws {
        let levels: Set<String> = ["recognised", "messages", "identity", "operations", "by_name", "not_supported"]
        let proofs: Set<String?> = ["capture", "stack", "specification", "samples"]
        for record in try ProtocolNamesTests.records() {
            #expect(levels.contains(record.level), "\(record.name): \(record.level)")
            #expect(!record.title.isEmpty && !record.specification.isEmpty, "\(record.name)")
            let isRead = record.level != "not_supported"
            #expect(record.bindings.isEmpty != isRead, "\(record.name)")
            #expect(isRead ? proofs.contains(record.tested_with) : record.tested_with == nil, "\(record.name)")
            #expect((record.level == "by_name") == (record.tested_with == "samples"), "\(record.name)")
        }
    }
}
