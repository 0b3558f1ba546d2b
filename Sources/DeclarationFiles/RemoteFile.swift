package import Documents
package import Model

/// Permitted remote access as a file.
///
/// ```yaml
/// format: otscan-remote/1
/// timezone: "+09:00"             # of the times below; this is what it is without the key
/// vendors:
///   - name: Kikai Service
///     prefixes: [203.0.113.0/28, 10.8.0.0/24]
///     services: [openvpn, rdp]   # all without the key
///     targets: [192.168.20.61]   # all without the key
/// windows:
///   - {vendors: [Kikai Service], weekdays: [sun], from: "02:00", to: "06:00"}
///   - {begin: 2027-01-15T17:00, end: 2027-01-15T19:00}
/// ```
package enum RemoteFile {
    /// What `format` says in the file.
    package static let format = "otscan-remote/1"

    package static func read(_ file: FileText) throws(FileError) -> DeclaredRemoteAccess {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        try reader.expectFormat(format)
        let offset =
            try reader.value("timezone", expected: "an offset such as +09:00 or Z") { LocalTime.offset($0) } ?? 540
        var vendors: [DeclaredRemoteAccess.Vendor] = []
        for (index, node) in (try reader.list("vendors") ?? []).enumerated() {
            vendors.append(try vendor(node, file.name, "vendors[\(index)]"))
        }
        let names = Set(vendors.map(\.name))
        var windows: [DeclaredRemoteAccess.Window] = []
        for (index, node) in (try reader.list("windows") ?? []).enumerated() {
            windows.append(try window(node, file.name, "windows[\(index)]", names, offset))
        }
        try reader.finish()
        return DeclaredRemoteAccess(vendors: vendors, windows: windows, offset: offset)
    }

    private static let block = "an address or block such as 203.0.113.0/28"

    private static func vendor(
        _ node: DocumentNode, _ file: String, _ path: String
    ) throws(FileError) -> DeclaredRemoteAccess.Vendor {
        var reader = try MappingReader(node, file: file, path: path)
        let vendor = DeclaredRemoteAccess.Vendor(
            name: try reader.requiredText("name"),
            prefixes: try reader.values("prefixes", expected: block) { LocalTime.prefix($0) },
            services: try reader.texts("services") ?? [],
            targets: try reader.values("targets", expected: block) { LocalTime.prefix($0) })
        try reader.finish()
        return vendor
    }

    private static func window(
        _ node: DocumentNode, _ file: String, _ path: String, _ names: Set<String>, _ offset: Int
    ) throws(FileError) -> DeclaredRemoteAccess.Window {
        var reader = try MappingReader(node, file: file, path: path)
        let vendors = try reader.texts("vendors") ?? []
        if let unknown = vendors.first(where: { !names.contains($0) }) {
            throw reader.error(
                node.place, "vendors",
                "expected one of the vendors \(names.sorted().joined(separator: ", ")), found \(FileError.quoted(unknown))"
            )
        }
        func moment(_ key: String, _ reader: inout MappingReader) throws(FileError) -> Timestamp? {
            try reader.value(key, expected: "a time such as 2027-01-15T17:00") { LocalTime.moment($0, offset: offset) }
        }
        func minute(_ key: String, _ reader: inout MappingReader) throws(FileError) -> Int? {
            try reader.value(key, expected: "a time of day from 00:00 to 24:00") { LocalTime.minute($0) }
        }
        let begin = try moment("begin", &reader)
        let end = try moment("end", &reader)
        let days = try reader.values("weekdays", expected: "a day: mon to sun, or 月 to 日") { LocalTime.weekday($0) }
        let from = try minute("from", &reader)
        let to = try minute("to", &reader)
        try reader.finish()
        if begin != nil || end != nil {
            guard let begin, let end, begin <= end, days.isEmpty, from == nil, to == nil else {
                throw reader.error(
                    node.place, nil, "expected begin and a later end, and neither weekdays nor from nor to")
            }
            return DeclaredRemoteAccess.Window(vendors: vendors, begin: begin, end: end)
        }
        return DeclaredRemoteAccess.Window(vendors: vendors, weekdays: days, from: from ?? 0, to: to ?? 1440)
    }
}

/// Times as people write them.
enum LocalTime {
    /// Minutes east of UTC: `+09:00`, `-0500`, `Z`.
    static func offset(_ text: String) -> Int? {
        if text == "Z" || text == "UTC" { return 0 }
        guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4, let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours <= 14,
            minutes < 60
        else { return nil }
        return (hours * 60 + minutes) * (sign == "-" ? -1 : 1)
    }

    /// Minutes after midnight.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) }), let hours = Int(parts[0]),
            let minutes = Int(parts[1]), (0..<60).contains(minutes), hours >= 0, hours * 60 + minutes <= 1440
        else { return nil }
        return hours * 60 + minutes
    }

    /// 1 for Monday to 7 for Sunday.
    static func weekday(_ text: String) -> Int? {
        let english = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let japanese = ["月", "火", "水", "木", "金", "土", "日"]
        return
            (english.firstIndex(of: String(text.lowercased().prefix(3)))
            ?? japanese.firstIndex(of: String(text.prefix(1))))
            .map { $0 + 1 }
    }

    /// `2027-01-15T17:00`, with seconds and an offset of its own if need be.
    static func moment(_ text: String, offset: Int) -> Timestamp? {
        guard text.utf8.count >= 16 else { return nil }
        let date = text.prefix(10).split(separator: "-").compactMap { Int($0) }
        var rest = text.dropFirst(10)
        guard date.count == 3, let mark = rest.first, mark == "T" || mark == " " else { return nil }
        rest = rest.dropFirst()
        let clock = rest.prefix { $0.isNumber || $0 == ":" }
        let zone = rest.dropFirst(clock.count)
        let time = clock.split(separator: ":").compactMap { Int($0) }
        guard (2...3).contains(time.count), (1970...2200).contains(date[0]), (1...12).contains(date[1]),
            (1...31).contains(date[2]), (0...24).contains(time[0]), (0..<60).contains(time[1]),
            time.count < 3 || (0...60).contains(time[2])
        else { return nil }
        var minutes = offset
        if !zone.isEmpty {
            guard let own = LocalTime.offset(String(zone)) else { return nil }
            minutes = own
        }
        let days = days(date[0], date[1], date[2])
        let seconds = ((days * 24 + time[0]) * 60 + time[1] - minutes) * 60 + (time.count == 3 ? time[2] : 0)
        return Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000)
    }

    /// Days since 1970-01-01 in the Gregorian calendar.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// A block, or one address as a block of its own.
    static func prefix(_ text: String) -> IPPrefix? {
        IPPrefix(text) ?? IPAddress(text).flatMap { IPPrefix(address: $0, length: $0.isV4 ? 32 : 128) }
    }
}
