import CLinux
package import Confinement
import Foundation
import Glibc

/// The process that reads what hostile devices sent, and that which derives from it, may touch the store and nothing else.
package enum AnalyserConfinement {
    /// Gives up the user where it is root, every capability, and every file but the store and its folder.
    ///
    /// - Returns: how far that went.
    package static func enter(store path: String) throws -> Confinement {
        let folder = folder(of: path)
        if geteuid() == 0, let owner = owner(of: path, in: folder), owner.user != 0 {
            linux_lower_bounding_set()
            let result = linux_become(owner.user, owner.group)
            guard result == 0 else {
                throw ConfinementError(step: "become user \(owner.user)", code: -result)
            }
        }
        return try Confinement.confineAnalyser(
            writable: [folder], readable: ["/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom"])
    }

    /// The folder in which SQLite keeps the store and its journal.
    package static func folder(of path: String) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return folder.isEmpty ? "." : folder
    }

    /// Whose the store is, or will be: its owner's, else its folder's unless that is everybody's.
    package static func owner(of path: String, in folder: String) -> (user: UInt32, group: UInt32)? {
        var status = stat()
        if stat(path, &status) == 0 { return (status.st_uid, status.st_gid) }
        guard stat(folder, &status) == 0, status.st_mode & S_IWOTH == 0 else { return nil }
        return (status.st_uid, status.st_gid)
    }
}
