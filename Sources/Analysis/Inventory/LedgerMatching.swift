package import Model

/// Lays the user's list beside the observed assets: by MAC, then serial, then host name, then IP address.
package enum LedgerMatching {
    package static func match(_ ledger: [LedgerEntry], _ assets: [Asset]) -> LedgerMatch {
        var pairs: [LedgerMatch.Pair] = []
        var taken: Set<String> = []
        var open: [LedgerEntry] = ledger

        func take(_ ground: LedgerMatch.Ground, _ find: (LedgerEntry) -> Asset?) {
            var left: [LedgerEntry] = []
            for entry in open {
                if let asset = find(entry), !taken.contains(asset.id) {
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
        let bySerial = index(assets) { $0.serial.map { [$0.raw.lowercased()] } ?? [] }
        let byName = index(assets) { $0.hostname.map { [HostLabel.first(of: $0.raw)] } ?? [] }
        let byIP = index(assets) { $0.addresses }
        take(.mac) { entry in entry.macs.lazy.compactMap { byMAC[$0] }.first }
        take(.serial) { entry in entry.serial.isEmpty ? nil : bySerial[entry.serial.lowercased()] }
        take(.hostname) { entry in
            [entry.hostname, entry.name].filter { !$0.isEmpty }.lazy.compactMap { byName[HostLabel.first(of: $0)] }
                .first
        }
        take(.ip) { entry in
            // A listed MAC that is another device's speaks against a match by address alone.
            entry.addresses.lazy.compactMap { byIP[$0] }.first {
                entry.macs.isEmpty || $0.macs.isEmpty || $0.isBehindRouter
            }
        }
        let unlisted = assets.filter { !taken.contains($0.id) && isLedgerWorthy($0) }.map(\.id)
        return LedgerMatch(
            pairs: pairs.sorted { $0.line < $1.line }, unlisted: unlisted.sorted(), notSeen: open.map(\.line).sorted())
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

    private static func index<Key: Hashable>(_ assets: [Asset], _ keys: (Asset) -> [Key]) -> [Key: Asset] {
        var found: [Key: Asset] = [:]
        for asset in assets {
            for key in keys(asset) where found[key] == nil { found[key] = asset }
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
        if !entry.serial.isEmpty, let serial = asset.serial, serial.raw.lowercased() != entry.serial.lowercased() {
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
