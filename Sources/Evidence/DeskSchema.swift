import GRDB

/// Tables of the assessor's desk: what people note beside their decisions.
enum DeskSchema {
    static func register(_ migrator: inout DatabaseMigrator) {
        migrator.registerMigration("2 desk") { database in
            try database.execute(
                sql: """
                    -- Append-only like decisions: ids are hashes over the content and the id before, per store and reviewer.
                    CREATE TABLE audit (
                        sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,
                        subject TEXT NOT NULL, reviewer TEXT NOT NULL, previous TEXT NOT NULL, store TEXT NOT NULL,
                        document TEXT NOT NULL);
                    CREATE INDEX audit_kind ON audit(kind);
                    CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
                        BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END;
                    CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit
                        BEGIN SELECT RAISE(ABORT, 'audit entries are only ever added'); END;

                    -- Documents shown to the assessor, by the hash of their content.
                    CREATE TABLE attachment (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID;

                    -- Forms begun and not sent: no decisions, replaced and dropped at will.
                    CREATE TABLE draft (item TEXT PRIMARY KEY, document TEXT NOT NULL) WITHOUT ROWID;
                    """)
        }
    }
}
