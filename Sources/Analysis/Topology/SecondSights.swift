import Model

/// Finds what a mirror of all ports shows twice: on both sides of a router, in two VLANs.
enum SecondSights {
    /// A conversation without its VLAN, in whichever direction it was taken.
    private struct Sight: Hashable {
        /// Numbers of both hosts.
        let hosts: UInt64
        let rest: UInt64

        init(_ key: borrowing ConversationKey, _ client: Side, _ server: Side) {
            let (low, high) = client < server ? (client, server) : (server, client)
            hosts = UInt64(low.host) << 32 | UInt64(high.host)
            rest =
                UInt64(low.port) << 48 | UInt64(high.port) << 32 | UInt64(key.code) << 16
                | UInt64(key.transport.rawValue)
        }
    }

    private struct Side: Comparable {
        var host: UInt32
        var port: UInt16
        static func < (a: Side, b: Side) -> Bool { a.host == b.host ? a.port < b.port : a.host < b.host }
    }

    /// By capture, which of its conversations were seen before under another VLAN.
    static func find(_ results: [CaptureResult], _ ends: EndTable) -> [[Bool]] {
        var numbers: [IPAddress: UInt32] = [:]
        var vlans: [UInt16] = []
        // Only what both hosts did in several VLANs can have been seen twice.
        var isRoaming: [Bool] = []
        let host = ends.ends.map { end -> UInt32? in
            guard let ip = end.ip else { return nil }
            if let known = numbers[ip] {
                if vlans[Int(known)] != end.vlan { isRoaming[Int(known)] = true }
                return known
            }
            let number = UInt32(truncatingIfNeeded: vlans.count)
            numbers[ip] = number
            vlans.append(end.vlan)
            isRoaming.append(false)
            return number
        }
        return results.enumerated().map { position, result in
            var first: [Sight: UInt16] = [:]
            var repeated = Array(repeating: false, count: result.conversations.count)
            let conversations = result.conversations.span
            let pairs = ends.pairs[position]
            for index in conversations.indices {
                guard conversations[index].key.transport != .ethernet, let client = host[pairs[index].client],
                    let server = host[pairs[index].server], isRoaming[Int(client)], isRoaming[Int(server)]
                else { continue }
                let sight = Sight(
                    conversations[index].key, Side(host: client, port: conversations[index].clientPort),
                    Side(host: server, port: conversations[index].serverPort))
                if let vlan = first[sight] {
                    if vlan != conversations[index].key.vlan { repeated[index] = true }
                } else {
                    first[sight] = conversations[index].key.vlan
                }
            }
            return repeated
        }
    }
}
