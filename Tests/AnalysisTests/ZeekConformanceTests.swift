import Analysis
import Foundation
import Model
import TestSupport
import Testing

/// Identities in the golden logs of the icsnpp parsers, against otscan's observations. The logs blank times, but keep
/// order: where a log has one row for every frame of its capture, the row's place is the frame's number; elsewhere facts
/// must be first seen in the order in which the log first states them.
@Suite struct ZeekConformanceTests {
    /// A fact that a log states: whose, and which observations say it.
    private struct Fact: Hashable {
        var hosts: Set<String>
        var source: String
        var value: String
    }

    private struct Row {
        var fact: Fact
        /// The frame where the log tells it.
        var frame: UInt64?
    }

    /// Rows that otscan is right not to repeat, as `value of source`. The list must be exact.
    private static let exceptions: [(row: String, reason: String)] = [
        (
            "'' of bacnet.object_name",
            "I-Have with a name in JIS X 0208: the logger leaves the text empty, otscan reads 温度２ and 設定温度２."
        )
    ]

    private static func folder(_ path: String) -> URL? { CaptureCorpus.file("expected/\(path)") }

    /// Frame numbers of the rows of a log of messages, when it has one for every frame.
    private static func frames(_ log: ZeekLog, _ result: CaptureResult, where isWanted: ([String]) -> Bool) -> [UInt64]?
    {
        guard UInt64(log.rows.count) == result.capture.frames else { return nil }
        return log.rows.enumerated().filter { isWanted($0.element) }.map { UInt64($0.offset) + 1 }
    }

    /// Compares; answers how many rows were found, and the rest.
    private static func compare(_ rows: [Row], _ result: CaptureResult) -> (found: Int, missed: [String]) {
        var found = 0
        var missed: [String] = []
        var firstFrames: [Fact: UInt64] = [:]
        var lastFrame: UInt64 = 0
        for row in rows {
            let isFirst = firstFrames[row.fact] == nil
            let seen = zip(result.observations, result.sightings).first { observation, _ in
                guard observation.source == row.fact.source,
                    observation.value.raw.compare(row.fact.value, options: .caseInsensitive) == .orderedSame,
                    case .endpoint(let end) = observation.subject, let ip = end.ip
                else { return false }
                return row.fact.hosts.contains(ip.description)
            }
            let frame = seen?.1.first.number
            if isFirst { firstFrames[row.fact] = frame ?? 0 }
            // A repetition is the same observation, seen again up to the row's frame at least.
            let isInPlace: Bool
            if let frame, let wanted = row.frame {
                isInPlace = isFirst ? frame == wanted : frame <= wanted && (seen?.1.last.number ?? 0) >= wanted
            } else if let frame {
                isInPlace = !isFirst || frame >= lastFrame
            } else {
                isInPlace = false
            }
            if isFirst, let frame { lastFrame = max(lastFrame, frame) }
            if isInPlace {
                found += 1
            } else {
                missed.append("'\(row.fact.value)' of \(row.fact.source)")
            }
        }
        return (found, missed)
    }

    private struct Tally {
        var found: Int
        var total: Int
        var missed: [String]
        static let absent = Tally(found: 0, total: 0, missed: [])
    }

    private static func check(_ name: String, _ rows: [Row], _ result: CaptureResult) -> Tally {
        let (found, missed) = compare(rows, result)
        let placed = rows.count { $0.frame != nil }
        print("\(name): \(found) of \(rows.count) rows, \(placed) of them by frame number; not: \(missed)")
        return Tally(found: found, total: rows.count, missed: missed)
    }

    // MARK: The four parsers

