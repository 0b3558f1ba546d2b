package import Model

/// Subjects as one line of text: the canonical form that observation ids are made of.
package enum SubjectCoding {
    /// `end|mac|ip|vlan`, `mac|…`, `ip|…`, `net`, or `talk|…` with the conversation's key.
    package static func text(_ subject: Subject) -> String {
        var text = TextBytes()
        add(subject, to: &text)
        return text.text
    }

    package static func text(_ key: ConversationKey) -> String {
        var text = TextBytes()
        add(key, to: &text)
        return text.text
    }

    static func add(_ subject: Subject, to text: inout TextBytes) {
        switch subject {
        case .endpoint(let end):
            text.add("end|")
            if let mac = end.mac { text.add(mac) }
            text.add(separator)
            if let ip = end.ip { text.add(ip) }
            add(separated: UInt64(end.vlan), to: &text)
        case .mac(let mac):
            text.add("mac|")
            text.add(mac)
        case .address(let ip):
            text.add("ip|")
            text.add(ip)
        case .network: text.add("net")
        case .conversation(let key):
            text.add("talk|")
            add(key, to: &text)
        }
    }

    private static let separator = UInt8(ascii: "|")

    private static func add(separated number: UInt64, to text: inout TextBytes) {
        text.add(separator)
        text.add(decimal: number)
    }

    private static func add(_ key: ConversationKey, to text: inout TextBytes) {
        text.add(key.a)
        add(separated: UInt64(key.aPort), to: &text)
        text.add(separator)
        text.add(key.b)
        add(separated: UInt64(key.bPort), to: &text)
        add(separated: UInt64(key.transport.rawValue), to: &text)
        add(separated: UInt64(key.code), to: &text)
        add(separated: UInt64(key.vlan), to: &text)
        text.add(separator)
        text.add(key.aMAC)
        text.add(separator)
        text.add(key.bMAC)
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
