import Foundation
import Model
import TestSupport
import Testing

/// That no conversation of one protocol is named as another, over the whole corpus. What a conversation is of is told by an
/// independent dissector (tshark, in Labels/dissected.tsv) and by whose capture it is in; neither is asked of otscan.
@Suite struct ConfusionTests {
    /// tshark's names and the registry names that mean the same, where they are not spelled alike.
    private static let names: [String: Set<String>] = [
        "ams": ["ads"], "bvlc": ["bacnet"], "caneth": ["can-eth"], "capwap.data": ["capwap"], "cflow": ["netflow"],
        "classicstun": ["stun", "rtp"], "cnip": ["cn-ip"], "dcerpc": ["dce-rpc", "profinet-io-cm"],
        // A session set up by STUN carries all of these on one pair of ports.
        "dtls": ["dtls", "stun"], "rtp": ["rtp", "stun", "rtsp", "sip"], "rtcp": ["rtp", "stun", "rtsp", "sip"],
        "esio": ["ether-sio"], "gquic": ["quic"], "hart_ip": ["hart-ip"], "http": ["http", "ipp", "winrm", "sstp"],
        "isakmp": ["ike"], "kip": ["knxnet-ip"], "mbtcp": ["modbus"], "nbdgm": ["browser"], "nbss": ["smb", "dce-rpc"],
        "omron": ["fins"], "pgsql": ["postgresql"], "pop": ["pop3"], "rdpudp": ["rdp"], "resp": ["redis"],
        "rmcp": ["ipmi"], "rpc": ["onc-rpc"], "sbus": ["ether-sbus"], "skinny": ["sccp"], "srvloc": ["slp"],
        "synphasor": ["synchrophasor"],
        "tls": [
            // Protocols that go on in TLS keep the name of what they secure.
            "tls", "anydesk", "ftp", "imap", "ldap", "mysql", "openvpn", "pop3", "postgresql", "rdp", "smtp", "tds",
        ],
        "tpkt": ["s7comm", "s7comm-plus", "mms", "iso-on-tcp", "rdp"], "cotp": ["s7comm", "s7comm-plus", "mms", "rdp"],
        "udpencap": ["ike"], "wg": ["wireguard"], "wol": ["wake-on-lan"],
    ]

    /// What captures of these folders are of; their other conversations are of the protocols that every network has.
    private static let folders: [(prefix: String, services: Set<String>)] = [
        ("NozomiNetworks__blackhat23-melsoft/", ["melsoft"]),
        ("ITI__ICS-Security-Tools/pcaps/MELSEC/", ["melsoft"]),
        ("ITI__ICS-Security-Tools/pcaps/beckoff/", ["ads", "ads-discovery"]),
        ("ITI__ICS-Security-Tools/pcaps/fox/", ["fox"]), ("cisagov__icsnpp-bsap/", ["bsap"]),
        ("cisagov__icsnpp-genisys/", ["genisys"]), ("cisagov__icsnpp-opcua-binary/", ["opcua"]),
        ("cisagov__icsnpp-roc-plus/", ["roc-plus"]), ("cisagov__icsnpp-c1222/", ["c1222"]),
        ("cisagov__icsnpp-modbus/", ["modbus"]), ("cisagov__icsnpp-dnp3/", ["dnp3"]),
        ("cisagov__icsnpp-bacnet/", ["bacnet"]), ("cisagov__icsnpp-hart-ip/", ["hart-ip"]),
        ("cisagov__icsnpp-omron-fins/", ["fins"]), ("cisagov__icsnpp-synchrophasor/", ["synchrophasor"]),
        ("cisagov__icsnpp-profinet-io-cm/", ["profinet-io-cm"]),
        ("cisagov__icsnpp-s7comm/", ["s7comm", "s7comm-plus"]),
        ("nttcom__zeek-parser-CCLinkFieldBasic/", ["cclink-ief-basic"]),
        ("nttcom__zeek-parser-CCLinkTSNSLMP/", ["cclink-ie-tsn"]), ("nttcom__zeek-parser-Bacnet/", ["bacnet"]),
        ("corelight__zeek-spicy-openvpn/", ["openvpn"]), ("corelight__zeek-spicy-wireguard/", ["wireguard"]),
        ("corelight__zeek-spicy-ipsec/", ["ike"]),
    ]
    private static let everywhere: Set<String> = [
        "arp", "dns", "mdns", "llmnr", "nbns", "browser", "ssdp", "dhcp", "dhcpv6", "icmp", "icmpv6", "igmp", "ntp",
        "http", "tls", "smb", "ws-discovery",
    ]

