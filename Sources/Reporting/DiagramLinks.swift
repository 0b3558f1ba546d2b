import Foundation
import Model

/// Traffic between lanes, gateways and the outside, gathered from the conduits for drawing.
struct DiagramLinks {
    enum End: Hashable, Comparable {
        case outside
        case gateway(Int)
        case lane(Int)
    }

    struct Link {
        let from: End
        let to: End
        let bytes: UInt64
    }

    let links: [Link]

    init(_ layout: DiagramLayout, segments: [Segment], conduits: [Conduit]) {
        let vlans = Dictionary(segments.map { ($0.id, $0.vlan) }, uniquingKeysWith: { first, _ in first })
        struct Way: Hashable {
            var a: End
            var b: End
            var via: End?
        }
        // A conversation routed from VLAN to VLAN shows in both; its bytes count once.
        var byVLAN: [Way: [UInt16: UInt64]] = [:]
        for conduit in conduits {
            guard let a = DiagramLinks.end(conduit.from, layout), let b = DiagramLinks.end(conduit.to, layout), a != b
            else { continue }
            let via = conduit.via.lazy.compactMap { id in layout.gateways.firstIndex { $0.assets.first == id } }.first
            let way = Way(a: min(a, b), b: max(a, b), via: via.map { .gateway($0) })
            let vlan = vlans[conduit.from] ?? vlans[conduit.to] ?? 0
            byVLAN[way, default: [:]][vlan, default: 0] &+= conduit.bytes
        }
        var sums: [Way: UInt64] = [:]
        for (way, volumes) in byVLAN {
            let bytes = volumes.values.max() ?? 0
            if let via = way.via {
                sums[Way(a: min(way.a, via), b: max(way.a, via), via: nil), default: 0] &+= bytes
                sums[Way(a: min(way.b, via), b: max(way.b, via), via: nil), default: 0] &+= bytes
            } else {
                sums[way, default: 0] &+= bytes
            }
        }
        links = sums.map { Link(from: $0.key.a, to: $0.key.b, bytes: $0.value) }.sorted {
            ($0.to, $0.from) < ($1.to, $1.from)
        }
    }

    private static func end(_ id: String, _ layout: DiagramLayout) -> End? {
        id == "outside" ? .outside : layout.laneOf[id].map { .lane($0) }
    }

    /// Lines that run in the gutter left of the lanes.
    func draw(_ layout: DiagramLayout) -> HTML {
        let middle = DiagramLayout.gutter / 2
        let band = (layout.lanes.first?.y ?? DiagramLayout.top) - 6
        let upright = links.filter { if case .lane = $0.to { true } else { false } }
        let step = min(9, 84 / Double(max(upright.count, 1)))
        var ports: [Int: Int] = [:]
        func port(_ lane: Int) -> Double {
            let number = ports[lane, default: 0]
            ports[lane] = number + 1
            let box = layout.lanes[lane]
            return box.y + 12 + min(Double(number) * 9, max(box.height - 20, 0))
        }
        var parts: [HTML] = []
        func line(_ path: HTML, _ bytes: UInt64) {
            parts.append("<path class=\"link\" stroke-width=\"\(DiagramLinks.width(bytes))\" d=\"\(path)\" />")
        }
        for link in links {
            guard case .gateway(let index) = link.to, link.from == .outside, layout.gateways.indices.contains(index)
            else {
                continue
            }
            let gateway = layout.gateways[index]
            line(
                index == 0
                    ? "M\(middle) 56V\(gateway.y)" : "M\(middle) 72H\(gateway.x)V\(gateway.y)", link.bytes)
        }
        for (number, link) in upright.enumerated() {
            guard case .lane(let lane) = link.to else { continue }
            let x = 12 + step * Double(number)
            let y = port(lane)
            switch link.from {
            case .gateway(let index) where layout.gateways.indices.contains(index):
                let gateway = layout.gateways[index]
                let bus = min(gateway.y + 44 + Double(number % 5) * 3, band)
                let side = max(x, gateway.x - 42)
                line(
                    "M\(gateway.x - 14) \(gateway.y)H\(side)V\(bus)H\(x)V\(y)H\(DiagramLayout.gutter)", link.bytes)
            case .lane(let other):
                line("M\(DiagramLayout.gutter) \(port(other))H\(x)V\(y)H\(DiagramLayout.gutter)", link.bytes)
            default: line("M\(middle) 56V72H\(x)V\(y)H\(DiagramLayout.gutter)", link.bytes)
            }
            parts.append("<circle class=\"port\" cx=\"\(DiagramLayout.gutter)\" cy=\"\(y)\" r=\"2.6\" />")
        }
        return .joined(parts)
    }

    /// 1 for a kilobyte, one more for every ten times as much.
    private static func width(_ bytes: UInt64) -> Double {
        min(max(log10(max(Double(bytes), 1)) - 2, 1), 7)
    }
}
