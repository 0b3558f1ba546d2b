import Analysis
import Foundation
import Model
import TestSupport
import Testing

/// The example rows in the READMEs of NTT Communications' Zeek parsers, against what is read from the captures beside them.
///
/// Not comparable: the row of CC-Link IE Field and Control is of another capture (its times are four months later), the
/// two rows of delay requests are of frames that the capture of CC-Link IE TSN's clock does not hold, and the counts of
/// the TSN's SLMP rows are of a minute and not of the whole capture.
@Suite struct ExampleRowTests {
    /// A message that the row counts, from one end to the other.
    struct MessageRow: CustomTestStringConvertible {
        var parser: String
        /// Addresses, or MACs where there are none.
        var from: String
        var to: String
        var service: String
        var message: String
        /// Nil where the row counts less than the whole capture.
        var count: UInt64?
        var testDescription: String { "\(parser) \(from) \(message)" }
    }

    static let messages: [MessageRow] = rows(
        """
        Bacnet | 10.0.20.24 | 10.0.30.35 | bacnet | AtomicWriteFile | 4
        Bacnet | 10.0.20.22 | 10.0.30.27 | bacnet | Who-Is | 8
        Bacnet | 10.0.20.23 | 10.0.30.31 | bacnet | Who-Has | 12
        CCLinkFieldBasic | 172.16.134.129 | 172.16.134.128 | cclink-ief-basic | Cyclic Data response | 222
        CCLinkFieldBasic | 172.16.134.128 | 172.16.134.255 | cclink-ief-basic | Cyclic Data request | 222
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Sync | 30
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Pdelay_Req | 30
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Pdelay_Resp | 30
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Follow_Up | 30
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Pdelay_Resp_Follow_Up | 30
        CCLinkTSNPTP | 00:0c:29:a8:c1:f0 | 00:4e:01:c5:21:8f | ptp | Announce | 30
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Notification | -
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Network Config (time slots) | -
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Slave Config | -
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Cyclic Config (receive source) | -
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Cyclic Config (transmit) | -
        CCLinkTSNSLMP | 10.0.0.1 | 10.0.0.2 | cclink-ie-tsn | Cyclic Config (main) | -
        """
    ).map {
        MessageRow(parser: $0[0], from: $0[1], to: $0[2], service: $0[3], message: $0[4], count: UInt64($0[5]))
    }

    private static func rows(_ text: String) -> [[String]] {
        text.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    private static func read(_ parser: String) throws -> CaptureResult? {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return nil
        }
        let file = parser == "CCLinkFieldBasic" ? "cclink_ief_basic_only.pcap" : "test.pcap"
        let path = "nttcom__zeek-parser-\(parser)/testing/Traces/\(file)"
        return try CaptureReading.read(path: folder.appendingPathComponent(path).path)
    }

    @Test(arguments: messages) func message(row: MessageRow) throws {
        guard let result = try Self.read(row.parser) else { return }
        func name(_ end: Endpoint) -> String { end.ip?.description ?? end.mac?.description ?? "" }
        var counted: UInt64 = 0
        for conversation in result.conversations where conversation.service == row.service {
            let (client, server) = (name(conversation.client), name(conversation.server))
            for tally in conversation.messages where tally.name == row.message {
                let (from, to) = tally.fromClient ? (client, server) : (server, client)
                if from == row.from, to == row.to { counted += tally.count }
            }
        }
        if let count = row.count { #expect(counted == count) } else { #expect(counted > 0) }
    }

    /// A value that the row gives of a sender.
    struct ValueRow: CustomTestStringConvertible {
        var parser: String
        var ip: String
        var mac: String
        var attribute: Attribute
        var value: String
        var testDescription: String { "\(parser) \(ip) \(value)" }
    }

    /// The rows leave out the last letter of the NetBIOS name and the dots of the DHCPv6 names, and put the enterprise's
    /// number before the options asked for.
    static let values: [ValueRow] = rows(
        """
        CIFS-COM | 192.168.1.35 | 08:00:27:b9:d0:0a | name | SNG-WIN2K
        CIFS-COM | 192.168.1.35 | 08:00:27:b9:d0:0a | os_version | 5.0
        CIFS-COM | 192.168.1.37 | 08:00:27:fb:de:c8 | name | SNG-WINNT4
        CIFS-COM | 192.168.1.37 | 08:00:27:fb:de:c8 | os_version | 4.0
        CIFS-NBNS-COM | 192.168.1.215 | 3c:a6:f6:29:43:51 | name | MACBOOKAIR-4351
        DHCPv6-COM | fe80::8882:5cf6:f2eb:c8b9 | 00:0c:29:71:12:2e | name | vagrant-2008R2.happy.crazy
        DHCPv6-COM | fe80::8882:5cf6:f2eb:c8b9 | 00:0c:29:71:12:2e | vendor_class | MSFT 5.0
        DHCPv6-COM | fe80::8882:5cf6:f2eb:c8b9 | 00:0c:29:71:12:2e | dhcp_fingerprint | 24,23,17,39
        DHCPv6-COM | fe80::8882:5cf6:f2eb:c8b9 | 00:0c:29:71:12:2e | enterprise | 311
        DHCPv6-COM | fe80::28e4:bf15:6f67:5024 | 00:0c:29:c2:25:f9 | name | WIN7-CLIENT-01.happy.crazy
        DHCPv6-COM | fe80::28e4:bf15:6f67:5024 | 00:0c:29:c2:25:f9 | vendor_class | MSFT 5.0
        DHCPv6-COM | fe80::28e4:bf15:6f67:5024 | 00:0c:29:c2:25:f9 | dhcp_fingerprint | 24,23,17,39
        DHCPv6-COM | fe80::28e4:bf15:6f67:5024 | 00:0c:29:c2:25:f9 | enterprise | 311
        SSDP-COM | 192.168.1.131 | dc:72:23:56:9a:d1 | software | Linux/4.14.76+ UPnP/1.0 CyberLinkJava/1.8
        SSDP-COM | 192.168.1.130 | 14:da:e9:cd:9f:0c | user_agent | Google Chrome/106.0.5249.119 Linux
        """
    ).map { ValueRow(parser: $0[0], ip: $0[1], mac: $0[2], attribute: Attribute(rawValue: $0[3]), value: $0[4]) }

    @Test(arguments: values) func value(row: ValueRow) throws {
        guard let result = try Self.read(row.parser) else { return }
        let end = Endpoint(mac: MACAddress(row.mac), ip: IPAddress(row.ip))
        #expect(
            result.observations.contains {
                $0.subject == .endpoint(end) && $0.attribute == row.attribute && $0.value.raw == row.value
            })
    }
}
