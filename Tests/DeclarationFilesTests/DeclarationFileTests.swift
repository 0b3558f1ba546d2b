import DeclarationFiles
import Documents
import Model
import Testing

@Suite struct DeclarationFileTests {
    private func file(_ text: String) throws -> FileText { try FileText(name: "declared.yaml", text: text) }

    @Test func zonesAreRead() throws {
        let zones = try ZonesFile.read(
            file(
                """
                format: otscan-zones/1
                zones:
                  - {name: office, level: 4, prefixes: [192.168.10.0/24], vlans: [10]}
                  - name: line
                    level: 1
                    macs: [00:1b:1b:01:02:03]
                    hosts: [plc-1]
                allowed:
                  - {from: office, to: line, services: [tls]}
                forbidden:
                  - {from: outside, to: line}
                """))
        #expect(zones.zones.map(\.name) == ["office", "line"])
        #expect(zones.zones[0].level == .enterprise && zones.zones[0].vlans == [10])
        #expect(zones.zones[1].macs.map(\.description) == ["00:1b:1b:01:02:03"])
        #expect(zones.allowed == [DeclaredZones.Crossing(from: "office", to: "line", services: ["tls"])])
        #expect(zones.forbidden == [DeclaredZones.Crossing(from: "outside", to: "line")])
    }

    @Test func remoteAccessIsRead() throws {
        let remote = try RemoteFile.read(
            file(
                """
                format: otscan-remote/1
                vendors:
                  - {name: Kikai, prefixes: [203.0.113.0/28, 203.0.113.99], services: [openvpn]}
                windows:
                  - {vendors: [Kikai], weekdays: [sun, 水], from: "22:00", to: "06:30"}
                  - {begin: "2027-01-15T17:00", end: "2027-01-15T10:30Z"}
                """))
        #expect(remote.offset == 540)
        #expect(remote.vendors[0].prefixes.map(\.length) == [28, 32])
        let weekly = remote.windows[0]
        #expect(weekly.weekdays == [7, 3] && weekly.from == 1320 && weekly.to == 390)
        // 2027-01-15 is a Friday; 1,800,000,000 s is that day at 17:00 in Tokyo.
        #expect(remote.windows[1].begin == Timestamp(nanoseconds: 1_800_000_000_000_000_000))
        #expect(remote.windows[1].end == Timestamp(nanoseconds: 1_800_009_000_000_000_000))
    }

    /// 2027-01-17 is a Sunday.
    @Test(arguments: [
        (1_800_000_000, false),  // Friday 17:00
        (1_800_000_000 + 2 * 86_400 + 5 * 3600 - 1, false),  // Sunday 21:59:59
        (1_800_000_000 + 2 * 86_400 + 5 * 3600, true),  // Sunday 22:00
        (1_800_000_000 + 2 * 86_400 + 13 * 3600 + 1799, true),  // Monday 06:29:59
        (1_800_000_000 + 2 * 86_400 + 13 * 3600 + 1800, false),  // Monday 06:30
    ]) func windowsPassMidnight(_ seconds: Int, _ isInside: Bool) {
        let window = DeclaredRemoteAccess.Window(weekdays: [7], from: 1320, to: 390)
        let time = Timestamp(nanoseconds: Int64(seconds) * 1_000_000_000)
        #expect(window.contains(time, offset: 540) == isInside)
    }

    @Test(arguments: [
        ("format: otscan-zones/1\nzones: []", "zones"),
        ("format: otscan-zones/1\nzones: [{name: a}, {name: a}]", "each name once"),
        ("format: otscan-zones/1\nzones: [{name: a, prefixes: [x]}]", "address block"),
        ("format: otscan-zones/1\nzones: [{name: a}]\nallowed: [{from: a, to: b}]", "one of the zones"),
        ("format: otscan-zones/1\nzones: [{name: a, level: 7}]", "3.5"),
        ("format: otscan-remote/1\nwindows: [{from: \"25:00\"}]", "time of day"),
        ("format: otscan-remote/1\nwindows: [{vendors: [x]}]", "one of the vendors"),
        ("format: otscan-remote/1\ntimezone: JST", "offset"),
        ("format: otscan-remote/1\nwindows: [{begin: \"2027-01-15T17:00\"}]", "later end"),
        ("format: other/1", "otscan-zones/1"),
        ("zones: []", "format"),
    ]) func mistakesAreNamed(_ text: String, _ word: String) throws {
        let error = try #require(throws: FileError.self) { _ = try DeclarationFile(file(text)) }
        #expect(error.description.contains(word) && error.description.hasPrefix("declared.yaml"), "\(error)")
    }
}
