import Documents
import Foundation
import Glibc

/// Settings of `capture` from files and from the environment, turned into the arguments that say the same: what comes later
/// wins, so they go before what was typed.
///
/// From weak to strong: `/etc/otscan/otscan.yaml`, `./otscan.yaml`, `--config FILE`, the environment, the command line.
enum Settings {
    private enum Kind {
        case value
        case list
        /// A flag that is given when the setting has this value.
        case flag(when: Bool, String)
    }

    /// Keys as files name them; `OTSCAN_` and the key in upper-case is the variable.
    private static let keys: [(key: String, option: String, kind: Kind)] = [
        ("interface", "--interface", .value), ("output", "--output", .value), ("write", "--write", .value),
        ("file_size", "--file-size", .value), ("file_seconds", "--file-seconds", .value),
        ("file_count", "--file-count", .value), ("duration", "--duration", .value),
        ("snap_length", "--snap-length", .value), ("buffer_size", "--buffer-size", .value),
        ("promiscuous", "", .flag(when: false, "--no-promiscuous")), ("link_type", "--link-type", .value),
        ("filter", "--standing-filter", .value), ("user", "--user", .value), ("backlog", "--backlog", .value),
        ("plant", "--plant", .value), ("oui", "--oui", .value), ("signatures", "--signatures", .value),
        ("own", "--own", .list), ("language", "--lang", .value), ("quiet", "", .flag(when: true, "--quiet")),
    ]

    /// The arguments with what files and environment say put after the command's name.
    static func applied(to arguments: [String], environment: [String: String]) throws -> [String] {
        guard let command = arguments.first, command == "capture" else { return arguments }
        let typed = Array(arguments.dropFirst())
        var standing: [String] = []
        for path in ["/etc/otscan/otscan.yaml", "otscan.yaml"] where access(path, F_OK) == 0 {
            standing += try read(path)
        }
        if let path = configured(typed) { standing += try read(path) }
        for (key, option, kind) in keys {
            guard let text = environment["OTSCAN_" + key.uppercased()], !text.isEmpty else { continue }
            let parts = if case .list = kind { text.split(separator: " ").map(String.init) } else { [text] }
            standing += try Settings.arguments(key, option, kind, parts) {
                CommandError("OTSCAN_\(key.uppercased()): expected true or false, found \(FileError.quoted($0))")
            }
        }
        return [command] + standing + typed
    }

    private static func configured(_ arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--config", index + 1 < arguments.count { return arguments[index + 1] }
            if argument.hasPrefix("--config=") { return String(argument.dropFirst("--config=".count)) }
        }
        return nil
    }

    private static func read(_ path: String) throws -> [String] {
        let file = try FileText(path: path)
        var document = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        guard let section = document.take("capture") else {
            try document.finish()
            return []
        }
        try document.finish()
        var reader = try MappingReader(section, file: file.name, path: "capture")
        var arguments: [String] = []
        for (key, option, kind) in keys {
            let found = reader.peek(key)
            guard let texts = try reader.texts(key), let place = found else { continue }
            if texts.count != 1, !isList(kind) {
                throw reader.error(place, key, "expected one value, found \(texts.count)")
            }
            arguments += try Settings.arguments(key, option, kind, texts) {
                reader.error(place, key, "expected true or false, found \(FileError.quoted($0))")
            }
        }
        try reader.finish()
        return arguments
    }

    private static func isList(_ kind: Kind) -> Bool { if case .list = kind { true } else { false } }

    private static func arguments(
        _ key: String, _ option: String, _ kind: Kind, _ texts: [String], wrong: (String) -> any Error
    ) throws -> [String] {
        switch kind {
        // In one word, so that a value that begins with a dash is no option.
        case .value: return texts.map { "\(option)=\($0)" }
        case .list: return texts.map { "\(option)=\($0)" }
        case .flag(let wanted, let flag):
            switch texts.first ?? "" {
            case "true", "yes", "on": return wanted ? [flag] : []
            case "false", "no", "off": return wanted ? [] : [flag]
            case let text: throw wrong(text)
            }
        }
    }
}
