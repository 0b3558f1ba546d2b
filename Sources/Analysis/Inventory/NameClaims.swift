import Model

/// Who is called by a name. A login may carry a name that is another host's (a copied configuration, a server's name
/// given for one's own): a name that one asset claims by several protocols does not also name another that claims it by
/// one.
struct NameClaims {
    private var sources: [String: [Int: Set<String>]] = [:]

    mutating func note(_ name: WireText, _ asset: Int, source: String) {
        sources[NameClaims.key(name), default: [:]][asset, default: []].insert(source)
    }

    /// True when the name is rather another asset's.
    func isOthers(_ name: WireText, _ asset: Int) -> Bool {
        guard let claims = sources[NameClaims.key(name)], claims.count > 1, let own = claims[asset] else {
            return false
        }
        return own.count == 1 && claims.contains { $0.key != asset && $0.value.count >= 3 }
    }

    /// The first label in lower case.
    private static func key(_ name: WireText) -> String {
        let lower = name.raw.lowercased()
        return lower.split(separator: ".").first.map(String.init) ?? lower
    }
}
