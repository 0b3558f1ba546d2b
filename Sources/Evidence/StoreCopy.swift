import Foundation
import GRDB
import Glibc

extension Store {
    /// Writes a copy as one file, as the store is at one moment, however many programs are writing. Readable by its owner only.
    package func copy(to path: String) throws(StoreError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError("\(path): cannot be created: \(String(cString: strerror(errno)))")
        }
        _ = close(descriptor)
        do {
            // Into a file that is there and empty; what was deleted earlier is not taken along.
            try queue.inDatabase { database in try database.execute(sql: "VACUUM INTO ?", arguments: [path]) }
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw StoreError(path, error)
        }
    }
}
