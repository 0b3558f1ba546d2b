package import Documents
package import Model

/// The plant's zones as a file.
///
/// ```yaml
/// format: otscan-zones/1
/// zones:
///   - name: office
///     level: 4
///     prefixes: [192.168.10.0/24]
///     vlans: [10]
///     macs: [00:1b:1b:01:02:03]
///     hosts: [pc-1]
/// allowed:                       # only these may cross; without the key everything may
///   - {from: office, to: line-1, services: [tls, tcp/8080]}
/// forbidden:
///   - {from: outside, to: line-1}
/// ```
package enum ZonesFile {
    /// What `format` says in the file.
    package static let format = "otscan-zones/1"

    package static func read(_ file: FileText) throws(FileError) -> DeclaredZones {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(format)
        guard let nodes = try reader.list("zones"), !nodes.isEmpty else { throw reader.missing("zones") }
        var zones: [DeclaredZones.Zone] = []
        for (index, node) in nodes.enumerated() {
            let zone = try zone(node, file.name, "zones[\(index)]")
            guard !zones.contains(where: { $0.name == zone.name }) else {
                throw reader.error(
                    node.place, "zones[\(index)].name",
                    "expected each name once, found \(FileError.quoted(zone.name)) again")
            }
            zones.append(zone)
        }
        let names = Set(zones.map(\.name)).union([DeclaredZones.outside])
        let hasAllowed = reader.peek("allowed") != nil
        let allowed = try crossings("allowed", names, &reader)
        let forbidden = try crossings("forbidden", names, &reader)
        try reader.finish()
        return DeclaredZones(zones: zones, allowed: hasAllowed ? allowed : nil, forbidden: forbidden)
    }

    private static func zone(
        _ node: DocumentNode, _ file: String, _ path: String
    ) throws(FileError) -> DeclaredZones.Zone {
        var reader = try MappingReader(node, file: file, path: path)
        let name = try reader.requiredText("name")
        guard name != DeclaredZones.outside else {
            throw reader.error(node.place, "name", "expected another name: outside stands for what is beyond the plant")
        }
        let level = try reader.value("level", expected: "one of 0, 1, 2, 3, 3.5, 4") { PurdueLevel(rawValue: $0) }
        let zone = DeclaredZones.Zone(
            name: name, level: level,
            prefixes: try reader.values("prefixes", expected: "an address block such as 192.168.10.0/24") {
                IPPrefix($0)
            },
            vlans: try reader.values("vlans", expected: "a VLAN id from 1 to 4094") { text in
                UInt16(text).flatMap { (1...4094).contains($0) ? $0 : nil }
            },
            macs: try reader.values("macs", expected: "a MAC address") { MACAddress($0) },
            hosts: try reader.texts("hosts") ?? [])
        try reader.finish()
        return zone
    }

    private static func crossings(
        _ key: String, _ names: Set<String>, _ reader: inout MappingReader
    ) throws(FileError) -> [DeclaredZones.Crossing] {
        var crossings: [DeclaredZones.Crossing] = []
        for (index, node) in (try reader.list(key) ?? []).enumerated() {
            var inner = try MappingReader(node, file: reader.file, path: "\(key)[\(index)]")
            func zone(_ end: String, _ inner: inout MappingReader) throws(FileError) -> String {
                let name = try inner.requiredText(end)
                guard names.contains(name) else {
                    throw inner.error(
                        node.place, end,
                        "expected outside or one of the zones \(names.subtracting([DeclaredZones.outside]).sorted().joined(separator: ", ")), found \(FileError.quoted(name))"
                    )
                }
                return name
            }
            let crossing = DeclaredZones.Crossing(
                from: try zone("from", &inner), to: try zone("to", &inner), services: try inner.texts("services") ?? [])
            try inner.finish()
            crossings.append(crossing)
        }
        return crossings
    }
}

extension MappingReader {
    /// A list of values that `parse` understands; empty when absent.
    mutating func values<T>(
        _ key: String, expected: String, _ parse: (String) -> T?
    ) throws(FileError) -> [T] {
        var values: [T] = []
        for (index, node) in (try list(key) ?? []).enumerated() {
            let text = try text(node, "\(key)[\(index)]")
            guard let value = parse(text) else {
                throw error(node.place, "\(key)[\(index)]", "expected \(expected), found \(FileError.quoted(text))")
            }
            values.append(value)
        }
        return values
    }
}
