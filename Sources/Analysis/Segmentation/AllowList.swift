package import Model

/// What may pass between zones, ready to be asked for each packet.
package struct AllowList {
    private struct Service: Hashable {
        var transport: Transport
        var port: UInt16
    }
    private struct Rule {
        /// Empty for anybody outside.
        var clients: Set<IPAddress>
        var servers: Set<IPAddress>
    }

    private var rules: [Service: [Rule]] = [:]

    package init(_ conduits: [SegmentationPlan.Conduit]) {
        for conduit in conduits {
            rules[Service(transport: conduit.transport, port: conduit.port), default: []].append(
                Rule(clients: Set(conduit.clients), servers: Set(conduit.servers)))
        }
    }

    /// True when a conversation that `client` opens passes.
    package func allows(_ client: IPAddress, _ server: IPAddress, _ transport: Transport, _ port: UInt16) -> Bool {
        func passes(_ port: UInt16) -> Bool {
            rules[Service(transport: transport, port: port)]?.contains { rule in
                (rule.clients.isEmpty ? client.isGlobal : rule.clients.contains(client))
                    && (rule.servers.isEmpty ? server.isGlobal : rule.servers.contains(server))
            } ?? false
        }
        // Port 0 stands for every port from 1024 on.
        return passes(port) || (port >= 1024 && transport != .ip && passes(0))
    }

    /// The assets that each rule for TCP or UDP leads to, and for each asset the rules that let it ask.
    func ways(_ byAddress: [IPAddress: Int]) -> (ways: [[Int]], ofAsset: [Int: [Int]]) {
        var ways: [[Int]] = []
        var ofAsset: [Int: [Int]] = [:]
        for (service, rules) in rules where service.transport != .ip {
            for rule in rules {
                for client in Set(rule.clients.compactMap({ byAddress[$0] })) {
                    ofAsset[client, default: []].append(ways.count)
                }
                ways.append(Set(rule.servers.compactMap { byAddress[$0] }).sorted())
            }
        }
        return (ways, ofAsset)
    }
}
