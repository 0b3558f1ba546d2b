/// One value of a document that was read, with its place; YAML and JSON both end here.
package struct DocumentNode {
    /// Bounds on any document.
    package enum Limits {
        /// Levels of lists and mappings within each other.
        package static let depth = 24
        /// Values of all kinds together.
        package static let nodes = 100_000
    }

    /// Line and column, from 1.
    package struct Place: Hashable {
        package var line: Int
        package var column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }
    }

    package enum Value {
        case null
        /// A text, number or truth value as written.
        case scalar(String)
        case list([DocumentNode])
        case mapping([Entry])

        package var kind: String {
            switch self {
            case .null: "nothing"
            case .scalar: "a text"
            case .list: "a list"
            case .mapping: "a mapping"
            }
        }
    }

    package struct Entry {
        package let key: String
        package let place: Place
        package let value: DocumentNode
    }

    package let value: Value
    package let place: Place

    /// Reads the document in whichever format it is written.
    package static func read(_ file: FileText) throws(FileError) -> DocumentNode {
        switch file.format {
        case .yaml: try YAMLReader.read(file)
        case .json: try JSONReader.read(file)
        }
    }
}
