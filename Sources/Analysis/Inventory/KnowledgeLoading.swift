package import Model
import Signatures
import Synchronization

extension Knowledge {
    /// What the binary carries, with the user's own over it.
    ///
    /// - Parameters:
    ///   - folder: Signature files that add to the carried ones and replace those of the same id.
    ///   - file: A list of MAC address blocks (`oui.csv`, `oui.txt` or `manuf`), asked before the carried registry.
    ///   - ownPrefixes: Public address blocks that are the plant's own.
    /// - Throws: `FileError`, naming file, place and what was expected.
    package static func load(
        signatures folder: String? = nil, oui file: String? = nil, ownPrefixes: [IPPrefix] = []
    ) throws -> Knowledge {
        let registry = VendorRegistry(own: try file.map { path in try VendorList(path: path) })
        // The carried catalogue is read when first asked: whoever never asks does not wait for it.
        let catalogue = try folder.map { try Catalogue.load(folder: $0) }
        let memory = AssertionMemory()
        return Knowledge(
            vendor: { registry.vendor(of: $0) },
            assertions: { attribute, value in
                let catalogue = catalogue ?? .embedded
                guard catalogue.looks(at: attribute) else { return [] }
                return memory.recall(attribute, value) { assertions(of: catalogue, attribute, value) }
            }, ownPrefixes: ownPrefixes)
    }

    private static func assertions(of catalogue: Catalogue, _ attribute: Attribute, _ value: String) -> [Assertion] {
        catalogue.findings(on: value, of: attribute).map {
            Assertion(attribute: $0.attribute, value: $0.value, confidence: $0.confidence, source: $0.signature)
        }
    }
}

/// What was asserted of values before: thousands of devices say the same few things.
private final class AssertionMemory: Sendable {
    private struct Question: Hashable {
        var attribute: Attribute
        var value: String
    }

    /// Values that are remembered; those that come later are looked up each time.
    private static let limit = 20_000
    private let answers = Mutex<[Question: [Knowledge.Assertion]]>([:])

    func recall(
        _ attribute: Attribute, _ value: String, _ find: () -> [Knowledge.Assertion]
    ) -> [Knowledge.Assertion] {
        let question = Question(attribute: attribute, value: value)
        if let known = answers.withLock({ $0[question] }) { return known }
        let found = find()
        answers.withLock { if $0.count < AssertionMemory.limit { $0[question] = found } }
        return found
    }
}