    private static func s7comm() throws -> Tally {
        guard let logs = folder("cisagov__icsnpp-s7comm/tests/baseline/analyzer.s7ident"),
            let capture = CaptureCorpus.file("cisagov__icsnpp-s7comm/tests/traces/s7ident.pcap")
        else { return .absent }
        let log = try ZeekLog(logs.appendingPathComponent("s7comm_known_devices.log"))
        let result = try CaptureReading.read(path: capture.path)
        let fields = [
            ("automation_system_name", "automation_system_name"), ("module_name", "module_name"),
            ("plant_name", "plant_identification"), ("module_serial", "module_serial_number"),
        ]
        var rows: [Row] = []
        for row in log.rows {
            let host = log.value("id.resp_h", in: row) ?? ""
            for (column, field) in fields {
                guard let value = log.value(column, in: row) else { continue }
                if value.isEmpty {
                    // The device answered that it has none: nothing is stated.
                    #expect(!result.observations.contains { $0.source == "s7comm.\(field)" })
                } else {
                    rows.append(Row(fact: Fact(hosts: [host], source: "s7comm.\(field)", value: value)))
                }
            }
        }
        return check("s7comm", rows, result)
    }

    private static func bacnet(_ test: String, _ file: String) throws -> Tally {
        guard let logs = folder("cisagov__icsnpp-bacnet/testing/baseline/analyzer.\(test)"),
            let capture = CaptureCorpus.file("cisagov__icsnpp-bacnet/testing/traces/\(file).pcap")
        else { return .absent }
        let result = try CaptureReading.read(path: capture.path)
        let messages = try ZeekLog(logs.appendingPathComponent("bacnet.log"))
        let discovery = try ZeekLog(logs.appendingPathComponent("bacnet_discovery.log"))
        let properties = try ZeekLog(logs.appendingPathComponent("bacnet_property.log"))
        var rows: [Row] = []
        for (service, logged, column, field) in [
            ("i-am", "i_am", "instance_number", "device_instance"), ("i-have", "i_have", "object_name", "object_name"),
        ] {
            let frames = frames(messages, result) { messages.value("pdu_service", in: $0) == logged }
            let told = discovery.rows.filter { discovery.value("pdu_service", in: $0) == service }
            for (index, row) in told.enumerated() {
                guard let value = discovery.value(column, in: row), let host = discovery.value("source_h", in: row)
                else { continue }
                rows.append(
                    Row(
                        fact: Fact(hosts: [host], source: "bacnet.\(field)", value: value),
                        frame: frames?.count == told.count ? frames?[index] : nil))
            }
        }
        let acks = properties.rows.filter { properties.value("pdu_service", in: $0) == "read-property-ack" }
        let frames = frames(messages, result) {
            messages.value("pdu_type", in: $0) == "COMPLEX_ACK"
                && messages.value("pdu_service", in: $0) == "read_property"
        }
        let fields = [
            "object-name": "object_name", "model-name": "model_name", "location": "location",
            "firmware-revision": "firmware_revision", "application-software-version": "application_software_version",
        ]
        for (index, row) in acks.enumerated() {
            guard let property = properties.value("property", in: row), let field = fields[property],
                let value = properties.value("value", in: row), let host = properties.value("source_h", in: row)
            else { continue }
            rows.append(
                Row(
                    fact: Fact(hosts: [host], source: "bacnet.\(field)", value: value),
                    frame: frames?.count == acks.count ? frames?[index] : nil))
        }
        return check("bacnet \(test)", rows, result)
    }

    private static func modbus() throws -> Tally {
        guard let logs = folder("cisagov__icsnpp-modbus/testing/baseline/analyzer.basic"),
            let capture = CaptureCorpus.file("cisagov__icsnpp-modbus/testing/traces/modbus_example.pcap")
        else { return .absent }
        let log = try ZeekLog(logs.appendingPathComponent("modbus_detailed.log"))
        let result = try CaptureReading.read(path: capture.path)
        // The log names the calls that carry identity without their texts, and the unit that each went to.
        var rows: [Row] = []
        for row in log.rows {
            guard let function = log.value("func", in: row), let unit = log.value("unit", in: row),
                let host = log.value("id.resp_h", in: row),
                function == "REPORT_SLAVE_ID" || function == "ENCAP_INTERFACE_TRANSPORT"
            else { continue }
            rows.append(Row(fact: Fact(hosts: [host], source: "modbus.unit_id", value: unit)))
            let told = result.observations.filter {
                function == "REPORT_SLAVE_ID" ? $0.source == "modbus.server_id" : $0.source == "modbus.vendor_name"
            }
            #expect(!told.isEmpty, "\(function)")
        }
        return check("modbus", rows, result)
    }

