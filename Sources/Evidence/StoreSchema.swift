import GRDB

/// Tables and how they came about. A migration is never changed once it has shipped, and knows no types of the program.
enum StoreSchema {
    private static let first = "1 store"
    private static let second = "2 live capture"
    /// "otsc": says in an SQLite file's header whose it is (sqlite.org, PRAGMA application_id).
    static let applicationID = 0x6f74_7363

    /// Refuses what is no store of this or an earlier version, and brings an earlier one up to date.
    static func prepare(_ queue: DatabaseQueue) throws {
        // One read, so that another program that makes the store at this moment is seen before or after, not between.
        try queue.read { database in
            let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
            // The migrator's own table comes first, before anything says whose the file is.
            let isEmpty =
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") == 0
            guard id == applicationID || isEmpty else { throw StoreProblem.foreign }
            if try !isEmpty && migrator.hasBeenSuperseded(database) { throw StoreProblem.newer }
        }
        try queue.inDatabase { database in
            guard try String.fetchOne(database, sql: "PRAGMA journal_mode") == "delete" else { return }
            do {
                try database.execute(sql: "PRAGMA journal_mode = WAL")
            } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
                // SQLite does not wait here, since it already reads. Who has the store open at this moment changes the
                // journal when done; until then the one there is will do.
            }
        }
        do {
            try migrator.migrate(queue)
        } catch {
            // Another program may have made or updated the store in the meantime.
            guard try queue.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration(first) { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(
                sql: """
                    CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
                    -- Tells this store's chains of decisions from those that a merge brings.
                    INSERT INTO fact VALUES ('store_id', lower(hex(randomblob(16))));

                    -- One row per capture segment; sha256 is over its uncompressed stream.
                    CREATE TABLE capture (
                        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, frames INTEGER NOT NULL,
                        first_ns INTEGER NOT NULL, last_ns INTEGER NOT NULL, document TEXT NOT NULL);

                    CREATE TABLE conversation (
                        capture_id INTEGER NOT NULL REFERENCES capture(id) ON DELETE CASCADE,
                        transport INTEGER NOT NULL, code INTEGER NOT NULL, vlan INTEGER NOT NULL,
                        client_ip TEXT, client_mac TEXT, client_port INTEGER NOT NULL,
                        server_ip TEXT, server_mac TEXT, server_port INTEGER NOT NULL, service TEXT,
                        client_frames INTEGER NOT NULL, client_bytes INTEGER NOT NULL, client_payload INTEGER NOT NULL,
                        server_frames INTEGER NOT NULL, server_bytes INTEGER NOT NULL, server_payload INTEGER NOT NULL,
                        first_frame INTEGER NOT NULL, first_ns INTEGER NOT NULL, last_frame INTEGER NOT NULL, last_ns INTEGER NOT NULL,
                        opening_seen INTEGER NOT NULL, symmetric INTEGER NOT NULL, client_flags INTEGER NOT NULL,
                        server_flags INTEGER NOT NULL, client_ttl INTEGER NOT NULL, server_ttl INTEGER NOT NULL,
                        key TEXT, messages TEXT);
                    CREATE INDEX conversation_capture ON conversation(capture_id);

                    -- id is the first half of the SHA-256 of the canonical content: the same fact has the same id everywhere.
                    CREATE TABLE observation (
                        id BLOB PRIMARY KEY, subject TEXT NOT NULL, attribute TEXT NOT NULL, value TEXT NOT NULL, source TEXT NOT NULL,
                        confidence INTEGER NOT NULL) WITHOUT ROWID;
                    -- Nothing leads from an observation to its sightings but the captures, which are few: no index does either.
                    CREATE TABLE sighting (
                        observation_id BLOB NOT NULL,
                        capture_id INTEGER NOT NULL REFERENCES capture(id) ON DELETE CASCADE,
                        first_frame INTEGER NOT NULL, first_ns INTEGER NOT NULL, last_frame INTEGER NOT NULL, last_ns INTEGER NOT NULL,
                        count INTEGER NOT NULL, PRIMARY KEY (capture_id, observation_id)) WITHOUT ROWID;

                    -- Derived: made anew at each analysis.
                    CREATE TABLE derived (kind TEXT NOT NULL, position INTEGER NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
                        PRIMARY KEY (kind, position)) WITHOUT ROWID;
                    CREATE VIEW asset AS SELECT id, json_extract(document, '$.name') AS name,
                        json_extract(document, '$.vendor') AS vendor, json_extract(document, '$.model') AS model,
                        json_extract(document, '$.roles[0].role') AS role, document FROM derived WHERE kind = 'asset';
                    CREATE VIEW segment AS SELECT id, document FROM derived WHERE kind = 'segment';
                    CREATE VIEW finding AS SELECT id, json_extract(document, '$.severity') AS severity,
                        json_extract(document, '$.title.en') AS title, document FROM derived WHERE kind = 'finding';
                    CREATE VIEW exhibit AS SELECT id, document FROM derived WHERE kind = 'exhibit';
                    CREATE VIEW proposal AS SELECT id AS item, document FROM derived WHERE kind = 'proposal';

                    CREATE TABLE kept_frame (
                        capture_id INTEGER NOT NULL, frame INTEGER NOT NULL, time_ns INTEGER NOT NULL, link_type INTEGER NOT NULL,
                        original_length INTEGER NOT NULL, bytes BLOB NOT NULL, redacted INTEGER NOT NULL,
                        sha256_original TEXT NOT NULL, sha256_kept TEXT NOT NULL, PRIMARY KEY (capture_id, frame)) WITHOUT ROWID;

                    CREATE TABLE ledger_entry (position INTEGER PRIMARY KEY, document TEXT NOT NULL);

                    -- Append-only: ids are hashes over the content and the id before, per store and reviewer.
                    CREATE TABLE decision (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, item TEXT NOT NULL, reviewer TEXT NOT NULL,
                        previous TEXT NOT NULL, store TEXT NOT NULL, document TEXT NOT NULL);
                    CREATE TRIGGER decision_is_never_changed BEFORE UPDATE ON decision
                        BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
                    CREATE TRIGGER decision_is_never_deleted BEFORE DELETE ON decision
                        BEGIN SELECT RAISE(ABORT, 'decisions are only ever added'); END;
                    """)
        }
        DeskSchema.register(&migrator)
        migrator.registerMigration(second) { database in
            try database.execute(
                sql: """
                    -- Times in which nobody watched though a capture was meant to.
                    CREATE TABLE gap (
                        start_ns INTEGER NOT NULL, interface TEXT NOT NULL, reason TEXT NOT NULL, end_ns INTEGER NOT NULL,
                        PRIMARY KEY (start_ns, interface, reason)) WITHOUT ROWID;
                    """)
        }
        return migrator
    }
}
