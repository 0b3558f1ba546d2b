package import Model

/// Subjects as one line of text: the canonical form that observation ids are made of.
package enum SubjectCoding {
    /// `end|mac|ip|vlan`, `mac|…`, `ip|…`, `net`, or `talk|…` with the conversation's key.
    package static func text(_ subject: Subject) -> String {
        switch subject {
        case .endpoint(let end): "end|\(end.mac?.description ?? "")|\(end.ip?.description ?? "")|\(end.vlan)"
        case .mac(let mac): "mac|\(mac)"
        case .address(let ip): "ip|\(ip)"
        case .network: "net"
        case .conversation(let key): "talk|\(text(key))"
        }
    }

    package static func text(_ key: ConversationKey) -> String {
        "\(key.a)|\(key.aPort)|\(key.b)|\(key.bPort)|\(key.transport.rawValue)|\(key.code)|\(key.vlan)|\(key.aMAC)|\(key.bMAC)"
    }

    /// The subject written as `text`; nil when it is not one.
    package static func subject(_ text: String) -> Subject? {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        switch parts.first {
        case "end" where parts.count == 4:
            guard let vlan = UInt16(parts[3]) else { return nil }
            return .endpoint(Endpoint(mac: MACAddress(parts[1]), ip: IPAddress(parts[2]), vlan: vlan))
        case "mac" where parts.count == 2: return MACAddress(parts[1]).map { .mac($0) }
        case "ip" where parts.count == 2: return IPAddress(parts[1]).map { .address($0) }
        case "net": return .network
        case "talk" where parts.count == 10: return key(parts.dropFirst()).map { .conversation($0) }
        default: return nil
        }
    }

    package static func key(_ text: String) -> ConversationKey? {
        key(text.split(separator: "|", omittingEmptySubsequences: false)[...])
    }

    private static func key(_ slice: ArraySlice<Substring>) -> ConversationKey? {
        let parts = Array(slice)
        guard parts.count == 9, let a = IPAddress(parts[0]), let aPort = UInt16(parts[1]), let b = IPAddress(parts[2]),
            let bPort = UInt16(parts[3]), let number = UInt8(parts[4]), let transport = Transport(rawValue: number),
            let code = UInt16(parts[5]), let vlan = UInt16(parts[6]), let aMAC = MACAddress(parts[7]),
            let bMAC = MACAddress(parts[8])
        else { return nil }
        return ConversationKey(
            a: a, b: b, aPort: aPort, bPort: bPort, transport: transport, code: code, vlan: vlan, aMAC: aMAC, bMAC: bMAC
        )
    }
}
