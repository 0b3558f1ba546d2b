import CLinux
import Glibc

/// How far a process gave up what it does not need.
package struct Confinement: Sendable, Hashable {
    /// The version of Landlock in force; 0 where the kernel has none.
    package var landlock: Int
    /// True when a system call filter is in force.
    package var hasFilter: Bool

    /// For the collector: gives up the user, where it is root, and every capability. What is opened after this is opened
    /// without privilege.
    package static func dropPrivileges(user: UInt32, group: UInt32) throws(ConfinementError) {
        linux_lower_bounding_set()
        if geteuid() == 0 { try check(linux_become(user, group), "become user \(user)") }
        try check(linux_drop_capabilities(), "give up capabilities")
        try check(linux_no_new_privileges(), "forbid new privileges")
        try check(linux_limit_resources(1), "forbid core dumps and processes")
    }

    /// For the collector, once everything is open: no file at all, and only the calls that receiving and writing on need.
    ///
    /// - Parameters:
    ///   - socket: the capturing socket, which can be read through its ring only.
    ///   - stream, log: the only descriptors that can be written to.
    ///   - control: the only one that can be read from its present place.
    ///   - counters: files that can be read at a place.
    package static func confineCollector(
        socket: Int32, stream: Int32, log: Int32, control: Int32, counters: [Int32]
    ) throws(ConfinementError) -> Confinement {
        let landlock = linux_landlock_restrict(nil, 0, nil, 0)
        try check(landlock, "close the file system off (Landlock)")
        try check(
            linux_filter_collector(socket, stream, log, control, counters, counters.count),
            "filter system calls (seccomp)")
        return Confinement(landlock: Int(landlock), hasFilter: true)
    }

    /// For the analyser: no capability, no new privileges; files only where named; no sockets and no other program.
    ///
    /// - Parameters:
    ///   - writable: folders in which files may be made, changed and removed.
    ///   - readable: files and folders that may be read.
    package static func confineAnalyser(
        writable: [String], readable: [String]
    ) throws(ConfinementError) -> Confinement {
        linux_lower_bounding_set()
        try check(linux_drop_capabilities(), "give up capabilities")
        try check(linux_no_new_privileges(), "forbid new privileges")
        try check(linux_limit_resources(0), "forbid core dumps")
        let landlock = withPaths(readable) { readable, readableCount in
            withPaths(writable) { writable, writableCount in
                linux_landlock_restrict(readable, readableCount, writable, writableCount)
            }
        }
        try check(landlock, "close the file system off (Landlock)")
        try check(linux_filter_analyser(), "filter system calls (seccomp)")
        return Confinement(landlock: Int(landlock), hasFilter: true)
    }

    private static func withPaths<Result>(
        _ paths: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?, Int) -> Result
    ) -> Result {
        let copies = paths.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return copies.map { UnsafePointer($0) }.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }

    static func check(_ result: Int32, _ step: String) throws(ConfinementError) {
        guard result < 0 else { return }
        throw ConfinementError(step: step, code: -result)
    }
}

/// A step of giving up privileges that the kernel refused. Whoever meets it must not go on.
package struct ConfinementError: Error, CustomStringConvertible {
    let step: String
    let code: Int32

    /// - Parameter code: errno.
    package init(step: String, code: Int32) {
        self.step = step
        self.code = code
    }

    package var description: String { "cannot \(step): \(String(cString: strerror(code)))" }
}
