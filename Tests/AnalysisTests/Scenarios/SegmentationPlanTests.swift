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

        /// True when the list lets a packet pass that opens a conversation, or has nothing to say of it, since it stays in a
        /// zone; nil for addresses inside that are in no zone, as routers' are.
        func passes(_ client: IPAddress, _ server: IPAddress, _ transport: Transport, _ port: UInt16) -> Bool? {
            func zone(_ ip: IPAddress) -> String?? {
                if let zone = zones.first(where: { $0.value.contains(ip.description) })?.key { return .some(zone) }
                return ip.isGlobal ? .some(nil) : nil
            }
            guard let from = zone(client), let to = zone(server) else { return nil }
            if from == to { return true }
            return rules.contains { rule in
                let words = rule.carrier.split(separator: " ").map(String.init)
                let ports = words[2].split(separator: "-").compactMap { UInt16($0) }
                guard let low = ports.first, let high = ports.last, low <= port, port <= high,
                    words[0] == (transport == .ip ? "meta" : "\(transport)")
                else { return false }
                return (rule.clients.isEmpty ? from == nil : rule.clients.contains(client.description))
                    && (rule.servers.isEmpty ? to == nil : rule.servers.contains(server.description))
            }
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

    @Test func flatPlantsWormGetsHalfAsFarAtMost() throws {
        let outcome = Scenario.flat.run()
        let plan = outcome.picture.plan
        let (now, planned) = (
            SegmentationPlan.Reach.mean(plan.reach.now), SegmentationPlan.Reach.mean(plan.reach.planned)
        )
        print("blast radius in the flat scenario: \(now) assets now, \(planned) as proposed")
        #expect(now > 0)
        #expect(planned <= now / 2)
        // The same from the exported list alone, which has to be able to tell for every asset of this plant.
        let reading = NftablesReading(export(outcome))
        let addresses = outcome.picture.assets.filter { plan.reach.planned[$0.id] != nil }.map(\.addresses)
        let reach = try addresses.map { reading.reach(from: try #require($0.first).description) }
        #expect(addresses.allSatisfy { $0.count == 1 })
        #expect(abs(Double(reach.reduce(0, +)) / Double(reach.count) - planned) < 0.001)
    }

    @Test func exportedListAgreesWithTheReport() {
        var compared: Set<String> = []
        for scenario in Scenario.all {
            let outcome = scenario.run()
            let reading = NftablesReading(export(outcome))
            // The list knows addresses, the report devices: they agree where each device has one of its own.
            let addresses = outcome.picture.assets.flatMap(\.addresses)
            guard outcome.picture.assets.allSatisfy({ $0.addresses.count <= 1 }),
                Set(addresses).count == addresses.count
            else { continue }
            for asset in outcome.picture.assets {
                guard let figure = outcome.picture.plan.reach.planned[asset.id], let address = asset.addresses.first
                else { continue }
                compared.insert(scenario.name)
                #expect(
                    reading.reach(from: address.description) == figure, "\(scenario.name): \(asset.name.visible)")
            }
        }
        print("reach by the exported list was compared with the report's in \(compared.count) scenarios")
        #expect(compared.count > 35)
    }

    /// Rules whose findings speak against what the stations they name do.
    private static let grave: Set<String> = [
        "network-scan", "password-guessing", "lateral-movement", "remote-from-outside", "control-command",
        "remote-outside-window", "remote-unknown-user", "web-attack", "exploit-attempt", "address-conflict",
        "dns-tunnel", "icmp-tunnel",
    ]

    /// In every plant, attacked or not: what the others say to each other passes the exported list.
    @Test func exportedListKeepsWhatOthersSay() {
        var (kept, cut, scenarios) = (0, [String](), 0)
        // How many of them a list without rules would refuse: those that the rules are there for.
        var needRules = 0
        for scenario in Scenario.all {
            let outcome = scenario.run()
            let reading = NftablesReading(export(outcome))
            guard !reading.zones.isEmpty else { continue }
            scenarios += 1
            var bare = reading
            bare.rules = []
            let suspects = scenario.truth.findings.filter { Self.grave.contains($0.key) }.values.flatMap(\.self)
            let addresses = Set(outcome.stations.filter { suspects.contains($0.name) }.map(\.ip))
            for conversation in outcome.result.conversations {
                guard let client = conversation.client.ip, let server = conversation.server.ip,
                    conversation.isUnicastIP, !addresses.contains(client), !addresses.contains(server),
                    conversation.fromClient.payload > 0, conversation.fromServer.payload > 0
                else { continue }
                let port = conversation.key.transport == .ip ? conversation.key.code : conversation.serverPort
                switch reading.passes(client, server, conversation.key.transport, port) {
                case true?: kept += 1
                case false?: cut.append("\(scenario.name): \(client) → \(server) \(conversation.key.transport)/\(port)")
                case nil: break
                }
                if bare.passes(client, server, conversation.key.transport, port) == false { needRules += 1 }
            }
        }
        print("exported lists keep \(kept) of \(kept + cut.count) legitimate conversations in \(scenarios) scenarios")
        #expect(cut == [])
        #expect(scenarios > 40 && kept > 500 && needRules > 200, "\(needRules)")
    }

    /// Every conversation that nothing speaks against passes, or stays within a zone.
    @Test(arguments: Scenario.all) func legitimateTalkIsKept(_ scenario: Scenario) {
        let plan = scenario.run().picture.plan
        let truth = scenario.truth.findings
        let isClean = Set(truth.keys).isDisjoint(with: Self.grave)
        if isClean { #expect(plan.replay.cut == 0, "\(scenario.name): \(plan.replay.examples)") }
    }

    @Test func whatFindingsSpeakAgainstIsCut() {
        for scenario in [Scenario.stop, .straightIn, .unknownVendor, .scan] {
            #expect(scenario.run().picture.plan.replay.cut > 0, "\(scenario.name)")
        }
    }

    /// A device that never speaks IP is held in its zone by its MAC.
    @Test func devicesWithoutAddressesStayInTheirZone() throws {
        let outcome = Scenario.steadyCycles.run()
        let device = try #require(outcome.stations.first { $0.name == "remote-io" })
        let controller = try #require(outcome.stations.first { $0.name == "plc-1" })
        let lines = export(outcome).split(separator: "\n").map(String.init)
        let start = try #require(lines.firstIndex { $0.contains("set link_cell") })
        #expect(lines[start + 2].contains(device.mac.description))
        #expect(lines[start + 2].contains(controller.mac.description))
        let alone = try #require(lines.firstIndex { $0.contains("set link_only") })
        #expect(lines[alone + 2].contains(device.mac.description))
        #expect(!lines[alone + 2].contains(controller.mac.description))
        #expect(!export(Scenario.flat.run()).contains("table bridge"))
    }

    /// nftables itself reads what is written, where it is installed.
    @Test func nftablesReadsTheList() throws {
        guard let nft = ["/usr/sbin/nft", "/sbin/nft"].first(where: FileManager.default.isExecutableFile) else {
            print("skipped: nftables is not installed")
            return
        }
        for scenario in [Scenario.flat, .vlans, .vendorInsideWindow, .monitoring, .steadyCycles] {
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
