import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Real captures of remote access, directory, database, printing, telephony and routing protocols.
@Suite struct OfficeServiceCorpusTests {
    private static let nDPI = "ntop__nDPI/tests/cfgs/default/pcap/"
    private static let zeek = "zeek__zeek/testing/btest/Traces/"
    private static let tcpdump = "the-tcpdump-group__tcpdump/tests/"

    /// File, service, and facts that tshark or Zeek read from it as well.
    private static let expected: [(file: String, service: String, facts: [String])] = [
        (nDPI + "citrix.pcap", "ica", []),
        (nDPI + "nomachine.pcapng", "nomachine", ["NoMachine client 8.10.1", "NoMachine server 8.10.1"]),
        (nDPI + "rsh.pcap", "rsh", ["lns", "root", "rejected"]),
        (nDPI + "rmcp.pcap", "ipmi", []),
        (zeek + "krb/kinit.pcap", "kerberos", ["VLADG.NET", "aes256-cts-hmac-sha1-96", "domain_controller"]),
        (nDPI + "kerberos.pcap", "kerberos", ["JOHNSON-PC", "HAPPYCRAFT.ORG"]),
        (zeek + "ldap/sasl-ntlm.pcap", "ldap", ["NTLM", "LOCALHOST\\sasladmin@slapd.ldap"]),
        (zeek + "ldap/ldap-starttls.pcap", "ldap", ["LDAP StartTLS"]),
        (zeek + "dce-rpc/dce_rpc_netlogon.pcapng", "dce-rpc", ["netlogon"]),
        (zeek + "dce-rpc/mapi.pcap", "dce-rpc", ["epmapper", "ALEONARD-XP", "NTLMv1"]),
        (nDPI + "mssql_tds.pcap", "tds", []),
        (zeek + "mysql/caching_sha2_password.pcap", "mysql", ["MySQL 8.0.32"]),
        (zeek + "postgresql/psql-login.pcap", "postgresql", ["psql", "accepted"]),
        (zeek + "postgresql/psql-login-wrong.pcap", "postgresql", ["rejected"]),
        (nDPI + "oracle12.pcapng", "tns", ["kali", "sqlplus@kali", "igor"]),
        (zeek + "redis/auth.pcap", "redis", ["Redis AUTH"]),
        (zeek + "nfs/nfs_write.pcap", "onc-rpc", ["NFS", "portmapper", "file_server"]),
        (nDPI + "ipp.pcap", "ipp", ["printer"]),
        (zeek + "sip/wireshark.pcap", "sip", ["voi18062@sip.cybercity.dk"]),
        (nDPI + "rtsp.pcap", "rtsp", []),
        (nDPI + "http2.pcapng", "http2", []),
        (nDPI + "ubntac2.pcap", "ubiquiti-discovery", ["UGW3", "ubnt"]),
        (nDPI + "upnp.pcap", "ws-discovery", []),
        (nDPI + "teredo.pcap", "teredo", ["vpn_gateway"]),
        (nDPI + "zabbix.pcap", "zabbix", ["server"]),
        (nDPI + "amqp.pcap", "amqp", []),
        (nDPI + "srvloc-v1.pcapng", "slp", []),
        (nDPI + "bjnp.pcap", "bjnp", []),
        (nDPI + "sccp_hw_conf_register.pcapng", "sccp", ["NONSECURE_CONF"]),
        (nDPI + "stun.pcap", "stun", []),
        (nDPI + "xdmcp.pcap", "xdmcp", []),
        (nDPI + "bfd.pcap", "bfd", []),
        (nDPI + "sflow.pcap", "sflow", ["172.21.35.17"]),
        ("secdev__scapy/test/pcaps/ipfix.pcap", "netflow", []),
        (nDPI + "netflowv9.pcap", "netflow", []),
        ("seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/WoL.pcap", "wake-on-lan", ["00:0d:56:dc:9e:35"]),
        (tcpdump + "EIGRP_adjacency.pcap", "eigrp", ["100", "Cisco IOS 12.4"]),
        (tcpdump + "ospf3_auth.pcapng", "ospf", ["router"]),
        (tcpdump + "bgp-role.pcapng", "bgp", ["router"]),
        (tcpdump + "ripv2_auth.pcap", "rip", ["RIP version 2"]),
        (nDPI + "pim.pcap", "pim", ["router"]),
    ]

    @Test func servicesAreRecognisedAndNamed() throws {
        for (path, service, facts) in OfficeServiceCorpusTests.expected {
            guard let file = CaptureCorpus.file(path) else { return }
            let result = try CaptureReading.read(path: file.path)
            #expect(result.conversations.contains { $0.service == service }, "\(path)")
            let values = Set(result.observations.map(\.value.raw))
            for fact in facts { #expect(values.contains(fact), "\(path): \(fact)") }
        }
    }

    /// Foreign captures, in which none of these may see itself.
    @Test func nothingForeignIsClaimed() throws {
        let own: Set = [
            "x11", "rlogin", "rsh", "ica", "spice", "nomachine", "radmin", "dameware", "rustdesk", "winrm", "ipmi",
            "tailscale", "zerotier", "hamachi", "sstp", "softether", "ldap", "kerberos", "dce-rpc", "tds",
            "sql-browser",
            "mysql", "postgresql", "tns", "redis", "mongodb", "onc-rpc", "iscsi", "ipp", "lpd", "jetdirect", "sip",
            "rtsp",
            "bgp", "rip", "netflow", "sflow", "tacacs-plus", "wccp", "mndp", "wake-on-lan",
        ]
        let foreign = [
            "bittorrent.pcap", "skype-conference-call.pcap", "afs.pcap", "dnp3.pcap", "iso9506-1-mms.pcap", "mqtt.pcap",
            "whatsapp_login_call.pcap", "steam.pcapng", "someip-tp.pcap", "tcp_scan.pcapng",
            "mongo_false_positive.pcapng",
            "false_positives.pcapng", "ip_fragmented_garbage.pcap", "shadowsocks.pcap", "ethereum.pcap",
            "gnutella.pcap",
            "openvpn_obfuscated.pcapng", "telegram.pcap", "edonkey.pcap", "memcached.cap",
        ]
        var seen = 0
        for name in foreign {
            guard let file = CaptureCorpus.file(OfficeServiceCorpusTests.nDPI + name) else { return }
            guard FileManager.default.fileExists(atPath: file.path) else { continue }
            let result = try CaptureReading.read(path: file.path)
            seen += result.conversations.count
            for conversation in result.conversations {
                guard let service = conversation.service else { continue }
                #expect(!own.contains(service), "\(name): \(service) \(conversation.key)")
            }
        }
        #expect(seen > 200)
    }
}
