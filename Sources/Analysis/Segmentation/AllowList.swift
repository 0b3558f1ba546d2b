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

    /// For each asset, those that it may ask by TCP or UDP.
    func ways(_ byAddress: [IPAddress: Int]) -> [Int: Set<Int>] {
        var ways: [Int: Set<Int>] = [:]
        for (service, rules) in rules where service.transport != .ip {
            for rule in rules {
                let servers = Set(rule.servers.compactMap { byAddress[$0] })
                for client in rule.clients.compactMap({ byAddress[$0] }) {
                    ways[client, default: []].formUnion(servers)
                }
            }
        }
        return ways
    }
}