    /// Conversations that were looked at: otscan is right, and tshark went by the port or names another layer of the same.
    private static let exceptions: [(confusion: Confusion, reason: String)] = [
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/KakaoTalk_talk.pcap", "http", "tls"),
            "Two conversations share port 8080; one begins with a TLS handshake."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/anyconnect-vpn.pcap", "ajp13", "tls"),
            "Port 8009: it begins with a TLS handshake (a Chromecast)."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/gnutella.pcap", "bittorrent", "tls"),
            "Port 6888: it begins with a TLS handshake."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/http_on_sip_port.pcap", "sip", "http"),
            "Port 5060: HTTP requests, as the name says."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/nomachine.pcapng", "tls", "nomachine"),
            "Greetings of NX in clear come before the TLS."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/ookla.pcap", "http", "tls"),
            "Port 8080: it begins with a TLS handshake."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/rsh-syslog-false-positive.pcap", "rsh", "syslog"),
            "Syslog over TCP on 514, as the name says."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/socks.pcap", "http", "socks"),
            "HTTP through a SOCKS 4 proxy: the connection is SOCKS."
        ),
        (
            Confusion("ntop__nDPI/tests/cfgs/default/pcap/someip_sd_sample.pcap", "dns", "someip"),
            "Service discovery of SOME/IP to a group that tshark takes for multicast DNS."
        ),
        (
            Confusion("seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/DnsEdit.pcap", "dns", "mdns"),
            "From port 5353 to the group of multicast DNS."
        ),
        (
            Confusion("seladb__PcapPlusPlus/Tests/Packet++Test/PacketExamples/SomeIpSd.pcapng", "dns", "someip"),
            "As above."
        ),
        (
            Confusion("the-tcpdump-group__tcpdump/tests/someip1.pcap", "dns", "someip"),
            "As above."
        ),
        (
            Confusion("the-tcpdump-group__tcpdump/tests/nfs-write-verf-cookie.pcapng", "tls", "onc-rpc"),
            "Port 993: an ONC RPC record with an NFS call."
        ),
        (
            Confusion("the-tcpdump-group__tcpdump/tests/sflow_multiple_counter_30_pdus.pcap", "sflow", "netflow"),
            "Port 6343: NetFlow version 5 records."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/http/get-to-ssh-server.pcap", "ssh", "http"),
            "A GET request to an SSH server; the request is the first to speak."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/http/http-single-conn-22.pcap", "ssh", "http"),
            "HTTP on port 22, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/http/http-to-ssh.pcap", "ssh", "http"),
            "HTTP on port 22."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/http/zeek-image-post-1080-8000-x.pcap", "socks", "http"),
            "HTTP on port 1080, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/postgresql/mysql-on-port-5432.pcap", "pgsql", "mysql"),
            "MySQL on port 5432, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/quic/quicdoq.pcap", "dtls", "quic"),
            "DNS over QUIC on port 853."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/socks.pcap", "http", "socks"),
            "HTTP through a SOCKS proxy: the connection is SOCKS."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/ssh/ssh-on-port-80.pcap", "http", "ssh"),
            "SSH on port 80, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/ssl-and-ssh-using-sslh.pcap", "tls", "ssh"),
            "SSH and TLS on one port, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/tcp-syslog-nontransparent.pcap", "rsh", "syslog"),
            "Syslog over TCP on 514, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/tcp-syslog.pcap", "rsh", "syslog"),
            "Syslog over TCP on 514, as the name says."
        ),
        (
            Confusion("zeek__zeek/testing/btest/Traces/tls/irc-starttls.pcap", "irc", "tls"),
            "IRC goes on in TLS; otscan has no IRC."
        ),
    ]

    struct Confusion: Hashable, Comparable {
        var capture: String
        var label: String
        var service: String
        init(_ capture: String, _ label: String, _ service: String) {
            (self.capture, self.label, self.service) = (capture, label, service)
        }
        static func < (a: Confusion, b: Confusion) -> Bool {
            (a.capture, a.label, a.service) < (b.capture, b.label, b.service)
        }
    }

    /// The labels of Labels/dissected.tsv: by capture, then by transport and lower port.
    private static func labels() throws -> [String: [String: Set<String>]] {
        let url = CaptureCorpus.repository.appendingPathComponent("Tests/AnalysisTests/Labels/dissected.tsv")
        var labels: [String: [String: Set<String>]] = [:]
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst() {
            let columns = line.split(separator: "\t")
            guard columns.count == 2 else {
                Issue.record("dissected.tsv: \(line)")
                continue
            }
            for word in columns[1].split(separator: " ") {
                let parts = word.split(separator: "=", maxSplits: 1)
                guard parts.count == 2 else { continue }
                labels[String(columns[0]), default: [:]][String(parts[0])] = Set(
                    parts[1].split(separator: "+").map(String.init))
            }
        }
        return labels
    }

    @Test func noConversationIsNamedAsAnother() throws {
        guard CaptureCorpus.folder != nil, !CorpusConversations.all.isEmpty else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        let labels = try ConfusionTests.labels()
        var matrix: [String: [String: Int]] = [:]
        var confused: Set<Confusion> = []
        var judged = 0
        var unjudged: [String: Int] = [:]
        for (path, entries) in CorpusConversations.all {
            let folder = ConfusionTests.folders.first { path.hasPrefix($0.prefix) }
            for entry in entries where entry.ends.transport != "link" {
                let told = labels[path]?["\(entry.ends.transport)/\(entry.port)"] ?? []
                let label = told.isEmpty ? folder.map { "(\($0.services.sorted().joined(separator: "+")))" } : nil
                guard let row = label ?? (told.isEmpty ? nil : told.sorted().joined(separator: "+")) else {
                    if let service = entry.service { unjudged[service, default: 0] += 1 }
                    continue
                }
                matrix[row, default: [:]][entry.service ?? "-", default: 0] += 1
                guard let service = entry.service else { continue }
                judged += 1
                let isRight =
                    told.isEmpty
                    ? folder?.services.contains(service) ?? true || ConfusionTests.everywhere.contains(service)
                    : told.contains { $0 == service || ConfusionTests.names[$0]?.contains(service) ?? false }
                // Where tshark only went by a port, the folder is the better judge.
                if !isRight, !(folder?.services.contains(service) ?? false) {
                    confused.insert(Confusion(path, row, service))
                }
            }
        }
        if CorpusConversations.isDetailed {
            for (row, columns) in matrix.sorted(by: { $0.key < $1.key }) {
                let cells = columns.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
                print(row.padding(toLength: 28, withPad: " ", startingAt: 0), cells.joined(separator: ", "))
            }
            print("named by otscan alone:", unjudged.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
        }
        let known = Set(ConfusionTests.exceptions.map(\.confusion))
        let new = confused.subtracting(known).sorted()
        for confusion in new {
            print("Confusion(\"\(confusion.capture)\", \"\(confusion.label)\", \"\(confusion.service)\"),")
        }
        print(
            """
            confusion: \(judged) named conversations of \(matrix.count) kinds judged, \(confused.count) otherwise named, \
            \(confused.count - new.count) of them looked at; \(unjudged.values.reduce(0, +)) named by otscan alone
            """)
        #expect(judged > 5_000)
        #expect(new.isEmpty)
        #expect(known.subtracting(confused).isEmpty)
    }
}
