package import Model
import Signatures

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
        let find: @Sendable (Attribute, String) -> [Assertion]
        if folder == nil {
            // Read when first asked: whoever never asks does not wait for it.
            find = { attribute, value in assertions(of: .embedded, attribute, value) }
        } else {
            let catalogue = try Catalogue.load(folder: folder)
            find = { attribute, value in assertions(of: catalogue, attribute, value) }
        }
        return Knowledge(vendor: { registry.vendor(of: $0) }, assertions: find, ownPrefixes: ownPrefixes)
    }

    private static func assertions(of catalogue: Catalogue, _ attribute: Attribute, _ value: String) -> [Assertion] {
        catalogue.findings(on: value, of: attribute).map {
            Assertion(attribute: $0.attribute, value: $0.value, confidence: $0.confidence, source: $0.signature)
        }
    }
}
