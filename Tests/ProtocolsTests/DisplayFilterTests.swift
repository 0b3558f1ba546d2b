import Foundation
import Protocols
import Testing

/// The display filters that findings and lists hand to Wireshark, against the Wireshark that is installed.
@Suite struct DisplayFilterTests {
    /// Dissectors that came to Wireshark after 4.0: an older one cannot know their names.
    private static let newer: Set<String> = ["dlms", "trdp"]

    private static var tshark: URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
            .map { URL(fileURLWithPath: String($0)).appendingPathComponent("tshark") }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    /// What tshark says against a filter; nil when it takes it.
    private static func complaint(_ filter: String, _ program: URL, _ capture: URL) throws -> String? {
        let process = Process()
        let errors = Pipe()
        process.executableURL = program
        process.arguments = ["-r", capture.path, "-Y", filter]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? nil : text
    }

    @Test func wiresharkTakesEveryFilter() throws {
        guard let program = DisplayFilterTests.tshark else {
            print("display filters: skipped, tshark is not installed")
            return
        }
        let capture = FileManager.default.temporaryDirectory
            .appendingPathComponent("display-filters-\(ProcessInfo.processInfo.processIdentifier).pcap")
        defer { try? FileManager.default.removeItem(at: capture) }
        // The header of a capture without frames.
        try Data(hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000")).write(to: capture)
        #expect(try DisplayFilterTests.complaint("no_such_protocol", program, capture) != nil)
        let filters = Set(ProtocolRegistry.all.compactMap(\.description.displayFilter)).subtracting(
            DisplayFilterTests.newer)
        #expect(filters.count > 100)
        let all = filters.sorted().map { "(\($0))" }.joined(separator: " || ")
        guard try DisplayFilterTests.complaint(all, program, capture) != nil else { return }
        for filter in filters.sorted() {
            let complaint = try DisplayFilterTests.complaint(filter, program, capture)
            #expect(complaint == nil, "\(filter)")
        }
    }
}
