import Assessment
import Evidence
import Model

/// Hides what tells where and who: addresses, network names, host names and people, each behind a pseudonym that stays
/// the same throughout a report. A masker that is not active shows everything.
final class Masker {
    enum Kind: String, CaseIterable {
        case ip = "IP"
        case prefix = "NET"
        case mac = "MAC"
        case host = "HOST"
        case ssid = "SSID"
        case user = "USER"
    }

    let isActive: Bool
    private var pseudonyms: [Kind: [String: String]] = [:]
    /// Known names in lower case.
    private var names: [[Unicode.Scalar]: Kind] = [:]
    /// Lengths of the names that begin with the same two scalars, the longest first.
    private var lengths: [String: [Int]] = [:]

    init(isActive: Bool) { self.isActive = isActive }

    /// The pseudonym of a value; the value itself when nothing is hidden.
    func pseudonym(_ kind: Kind, _ value: String) -> String {
        guard isActive else { return value }
        let key = value.lowercased()
        if let known = pseudonyms[kind]?[key] { return known }
        let number = (pseudonyms[kind]?.count ?? 0) + 1
        let made = "\(kind.rawValue)-\(number < 10 ? "0" : "")\(number)"
        pseudonyms[kind, default: [:]][key] = made
        return made
    }

    func show(_ address: IPAddress) -> String { pseudonym(.ip, address.description) }
    func show(_ mac: MACAddress) -> String { pseudonym(.mac, mac.description) }
    func show(_ prefix: IPPrefix) -> String { pseudonym(.prefix, prefix.description) }

    /// A name to be hidden wherever it stands in a text. Names of one or two characters, and plain numbers, would hide half of
    /// any sentence; they are hidden where they stand alone in a field.
    func learn(_ name: String, as kind: Kind) {
        let trimmed = name.trimmed
        guard isActive, !trimmed.isEmpty else { return }
        let lower = Array(trimmed.lowercased().unicodeScalars)
        guard lower.count > 2, IPAddress(trimmed) == nil, MACAddress(trimmed) == nil,
            !lower.allSatisfy({ $0.properties.numericType != nil })
        else { return }
        let key = Masker.bucket(lower[...])
        guard names[lower] == nil else { return }
        _ = pseudonym(kind, trimmed)
        names[lower] = kind
        var known = lengths[key] ?? []
        guard !known.contains(lower.count) else { return }
        known.insert(lower.count, at: known.firstIndex { $0 < lower.count } ?? known.count)
        lengths[key] = known
    }

    private static func bucket(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var key = ""
        key.unicodeScalars.append(contentsOf: scalars.prefix(2))
        return key
    }

    /// The text with everything known, and everything that has the form of an address, behind pseudonyms.
    ///
    /// With `patterns` false only what is known is hidden: version numbers have the form of addresses.
    func text(_ text: String, patterns: Bool = true) -> String {
        guard isActive, !text.isEmpty else { return text }
        let scalars = Array(text.unicodeScalars)
        let lower = scalars.map { scalar -> Unicode.Scalar in
            scalar.properties.isUppercase && scalar.isASCII ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
        }
        var result = String.UnicodeScalarView()
        var index = 0
        while index < scalars.count {
            let startsWord = index == 0 || !Masker.isWord(scalars[index - 1]) || !Masker.isWord(scalars[index])
            if startsWord, let (length, shown) = match(scalars, lower, at: index, patterns) {
                result.append(contentsOf: shown.unicodeScalars)
                index += length
            } else {
                result.append(scalars[index])
                index += 1
            }
        }
        return String(result)
    }

    private func match(
        _ scalars: [Unicode.Scalar], _ lower: [Unicode.Scalar], at index: Int, _ patterns: Bool
    ) -> (length: Int, shown: String)? {
        let named = knownName(lower, at: index)
        let formed = address(lower, at: index, patterns)
        // Of a name and an address that begin together the longer one is meant.
        if let formed, formed.length >= named?.length ?? 0 { return formed }
        return named.map { ($0.length, pseudonym($0.kind, Masker.string(scalars[index..<index + $0.length]))) }
    }

    private func address(
        _ lower: [Unicode.Scalar], at index: Int, _ patterns: Bool
    ) -> (length: Int, shown: String)? {
        guard lower[index].properties.isASCIIHexDigit || lower[index] == ":" else { return nil }
        if let (length, mac) = Masker.mac(lower, at: index), patterns || isKnown(.mac, mac.description) {
            return (length, show(mac))
        }
        if let (length, address) = Masker.address(lower, at: index), patterns || isKnown(.ip, address.description) {
            if let (more, bits) = Masker.prefixLength(lower, at: index + length),
                let prefix = IPPrefix(address: address, length: bits)
            {
                return (length + more, show(prefix))
            }
            return (length, show(address))
        }
        return nil
    }

    private func isKnown(_ kind: Kind, _ value: String) -> Bool { pseudonyms[kind]?[value.lowercased()] != nil }

    private func knownName(_ lower: [Unicode.Scalar], at index: Int) -> (length: Int, kind: Kind)? {
        for length in lengths[Masker.bucket(lower[index...])] ?? [] {
            let end = index + length
            guard end <= lower.count, let kind = names[Array(lower[index..<end])] else { continue }
            let endsWord = end == lower.count || !Masker.isWord(lower[end]) || !Masker.isWord(lower[end - 1])
            if endsWord { return (length, kind) }
        }
        return nil
    }

