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
    /// Ways from an asset to assets in other places.
    let ways: [Int: Set<Int>]

    /// Everything that follows once one machine of a place that answers is taken: places taken whole, and single assets
    /// reached elsewhere.
    private struct Closure {
        var places: Set<Int> = []
        var singles: Set<Int> = []
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
        for asset in serving { if let place = place[asset] { servingIn[place, default: []].append(asset) } }
        var closures: [Int: Closure] = [:]
        func closure(from start: Int) -> Closure {
            if let known = closures[start] { return known }
            var closure = Closure()
            var open = [start]
            while let place = open.popLast() {
                guard closure.places.insert(place).inserted else { continue }
                for asset in servingIn[place] ?? [] where spreads[asset] {
                    for target in ways[asset] ?? [] { follow(target, &closure, &open) }
                }
            }
            closures[start] = closure
            return closure
        }
        return place.indices.map { asset in
            var reached = Closure()
            // Its neighbours: taken whole when one of them lets the worm go on.
            if let home = place[asset] {
                let neighbours = servingIn[home] ?? []
                if neighbours.contains(where: { $0 != asset && spreads[$0] })
                    || (serving.contains(asset) && spreads[asset])
                {
                    let all = closure(from: home)
                    reached.places.formUnion(all.places)
                    reached.singles.formUnion(all.singles)
                } else {
                    reached.singles.formUnion(neighbours)
                }
            }
            var open: [Int] = []
            for target in ways[asset] ?? [] { follow(target, &reached, &open) }
            for place in open where !reached.places.contains(place) {
                let more = closure(from: place)
                reached.places.formUnion(more.places)
                reached.singles.formUnion(more.singles)
            }
            var count = reached.places.reduce(0) { $0 + (servingIn[$1]?.count ?? 0) }
            count += reached.singles.count { single in place[single].map { !reached.places.contains($0) } ?? true }
            let countsItself =
                serving.contains(asset) && place[asset].map { reached.places.contains($0) } ?? false
                || reached.singles.contains(asset) && !(place[asset].map { reached.places.contains($0) } ?? false)
            return count - (countsItself ? 1 : 0)
        }
    }

    private func follow(_ target: Int, _ closure: inout Closure, _ open: inout [Int]) {
        if spreads[target], let place = place[target] {
            open.append(place)
            if !serving.contains(target) { closure.singles.insert(target) }
        } else {
            closure.singles.insert(target)
        }
    }
}
