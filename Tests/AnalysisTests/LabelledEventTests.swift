import Foundation
import Model
import TestSupport
import Testing

@testable import Analysis

/// Attacks, commands and remote tools in real captures, labelled before the rules were written: each gives its finding.
@Suite struct LabelledEventTests {
    struct Label: CustomTestStringConvertible {
        var file: String
        var frames: ClosedRange<UInt64>
        var event: String
        var client: String
        var server: String
        var testDescription: String { "\(event) in \(file)" }
    }

    static let labels: [Label] = {
        let url = CaptureCorpus.repository.appendingPathComponent("Tests/AnalysisTests/Labels/labels.tsv")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").dropFirst().compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 7, let first = UInt64(fields[1]), let last = UInt64(fields[2]), first <= last else {
                return nil
            }
            return Label(file: fields[0], frames: first...last, event: fields[3], client: fields[4], server: fields[5])
        }
    }()

    @Test func labelsAreRead() throws {
        let url = CaptureCorpus.repository.appendingPathComponent("Tests/AnalysisTests/Labels/labels.tsv")
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").count
        #expect(LabelledEventTests.labels.count == lines - 1)
        #expect(LabelledEventTests.labels.count >= 20)
    }

    @Test(arguments: labels) func eventIsFound(_ label: Label) throws {
        guard let url = CaptureCorpus.file(label.file) else { return }
        let result = try CaptureReading.read(path: url.path, capture: 1)
        let picture = PlantAnalysis.derive([result], knowledge: Knowledge()).picture
        if label.event.hasPrefix("session:") {
            let service = label.event.dropFirst("session:".count)
            #expect(
                picture.remoteSessions.contains {
                    $0.service == service && label.frames.contains($0.seen.first.number)
                        && $0.client.ip?.description == label.client
                        && $0.server.ip?.description == label.server
                })
            return
        }
        let findings = picture.findings.filter { $0.rule == label.event }
        func names(_ finding: Finding, _ address: String) -> Bool {
            finding.id.contains(address)
                || picture.assets.contains {
                    finding.assets.contains($0.id) && $0.addresses.contains { $0.description == address }
                }
        }
        // The client is named by its address or by an asset that bears it, and the proof lies where the label says.
        let proven = findings.filter { finding in
            let shown = picture.exhibits.filter { finding.exhibits.contains($0.id) }.flatMap(\.frames)
            return names(finding, label.client) && shown.contains { label.frames.contains($0.number) }
        }
        #expect(!proven.isEmpty, "\(picture.findings.map(\.id))")
    }

    /// Few and right: over everything that nobody labelled, hardly any grave finding.
    @Test func graveFindingsAreRare() throws {
        guard CaptureCorpus.folder != nil else {
            print("skipped: corpus of captures not found (set OTSCAN_CAPTURES)")
            return
        }
        let labelled = Set(LabelledEventTests.labels.map(\.file))
        var conversations = 0
        var grave: [String: Int] = [:]
        var detected: [String: Int] = [:]
        var lesser: [String: Int] = [:]
        let detection: Set<String> = [
            "network-scan", "password-guessing", "lateral-movement", "dns-tunnel", "address-conflict",
            "control-command",
            "exploit-attempt",
        ]
        for path in try CaptureCorpus.manifest() where !labelled.contains(path) {
            guard let url = CaptureCorpus.file(path),
                let result = try? CaptureReading.read(path: url.path, capture: 1)
            else { continue }
            conversations += result.conversations.count
            for finding in PlantAnalysis.derive([result], knowledge: Knowledge()).picture.findings {
                guard finding.severity >= .medium else {
                    lesser[finding.rule, default: 0] += 1
                    continue
                }
                grave[finding.rule, default: 0] += 1
                guard detection.contains(finding.rule) else { continue }
                detected["\(finding.rule) in \(path): \(finding.title.en)", default: 0] += 1
            }
        }
        let total = grave.values.reduce(0, +)
        let ratio = Double(total) * 100 / Double(max(1, conversations))
        print(
            "findings of medium or higher: \(total) over \(conversations) conversations, \(ratio) per hundred: \(grave)"
        )
        print("of lower severity: \(lesser)")
        for (what, _) in detected.sorted(by: { $0.key < $1.key }) { print("- \(what)") }
        #expect(ratio <= 1)
    }
}