    /// ASCII letters and digits: what a name or an address must not go on with.
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "a"..."z", "A"..."Z": true
        default: false
        }
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    // MARK: Forms

    /// `00:1b:…`, `00-1b-…`, `001b.1b01.0203` or twelve digits.
    private static func mac(_ lower: [Unicode.Scalar], at index: Int) -> (Int, MACAddress)? {
        for length in [17, 14, 12] {
            let end = index + length
            guard end <= lower.count, end == lower.count || !isWord(lower[end]) else { continue }
            let part = lower[index..<end]
            let separators = part.filter { !$0.properties.isASCIIHexDigit }
            let fits =
                switch length {
                case 17:
                    separators.count == 5
                        && (separators.allSatisfy { $0 == ":" } || separators.allSatisfy { $0 == "-" })
                case 14: separators.count == 2 && separators.allSatisfy { $0 == "." }
                default: separators.isEmpty && part.contains { $0.properties.isAlphabetic }
                }
            if fits, let mac = MACAddress(string(part)) { return (length, mac) }
        }
        return nil
    }

    private static func address(_ lower: [Unicode.Scalar], at index: Int) -> (Int, IPAddress)? {
        var end = index
        while end < lower.count, end - index < 46,
            lower[end].properties.isASCIIHexDigit || lower[end] == ":" || lower[end] == "."
        {
            end += 1
        }
        while end > index {
            let rest = end == lower.count || !isWord(lower[end])
            let text = string(lower[index..<end])
            // "a::" and "::" are more often punctuation than addresses.
            if rest, text.utf8.count > 3, let address = IPAddress(text) { return (end - index, address) }
            end -= 1
        }
        return nil
    }

    private static func prefixLength(_ lower: [Unicode.Scalar], at index: Int) -> (Int, Int)? {
        guard index < lower.count, lower[index] == "/" else { return nil }
        let digits = lower[(index + 1)...].prefix(4).prefix { "0"..."9" ~= $0 }
        guard (1...3).contains(digits.count), let bits = Int(string(digits)) else { return nil }
        return (1 + digits.count, bits)
    }
}

extension String {
    package var trimmed: String {
        var view = Substring(self)
        while view.first?.isWhitespace == true { view.removeFirst() }
        while view.last?.isWhitespace == true { view.removeLast() }
        return String(view)
    }
}

extension Report {
    /// Teaches the masker every name of the store, in a fixed order, so that the same store gives the same pseudonyms.
    func learnSecrets(_ store: Store, _ decisions: [Decision]) throws {
        for asset in assets {
            for address in asset.addresses { _ = masker.show(address) }
            for mac in asset.macs { _ = masker.show(mac) }
            if let hostname = asset.hostname { masker.learn(hostname.visible, as: .host) }
        }
        for segment in segments { if let prefix = segment.prefix { _ = masker.show(prefix) } }
        let kinds: [Attribute: Masker.Kind] = [
            .ssid: .ssid, .user: .user, .name: .host, .domain: .host, .serverName: .host, .certificateName: .host,
            .objectName: .host, .url: .host,
        ]
        for (attribute, value) in try store.observedValues(of: Set(kinds.keys)) {
            guard let kind = kinds[attribute] else { continue }
            for name in Report.spellings(value, of: kind) { masker.learn(name, as: kind) }
        }
        for session in sessions {
            for end in [session.client, session.server] {
                if let address = end.ip { _ = masker.show(address) }
                if let mac = end.mac { _ = masker.show(mac) }
            }
            if let user = session.user {
                for name in Report.spellings(user, of: .user) { masker.learn(name, as: .user) }
            }
        }
        for entry in ledger ?? [] {
            masker.learn(entry.hostname, as: .host)
            masker.learn(entry.name, as: .host)
            masker.learn(entry.owner, as: .user)
            for address in entry.addresses { _ = masker.show(address) }
            for mac in entry.macs { _ = masker.show(mac) }
        }
        for note in notes.values.sorted(by: { $0.time < $1.time }) { masker.learn(note.owner, as: .user) }
        for edition in editions { masker.learn(edition.reviewer, as: .user) }
        for decision in decisions { masker.learn(decision.reviewer, as: .user) }
        for finding in findings { _ = say(finding.title) + say(finding.text) }
        for exhibit in exhibits { _ = say(exhibit.title) + masker.text(exhibit.displayFilter) }
    }

    /// A name and the parts of it that tell as much: the account without its domain, the host of a URL.
    private static func spellings(_ value: WireText, of kind: Masker.Kind) -> [String] {
        let whole = value.visible
        switch kind {
        case .user:
            return [whole] + whole.split(whereSeparator: { "\\@/".contains($0) }).map(String.init)
        case .host where whole.contains("://"):
            let host = whole.drop { $0 != ":" }.dropFirst(3).prefix { !"/:?#".contains($0) }
            return [String(host)]
        case .host where whole.contains(".") && IPAddress(whole) == nil:
            return [whole] + (whole.split(separator: ".").first.map { [String($0)] } ?? [])
        default: return [whole]
        }
    }
}
