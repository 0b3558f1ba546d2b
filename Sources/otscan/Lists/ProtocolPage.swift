import Protocols

/// The list of protocols as a page of Markdown, `docs/protocols.md`.
enum ProtocolPage {
    static func markdown(_ records: [ProtocolRecord] = ProtocolList.records) -> String {
        let named = records.filter { $0.level == ProtocolRecord.byName }
        let missing = records.filter { $0.level == ProtocolRecord.unsupported }
        let read = records.filter { $0.level != ProtocolRecord.byName && $0.level != ProtocolRecord.unsupported }
        let plants = read.filter { isOfPlants($0.family) }
        var lines = [
            "# Protocols", "",
            "Written by `make protocols-page` from `otscan protocols`; a test holds it against the program.", "",
            "\(read.count) protocols are read, \(plants.count) of them of plants and buildings; \(named.count) more services of "
                + "remote access are known by the names under which they are reached; \(missing.count) that people may look for "
                + "are not supported.", "",
            "How deeply a protocol is read, each level with the ones before it:",
            "- **recognised**: its conversations are named, by what its frames must hold, never by a port alone",
            "- **messages**: its messages are counted by what they do",
            "- **identity**: what devices say of themselves: maker, model, firmware, names, addresses",
            "- **operations**: who reads, writes, downloads, starts or stops, logs in", "",
            "What that was tested with: a *capture* of real devices, a *real stack* whose traffic was recorded, or frames "
                + "after the *specification only*.",
        ]
        for (family, title) in families {
            let members = read.filter { $0.family == family.rawValue }
            lines += ["", "## \(title)", "", "| Protocol | Name | Reads | Tested with | Looked for on | Reference |"]
            lines.append("| --- | --- | --- | --- | --- | --- |")
            lines += members.sorted { ($0.title.lowercased(), $0.name) < ($1.title.lowercased(), $1.name) }.map(row)
        }
        lines += [
            "", "## Known by name", "", "| Service | Name | Names, such as | Reference |", "| --- | --- | --- | --- |",
        ]
        lines += named.sorted { $0.title.lowercased() < $1.title.lowercased() }.map { record in
            cells([
                record.title, code(record.name), place(record.bindings.prefix(3)), links(record.specification),
            ])
        }
        lines += ["", "## Not supported", "", "| Protocol | Name | Why |", "| --- | --- | --- |"]
        lines += missing.map { cells([$0.title, code($0.name), $0.specification]) }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Protocols of plants and buildings: their families alone, without the ones that offices have as well.
    private static func isOfPlants(_ family: String) -> Bool {
        family == ProtocolDescription.Family.industrial.rawValue
            || family == ProtocolDescription.Family.building.rawValue
    }

    private static let families: [(family: ProtocolDescription.Family, title: String)] = [
        (.industrial, "Industrial"), (.building, "Buildings"), (.network, "Network"), (.wireless, "Wireless"),
        (.service, "Services"), (.remoteAccess, "Remote access"), (.tunnel, "Tunnels"),
    ]

    private static func row(_ record: ProtocolRecord) -> String {
        let title =
            record.includes.isEmpty ? record.title : "\(record.title); \(record.includes.joined(separator: ", "))"
        return cells([
            title, code(record.name), record.level, proof(record.testedWith, record.testedBy),
            place(record.bindings[...]), record.specification,
        ])
    }

    private static func proof(_ kind: String?, _ by: String?) -> String {
        switch kind {
        case "capture": "capture"
        case "stack": "real stack: \(by ?? "")"
        default: "specification only"
        }
    }

    // MARK: Cells

    private static func cells(_ texts: [String]) -> String {
        "| " + texts.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }

    private static func code(_ name: String) -> String { "`\(name)`" }

    private static func links(_ addresses: String) -> String {
        addresses.split(separator: " ").map { "<\($0)>" }.joined(separator: " ")
    }

    /// `tcp/502 tcp/503 ethertype/0x88a4` as "TCP 502–503, EtherType 88a4".
    private static func place(_ bindings: ArraySlice<String>) -> String {
        var groups: [(kind: String, values: [String])] = []
        for binding in bindings {
            let parts = binding.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            if let index = groups.firstIndex(where: { $0.kind == parts[0] }) {
                groups[index].values.append(parts[1])
            } else {
                groups.append((parts[0], [parts[1]]))
            }
        }
        return groups.map { kind, values in
            switch kind {
            case "tcp", "udp": "\(kind.uppercased()) \(runs(values))"
            case "ethertype": "EtherType \(values.map { $0.replacing("0x", with: "") }.joined(separator: ", "))"
            case "llc": "LLC \(values.joined(separator: ", "))"
            case "snap": "SNAP \(values.joined(separator: ", "))"
            case "ip": "IP protocol \(values.joined(separator: ", "))"
            case "name": values.map(code).joined(separator: ", ")
            default: "\(kind) \(values.joined(separator: ", "))"
            }
        }.joined(separator: "; ")
    }

    /// Ports in the order of their numbers, neighbours joined.
    private static func runs(_ values: [String]) -> String {
        let ports = values.compactMap { Int($0) }.sorted()
        guard ports.count == values.count else { return values.joined(separator: ", ") }
        var runs: [ClosedRange<Int>] = []
        for port in ports {
            if let last = runs.last, port <= last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...max(last.upperBound, port)
            } else {
                runs.append(port...port)
            }
        }
        return runs.map { run in
            switch run.count {
            case 1: "\(run.lowerBound)"
            case 2: "\(run.lowerBound), \(run.upperBound)"
            default: "\(run.lowerBound)–\(run.upperBound)"
            }
        }.joined(separator: ", ")
    }
}
