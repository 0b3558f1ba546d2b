import Assessment
import Evidence
import Foundation
import Model
import Reporting
import TestSupport
import Testing

/// Reports of made-up plants: names that try to be markup, and more devices than a page can hold.
@Suite struct HostileReportTests {
    private static let hostile = [
        "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "' x='", "&lt;b&gt; & <b>", "\u{202e}gpj.exe", "]]>",
        "<!-- ", "</style><script>", "\u{0}\u{1b}[31m", "日本語<名前>",
    ]

    private func seen() -> Seen {
        let frame = FrameRef(capture: 1, number: 7, time: Timestamp(nanoseconds: 1_796_000_000_000_000_000))
        return Seen(first: frame, last: frame)
    }

    private func asset(_ number: Int, name: String, role: Role = .plc) -> Asset {
        let mac = MACAddress(bits: 0x0200_0000_0000 + UInt64(number))
        let address = IPAddress(v4: 0x0a00_0000 + UInt32(number))
        return Asset(
            id: "mac-\(String(mac.bits, radix: 16))", name: WireText(name),
            interfaces: [
                AssetInterface(
                    mac: mac, vendor: nil, addresses: [AddressUse(address: address, seen: seen())], vlans: [])
            ], vendor: WireText(name), model: WireText(name), firmware: WireText(name), serial: WireText(name),
            os: WireText(name), hostname: WireText(name),
            roles: [RoleClaim(role: role, confidence: .high, grounds: [])], services: ["modbus"], uses: ["dns"],
            seen: seen(), sent: Volume(frames: 1, bytes: 1000), isOT: role.isOT)
    }

    private func store(_ assets: [Asset], findings: [Finding] = [], exhibits: [Exhibit] = []) throws -> Store {
        let store = try Store()
        let moment = Timestamp(nanoseconds: 1_796_000_000_000_000_000)
        try store.add(
            CaptureResult(
                capture: CaptureRecord(
                    name: "<b>&\".pcap", sha256: String(repeating: "cd", count: 32), format: "pcap", frames: 9,
                    bytes: 700, first: moment, last: Timestamp(nanoseconds: moment.nanoseconds + 3_600_000_000_000),
                    linkTypes: [1: 9], accounting: ["analysed": 9]), conversations: [],
                observations: [
                    Observation(subject: .network, attribute: .ssid, value: WireText("工場WiFi"), source: "x.ssid")
                ], sightings: [Sighting(first: seen().first, last: seen().last, count: 1)]))
        var segments: [Segment] = []
        for (index, start) in stride(from: 0, to: assets.count, by: 100).enumerated() {
            let members = assets[start..<min(start + 100, assets.count)].map(\.id)
            segments.append(
                Segment(
                    id: "segment-\(index)", vlan: UInt16(index + 1), prefix: IPPrefix("10.\(index).0.0/16"),
                    prefixIsDeclared: true, members: members, gateways: Array(members.prefix(1)),
                    otCount: members.count, itCount: 0))
        }
        let conduits = segments.map {
            Conduit(from: $0.id, to: "outside", services: ["tls"], conversations: 3, bytes: 5_000_000, via: $0.gateways)
        }
        try store.replaceDerived(
            PlantPicture(
                assets: assets, segments: segments, conduits: conduits, remoteSessions: [], findings: findings,
                exhibits: exhibits,
                outside: OutsideTraffic(
                    conversations: 1000, bytes: 100_000_000, encryptedWebConversations: 900,
                    encryptedWebBytes: 70_000_000),
                coverage: Coverage(
                    first: moment, last: moment, seconds: 3600, frames: 9, isTwoWay: true, isMirror: true,
                    hasVLANTags: true, reportedDrops: nil)), proposals: [], ledgerMatch: nil, keptFrames: [])
        return store
    }

    @Test func textFromTheWireStaysText() throws {
        let assets = Self.hostile.enumerated().map { asset($0.offset + 1, name: $0.element) }
        let nasty = Self.hostile.joined(separator: " ")
        let finding = Finding(
            id: nasty, rule: nasty, severity: .high, title: Phrase(ja: nasty, en: nasty),
            text: Phrase(ja: nasty, en: nasty), items: ["3-5", "<i>"], techniques: ["<T>"], assets: assets.map(\.id),
            exhibits: ["\"><x>"])
        let exhibit = Exhibit(
            id: "\"><x>", title: Phrase(ja: nasty, en: nasty), frames: [seen().first], displayFilter: nasty)
        let store = try store(assets, findings: [finding], exhibits: [exhibit])
        try store.setFact("plant", nasty)
        try store.setFact("handling", nasty)
        let item = try #require(ItemID("3-5"))
        try store.append(
            Decision(
                item: item, answer: .level(.done), reason: nasty, status: nasty, measure: nasty, evidence: [nasty],
                document: nasty, reviewer: nasty, time: 1))
        for masked in [false, true] {
            for language in Language.allCases {
                let report = try Fixtures.report(store, language, masked: masked)
                let html = report.html()
                let check = MarkupCheck(html)
                #expect(check.problem == nil)
                #expect(check.elements.isDisjoint(with: ["script", "b", "x", "i"].filter { $0 != "b" && $0 != "i" }))
                #expect(!html.contains("<script"))
                #expect(check.attributes.filter { $0.hasPrefix("on") }.isEmpty)
                #expect(Set(check.ids).count == check.ids.count)
                let known = Set(check.ids)
                let dangling = check.links.filter { !known.contains(String($0.dropFirst())) }
                #expect(dangling.isEmpty)
                #expect(!html.unicodeScalars.contains { $0.value == 0x202e || $0.value == 0 || $0.value == 0x1b })
                #expect(html.components(separatedBy: "<style>").count == 2)
                #expect((try? JSONSerialization.jsonObject(with: Data(report.json().utf8))) != nil)
            }
        }
    }

    @Test func seventyPercentExactlyIsNotMore() throws {
        let html = try Fixtures.report(try store([asset(1, name: "a")])).html()
        #expect(html.contains("70.0％がHTTPSで、70％を超えていない"))
    }

    @Test func aLargePlantStaysReadable() throws {
        let roles: [Role] = [.plc, .hmi, .io, .workstation, .switch, .drive]
        let assets = (1...2000).map { asset($0, name: "device-\($0)", role: roles[$0 % roles.count]) }
        let exhibits = assets.map {
            Exhibit(id: $0.id, title: Phrase(ja: "通信", en: "traffic"), frames: [seen().first], displayFilter: "frame")
        }
        let findings = assets.map {
            Finding(
                id: "unlisted-\($0.id)", rule: "unlisted-device", severity: .medium,
                title: Phrase(ja: "台帳にない機器", en: "unlisted"), text: Phrase(ja: "台帳にない。", en: "unlisted"),
                items: ["2-6"], assets: [$0.id], exhibits: [$0.id])
        }
        let store = try store(assets, findings: findings, exhibits: exhibits)
        for masked in [false, true] {
            let html = try Fixtures.report(store, masked: masked).html()
            try Preview.put(masked ? "large-masked.html" : "large.html", html)
            #expect(html.utf8.count < 5_000_000)
            let check = MarkupCheck(html)
            check.expectSound(html)
            #expect(check.text.contains("ほか1,600件は"))
            #expect(html.contains("otscan assets"))
            #expect(check.text.contains("×"))
        }
        let json = try JSONSerialization.jsonObject(with: Data(Fixtures.report(store).json().utf8)) as? [String: Any]
        #expect((json?["assets"] as? [Any])?.count == 2000)
    }
}
