package import Model

/// Lays the user's list beside the observed assets: by MAC, then serial, then host name, then IP address, then
/// model.
package enum LedgerMatching {
    package static func match(_ ledger: [LedgerEntry], _ assets: [Asset]) -> LedgerMatch {
        var pairs: [LedgerMatch.Pair] = []
        var taken: Set<String> = []
        var open: [LedgerEntry] = ledger

        /// The first of these assets that no line has yet; several may bear one name or address, one after the other.
        func free(_ candidates: [Asset]?) -> Asset? { candidates?.first { !taken.contains($0.id) } }

        func take(_ ground: LedgerMatch.Ground, _ find: (LedgerEntry) -> Asset?) {
            var left: [LedgerEntry] = []
            for entry in open {
                if let asset = find(entry) {
                    taken.insert(asset.id)
                    pairs.append(
                        LedgerMatch.Pair(
                            line: entry.line, asset: asset.id, ground: ground, changes: changes(entry, asset)))
                } else {
                    left.append(entry)
                }
            }
            open = left
        }

        let byMAC = index(assets) { $0.macs }
        let bySerial = index(assets) { $0.serial.map { [serial($0.raw)] } ?? [] }
        let byName = index(assets) { $0.hostname.map { [HostLabel.first(of: $0.raw)] } ?? [] }
        let byIP = index(assets) { $0.addresses }
        take(.mac) { entry in entry.macs.lazy.compactMap { free(byMAC[$0]) }.first }
        take(.serial) { entry in entry.serial.isEmpty ? nil : free(bySerial[serial(entry.serial)]) }
        take(.hostname) { entry in
            [entry.hostname, entry.name].filter { !$0.isEmpty }.lazy.compactMap {
                free(byName[HostLabel.first(of: $0)])
            }
            .first
        }
        take(.ip) { entry in
            // A listed MAC that is another device's speaks against a match by address alone.
            entry.addresses.lazy.compactMap { address in
                free(byIP[address]?.filter { entry.macs.isEmpty || $0.macs.isEmpty || $0.isBehindRouter })
            }.first
        }
        matchModels(&open, assets, &taken, &pairs)
        addInterfaces(ledger, assets, &taken, &pairs)
        let unlisted = assets.filter { !taken.contains($0.id) && isLedgerWorthy($0) }.map(\.id)
        return LedgerMatch(
            pairs: pairs.sorted { ($0.line, $0.asset) < ($1.line, $1.asset) }, unlisted: unlisted.sorted(),
            notSeen: open.map(\.line).sorted())
    }

    /// Other interfaces of devices that were matched by one: their lines once more.
    private static func addInterfaces(
        _ ledger: [LedgerEntry], _ assets: [Asset], _ taken: inout Set<String>, _ pairs: inout [LedgerMatch.Pair]
    ) {
        let lineOfMAC = Dictionary(
            ledger.flatMap { entry in entry.macs.map { ($0, entry.line) } }, uniquingKeysWith: { first, _ in first })
        let lineOfAddress = Dictionary(
            ledger.filter { $0.macs.isEmpty }.flatMap { entry in entry.addresses.map { ($0, entry.line) } },
            uniquingKeysWith: { first, _ in first })
        for asset in assets where !taken.contains(asset.id) && !asset.isBehindRouter {
            // What is told of the device as a whole, its first interface tells.
            if let line = asset.macs.lazy.compactMap({ lineOfMAC[$0] }).first {
                taken.insert(asset.id)
                pairs.append(LedgerMatch.Pair(line: line, asset: asset.id, ground: .mac, changes: []))
            } else if let line = asset.addresses.lazy.compactMap({ lineOfAddress[$0] }).first {
                taken.insert(asset.id)
                pairs.append(LedgerMatch.Pair(line: line, asset: asset.id, ground: .ip, changes: []))
            }
        }
    }

    /// Digits and letters of a serial number: lists and protocols differ in case, in a leading `0x` and in what separates.
    private static func serial(_ text: String) -> String {
        let lower = text.lowercased()
        return plain(lower.hasPrefix("0x") ? lower.dropFirst(2) : lower[...])
    }

    /// Letters and digits alone.
    private static func plain(_ text: Substring) -> String { text.filter { $0.isLetter || $0.isNumber } }

    /// What is left of both sides when nothing else tells: a line that names neither MAC, address, serial number nor host
    /// name that could be compared, and the one device of its model, when there is one line and one device.
    private static func matchModels(
        _ open: inout [LedgerEntry], _ assets: [Asset], _ taken: inout Set<String>, _ pairs: inout [LedgerMatch.Pair]
    ) {
        func name(_ model: String) -> String { plain(model.lowercased()[...]) }
        var devices: [String: [Asset]] = [:]
        for asset in assets where !taken.contains(asset.id) && isLedgerWorthy(asset) {
            guard let model = asset.model.map({ name($0.raw) }), model.count >= 3 else { continue }
            devices[model, default: []].append(asset)
        }
        var lines: [String: [LedgerEntry]] = [:]
        for entry in open where name(entry.model).count >= 3 { lines[name(entry.model), default: []].append(entry) }
        for (model, entries) in lines {
            guard entries.count == 1, let entry = entries.first, let found = devices[model], found.count == 1,
                let asset = found.first, entry.macs.isEmpty || asset.macs.isEmpty,
                entry.addresses.isEmpty || asset.addresses.isEmpty, entry.serial.isEmpty || asset.serial == nil,
                entry.hostname.isEmpty || asset.hostname == nil
            else { continue }
            taken.insert(asset.id)
            open.removeAll { $0.line == entry.line }
            pairs.append(
                LedgerMatch.Pair(line: entry.line, asset: asset.id, ground: .model, changes: changes(entry, asset)))
        }
    }

    /// Virtual router MACs and addresses seen only behind a router are no devices that a list would carry by themselves.
    private static func isLedgerWorthy(_ asset: Asset) -> Bool {
        if asset.isBehindRouter { return false }
        // Passers-by off the air and the radios of access points are judged as wireless, not as devices on the wire.
        let protocols = Set(asset.services + asset.uses)
        if !protocols.isEmpty, protocols.isSubset(of: ["wlan"]) { return false }
        let macs = asset.macs
        return !macs.isEmpty && !macs.allSatisfy { VirtualMAC.isRouter($0) }
    }

    private static func index<Key: Hashable>(_ assets: [Asset], _ keys: (Asset) -> [Key]) -> [Key: [Asset]] {
        var found: [Key: [Asset]] = [:]
        for asset in assets {
            for key in keys(asset) { found[key, default: []].append(asset) }
        }
        return found
    }

    /// What the list says of the firmware in a column of its own, in lower case and without a leading "v".
    private static func firmwareListed(_ entry: LedgerEntry) -> String? {
        let value = entry.extra.first { heading, value in
            let name = heading.lowercased()
            return !value.isEmpty
                && ["firmware", "f/w", "fw", "ファームウェア", "ファームウエア"].contains { name.contains($0) }
        }?.value.lowercased()
        guard let value else { return nil }
        return value.hasPrefix("v") ? String(value.dropFirst()) : value
    }

    private static func changes(_ entry: LedgerEntry, _ asset: Asset) -> [String] {
        var changes: [String] = []
        if !entry.addresses.isEmpty, !asset.addresses.isEmpty, Set(entry.addresses).isDisjoint(with: asset.addresses) {
            changes.append("ip")
        }
        if !entry.macs.isEmpty, !asset.macs.isEmpty, Set(entry.macs).isDisjoint(with: asset.macs) {
            changes.append("mac")
        }
        if !entry.serial.isEmpty, let seen = asset.serial, serial(seen.raw) != serial(entry.serial) {
            changes.append("serial")
        }
        if let firmware = asset.firmware, let listed = firmwareListed(entry),
            !firmware.raw.lowercased().contains(listed), !listed.contains(firmware.raw.lowercased())
        {
            changes.append("firmware")
        }
        return changes
    }
}
