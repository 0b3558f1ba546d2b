import Foundation
import Model
import TestSupport
import Testing

/// Per-conversation protocols in the golden results of nDPI's own tests, against otscan's. Compared is every conversation
/// that nDPI names by its payload (not by port, address or custom rule) with a protocol that otscan has, too.
@Suite struct NDPIAgreementTests {
    /// nDPI's names (the lower protocol, where it names two) and the registry names that mean the same. Where one side is
    /// finer, all names of the finer side are listed.
    private static let names: [String: Set<String>] = [
        "AMQP": ["amqp"], "ANSI_C1222": ["c1222"], "AVASTSecureDNS": ["dns"], "BACnet": ["bacnet"], "BFD": ["bfd"],
        "BGP": ["bgp"], "BJNP": ["bjnp"], "CAPWAP": ["capwap"], "COAP": ["coap"], "CiscoSkinny": ["sccp"],
        "Citrix": ["ica"], "CNP-IP": ["cn-ip"], "DCERPC": ["dce-rpc", "profinet-io-cm"], "DHCP": ["dhcp"],
        "DHCPV6": ["dhcpv6"], "DNP3": ["dnp3"], "DNS": ["dns"],
        // The conversations that nDPI calls so begin with a DNS query for the resolver's certificate.
        "DNScrypt": ["dns"],
        "DTLS": ["dtls"], "EthernetGlobalData": ["egd"], "EtherSIO": ["ether-sio"], "Ether-S-Bus": ["ether-sbus"],
        "FINS": ["fins"], "FTPS": ["ftp"], "FTP_CONTROL": ["ftp"], "HART-IP": ["hart-ip"], "HSRP": ["hsrp"],
        "HTTP": ["http", "ipp", "winrm", "sstp"], "HTTP2": ["http2"], "HTTP_Connect": ["http"], "HTTP_Proxy": ["http"],
        "HiSLIP": ["hislip"], "IEC62056": ["dlms"], "IEEE-C37118": ["synchrophasor"],
        // The encrypted variants that begin in clear text (STARTTLS) keep the name of the protocol they secure.
        "IMAP": ["imap"], "IMAPS": ["imap", "tls"], "POP3": ["pop3"], "POPS": ["pop3", "tls"], "SMTP": ["smtp"],
        "SMTPS": ["smtp", "tls"],
        "IPSec": ["ike"], "ISO9506-1-MMS": ["mms"], "KNXnet_IP": ["knxnet-ip"], "Kerberos": ["kerberos"],
        "LDAP": ["ldap"], "LLMNR": ["llmnr"], "MDNS": ["mdns"], "MQTT": ["mqtt"], "MsSQL-TDS": ["tds"],
        "MySQL": ["mysql"], "NTP": ["ntp"], "NetBIOS": ["nbns", "browser", "smb"], "NetFlow": ["netflow"],
        "NoMachine": ["nomachine"], "OpenVPN": ["openvpn"], "Oracle": ["tns"], "PPTP": ["pptp"], "PTPv2": ["ptp"],
        "PostgreSQL": ["postgresql"], "QUIC": ["quic"], "RDP": ["rdp"], "RESP": ["redis"], "RMCP": ["ipmi"],
        "RSH": ["rsh"], "RTCP": ["rtp"], "RTP": ["rtp"], "RTPS": ["rtps"], "RTSP": ["rtsp"], "Radius": ["radius"],
        "Radmin": ["radmin"], "SIP": ["sip"],
        "SMBv1": ["smb"], "SMBv23": ["smb"], "SNMP": ["snmp"], "SOAP": ["http"], "SOCKS": ["socks"],
        "SOMEIP": ["someip"], "SSDP": ["ssdp"], "SSH": ["ssh"], "STUN": ["stun"],
        "Service_Location_Protocol": ["slp"], "Syslog": ["syslog"], "TFTP": ["tftp"],
        // nDPI also says by the handshake's names what the TLS is for; otscan has names of its own for two of those.
        "TLS": ["tls", "anydesk"], "TRDP": ["trdp"], "TeamViewer": ["teamviewer"], "Telnet": ["telnet"],
        "Teredo": ["teredo"], "UBNTAC2": ["ubiquiti-discovery"], "VNC": ["vnc"], "WSD": ["ws-discovery"],
        "WireGuard": ["wireguard"], "XDMCP": ["xdmcp"], "Zabbix": ["zabbix"], "iSCSI": ["iscsi"], "sFlow": ["sflow"],
        "ATG": ["tank-gauge"],
    ]

    struct Flow {
        var ends: CorpusConversations.Ends
        var name: String
        var isByPayload: Bool
    }

