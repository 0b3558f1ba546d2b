import Analysis
import Foundation
import Model
import Testing

/// The proposed division: what it keeps, and how far a worm would still get, worked out from the exported list alone.
@Suite struct SegmentationPlanTests {
    /// What the nftables list says, read back.
    private struct NftablesReading {
        var zones: [String: Set<String>] = [:]
        var answers: Set<String> = []
        var runsNoPrograms: Set<String> = []
        /// Clients, servers (empty for anybody outside), carrier and port.
        var rules: [(clients: Set<String>, servers: Set<String>, carrier: String)] = []

        init(_ text: String) {
            var name = ""
            for line in text.split(separator: "\n").map({ $0.trimmingCharacters(in: .whitespaces) }) {
                let words = line.split(separator: " ")
                if words.first == "set", words.count > 1 { name = String(words[1]) }
                if line.hasPrefix("elements = "), let items = NftablesReading.braces(line).first {
                    switch name {
                    case _ where name.hasPrefix("zone_"): zones[name, default: []].formUnion(items)
                    case "answers_v4", "answers_v6": answers.formUnion(items)
                    case "runs_no_programs_v4", "runs_no_programs_v6": runsNoPrograms.formUnion(items)
                    default: break
                    }
                }
                guard line.contains(" accept comment "), let source = line.range(of: "saddr"),
                    let target = line.range(of: "daddr"), let end = line.range(of: " accept")
                else { continue }
                let from = NftablesReading.braces(String(line[source.upperBound..<target.lowerBound])).first ?? []
                let rest = String(line[target.upperBound..<end.lowerBound])
                let carrier = rest.split(separator: " ").suffix(3).joined(separator: " ")
                rules.append((from, NftablesReading.braces(rest).first ?? [], carrier))
            }
        }

        private static func braces(_ text: String) -> [Set<String>] {
            guard let open = text.firstIndex(of: "{"), let close = text.firstIndex(of: "}"), open < close else {
                return []
            }
            let items = text[text.index(after: open)..<close].split(separator: ",")
            return [Set(items.map { $0.trimmingCharacters(in: .whitespaces) })]
        }

        /// How many others a worm reaches that starts here.
        func reach(from start: String) -> Int {
            var reached: Set<String> = []
            var open = [start]
            while let host = open.popLast() {
                let neighbours = zones.values.first { $0.contains(host) }?.intersection(answers) ?? []
                let further = rules.filter { $0.clients.contains(host) && !$0.carrier.hasPrefix("meta") }
                    .reduce(into: Set<String>()) { $0.formUnion($1.servers) }
                for target in neighbours.union(further) where target != start && reached.insert(target).inserted {
                    if !runsNoPrograms.contains(target) { open.append(target) }
                }
            }
            return reached.count
        }
    }

    private func export(_ outcome: Scenario.Outcome) -> String {
        NftablesList.text(outcome.picture.plan, outcome.picture.assets, ownPrefixes: [])
    }

    @Test func flatPlantsWormGetsHalfAsFarAtMost() {
        let plan = Scenario.flat.run().picture.plan
        let (now, planned) = (
            SegmentationPlan.Reach.mean(plan.reach.now), SegmentationPlan.Reach.mean(plan.reach.planned)
        )
        print("blast radius in the flat scenario: \(now) assets now, \(planned) as proposed")
        #expect(now > 0)
        #expect(planned <= now / 2)
    }

    @Test(arguments: Scenario.all) func exportedListAgreesWithTheReport(_ scenario: Scenario) throws {
        let outcome = scenario.run()
        let reading = NftablesReading(export(outcome))
        for asset in outcome.picture.assets {
            guard let figure = outcome.picture.plan.reach.planned[asset.id], asset.addresses.count == 1,
                let address = asset.addresses.first
            else { continue }
            // The list knows addresses, the report devices: they agree where each device has one of its own.
            let addresses = outcome.picture.assets.flatMap(\.addresses)
            guard outcome.picture.assets.allSatisfy({ $0.addresses.count <= 1 }),
                Set(addresses).count == addresses.count
            else { return }
            #expect(reading.reach(from: address.description) == figure, "\(scenario.name): \(asset.name.visible)")
        }
    }

    /// Every conversation that nothing speaks against passes, or stays within a zone.
    @Test(arguments: Scenario.all) func legitimateTalkIsKept(_ scenario: Scenario) {
        let plan = scenario.run().picture.plan
        let truth = scenario.truth.findings
        let isClean = Set(truth.keys).isDisjoint(with: [
            "network-scan", "password-guessing", "lateral-movement", "remote-from-outside", "control-command",
            "remote-outside-window", "remote-unknown-user",
        ])
        if isClean { #expect(plan.replay.cut == 0, "\(scenario.name): \(plan.replay.examples)") }
    }

    @Test func whatFindingsSpeakAgainstIsCut() {
        for scenario in [Scenario.stop, .straightIn, .unknownVendor, .scan] {
            #expect(scenario.run().picture.plan.replay.cut > 0, "\(scenario.name)")
        }
    }

    /// nftables itself reads what is written, where it is installed.
    @Test func nftablesReadsTheList() throws {
        guard let nft = ["/usr/sbin/nft", "/sbin/nft"].first(where: FileManager.default.isExecutableFile) else {
            print("skipped: nftables is not installed")
            return
        }
        for scenario in [Scenario.flat, .vlans, .vendorInsideWindow, .monitoring] {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("otscan-\(UUID().uuidString).nft")
            defer { try? FileManager.default.removeItem(at: file) }
            try export(scenario.run()).write(to: file, atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: nft)
            process.arguments = ["--check", "--file", file.path]
            let pipe = Pipe()
            process.standardError = pipe
            try process.run()
            let message = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            if message.contains("Operation not permitted") || message.contains("Unable to initialize") {
                print("skipped: nftables may not be asked here")
                return
            }
            #expect(process.terminationStatus == 0, "\(scenario.name): \(message)")
        }
    }
}

extension Scenario: CustomTestStringConvertible {
    var testDescription: String { name }
}
