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
        /// Ways that were gone.
        var gone: Set<Int> = []
        /// Places of which a machine was taken and that are not spread in yet.
        var open: [Int] = []
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
        // In most places it does not matter where the worm begins.
        var whole: [Int: Int] = [:]
        return place.indices.map { asset in
            let home = place[asset]
            let takesAll = home.map { spreading[$0] ?? 0 > 0 } ?? false
            let ownWays = waysOfAsset[asset] ?? []
            let isTaken = serving.contains(asset) && spreads[asset]
            let isLikeAny = takesAll && (isTaken || ownWays.isEmpty)
            if isLikeAny, let home, let known = whole[home] { return known - (serving.contains(asset) ? 1 : 0) }
            var spread = Spread()
            if let home {
                if takesAll {
                    spread.open.append(home)
                } else {
                    // Everything that answers is reached, and lets it go nowhere.
                    spread.places.insert(home)
                }
                for way in waysOfPlace[home] ?? [] { go(way, &spread) }
            }
            for way in ownWays { go(way, &spread) }
            run(&spread, servingIn)
            let count =
                spread.places.reduce(0) { $0 + (servingIn[$1]?.count ?? 0) }
                + spread.singles.count { single in place[single].map { !spread.places.contains($0) } ?? true }
            if let home, isLikeAny { whole[home] = count }
            let isCounted = serving.contains(asset) && home.map { spread.places.contains($0) } ?? false
            return count - (isCounted || isSingle(asset, spread) ? 1 : 0)
        }
    }

    private func isSingle(_ asset: Int, _ spread: Spread) -> Bool {
        spread.singles.contains(asset) && !(place[asset].map { spread.places.contains($0) } ?? false)
    }

    private func run(_ spread: inout Spread, _ servingIn: [Int: [Int]]) {
        var done: Set<Int> = []
        while let place = spread.open.popLast() {
            guard done.insert(place).inserted else { continue }
            spread.places.insert(place)
            for way in waysOfPlace[place] ?? [] { go(way, &spread) }
            for asset in servingIn[place] ?? [] where spreads[asset] {
                for way in waysOfAsset[asset] ?? [] { go(way, &spread) }
            }
        }
    }

    private func go(_ way: Int, _ spread: inout Spread) {
        guard spread.gone.insert(way).inserted, way < ways.count else { return }
        for target in ways[way] {
            if spreads[target], let place = place[target] {
                spread.open.append(place)
                if !serving.contains(target) { spread.singles.insert(target) }
            } else {
                spread.singles.insert(target)
            }
        }
    }
}
