import Model

/// Who is called by a name. A login may carry a name that is another host's (a copied configuration, a server's name
/// given for one's own): a name that one asset claims by several protocols does not also name another that claims it by
/// one.
struct NameClaims {
    private struct Claims {
        var sources: [Int: Set<String>] = [:]
        /// How many claim it by enough protocols to be called by it.
        var strong = 0
    }

    private var claims: [String: Claims] = [:]

    mutating func note(_ name: WireText, _ asset: Int, source: String) {
        let key = HostLabel.first(of: name.raw)
        guard claims[key, default: Claims()].sources[asset, default: []].insert(source).inserted else { return }
        if claims[key]?.sources[asset]?.count == 3 { claims[key]?.strong += 1 }
    }

    /// True when the name is rather another asset's.
    func isOthers(_ name: WireText, _ asset: Int) -> Bool {
        guard let claims = claims[HostLabel.first(of: name.raw)], let own = claims.sources[asset] else { return false }
        return own.count == 1 && claims.strong > 0
    }
}
