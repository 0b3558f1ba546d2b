package import Documents
import Embedded
import Foundation

extension Catalogue {
    /// Folders below the top that hold something else than signatures.
    private static let otherFolders: Set<String> = ["checklist", "policy"]

    /// The catalogue that the binary carries. A test reads it; should it be broken all the same, nothing is known.
    package static let embedded: Catalogue = (try? Catalogue(files: embeddedFiles())) ?? Catalogue(signatures: [])

    /// The carried catalogue with a folder's signatures over it: one with the id of a carried one takes its place, so
    /// one with `status: retired` switches it off.
    package static func load(folder: String?) throws(FileError) -> Catalogue {
        guard let folder else { return embedded }
        let own = try signatures(in: files(folder: folder))
        let ids = Set(own.map(\.id))
        return Catalogue(signatures: embedded.signatures.filter { !ids.contains($0.id) } + own)
    }

    /// A catalogue of these files alone.
    package init(files: [FileText]) throws(FileError) {
        self.init(signatures: try Catalogue.signatures(in: files))
    }

    /// The signatures of all files; an id that comes twice is refused.
    package static func signatures(in files: [FileText]) throws(FileError) -> [Signature] {
        var places: [String: Signature] = [:]
        var signatures: [Signature] = []
        for file in files {
            for signature in try SignatureFile.read(file) {
                if let first = places[signature.id] {
                    throw FileError(
                        file: signature.file, line: signature.line,
                        problem:
                            "expected each id once, found \(signature.id) again (first in \(first.file):\(first.line))")
                }
                places[signature.id] = signature
                signatures.append(signature)
            }
        }
        return signatures
    }

    /// The texts of the carried signature files.
    package static func embeddedFiles() throws(FileError) -> [FileText] {
        var files: [FileText] = []
        for name in EmbeddedArchive.names(under: "Signatures") {
            let parts = name.split(separator: "/")
            guard parts.count > 2, !otherFolders.contains(String(parts[1])), isSignatureFile(name),
                let bytes = EmbeddedArchive.bytes(named: name)
            else { continue }
            files.append(try FileText(name: name, bytes: bytes))
        }
        return files
    }

    /// Bounds on a folder of signatures.
    private enum Limits {
        static let files = 2000
        static let depth = 6
    }

    /// All signature files (`.yaml`, `.yml`, `.json`) below a folder, by name. The folders `checklist` and `policy` at
    /// its top hold something else and are passed over, as are names that begin with a dot.
    package static func files(folder: String) throws(FileError) -> [FileText] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw FileError(file: folder, problem: "expected a folder of signature files, found none")
        }
        var paths: [String] = []
        try collect(folder, depth: 1, &paths)
        var files: [FileText] = []
        for path in paths.sorted() { files.append(try FileText(path: path)) }
        return files
    }

    private static func collect(_ folder: String, depth: Int, _ paths: inout [String]) throws(FileError) {
        guard depth <= Limits.depth else {
            throw FileError(file: folder, problem: "expected at most \(Limits.depth) folders within each other")
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw FileError(file: folder, problem: "cannot be read: \(error.localizedDescription)")
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                if depth > 1 || !otherFolders.contains(name) { try collect(path, depth: depth + 1, &paths) }
            } else if isSignatureFile(name) {
                guard paths.count < Limits.files else {
                    throw FileError(file: folder, problem: "expected at most \(Limits.files) signature files")
                }
                paths.append(path)
            }
        }
    }

    private static func isSignatureFile(_ name: String) -> Bool {
        [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
    }
}
