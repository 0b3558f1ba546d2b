import GRDB
package import Model

/// Which conversations are wanted, and in which order.
package struct ConversationFilter: Hashable, Sendable {
    package enum Order: String, Hashable, Sendable, CaseIterable {
        case bytes, first, last
    }

    /// Addresses of either end, any of them; empty for all.
    package var ends: [String] = []
    /// Part of an address of either end, or of the service's name; empty for all.
    package var text = ""
    /// Registry name of the service; empty for all.
    package var service = ""
    package var order = Order.bytes

    package init() {}

    fileprivate var condition: (sql: String, arguments: StatementArguments) {
        var parts: [String] = []
        var arguments = StatementArguments()
        if !ends.isEmpty {
            let marks = [String](repeating: "?", count: ends.count).joined(separator: ", ")
            parts.append(
                "(client_ip IN (\(marks)) OR server_ip IN (\(marks)) OR client_mac IN (\(marks)) OR server_mac IN (\(marks)))"
            )
            for _ in 0..<4 { arguments += StatementArguments(ends) }
        }
        if !text.isEmpty {
            parts.append(
                "(instr(client_ip, ?) OR instr(server_ip, ?) OR instr(client_mac, ?) OR instr(server_mac, ?) OR instr(service, ?))"
            )
            arguments += StatementArguments([String](repeating: text.lowercased(), count: 5))
        }
        if !service.isEmpty {
            parts.append("service = ?")
            arguments += [service]
        }
        return (parts.isEmpty ? "1" : parts.joined(separator: " AND "), arguments)
    }

    fileprivate var ordering: String {
        switch order {
        case .bytes: "client_bytes + server_bytes DESC, rowid"
        case .first: "first_ns, rowid"
        case .last: "last_ns DESC, rowid"
        }
    }
}

extension Store {
    /// The conversations of one page.
    package func conversations(
        _ filter: ConversationFilter, limit: Int, offset: Int
    ) throws(StoreError) -> [Conversation] {
        let (sql, arguments) = filter.condition
        return try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT conversation.* FROM (SELECT rowid AS id FROM conversation WHERE \(sql)
                    ORDER BY \(filter.ordering) LIMIT ? OFFSET ?) JOIN conversation ON conversation.rowid = id
                    """, arguments: arguments + [limit, offset]
            ).compactMap { try Store.conversation($0, $0["capture_id"]) }
        }
    }

    package func conversationCount(_ filter: ConversationFilter) throws(StoreError) -> Int {
        let (sql, arguments) = filter.condition
        return try read {
            try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM conversation WHERE \(sql)", arguments: arguments) ?? 0
        }
    }

    /// Every service that a conversation was recognised as, with how many, the most first.
    package func conversationServices() throws(StoreError) -> [(name: String, count: Int)] {
        try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT service, COUNT(*) AS count FROM conversation WHERE service IS NOT NULL
                    GROUP BY service ORDER BY count DESC, service
                    """
            ).map { ($0["service"], $0["count"]) }
        }
    }
}
