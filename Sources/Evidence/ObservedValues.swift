import GRDB
package import Model

extension Store {
    /// Every value that was observed of these attributes, each once, by attribute and value.
    package func observedValues(of attributes: Set<Attribute>) throws(StoreError) -> [(Attribute, WireText)] {
        let names = attributes.map(\.rawValue).sorted()
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT attribute, value FROM observation
                    WHERE attribute IN (\([String](repeating: "?", count: names.count).joined(separator: ", ")))
                    ORDER BY attribute, value
                    """, arguments: StatementArguments(names)
            ).map { (Attribute(rawValue: $0["attribute"]), WireText($0["value"] as String)) }
        }
    }
}
