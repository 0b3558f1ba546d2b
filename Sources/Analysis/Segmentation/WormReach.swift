import Model

/// How far a worm gets over services that were seen: within a place (a segment or a zone) to everything that answers, and
/// over what leads from place to place. It goes on from machines that run programs of any kind; controllers, field
/// devices, switches, printers and cameras it reaches and does not go on from.
struct WormReach {
    /// Place of each asset; nil for one that lies in none.
    let place: [Int?]
    /// Assets that answer a service.
    let serving: Set<Int>
    /// Assets from which a worm goes on.
    let spreads: [Bool]
    /// Ways into other places: the assets that each leads to, and from which assets or whole places it may be gone.
    let ways: [[Int]]
    let waysOfAsset: [Int: [Int]]
    let waysOfPlace: [Int: [Int]]

    /// What is reached: places with everything in them that answers, and single assets elsewhere.
    private struct Spread {
        var places: Set<Int> = []
        var singles: Set<Int> = []

        mutating func add(_ other: Spread) {
            places.formUnion(other.places)
            singles.formUnion(other.singles)
        }
    }

    /// Where a worm begins, as far as it matters.
    private struct Start: Hashable {
        var home: Int?
        /// A machine of its home is taken that passes it on.
        var takesHome: Bool
        var ways: [Int]
    }

    static func spreads(_ asset: Asset) -> Bool {
        switch asset.role {
        case .plc, .io, .drive, .robot, .safetyController, .gateway, .buildingController, .meter, .sensor, .switch,
            .router, .firewall, .accessPoint, .wirelessController, .printer, .camera, .phone:
            false
        default: true
        }
    }

    /// For each asset, how many others are reached from it.
    func counts() -> [Int] {
        var servingIn: [Int: [Int]] = [:]
        for asset in serving.sorted() { if let place = place[asset] { servingIn[place, default: []].append(asset) } }
        let spreading = servingIn.mapValues { $0.count { spreads[$0] } }
        var ofPlace: [Int: Spread] = [:]
        var known: [Start: (count: Int, spread: Spread)] = [:]
        return place.indices.map { asset in
            let home = place[asset]
            let takesHome = home.map { spreading[$0] ?? 0 > 0 } ?? false
            let isTaken = takesHome && serving.contains(asset) && spreads[asset]
            // One that is taken with its home has no ways but those of the home.
            let start = Start(home: home, takesHome: takesHome, ways: isTaken ? [] : waysOfAsset[asset] ?? [])
            let result: (count: Int, spread: Spread)
            if let same = known[start] {
                result = same
            } else {
                let spread = spread(from: start, servingIn, &ofPlace)
                let count =
                    spread.places.reduce(0) { $0 + (servingIn[$1]?.count ?? 0) }
                    + spread.singles.count { single in place[single].map { !spread.places.contains($0) } ?? true }
                result = (count, spread)
                known[start] = result
            }
            let isInPlace = home.map { result.spread.places.contains($0) } ?? false
            let isCounted = isInPlace ? serving.contains(asset) : result.spread.singles.contains(asset)
            // A way may lead back to a machine that answers nothing itself.
            return result.count - (isCounted ? 1 : 0)
        }
    }

    private func spread(from start: Start, _ servingIn: [Int: [Int]], _ ofPlace: inout [Int: Spread]) -> Spread {
        var spread = Spread()
        var ways = start.ways
        if let home = start.home {
            if start.takesHome {
                spread.add(self.spread(fromPlace: home, servingIn, &ofPlace))
            } else {
                // Everything that answers is reached, and lets it go nowhere.
                spread.places.insert(home)
                ways += waysOfPlace[home] ?? []
            }
        }
        for way in ways where way < self.ways.count {
            for target in self.ways[way] {
                if spreads[target], let place = place[target] {
                    if !serving.contains(target) { spread.singles.insert(target) }
                    if !spread.places.contains(place) || place == start.home {
                        spread.add(self.spread(fromPlace: place, servingIn, &ofPlace))
                    }
                } else {
                    spread.singles.insert(target)
                }
            }
        }
        return spread
    }

    /// What follows once a machine of a place is taken.
    private func spread(
        fromPlace start: Int, _ servingIn: [Int: [Int]], _ ofPlace: inout [Int: Spread]
    ) -> Spread {
        if let known = ofPlace[start] { return known }
        var spread = Spread()
        var gone: Set<Int> = []
        var open = [start]
        while let place = open.popLast() {
            guard spread.places.insert(place).inserted else { continue }
            var ways = waysOfPlace[place] ?? []
            for asset in servingIn[place] ?? [] where spreads[asset] { ways += waysOfAsset[asset] ?? [] }
            for way in ways where way < self.ways.count && gone.insert(way).inserted {
                for target in self.ways[way] {
                    if spreads[target], let place = self.place[target] {
                        open.append(place)
                        if !serving.contains(target) { spread.singles.insert(target) }
                    } else {
                        spread.singles.insert(target)
                    }
                }
            }
        }
        ofPlace[start] = spread
        return spread
    }
}