    /// The flows of one golden result: `TCP 10.0.0.1:1 <-> [::1]:2 [proto: 7.126/HTTP.Google] … [Confidence: DPI]`.
    static func flows(_ file: URL) -> [Flow] {
        guard let data = try? Data(contentsOf: file) else { return [] }
        var flows: [Flow] = []
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 5, Int(words[0]) != nil, words[1] == "TCP" || words[1] == "UDP",
                let arrow = words.firstIndex(where: { $0 == "<->" || $0 == "->" }), arrow + 1 < words.count,
                let a = end(words[2]), let b = end(words[arrow + 1]),
                let proto = part(line, after: "[proto: "), let slash = proto.firstIndex(of: "/"),
                let confidence = part(line, after: "[Confidence: ")
            else { continue }
            let name = proto[proto.index(after: slash)...].split(separator: ".").first.map(String.init) ?? ""
            flows.append(
                Flow(
                    ends: CorpusConversations.Ends(words[1].lowercased(), a, b), name: name,
                    isByPayload: confidence.hasPrefix("DPI")))
        }
        return flows
    }

    private static func part(_ line: Substring, after mark: String) -> Substring? {
        guard let start = line.range(of: mark)?.upperBound else { return nil }
        return line[start...].prefix { $0 != "]" }
    }

    private static func end(_ text: Substring) -> (String, String)? {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let address = text[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        // Their spelling of an IPv6 address may be another one.
        guard let parsed = IPAddress(address) else { return nil }
        return (parsed.description, String(text[text.index(after: colon)...]))
    }

    /// A disagreement that was looked at: which capture, their name and otscan's (`-` for none), and how many conversations.
    private struct Difference: Hashable, Comparable {
        var capture: String
        var theirs: String
        var ours: String
        static func < (a: Difference, b: Difference) -> Bool {
            (a.capture, a.theirs, a.ours) < (b.capture, b.theirs, b.ours)
        }
    }

    /// The looked-at disagreements of Labels/ndpi-differences.tsv: capture, theirs, ours, conversations, reason.
    private static func known() throws -> [Difference: Int] {
        let url = CaptureCorpus.repository.appendingPathComponent("Tests/AnalysisTests/Labels/ndpi-differences.tsv")
        var known: [Difference: Int] = [:]
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst() {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count == 6, let count = Int(columns[3]), ["theirs", "ours", "both"].contains(columns[4])
            else {
                Issue.record("ndpi-differences.tsv: \(line)")
                continue
            }
            known[Difference(capture: columns[0], theirs: columns[1], ours: columns[2])] = count
        }
        return known
    }

    @Test func conversationsAreNamedAsNDPINamesThem() throws {
        guard let results = CaptureCorpus.file("expected/ntop__nDPI/tests/cfgs/default/result") else { return }
        var perName: [String: (same: Int, other: Int, unnamed: Int)] = [:]
        var differences: [Difference: Int] = [:]
        var absent = 0
        for file in try FileManager.default.contentsOfDirectory(at: results, includingPropertiesForKeys: nil)
        where file.pathExtension == "out" {
            let capture = file.deletingPathExtension().lastPathComponent
            let ours = Dictionary(
                grouping: CorpusConversations.all["ntop__nDPI/tests/cfgs/default/pcap/\(capture)"] ?? [], by: \.ends)
            for flow in NDPIAgreementTests.flows(file) where flow.isByPayload {
                guard let same = NDPIAgreementTests.names[flow.name] else { continue }
                guard let entries = ours[flow.ends] else {
                    absent += 1
                    differences[Difference(capture: capture, theirs: flow.name, ours: "absent"), default: 0] += 1
                    continue
                }
                let services = Set(entries.compactMap(\.service))
                if !services.isDisjoint(with: same) {
                    perName[flow.name, default: (0, 0, 0)].same += 1
                    continue
                }
                let named = services.sorted().joined(separator: "/")
                if named.isEmpty {
                    perName[flow.name, default: (0, 0, 0)].unnamed += 1
                } else {
                    perName[flow.name, default: (0, 0, 0)].other += 1
                }
                let difference = Difference(capture: capture, theirs: flow.name, ours: named.isEmpty ? "-" : named)
                differences[difference, default: 0] += 1
            }
        }
        let same = perName.values.reduce(0) { $0 + $1.same }
        let other = perName.values.reduce(0) { $0 + $1.other }
        let unnamed = perName.values.reduce(0) { $0 + $1.unnamed }
        if CorpusConversations.isDetailed {
            for (name, counts) in perName.sorted(by: { $0.key < $1.key }) {
                let columns = [String(counts.same), String(counts.other), String(counts.unnamed)]
                print(name.padding(toLength: 28, withPad: " ", startingAt: 0), columns.joined(separator: "\t"))
            }
            for (difference, count) in differences.sorted(by: { $0.key < $1.key }) {
                print("\(difference.capture)\t\(difference.theirs)\t\(difference.ours)\t\(count)")
            }
        }
        print(
            """
            nDPI: \(same) conversations named the same, \(other) otherwise, \(unnamed) without a name by otscan, \
            \(absent) that otscan has not
            """)
        #expect(same + other > 3_000)
        #expect(same * 100 >= (same + other + unnamed + absent) * 97)
        #expect(try differences == NDPIAgreementTests.known())
    }
}
