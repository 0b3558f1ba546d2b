import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// Real captures, against what nDPI and tshark say of them.
@Suite struct ServiceCorpusTests {
    private static let captures = "ntop__nDPI/tests/cfgs/default/pcap"
    private static let expectations = "expected/ntop__nDPI/tests/cfgs/default/result"

    /// One conversation as nDPI reports it.
    private struct Flow {
        var ends: Set<String>
        var service: String
        var fingerprint: String?
        var serverName: String?
    }

    private static func field(_ name: String, of line: Substring) -> String? {
        guard let start = line.range(of: "[\(name): ") else { return nil }
        let rest = line[start.upperBound...]
        return rest.firstIndex(of: "]").map { String(rest[..<$0]) }
    }

    /// Lines such as `1 TCP 10.0.0.1:1 <-> 10.0.0.2:443 [proto: 91.126/TLS.Google]…`
    private static func flows(_ file: URL) throws -> [Flow] {
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count > 6, words[1] == "TCP" || words[1] == "UDP", words[3].hasSuffix("->"),
                let proto = field("proto", of: line)?.split(separator: "/").last
            else { return nil }
            func end(_ text: Substring) -> String {
                text.lowercased().filter { $0 != "[" && $0 != "]" }
            }
            return Flow(
                ends: [end(words[2]), end(words[4])], service: String(proto), fingerprint: field("JA4", of: line),
                serverName: field("Hostname/SNI", of: line)?.lowercased())
        }
    }

    /// The parts in which nDPI follows the specification: counts, ciphers, extensions. It writes the destination mark, the
    /// application protocol and the digest of nothing in its own way.
    private static func comparable(_ fingerprint: String) -> String {
        let parts = fingerprint.split(separator: "_")
        guard parts.count == 3, parts[0].count == 10 else { return fingerprint }
        let head = Array(parts[0])
        let extensions = parts[2] == "e3b0c44298fc" ? "000000000000" : parts[2]
        return "\(head[0])\(String(head[4..<8]))_\(parts[1])_\(extensions)"
    }

    @Test func agreesWithNDPI() throws {
        guard let pcaps = CaptureCorpus.file(ServiceCorpusTests.captures),
            let results = CaptureCorpus.file(ServiceCorpusTests.expectations)
        else { return }
        // Their hellos are Google's own, or bytes that the capture does not hold.
        let unread = ["quic0", "quic_q", "quic_t", "quic.pcap", "gquic", "youtube_quic", "heuristic_tcp_ack_payload"]
        // Protocols of others, which none of these dissectors may claim.
        let others: Set = [
            "Modbus", "BACnet", "DNP3", "S7Comm", "SNMP", "NTP", "DHCP", "Kerberos", "LDAP", "MQTT", "Syslog", "RTP",
            "SIP",
            "STUN", "BitTorrent", "Redis", "IRC", "Usenet", "MsSQL-TDS", "Oracle", "MongoDB", "AMQP", "Memcached",
            "OPC-UA",
            "EthernetIP", "IEC60870", "Radius", "TFTP", "RTMP", "RTSP", "Git", "Whois-DAS", "VXLAN", "GTP", "Citrix",
        ]
        let own: Set = [
            "http", "tls", "quic", "ssh", "smb", "ftp", "smtp", "pop3", "imap", "telnet", "rdp", "vnc", "teamviewer",
            "anydesk", "ike", "openvpn", "wireguard", "pptp", "l2tp", "socks",
        ]
        var fingerprints = (found: 0, expected: 0)
        var names = (found: 0, expected: 0)
        var missed: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: results, includingPropertiesForKeys: nil) {
            let name = file.deletingPathExtension().lastPathComponent
            let pcap = pcaps.appendingPathComponent(name)
            guard file.pathExtension == "out", FileManager.default.fileExists(atPath: pcap.path) else { continue }
            let expected = try ServiceCorpusTests.flows(file)
            let result = try CaptureReading.read(path: pcap.path)
            var services: [Set<String>: String] = [:]
            for conversation in result.conversations {
                guard let service = conversation.service, let a = conversation.client.ip, let b = conversation.server.ip
                else {
                    continue
                }
                services[["\(a):\(conversation.clientPort)", "\(b):\(conversation.serverPort)"]] = service
            }
            for flow in expected where others.contains(flow.service) {
                if let claimed = services[flow.ends] {
                    #expect(!own.contains(claimed), "\(name): \(flow.ends) is \(flow.service)")
                }
            }
            if unread.contains(where: { name.hasPrefix($0) }) { continue }
            let said = Set(
                result.observations.filter { $0.attribute == .ja4 }.map { ServiceCorpusTests.comparable($0.value.raw) })
            for fingerprint in Set(expected.compactMap(\.fingerprint)) {
                fingerprints.expected += 1
                if said.contains(ServiceCorpusTests.comparable(fingerprint)) {
                    fingerprints.found += 1
                } else {
                    missed.append("\(name) \(fingerprint)")
                }
            }
            let known = Set(
                result.observations.filter { $0.attribute == .serverName }.map { $0.value.raw.lowercased() })
            let wanted = expected.filter { $0.service.hasPrefix("TLS") || $0.service.hasPrefix("QUIC") }
            for serverName in Set(wanted.compactMap(\.serverName)) {
                names.expected += 1
                if known.contains(serverName) { names.found += 1 } else { missed.append("\(name) \(serverName)") }
            }
        }
        #expect(fingerprints.expected > 200)
        #expect(names.expected > 300)
        #expect(fingerprints.found * 100 >= fingerprints.expected * 98, "\(missed)")
        #expect(names.found * 100 >= names.expected * 98, "\(missed)")
    }

    @Test func remoteAccessAndTunnelsAreRecognised() throws {
        let expected: [(path: String, service: String, facts: [String])] = [
            ("zeek__zeek/testing/btest/Traces/rdp/rdp-x509.pcap", "rdp", ["JOHN-PC", "JOHN-PC-LAPTOP"]),
            ("zeek__zeek/testing/btest/Traces/rdp/rdp-to-ssl.pcap", "rdp", ["AWAKECODI", "CredSSP (NLA)"]),
            (
                "zeek__zeek/testing/btest/Traces/rfb/vnc-mac-to-linux.pcap", "vnc",
                ["root's X desktop (martin-VirtualBox:1)", "accepted"]
            ),
            ("zeek__zeek/testing/btest/Traces/ssh/ssh-on-port-80.pcap", "ssh", []),
            ("zeek__zeek/testing/btest/Traces/socks-auth-10080.pcap", "socks", ["bob", "SOCKS 5"]),
            (
                "corelight__zeek-spicy-ipsec/tests/traces/ipsec-ikev1-isakmp-aggressive-mode.pcap", "ike",
                ["IKEv1 aggressive mode"]
            ),
            ("corelight__zeek-spicy-ipsec/tests/traces/ipsec.cap", "esp", []),
            ("corelight__zeek-spicy-openvpn/tests/traces/openvpn_udp_hmac_256.pcap", "openvpn", ["vpn_gateway"]),
            ("corelight__zeek-spicy-openvpn/tests/traces/openvpn_tcp_nontlsauth.pcap", "openvpn", []),
            ("corelight__zeek-spicy-wireguard/testing/Traces/wireguard.pcap", "wireguard", []),
            ("the-tcpdump-group__tcpdump/tests/pptp.pcap", "pptp", []),
        ]
        for (path, service, facts) in expected {
            guard let file = CaptureCorpus.file(path) else { return }
            let result = try CaptureReading.read(path: file.path)
            #expect(result.conversations.contains { $0.service == service }, "\(path)")
            let values = Set(result.observations.map(\.value.raw))
            for fact in facts { #expect(values.contains(fact), "\(path): \(fact)") }
        }
    }
}
