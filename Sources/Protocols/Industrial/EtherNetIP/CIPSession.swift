import Wire

/// A request whose response is worth reading.
struct CIPRequest: Sendable {
    var service: UInt8
    var classID: UInt32
    var instance: UInt32
    var attribute: UInt32
    /// Where it was forwarded to; nil when the addressed device itself answers.
    var route: CIPPath.Route?
    /// True when it asks for a connection of CIP Safety.
    var isSafety = false

    /// True when the response carries facts. All others need no keeping.
    var isTelling: Bool {
        switch classID {
        case CIP.Class.identity, CIP.Class.tcpIPInterface, CIP.Class.ethernetLink, CIP.Class.program: true
        case CIP.Class.connectionManager:
            service == CIP.Service.forwardOpen || service == CIP.Service.largeForwardOpen
        default: false
        }
    }
}

/// What is kept of an EtherNet/IP conversation: open requests and connections, both bounded.
final class CIPSession {
    private static let pendingLimit = 64
    private static let connectionLimit = 64

    /// The services of the request being read; kept for its capacity.
    var scratch: [CIPRequest] = []
    private var pending: [UInt64: [CIPRequest]] = [:]
    private var connections: [Connection] = []

    private struct Connection {
        var toTarget: UInt32
        var toOriginator: UInt32
        var route: CIPPath.Route?
    }

    /// Keeps the request just read when its response is worth reading.
    func keep(_ carrier: CIP.Carrier) {
        guard scratch.contains(where: \.isTelling) else {
            if !pending.isEmpty { pending[key(carrier, isResponse: false)] = nil }
            return
        }
        if pending.count >= CIPSession.pendingLimit { pending.removeAll(keepingCapacity: true) }
        pending[key(carrier, isResponse: false)] = scratch
    }

    /// The services that a response answers; empty when they were not seen or not worth keeping.
    func take(_ carrier: CIP.Carrier) -> [CIPRequest] {
        guard !pending.isEmpty else { return [] }
        return pending.removeValue(forKey: key(carrier, isResponse: true)) ?? []
    }

    func opened(toTarget: UInt32, toOriginator: UInt32, _ route: CIPPath.Route?) {
        connections.removeAll { $0.toTarget == toTarget || $0.toOriginator == toOriginator }
        if connections.count >= CIPSession.connectionLimit { connections.removeFirst() }
        connections.append(Connection(toTarget: toTarget, toOriginator: toOriginator, route: route))
    }

    /// Where a connection leads beyond the addressed device.
    func route(of connection: UInt32) -> CIPPath.Route? {
        connections.first { $0.toTarget == connection }?.route
    }

    /// Requests use the connection id towards the target, responses the other one; both become the latter where known.
    private func key(_ carrier: CIP.Carrier, isResponse: Bool) -> UInt64 {
        switch carrier {
        case .unconnected(let context): return mixed(context ^ 1)
        case .connected(let connection, let sequence):
            let known = connections.first { isResponse ? $0.toOriginator == connection : $0.toTarget == connection }
            return mixed(UInt64(known?.toOriginator ?? 0) << 16 | UInt64(sequence)) ^ 2
        }
    }
}
