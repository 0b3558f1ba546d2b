import Assessment
import Model
import Wording

/// Where everything of the network diagram goes: the outside on top, gateways below it, then one lane per segment with
/// its devices from the office down to the process. Lengths are in drawing units; a page is about 720 wide and 1,000 high.
struct DiagramLayout {
    struct Node {
        /// Ids of the assets it stands for: one, or all of one role in a lane.
        let assets: [String]
        let role: Role
        let tier: Tier
        var x = 0.0
        var y = 0.0
        var isGroup: Bool { assets.count > 1 }
    }

    struct Lane {
        /// Nil for devices that belong to no segment, and for what did not fit.
        let segment: Segment?
        let isRest: Bool
        var nodes: [Node]
        /// Names of tiers, above the first node of each.
        var labels: [(tier: Tier, x: Double, y: Double)] = []
        var y = 0.0
        var height = 0.0
    }

    static let gutter = 108.0
    static let cell = (width: 87.0, height: 66.0)
    static let rowGap = 8.0
    static let columns = 7
    static let width = gutter + Double(columns) * cell.width + 3
    static let pageHeight = 930.0
    static let mostLanes = 10
    static let mostGateways = 6
    static let top = 84.0

    private(set) var gateways: [Node] = []
    private(set) var lanes: [Lane] = []
    private(set) var height = 0.0
    /// Lane of a segment id.
    private(set) var laneOf: [String: Int] = [:]
    /// True when some devices are drawn together.
    private(set) var isCollapsed = false
    /// Ids of the segments that are some device's own; in the others only gateways were seen, as the far side of a router.
    private(set) var homes: Set<String> = []
    private var spot: [String: (x: Double, y: Double)] = [:]

