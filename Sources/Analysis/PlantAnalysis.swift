package import Assessment
package import Model

/// From what was read to what it means: assets, segments, sessions, findings and proposals.
package enum PlantAnalysis {
    /// Derives everything from the results of all captures. The same results give the same picture, in any order of captures.
    /// - Parameter time: when it is judged; nil for the end of the last capture.
    package static func derive(
        _ results: [CaptureResult], ledger: [LedgerEntry]? = nil, knowledge: Knowledge = Knowledge(),
        declarations: Declarations = Declarations(), at time: Timestamp? = nil
    ) -> (picture: PlantPicture, proposals: [Proposal], ledger: LedgerMatch?) {
        // Where the first to say something counts, it is the first in time and not the first on the command line.
        // A capture that was given twice says nothing more the second time.
        var read: Set<String> = []
        var distinct: [CaptureRecord] = []
        let results = ConversationThreads.join(
            results.sorted {
                ($0.capture.first, $0.capture.sha256) < ($1.capture.first, $1.capture.sha256)
            }.filter { result in
                guard result.capture.sha256.isEmpty || read.insert(result.capture.sha256).inserted else { return false }
                // Nor do the same frames in another file format.
                guard !distinct.contains(where: { $0.repeats(result.capture) }) else { return false }
                distinct.append(result.capture)
                return true
            })
        var inventory = InventoryBuilder(knowledge: knowledge)
        let asserted = AssertedObservations(results, knowledge)
        inventory.build(results, asserted)
        let traits = ConversationTraits.all(results, inventory)
        inventory.placeInLevels(declarations.zones)
        var topology = TopologyBuilder(inventory: inventory, knowledge: knowledge)
        topology.build(results)
        let sessions = RemoteSessionFinder(inventory: inventory, knowledge: knowledge).sessions(
            results, traits, asserted)
        let match = ledger.map { LedgerMatching.match($0, inventory.assets) }
        var coverage = CoverageAccount.sum(results, traits)
        coverage.estimate = CoverageEstimate.make(results, inventory.assets, seconds: coverage.seconds)
        let situation = Situation(
            results: results, traits: traits, asserted: asserted, inventory: inventory, topology: topology,
            sessions: sessions,
            outside: OutsideAccount.sum(results, traits, inventory), coverage: coverage, ledger: match,
            knowledge: knowledge,
            declarations: declarations, listedMACs: ledger.map { Set($0.flatMap(\.macs)) },
            time: time ?? coverage.last)
        var exhibits = ExhibitBook()
        let (findings, verdicts) = FindingRules.evaluate(situation, &exhibits)
        situation.findings = findings
        let proposals = ProposalRules.propose(situation, &exhibits)
        let picture = PlantPicture(
            assets: inventory.assets, segments: topology.segments, conduits: ConduitFinder.conduits(situation),
            remoteSessions: situation.ways.sessions,
            findings: findings, exhibits: exhibits.exhibits, outside: situation.outside, coverage: situation.coverage,
            verdicts: verdicts, plan: SegmentationPlanner.plan(situation, findings),
            health: HealthAccount.sum(situation), declared: DeclaredDivisionView.make(situation))
        return (picture, proposals, match)
    }
}

/// How long and how well the network was watched.
enum CoverageAccount {
    /// How much of a capture's span was watched, between 0 and 1: pauses and jumps of the clock are no watching.
    private static func share(_ capture: CaptureRecord) -> Double {
        guard let watched = capture.watchedSeconds else { return 1 }
        let span = Double(capture.last.elapsed(since: capture.first)) / 1e9
        return span > 0 ? min(1, max(0, watched / span)) : 1
    }

    static func sum(_ results: [CaptureResult], _ traits: [[ConversationTraits]]) -> Coverage {
        let spans = results.filter { $0.capture.frames > 0 && $0.capture.last > .zero }.map {
            (first: $0.capture.first, last: $0.capture.last, share: share($0.capture))
        }
        .sorted { $0.first < $1.first }
        var seconds = 0.0
        var end = Timestamp(nanoseconds: .min)
        for span in spans {
            let from = max(span.first, end)
            if span.last > from { seconds += Double(span.last.elapsed(since: from)) / 1e9 * span.share }
            end = max(end, span.last)
        }
        var established = 0
        var twoWay = 0
        var tagged = false
        var senders: Set<MACAddress> = []
        for (result, traits) in zip(results, traits) {
            let conversations = result.conversations.span
            for index in conversations.indices {
                if conversations[index].key.vlan != 0 { tagged = true }
                guard traits[index].contains(.unicast) else { continue }
                // Three of them prove a mirror; more prove no more.
                if senders.count <= 2 {
                    if let mac = conversations[index].client.mac, conversations[index].fromClient.frames > 0 {
                        senders.insert(mac)
                    }
                    if let mac = conversations[index].server.mac, conversations[index].fromServer.frames > 0 {
                        senders.insert(mac)
                    }
                }
                guard traits[index].contains(.tcp) else { continue }
                established += 1
                if traits[index].contains(.answered) { twoWay += 1 }
            }
        }
        let drops = results.compactMap(\.capture.reportedDrops)
        return Coverage(
            first: spans.first?.first ?? .zero, last: spans.map(\.last).max() ?? .zero, seconds: seconds,
            frames: results.reduce(0) { $0 &+ $1.capture.frames },
            isTwoWay: established > 0 && twoWay * 2 > established,
            isMirror: senders.count > 2, hasVLANTags: tagged, reportedDrops: drops.isEmpty ? nil : drops.reduce(0, &+))
    }
}
