import Analysis
import ArgumentParser
import Evidence
import Foundation
import Model

/// What is known beside the captures: vendors, signatures and the plant's own addresses.
struct KnowledgeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "MAC address blocks to ask before the built-in list: oui.csv, oui.txt or manuf.", valueName: "file"))
    var oui: String?

    @Option(
        help: ArgumentHelp(
            "Signature files that add to the built-in ones (default: $OTSCAN_SIGNATURES).", valueName: "folder"))
    var signatures: String?

    @Option(
        help: ArgumentHelp(
            "Address blocks of the plant's own beside the private ones, such as 203.0.113.0/24.", valueName: "prefix"))
    var own: [String] = []

    /// The blocks given here, else those that the store remembers.
    func ownPrefixes(_ store: Store) throws -> [IPPrefix] {
        if own.isEmpty {
            return (try store.fact(StoreFact.ownPrefixes) ?? "").split(separator: " ").compactMap { IPPrefix($0) }
        }
        return try own.map { text in
            guard let prefix = IPPrefix(text) else {
                throw CommandError(
                    "--own \(WireText(text).visible): expected an address block such as 203.0.113.0/24 or 2001:db8::/32"
                )
            }
            return prefix
        }
    }

    /// The knowledge to derive with; own blocks given here are remembered in the store.
    func knowledge(_ store: Store) throws -> Knowledge {
        let prefixes = try ownPrefixes(store)
        if !own.isEmpty {
            try store.setFact(StoreFact.ownPrefixes, prefixes.map(\.description).joined(separator: " "))
        }
        return try knowledge(prefixes: prefixes)
    }

    /// The knowledge to derive with, the plant's own blocks being these.
    func knowledge(prefixes: [IPPrefix]) throws -> Knowledge {
        let folder =
            signatures ?? ProcessInfo.processInfo.environment["OTSCAN_SIGNATURES"].flatMap { $0.isEmpty ? nil : $0 }
        return try Knowledge.load(signatures: folder, oui: oui, ownPrefixes: prefixes)
    }

    /// The same options for a program that is started to work with them.
    var arguments: [String] {
        (oui.map { ["--oui", $0] } ?? []) + (signatures.map { ["--signatures", $0] } ?? [])
    }
}