    init(assets: [Asset], segments: [Segment], conduits: [Conduit]) {
        let byID = Dictionary(assets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var traffic: [String: UInt64] = [:]
        for conduit in conduits { for id in conduit.via { traffic[id, default: 0] &+= conduit.bytes } }
        for id in segments.flatMap(\.gateways) where traffic[id] == nil { traffic[id] = 0 }
        let forwarding = traffic.filter { byID[$0.key] != nil }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let gatewayIDs = forwarding.prefix(DiagramLayout.mostGateways).map(\.key)
        gateways = gatewayIDs.map { Node(assets: [$0], role: byID[$0]?.role ?? .unknown, tier: .network) }

        let groups = DiagramLayout.lanes(assets, segments, Set(gatewayIDs), &homes)
        // The least collapsed drawing that fits a page, else the lowest one.
        var best: (lanes: [Lane], height: Double)?
        for most in [Int.max, 40, 20, 10, 6, 3, 1] {
            lanes = groups.map { group in
                Lane(
                    segment: group.segment, isRest: group.isRest,
                    nodes: DiagramLayout.nodes(group.assets, mostOfARole: most))
            }
            place()
            if best.map({ height < $0.height }) ?? true { best = (lanes, height) }
            if height <= DiagramLayout.pageHeight { break }
        }
        if let best { (lanes, height) = best }
        isCollapsed = lanes.contains { $0.nodes.contains(where: \.isGroup) }
        mapSegments(segments)
        for node in gateways + lanes.flatMap(\.nodes) {
            for id in node.assets where spot[id] == nil { spot[id] = (node.x, node.y) }
        }
    }

    /// The middle of the icon that stands for an asset.
    func place(of asset: String) -> (x: Double, y: Double)? { spot[asset] }

    private typealias Group = (segment: Segment?, isRest: Bool, assets: [Asset])

    /// Each device in the segment that is its own: the largest one in which it does not forward for others.
    private static func lanes(
        _ assets: [Asset], _ segments: [Segment], _ gateways: Set<String>, _ homes: inout Set<String>
    ) -> [Group] {
        var home: [String: (index: Int, rank: Int)] = [:]
        for (index, segment) in segments.enumerated() {
            let forwards = Set(segment.gateways)
            for id in segment.members where !gateways.contains(id) {
                let rank = (forwards.contains(id) ? 0 : 1_000_000) + min(segment.members.count, 999_999)
                if home[id].map({ $0.rank < rank }) ?? true { home[id] = (index, rank) }
            }
        }
        var members: [Int: [Asset]] = [:]
        var homeless: [Asset] = []
        for asset in assets where !gateways.contains(asset.id) {
            if let place = home[asset.id] {
                members[place.index, default: []].append(asset)
            } else {
                homeless.append(asset)
            }
        }
        homes = Set(members.keys.map { segments[$0].id })
        func officeShare(_ segment: Segment) -> Double {
            segment.otCount + segment.itCount == 0
                ? 0.5 : Double(segment.itCount) / Double(segment.otCount + segment.itCount)
        }
        let order = members.keys.sorted { a, b in
            let (left, right) = (officeShare(segments[a]), officeShare(segments[b]))
            return left != right
                ? left > right : (segments[a].vlan, segments[a].id) < (segments[b].vlan, segments[b].id)
        }
        let largest = Set(
            order.sorted { (members[$0]?.count ?? 0, $1) > (members[$1]?.count ?? 0, $0) }.prefix(mostLanes))
        var groups: [Group] = order.filter(largest.contains).map { (segments[$0], false, members[$0] ?? []) }
        let rest = order.filter { !largest.contains($0) }.flatMap { members[$0] ?? [] }
        if !rest.isEmpty { groups.append((nil, true, rest)) }
        if !homeless.isEmpty { groups.append((nil, false, homeless)) }
        return groups
    }

    private static func nodes(_ assets: [Asset], mostOfARole: Int) -> [Node] {
        var nodes: [Node] = []
        for tier in Tier.topToBottom {
            var roles: [Role: [Asset]] = [:]
            var order: [Role] = []
            for asset in assets where asset.tier == tier {
                if roles[asset.role] == nil { order.append(asset.role) }
                roles[asset.role, default: []].append(asset)
            }
            for role in order {
                let group = roles[role] ?? []
                if group.count > mostOfARole {
                    nodes.append(Node(assets: group.map(\.id), role: role, tier: tier))
                } else {
                    nodes += group.map { Node(assets: [$0.id], role: role, tier: tier) }
                }
            }
        }
        return nodes
    }

    private mutating func place() {
        var y = DiagramLayout.top
        if !gateways.isEmpty {
            for index in gateways.indices {
                gateways[index].x =
                    index == 0
                    ? DiagramLayout.gutter / 2
                    : DiagramLayout.gutter + (Double(index) - 0.5) * DiagramLayout.cell.width
                gateways[index].y = y + 24
            }
            y += 80
        }
        y += 14
        for index in lanes.indices {
            lanes[index].y = y
            y = placeNodes(index, from: y + 18)
            lanes[index].height = y - lanes[index].y
            y += 8
        }
        height = y + 4
    }

    /// Tiers flow into rows; one that does not fit beside the one before it begins a new row. Answers the lower edge.
    private mutating func placeNodes(_ lane: Int, from start: Double) -> Double {
        var (row, column) = (0, 0)
        var nodes = lanes[lane].nodes
        var labels: [(tier: Tier, x: Double, y: Double)] = []
        var index = 0
        while index < nodes.count {
            let tier = nodes[index].tier
            let end = nodes[index...].firstIndex { $0.tier != tier } ?? nodes.count
            if column > 0, column + end - index > DiagramLayout.columns { (row, column) = (row + 1, 0) }
            func corner() -> (x: Double, y: Double) {
                (
                    DiagramLayout.gutter + Double(column) * DiagramLayout.cell.width,
                    start + Double(row) * (DiagramLayout.cell.height + DiagramLayout.rowGap)
                )
            }
            labels.append((tier, corner().x + 6, corner().y + 8))
            while index < end {
                if column == DiagramLayout.columns { (row, column) = (row + 1, 0) }
                let place = corner()
                nodes[index].x = place.x + DiagramLayout.cell.width / 2
                nodes[index].y = place.y + 27
                column += 1
                index += 1
            }
        }
        lanes[lane].nodes = nodes
        lanes[lane].labels = labels
        return start + Double(row + 1) * (DiagramLayout.cell.height + DiagramLayout.rowGap)
    }

    /// A segment without a lane of its own is the far side of a router: its traffic belongs to the lane of its prefix.
    private mutating func mapSegments(_ segments: [Segment]) {
        laneOf = [:]
        var byPrefix: [IPPrefix: Int] = [:]
        for (index, lane) in lanes.enumerated() {
            guard let segment = lane.segment else { continue }
            laneOf[segment.id] = index
            if let prefix = segment.prefix, byPrefix[prefix] == nil { byPrefix[prefix] = index }
        }
        for segment in segments where laneOf[segment.id] == nil {
            if let prefix = segment.prefix { laneOf[segment.id] = byPrefix[prefix] }
        }
    }
}
