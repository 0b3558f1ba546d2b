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
    /// Which rules name a server, and which let anybody outside be one: looking at all of a port's would take long.
    private var byServer: [Service: [IPAddress: [Int]]] = [:]
    private var toOutside: [Service: [Int]] = [:]

    package init(_ conduits: [SegmentationPlan.Conduit]) {
        for conduit in conduits {
            let service = Service(transport: conduit.transport, port: conduit.port)
            let number = rules[service]?.count ?? 0
            rules[service, default: []].append(Rule(clients: Set(conduit.clients), servers: Set(conduit.servers)))
            if conduit.servers.isEmpty { toOutside[service, default: []].append(number) }
            for server in conduit.servers { byServer[service, default: [:]][server, default: []].append(number) }
        }
    }

    /// True when a conversation that `client` opens passes.
    package func allows(_ client: IPAddress, _ server: IPAddress, _ transport: Transport, _ port: UInt16) -> Bool {
        func passes(_ port: UInt16) -> Bool {
            let service = Service(transport: transport, port: port)
            guard let rules = rules[service] else { return false }
            let numbers = (byServer[service]?[server] ?? []) + (server.isGlobal ? toOutside[service] ?? [] : [])
            return numbers.contains { number in
                let clients = rules[number].clients
                return clients.isEmpty ? client.isGlobal : clients.contains(client)
            }
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
