/// One value of a document that was read, with its place; YAML and JSON both end here.
struct DocumentNode {
    /// Bounds on any document.
    enum Limits {
        /// Levels of lists and mappings within each other.
        static let depth = 24
        /// Values of all kinds together.
        static let nodes = 100_000
    }

    /// Line and column, from 1.
    struct Place: Hashable {
        var line: Int
        var column: Int
    }

    enum Value {
        case null
        /// A text, number or truth value as written.
        case scalar(String)
        case list([DocumentNode])
        case mapping([Entry])

        var kind: String {
            switch self {
            case .null: "nothing"
            case .scalar: "a text"
            case .list: "a list"
            case .mapping: "a mapping"
            }
        }
    }

    struct Entry {
        let key: String
        let place: Place
        let value: DocumentNode
    }

    let value: Value
    let place: Place

    /// Reads the document in whichever format it is written.
    static func read(_ file: FileText) throws(FileError) -> DocumentNode {
        switch file.format {
        case .yaml: try YAMLReader.read(file)
        case .json: try JSONReader.read(file)
        }
    }
}
