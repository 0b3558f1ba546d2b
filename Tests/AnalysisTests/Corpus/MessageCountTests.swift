import Analysis
import Foundation
import Model
import TestSupport
import Testing

/// Messages by function in the golden logs of the icsnpp parsers, against the tallies of otscan's conversations.
@Suite struct MessageCountTests {
    /// One log and the capture it was made from. Both sides are put into words that mean the same: a nil is not compared.
    struct Comparison: CustomTestStringConvertible {
        var protocolName: String
        var capture: String
        var log: String
        /// What a row of the log counts.
        var row: @Sendable (_ columns: [String]) -> [String]
        /// What a tally counts.
        var tally: @Sendable (_ tally: MessageTally) -> String?
        /// Messages that the two count otherwise, with the reason.
        var excused = 0
        var testDescription: String { log }
    }

    /// Letters and digits only, in lower case.
    @Sendable private static func plain(_ text: String) -> String {
        String(text.lowercased().unicodeScalars.filter { CharacterSet.alphanumerics.contains($0) })
    }

    @Sendable private static func column(_ columns: [String], _ index: Int) -> String {
        index < columns.count ? columns[index] : ""
    }

    private static let modbusNames = [
        "reportslaveid": "reportserverid", "encapinterfacetransport": "readdeviceidentification",
        "diagnostics": "diagnosticsreturndiagnosticregister",
        "readholdingregistersexception": "readholdingregisters",
    ]
    private static let finsNames = [
        "messagereadmessageclearfalfalsread": "messagereadorclear",
        "parameterareafiletranser": "parameterareafiletransfer", "volumelabelcreatedelete": "volumelabelcreateordelete",
    ]
    private static let s7Names = [
        "readvariable": "readvar", "writevariable": "writevar", "cpufunctionsreadszl": "readszl",
    ]

    static let comparisons: [Comparison] = [
        Comparison(
            protocolName: "modbus", capture: "cisagov__icsnpp-modbus/testing/traces/modbus_example.pcap",
            log: "cisagov__icsnpp-modbus/testing/baseline/analyzer.basic/modbus.log",
            row: { columns in
                // A row is a request with its answer.
                let name = plain(column(columns, 6))
                return [modbusNames[name] ?? name]
            },
            tally: { $0.fromClient ? plain($0.name) : nil }),
        Comparison(
            protocolName: "bacnet", capture: "cisagov__icsnpp-bacnet/testing/traces/bacnet_example.pcap",
            log: "cisagov__icsnpp-bacnet/testing/baseline/analyzer.basic/bacnet.log",
            row: { columns in
                let service = plain(column(columns, 13))
                switch column(columns, 12) {
                case "COMPLEX_ACK", "SIMPLE_ACK": return [service + "answer"]
                case "ERROR_PDU": return ["error"]
                default: return [service]
                }
            },
            tally: { plain($0.name) }),
        Comparison(
            protocolName: "bsap", capture: "cisagov__icsnpp-bsap/testing/traces/bsap-ip_example.pcap",
            log: "cisagov__icsnpp-bsap/testing/baseline/analyzer.ip/bsap_ip_header.log",
            row: { columns in [column(columns, 12).hasPrefix("RESPONSE") ? "response" : plain(column(columns, 12))] },
            tally: { tally in
                switch tally.name {
                case "Poll or acknowledge": "poll"
                case "Response", "Message": "response"
                default: "request"
                }
            }),
        Comparison(
            protocolName: "bsap", capture: "cisagov__icsnpp-bsap/testing/traces/bsap-serial_example.pcapng",
            log: "cisagov__icsnpp-bsap/testing/baseline/analyzer.serial/bsap_serial_header.log",
            row: { _ in ["message"] }, tally: { _ in "message" }),
        Comparison(
            protocolName: "dnp3", capture: "cisagov__icsnpp-dnp3/testing/traces/dnp3_example.pcap",
            log: "cisagov__icsnpp-dnp3/testing/baseline/analyzer.basic/dnp3.log",
            row: { columns in [plain(column(columns, 6)), plain(column(columns, 7))].filter { !$0.isEmpty } },
            tally: { plain($0.name) },
            // Zeek keeps one request for each answer and lost 25 that were sent again before it came.
            excused: 25),
        Comparison(
            protocolName: "genisys", capture: "cisagov__icsnpp-genisys/tests/traces/genisys.pcap",
            log: "cisagov__icsnpp-genisys/tests/baseline/analyzer.basic/genisys.log",
            row: {
                [
                    plain(
                        column($0, 7).replacingOccurrences(of: " Client", with: "").replacingOccurrences(
                            of: " Header", with: ""))
                ]
            },
            tally: { plain($0.name) }),
        Comparison(
            protocolName: "hart-ip",
            capture: "cisagov__icsnpp-hart-ip/testing/traces/hart-ip_all_types_and_commands_sent.pcapng",
            log: "cisagov__icsnpp-hart-ip/testing/baseline/tests.all_types_and_commands_sent/hart_ip_general.log",
            row: { [plain(column($0, 10))] }, tally: { $0.fromClient ? "request" : "response" }),
        Comparison(
            protocolName: "fins", capture: "cisagov__icsnpp-omron-fins/testing/traces/omron.pcap",
            log: "cisagov__icsnpp-omron-fins/testing/Baseline/tests.omron_fins/omron_fins_general.log",
            row: { columns in
                let name = plain(String(column(columns, 23).prefix { $0 != "(" }))
                return [finsNames[name] ?? name]
            },
            tally: { plain($0.name) }),
        Comparison(
            protocolName: "profinet-io-cm",
            capture: "cisagov__icsnpp-profinet-io-cm/testing/traces/profinet_io_cm.pcap",
            log: "cisagov__icsnpp-profinet-io-cm/testing/baseline/tests.profinet_io_cm/profinet_io_cm.log",
            row: { ["Request", "Response"].contains(column($0, 10)) ? [plain(column($0, 10))] : [] },
            tally: { $0.name == "fragment" ? nil : $0.name.hasSuffix("(response)") ? "response" : "request" }),
        Comparison(
            protocolName: "roc-plus", capture: "cisagov__icsnpp-roc-plus/testing/traces/all_opcodes_udp.pcap",
            log: "cisagov__icsnpp-roc-plus/testing/Baseline/tests.roc_plus_udp/roc_plus.log",
            row: { _ in ["message"] }, tally: { _ in "message" }),
        Comparison(
            protocolName: "s7comm", capture: "cisagov__icsnpp-s7comm/tests/traces/s7ident.pcap",
            log: "cisagov__icsnpp-s7comm/tests/baseline/analyzer.s7ident/s7comm.log", row: s7, tally: s7Tally),
        Comparison(
            protocolName: "s7comm", capture: "cisagov__icsnpp-s7comm/tests/traces/s7comm_plus.pcap",
            log: "cisagov__icsnpp-s7comm/tests/baseline/analyzer.s7comm_plus/s7comm.log", row: s7, tally: s7Tally),
        Comparison(
            protocolName: "s7comm-plus", capture: "cisagov__icsnpp-s7comm/tests/traces/s7comm_plus.pcap",
            log: "cisagov__icsnpp-s7comm/tests/baseline/analyzer.s7comm_plus/s7comm_plus.log",
            row: { columns in
                let function = plain(column(columns, 15))
                return [
                    column(columns, 13) == "Notification"
                        ? "notification" : function + (column(columns, 13) == "Response" ? "response" : "")
                ]
            },
            tally: { $0.name.hasPrefix("COTP") ? nil : plain($0.name) }),
    ]

