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

    @Test func sixtyAreRecognisedAndThirtyReadDeeper() {
        let proved = CoverageCountTests.industrial.filter { ProtocolRegistry.proof($0.name) != .specification }
        let deep = proved.filter { $0.level >= .identity }
        let unproved = CoverageCountTests.industrial.filter { ProtocolRegistry.proof($0.name) == .specification }
        if CorpusConversations.isDetailed {
            for description in proved {
                print("\(description.name)\t\(description.level)\t\(ProtocolRegistry.proof(description.name))")
            }
        }
        print(
            """
            protocols of plants: \(proved.count) proved by captures or real stacks, \(deep.count) of them with identity or \
            operations; by specification only: \(unproved.map(\.name).sorted().joined(separator: " "))
            """)
        #expect(proved.count >= 60)
        #expect(deep.count >= 30)
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
