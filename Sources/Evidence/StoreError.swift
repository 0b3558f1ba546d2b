import GRDB

/// Why a store could not be used: one line that names the file, what is wrong and what to do.
package struct StoreError: Error, CustomStringConvertible {
    package let description: String
    init(_ description: String) { self.description = description }

    /// From whatever the work on the store at `path` threw.
    init(_ path: String, _ error: any Error) {
        switch error {
        case let error as StoreError: self = error
        case let problem as StoreProblem: description = "\(path): \(problem.rawValue)"
        case let error as DatabaseError: description = "\(path): \(StoreError.text(error))"
        case is DecodingError:
            description = "\(path): a row does not hold what it should; it was changed by another program or version"
        default: description = "\(path): \(error)"
        }
    }

    private static func text(_ error: DatabaseError) -> String {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            "in use by another program; try again when that has ended"
        case .SQLITE_FULL:
            "the disk is full; nothing of this step was recorded, what was there before is intact"
        case .SQLITE_IOERR:
            "cannot be read or written (\(error.extendedResultCode)); the disk may be full or failing. Nothing of this step was recorded"
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            "damaged: SQLite cannot read it (\(error.message ?? "\(error.resultCode)")); take a copy from a backup"
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM:
            "cannot be opened for writing; check that file and folder are writable (SQLite keeps two files beside it)"
        case .SQLITE_CONSTRAINT: "refused: \(error.message ?? "a rule of the store")"
        default: error.message ?? "\(error.resultCode)"
        }
    }
}

/// What an SQLite file can be instead of a store that can be used.
enum StoreProblem: String, Error {
    case foreign = "an SQLite file, but not a store made by otscan"
    case newer = "made by a newer version of otscan; use that version"
}