    @Sendable private static func s7(_ columns: [String]) -> [String] {
        // User data has its direction before the function's name: `Request: CPU Functions`.
        let parts = column(columns, 15).components(separatedBy: ": ")
        let isUserData = parts.count == 2
        let name = plain((parts.last ?? "") + (isUserData ? column(columns, 17) : ""))
        let isAnswer = column(columns, 12).hasPrefix("ACK") || isUserData && parts[0] == "Response"
        return [(s7Names[name] ?? name) + (isAnswer ? "answer" : "")]
    }

    /// The log has no rows for acknowledgements without data.
    @Sendable private static func s7Tally(_ tally: MessageTally) -> String? {
        tally.name.hasPrefix("COTP") || tally.name == "Acknowledgement" ? nil : plain(tally.name)
    }

    @Test func functionsAreCountedAsTheLogsCountThem() throws {
        guard CaptureCorpus.file("expected") != nil else { return }
        var same = 0
        var total = 0
        var excused = 0
        for comparison in MessageCountTests.comparisons {
            guard let capture = CaptureCorpus.file(comparison.capture),
                let log = CaptureCorpus.file("expected/\(comparison.log)")
            else { return }
            var theirs: [String: Int] = [:]
            for row in try ZeekLog(log).rows where row.count > 3 {
                for key in comparison.row(row) where !key.isEmpty { theirs[key, default: 0] += 1 }
            }
            var ours: [String: Int] = [:]
            for conversation in try CaptureReading.read(path: capture.path).conversations {
                // S7comm-plus is set up by S7comm messages in the same conversation.
                let service = conversation.service ?? ""
                guard
                    service == comparison.protocolName
                        || service.hasPrefix("s7comm") && comparison.protocolName.hasPrefix("s7comm")
                else { continue }
                for tally in conversation.messages {
                    if let key = comparison.tally(tally) { ours[key, default: 0] += Int(tally.count) }
                }
            }
            if comparison.protocolName.hasPrefix("s7comm") { ours = ours.filter { theirs[$0.key] != nil } }
            let keys = Set(theirs.keys).union(ours.keys)
            let agreed = keys.reduce(0) { $0 + min(theirs[$1] ?? 0, ours[$1] ?? 0) }
            let all = keys.reduce(0) { $0 + max(theirs[$1] ?? 0, ours[$1] ?? 0) }
            let differences = keys.filter { theirs[$0] != ours[$0] }.sorted().map {
                "\($0): \(theirs[$0] ?? 0) in the log, \(ours[$0] ?? 0) here"
            }
            print("\(comparison.log): \(agreed) of \(all) messages; \(differences)")
            #expect((agreed + comparison.excused) * 100 >= all * 99, "\(comparison.log): \(differences)")
            same += agreed
            total += all
            excused += comparison.excused
        }
        print("icsnpp: \(same) of \(total) messages counted the same by function, \(excused) excused")
        #expect((same + excused) * 100 >= total * 99)
        #expect(total > 10_000)
    }
}