    private static func fins(_ test: String, _ file: String) throws -> Tally {
        guard let logs = folder("cisagov__icsnpp-omron-fins/testing/Baseline/\(test)"),
            let capture = CaptureCorpus.file("cisagov__icsnpp-omron-fins/testing/traces/\(file).pcap")
        else { return .absent }
        let result = try CaptureReading.read(path: capture.path)
        let messages = try ZeekLog(logs.appendingPathComponent("omron_fins_general.log"))
        let detail = try ZeekLog(logs.appendingPathComponent("omron_fins_detail.log"))
        // These logs have no header: ends in columns 1 and 3, command 5, kind 6, model 44, version 45, mode 79, unit 63.
        let isAnswer = { (row: [String], command: String) in
            row.contains { $0.hasPrefix(command) } && row.contains("Response (1)")
        }
        let controller = detail.rows.filter { isAnswer($0, "Controller Data Read") }
        let frames = frames(messages, result) { isAnswer($0, "Controller Data Read") }
        var rows: [Row] = []
        for (index, row) in controller.enumerated() {
            for (column, source) in [(44, "fins.controller_model"), (45, "fins.controller_version")] {
                guard let value = ZeekLog.value(column, in: row), !value.isEmpty else { continue }
                rows.append(
                    Row(
                        fact: Fact(hosts: [row[1], row[3]], source: source, value: value),
                        frame: frames?.count == controller.count ? frames?[index] : nil))
            }
        }
        for row in detail.rows where isAnswer(row, "Connection Data Read") {
            guard let value = ZeekLog.value(63, in: row) else { continue }
            rows.append(Row(fact: Fact(hosts: [row[1], row[3]], source: "fins.unit_model", value: value)))
        }
        for row in detail.rows where isAnswer(row, "Controller Status Read") {
            let modes = ["PROGRAM (0x00)", "DEBUG (0x01)", "MONITOR (0x02)", "RUN (0x04)"]
            guard let mode = row.first(where: { modes.contains($0) }), let word = mode.split(separator: " ").first
            else { continue }
            rows.append(
                Row(fact: Fact(hosts: [row[1], row[3]], source: "fins.operating_mode", value: String(word))))
        }
        return check("fins \(test)", rows, result)
    }

    @Test func observationsSayWhatTheLogsSay() throws {
        guard CaptureCorpus.file("expected") != nil else { return }
        let counts = [
            try ZeekConformanceTests.s7comm(),
            try ZeekConformanceTests.bacnet("basic", "bacnet_example"),
            try ZeekConformanceTests.bacnet("error-reject-abort", "bacnet_error_reject_abort"),
            try ZeekConformanceTests.bacnet("segmented_data", "bacnet_segmented_data"),
            try ZeekConformanceTests.modbus(),
            try ZeekConformanceTests.fins("tests.omron_fins", "omron"),
            try ZeekConformanceTests.fins("tests.omron_fins_tcp", "omron_fins_tcp_commands_responses"),
        ]
        let found = counts.reduce(0) { $0 + $1.found }
        let total = counts.reduce(0) { $0 + $1.total }
        print("rows found: \(found) of \(total)")
        #expect(total > 1_000)
        #expect(Set(counts.flatMap(\.missed)) == Set(ZeekConformanceTests.exceptions.map(\.row)))
        #expect(found * 100 >= total * 98)
    }
}
