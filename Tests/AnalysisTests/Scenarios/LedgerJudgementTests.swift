import Analysis
import Model
import Testing

/// Over every plant: with everything listed nothing is unlisted, and with one device left out it is the one that is.
@Suite struct LedgerJudgementTests {
    private struct Sender {
        var name: String
        var macs: Set<MACAddress> = []
        var addresses: Set<IPAddress> = []
    }

    /// Stations of the plant's own links that sent by their own MAC.
    private static func senders(_ network: MadeNetwork) -> [Sender] {
        var seen: Set<MACAddress> = []
        for frame in network.frames where frame.bytes.count > 11 {
            seen.insert(MACAddress(bits: frame.bytes[6..<12].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
        }
        // Stations of one MAC are one device, whatever a scenario calls them.
        var names: [MACAddress: String] = [:]
        var found: [String: Sender] = [:]
        for station in network.stations where station.vlan != nil && station.linkAddress == nil {
            guard seen.contains(station.mac) else { continue }
            let name = names[station.mac] ?? station.name
            names[station.mac] = name
            found[name, default: Sender(name: name)].macs.insert(station.mac)
            found[name]?.addresses.insert(station.ip)
        }
        return found.values.sorted { $0.name < $1.name }
    }

    private struct Tally {
        var listed = 0
        var said = 0
        var right = 0
        var wrong: [String] = []
    }

    private static func count(_ scenario: Scenario, byAddress: Bool) -> Tally {
        let network = scenario.network()
        let outcome = scenario.run(network)
        let all = senders(network)
        // Of devices whose address does not show, a list of addresses knows nothing, nor can it tell apart who shares one.
        let known = all.filter { sender in
            outcome.picture.assets.contains {
                !sender.macs.isDisjoint(with: $0.macs) && !sender.addresses.isDisjoint(with: $0.addresses)
            }
        }
        let addresses = known.flatMap(\.addresses)
        if byAddress, Set(addresses).count < addresses.count { return Tally() }
        let listed = byAddress ? known : all
        let routers = [network.router?.mac, network.router?.virtualMAC].compactMap(\.self)
        let hidden = all.flatMap(\.macs).filter { mac in !listed.contains { $0.macs.contains(mac) } }
        func unlisted(without left: String?) -> Set<String> {
            var entries = listed.enumerated().filter { $0.element.name != left }.map { line, sender in
                LedgerEntry(
                    line: line + 2, name: byAddress ? "" : sender.name,
                    addresses: byAddress ? sender.addresses.sorted() : [], macs: byAddress ? [] : sender.macs.sorted())
            }
            entries.append(LedgerEntry(line: 999, macs: routers + hidden))
            let match = LedgerMatching.match(entries, outcome.picture.assets)
            return Set(match.unlisted.map { outcome.station($0) ?? $0 })
        }
        let whole = unlisted(without: nil)
        var tally = Tally(said: whole.count)
        if !whole.isEmpty { tally.wrong.append("\(scenario.name): \(whole.sorted()) though listed") }
        for sender in listed where sender.macs.isDisjoint(with: routers) {
            let found = unlisted(without: sender.name).subtracting(whole)
            tally.listed += 1
            tally.said += found.count
            if found.contains(sender.name) { tally.right += 1 }
            if found != [sender.name] {
                tally.wrong.append("\(scenario.name): \(found.sorted()) instead of \(sender.name)")
            }
        }
        return tally
    }

    @Test(arguments: [false, true]) func whoIsLeftOutIsFound(byAddress: Bool) {
        var (listed, said, right) = (0, 0, 0)
        for scenario in Scenario.all {
            let tally = Self.count(scenario, byAddress: byAddress)
            listed += tally.listed
            said += tally.said
            right += tally.right
            for mistake in tally.wrong { print("- \(byAddress ? "by address" : "by MAC"): \(mistake)") }
        }
        print("left out of the ledger (\(byAddress ? "addresses" : "MACs")): \(listed), said \(said), right \(right)")
        #expect(listed > 300)
        #expect(right == listed)
        #expect(Double(right) >= 0.98 * Double(said))
    }

    @Test func groundsAreExplained() {
        let asset = Scenario.byModel.run()
        let pair = asset.ledger?.pairs.first { $0.line == 20 }
        #expect(pair?.ground == .model)
        #expect(pair?.ground.confidence == .low)
        let serial = Scenario.newFirmware.run().ledger?.pairs.first { $0.ground == .serial }
        #expect(serial?.changes == ["mac", "firmware"])
    }
}
