import Analysis
import Foundation
import Model
import Protocols
import TestSupport
import Testing

/// How many protocols of plants are recognised, each with what proves it.
@Suite struct CoverageCountTests {
    /// Protocols of plants that the registry keeps in other families.
    private static let alsoIndustrial: Set<String> = ["amqp", "coap", "mqtt", "mrp", "ptp", "rtps"]

    private static var industrial: [ProtocolDescription] {
        ProtocolRegistry.all.map(\.description).filter {
            $0.family == .industrial || $0.family == .building || alsoIndustrial.contains($0.name)
        }
    }

    private static func stack(_ name: String) -> URL {
        CaptureCorpus.repository.appendingPathComponent("Tests/AnalysisTests/Stacks/\(name).pcap")
    }

    @Test func sixtyAreRecognised() {
        let proved = CoverageCountTests.industrial.filter { ProtocolRegistry.proof($0.name) != .specification }
        let unproved = CoverageCountTests.industrial.filter { ProtocolRegistry.proof($0.name) == .specification }
        if CorpusConversations.isDetailed {
            for description in proved {
                print("\(description.name)\t\(description.level)\t\(ProtocolRegistry.proof(description.name))")
            }
        }
        print(
            """
            protocols of plants: \(proved.count) proved by captures or real stacks; by specification only: \(unproved.map(\.name).sorted().joined(separator: " "))
            """)
        #expect(proved.count >= 60)
    }

    /// Protocols that a capture proves, but what devices say of themselves in them only frames after the specification: no
    /// capture at hand has it.
    private static let deeperBySpecification: Set<String> = ["amqp", "profinet", "tank-gauge"]

    /// The depth is proved as well: what is called identity or operations shows in the capture or the stack that proves it.
    @Test func depthIsProvedByTheSameCapture() throws {
        guard let folder = CaptureCorpus.folder else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        var shallow: [String] = []
        var deep = 0
        for description in CoverageCountTests.industrial where description.level >= .identity {
            let file: URL
            switch ProtocolRegistry.proof(description.name) {
            case .capture(let path): file = folder.appendingPathComponent(path)
            case .stack: file = CoverageCountTests.stack(description.name)
            case .specification: continue
            }
            let result = try CaptureReading.read(path: file.path)
            let says = result.observations.contains { $0.source.hasPrefix("\(description.name).") }
            let effects = Set(
                result.conversations.filter { $0.service == description.name }.flatMap(\.messages).map(\.effect))
            if !says, effects.allSatisfy({ $0 == .none || $0 == .read }) {
                shallow.append(description.name)
            } else {
                deep += 1
            }
        }
        print(
            "protocols of plants whose identity or operations their capture shows: \(deep); it does not of \(shallow)")
        #expect(deep >= 30)
        #expect(CoverageCountTests.deeperBySpecification.isSuperset(of: shallow))
    }

    /// The table tells the truth: the named capture has a conversation of the protocol.
    @Test func capturesProveWhatTheTableSays() {
        guard CaptureCorpus.folder != nil else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        for description in ProtocolRegistry.all.map(\.description) {
            guard case .capture(let path) = ProtocolRegistry.proof(description.name) else { continue }
            let services = Set((CorpusConversations.all[path] ?? []).compactMap(\.service))
            #expect(services.contains(description.name), "\(description.name) in \(path): \(services)")
        }
    }

    @Test func stacksProveWhatTheTableSays() throws {
        for description in ProtocolRegistry.all.map(\.description) {
            guard case .stack = ProtocolRegistry.proof(description.name) else { continue }
            let result = try CaptureReading.read(path: CoverageCountTests.stack(description.name).path)
            let services = Set(result.conversations.filter { $0.messages.count > 0 }.compactMap(\.service))
            #expect(services == [description.name])
        }
    }

    private struct Expectation: CustomTestStringConvertible {
        var name: String
        var effects: Set<MessageEffect>
        var facts: [String] = []
        var testDescription: String { name }
    }

    private static let expectations: [Expectation] = [
        Expectation(name: "toyopuc", effects: [.read, .write, .control]),
        Expectation(
            name: "kv-hostlink", effects: [.identity, .read, .write, .control], facts: ["KEYENCE", "KV-8000"]),
        Expectation(name: "echonet-lite", effects: [.read, .write], facts: ["6", "MSZ-TEST1234", "on"]),
        Expectation(name: "hsms", effects: [.identity, .control], facts: ["secsgem"]),
        Expectation(name: "lsv2", effects: [.identity, .login, .write, .control], facts: ["HEIDENHAIN", "INSPECT"]),
        Expectation(name: "kuka-var-proxy", effects: [.read, .write], facts: ["KUKA"]),
        Expectation(name: "channel-access", effects: [.read]),
        Expectation(name: "pv-access", effects: [.read, .write]),
        Expectation(name: "gvcp", effects: [.identity, .read], facts: ["Aravis", "Fake", "GV01"]),
        Expectation(name: "modbus-rtu", effects: [.read, .write]),
        Expectation(name: "iec104", effects: [.read, .write]),
        Expectation(name: "slmp", effects: [.identity, .read, .write, .control], facts: ["Q03UDVCPU"]),
        Expectation(name: "melsec-1e", effects: [.read, .write]),
        Expectation(name: "s5-fetch-write", effects: [.read, .write]),
        Expectation(name: "focas", effects: [.identity], facts: ["FANUC", "Series 31-M"]),
        Expectation(name: "ethercat", effects: [.control]),
        Expectation(
            name: "rfc2217", effects: [.write, .control], facts: ["9600", "19200", "8", "none", "gateway"]),
    ]

    /// What the stacks did is read as that.
    @Test(arguments: expectations) private func stacksAreRead(_ expectation: Expectation) throws {
        let result = try CaptureReading.read(path: CoverageCountTests.stack(expectation.name).path)
        let messages = result.conversations.flatMap(\.messages)
        #expect(
            Set(messages.map(\.effect)).isSuperset(of: expectation.effects), "\(messages.map { ($0.name, $0.effect) })")
        let values = Set(result.observations.map(\.value.raw))
        #expect(values.isSuperset(of: expectation.facts), "\(values)")
    }
}
