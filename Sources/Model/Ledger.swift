/// One line of the user's own asset list.
package struct LedgerEntry: Hashable, Sendable, Codable {
    /// Line number in the file it came from, from 1.
    package var line: Int
    /// The list's own key, when it has one.
    package var key: String
    package var name: String
    package var addresses: [IPAddress]
    package var macs: [MACAddress]
    package var vendor: String
    package var model: String
    package var serial: String
    package var hostname: String
    package var location: String
    package var owner: String
    /// Everything else, by the file's own headers.
    package var extra: [String: String]

    package init(
        line: Int, key: String = "", name: String = "", addresses: [IPAddress] = [], macs: [MACAddress] = [],
        vendor: String = "",
        model: String = "", serial: String = "", hostname: String = "", location: String = "", owner: String = "",
        extra: [String: String] = [:]
    ) {
        self.line = line
        self.key = key
        self.name = name
        self.addresses = addresses
        self.macs = macs
        self.vendor = vendor
        self.model = model
        self.serial = serial
        self.hostname = hostname
        self.location = location
        self.owner = owner
        self.extra = extra
    }
}

/// The user's list beside what was observed.
package struct LedgerMatch: Hashable, Sendable, Codable {
    package enum Ground: String, Hashable, Sendable, Codable, CaseIterable {
        case mac, serial, hostname, ip, model

        /// How sure a match on this ground is: a maker gives a MAC or serial number once; a name or an address may pass
        /// to another device; of a model there may be several.
        package var confidence: Confidence {
            switch self {
            case .mac, .serial: .high
            case .hostname, .ip: .medium
            case .model: .low
            }
        }
    }

    package struct Pair: Hashable, Sendable, Codable {
        package var line: Int
        package var asset: String
        package var ground: Ground
        /// What differs, `ip`, `mac` and the like.
        package var changes: [String]
        package init(line: Int, asset: String, ground: Ground, changes: [String]) {
            self.line = line
            self.asset = asset
            self.ground = ground
            self.changes = changes
        }
    }

    /// A device with several interfaces may be seen as several assets: its line then comes once for each.
    package var pairs: [Pair]
    /// Observed and not listed: asset ids.
    package var unlisted: [String]
    /// Listed and not observed: lines. Only a question: not seen is not gone.
    package var notSeen: [Int]

    package init(pairs: [Pair], unlisted: [String], notSeen: [Int]) {
        self.pairs = pairs
        self.unlisted = unlisted
        self.notSeen = notSeen
    }

    /// How many lines were seen.
    package var seenLines: Int { Set(pairs.map(\.line)).count }
}
