import Foundation

/// JSON as scripts read it: keys in snake_case and in the same order every time.
enum JSONText {
    static func document(_ value: some Encodable) throws -> String {
        let encoder = encoder([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    /// Writes values on one line each.
    struct Lines {
        private let encoder = JSONText.encoder([.sortedKeys, .withoutEscapingSlashes])

        func line(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
    }

    private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return encoder
    }
}
