import Documents
package import Model

/// All signatures, indexed so that a value of an attribute finds the few that may speak of it.
package struct Catalogue: Sendable {
    /// What a signature says of the bearer of a value.
    package struct Finding: Hashable, Sendable {
        package let attribute: Attribute
        package let value: String
        package let confidence: Confidence
        /// Id of the signature.
        package let signature: String
    }

    /// In the order of their ids.
    package let signatures: [Signature]
    private let indexes: [Attribute: Index]

    /// The signatures that look at one attribute, by number.
    private struct Index {
        /// By the whole value, in lower case.
        var equal: [String: [Int]] = [:]
        /// By domain name.
        var domains: [String: [Int]] = [:]
        /// By the first four bytes of what the value begins with; shorter beginnings are in `others`.
        var beginnings: [UInt32: [Int]] = [:]
        /// Those that must be tried on every value.
        var others: [Int] = []

        mutating func add(_ matcher: Matcher, _ number: Int) {
            switch matcher {
            case .equals(let texts): for text in texts { equal[text, default: []].append(number) }
            case .domain(let names): for name in names { domains[name, default: []].append(number) }
            case .begins(let texts):
                let heads = texts.map(Catalogue.head)
                if heads.contains(nil) {
                    others.append(number)
                } else {
                    for head in Set(heads.compactMap(\.self)) { beginnings[head, default: []].append(number) }
                }
            case .words, .pattern: others.append(number)
            }
        }
    }

    /// Signatures of one id must not come twice; see `CatalogueSource`, which refuses them.
    init(signatures: [Signature]) {
        self.signatures = signatures.sorted { $0.id < $1.id }
        var indexes: [Attribute: Index] = [:]
        for (number, signature) in self.signatures.enumerated() where signature.status != .retired {
            for attribute in signature.attributes {
                var index = indexes.removeValue(forKey: attribute) ?? Index()
                index.add(signature.matcher, number)
                indexes[attribute] = index
            }
        }
        self.indexes = indexes
    }

    /// True when some signature looks at values of this attribute.
    package func looks(at attribute: Attribute) -> Bool { indexes[attribute] != nil }

    /// What all signatures together say of a bearer of `value`, in the order of their ids.
    package func findings(on value: String, of attribute: Attribute) -> [Finding] {
        guard let index = indexes[attribute], !value.isEmpty else { return [] }
        let lower = value.asciiLowered
        var numbers = index.others
        if let equal = index.equal[lower] { numbers += equal }
        if let head = Catalogue.head(lower), let begin = index.beginnings[head] { numbers += begin }
        if !index.domains.isEmpty { numbers += Catalogue.domains(of: lower, in: index.domains) }
        guard !numbers.isEmpty else { return [] }
        var findings: [Finding] = []
        for number in Set(numbers).sorted() {
            let signature = signatures[number]
            for assertion in signature.assertions(on: value) ?? [] {
                findings.append(
                    Finding(
                        attribute: assertion.attribute, value: assertion.value, confidence: signature.confidence,
                        signature: signature.id))
            }
        }
        return findings
    }

    /// The first four bytes of a text as one number.
    private static func head(_ text: String) -> UInt32? {
        var head: UInt32 = 0
        var count = 0
        for byte in text.utf8.prefix(4) {
            head = head << 8 | UInt32(byte)
            count += 1
        }
        return count == 4 ? head : nil
    }

    /// Signatures of the name itself and of every domain above it.
    private static func domains(of name: String, in index: [String: [Int]]) -> [Int] {
        var found: [Int] = []
        var rest = name[...]
        if rest.last == "." { rest.removeLast() }
        var labels = 0
        while !rest.isEmpty, labels < 16 {
            if let numbers = index[String(rest)] { found += numbers }
            guard let dot = rest.firstIndex(of: ".") else { break }
            rest = rest[rest.index(after: dot)...]
            labels += 1
        }
        return found
    }
}
