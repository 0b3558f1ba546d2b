import Assessment
import Evidence
import Foundation
import Model
import Review
import TestSupport
import Testing

/// Every page of ordinary and of hostile plants: well-formed, escaped, within its weight.
@Suite struct PageTests {
    private static let pages = [
        "/items", "/items/2-6", "/items/3-5", "/items/3-6", "/exhibits", "/map", "/assets", "/conversations", "/remote",
        "/segments", "/findings", "/coverage", "/plan", "/plan?i3-5=1&i3-6=1", "/editions", "/about", "/nothing",
    ]

    private func check(
        _ page: (status: Int, text: String, response: WebResponse), _ target: String, isHostile: Bool = false
    ) {
        let markup = MarkupCheck(page.text)
        #expect(markup.problem == nil, "\(target)")
        #expect(Set(markup.ids).count == markup.ids.count, "\(target): ids that occur twice")
        #expect(markup.sources.allSatisfy { $0 == "/static/review.js" }, "\(target)")
        #expect(markup.targets.allSatisfy { $0.hasPrefix("/") && !$0.hasPrefix("//") }, "\(target)")
        #expect(markup.elements.isDisjoint(with: ["iframe", "object", "base", "style", "img"]), "\(target)")
        #expect(markup.attributes.filter { $0.hasPrefix("on") || $0 == "style" }.isEmpty, "\(target)")
        for tag in isHostile ? [] : ["<span", "<p ", "<li>", "<td", "HTML(", "</"] {
            #expect(!markup.text.contains(tag), "\(target) shows \(tag)")
        }
        #expect(page.text.utf8.count < 300_000, "\(target) weighs \(page.text.utf8.count)")
    }

    @Test func pagesOfTheSampleFactoryAreSound() async throws {
        let store = try Fixtures.sampleFactory()
        for language in Language.allCases {
            let browser = try await Browser(try Fixtures.desk(store, language))
            let assets = try store.assets().prefix(3).map { "/assets/\($0.id)" }
            let exhibits = try store.exhibits().prefix(3).map { "/exhibits/\(Browser.encoded($0.id))" }
            for target in Self.pages + assets + exhibits {
                let page = await browser.get(target)
                #expect(page.status == (target == "/nothing" ? 404 : 200), "\(target)")
                check(page, target)
                #expect(page.text.contains("<html lang=\"\(language.rawValue)\">"))
            }
        }
    }

    @Test func anAssessmentWithoutCapturesWorks() async throws {
        let browser = try await Browser(try Fixtures.desk(try Store()))
        for target in Self.pages {
            let page = await browser.get(target)
            #expect(page.status == (target == "/nothing" ? 404 : 200), "\(target)")
            check(page, target)
        }
    }

    @Test func textFromTheWireStaysText() async throws {
        let nasty =
            "<script>alert(1)</script>\" onmouseover=\"alert(1)' x=' &lt;b&gt; \u{202e}gpj ]]> <!-- </title><script> \u{0}\u{1b}[31m javascript:alert(1)"
        let store = try HostileStore.make(nasty)
        for language in Language.allCases {
            let browser = try await Browser(try Fixtures.desk(store, language))
            let asset = try #require(try store.assets().first).id
            let exhibit = try #require(try store.exhibits().first).id
            let own = [
                "/assets/\(Browser.encoded(asset))", "/exhibits/\(Browser.encoded(exhibit))",
                "/conversations?asset=\(Browser.encoded(asset))", "/assets?q=\(Browser.encoded(nasty))",
                "/conversations?q=\(Browser.encoded(nasty))&service=\(Browser.encoded(nasty))",
                "/items?state=\(Browser.encoded(nasty))",
            ]
            for target in Self.pages + own {
                let page = await browser.get(target)
                #expect(page.status == 200 || target == "/nothing", "\(target) gave \(page.status)")
                check(page, target, isHostile: true)
                #expect(!page.text.contains("<script>"), "\(target)")
                #expect(!page.text.contains("href=\"javascript"), "\(target)")
                #expect(
                    !page.text.unicodeScalars.contains { $0.value == 0x202e || $0.value == 0 || $0.value == 0x1b },
                    "\(target)")
            }
        }
    }
}

/// A plant in which every field that the wire or a person can fill holds the same text.
enum HostileStore {
    static func make(_ text: String) throws -> Store {
        let store = try Store()
        let moment = Timestamp(nanoseconds: 1_796_000_000_000_000_000)
        let frame = FrameRef(capture: 1, number: 7, time: moment)
        let seen = Seen(first: frame, last: frame)
        let (client, server) = (IPAddress(v4: 0x0a00_0001), IPAddress(v4: 0x0a00_0002))
        let conversation = Conversation(
            key: ConversationKey(a: client, b: server, aPort: 4000, bPort: 502, transport: .tcp, code: 0, vlan: 0),
            client: Endpoint(mac: nil, ip: client), server: Endpoint(mac: nil, ip: server), clientPort: 4000,
            serverPort: 502, service: text, fromClient: Volume(frames: 1, bytes: 100), fromServer: Volume(),
            first: frame,
            last: frame, openingSeen: true)
        try store.add(
            CaptureResult(
                capture: CaptureRecord(
                    name: text, sha256: String(repeating: "cd", count: 32), format: text, frames: 9, bytes: 700,
                    first: moment, last: Timestamp(nanoseconds: moment.nanoseconds + 3_600_000_000_000),
                    linkTypes: [1: 9],
                    accounting: ["analysed": 9, text: 1], damage: text, limitsReached: [text: 1]),
                conversations: [conversation], observations: [], sightings: []))
        let wire = WireText(text)
        let asset = Asset(
            id: text, name: wire,
            interfaces: [
                AssetInterface(
                    mac: MACAddress(bits: 0x0200_0000_0001), vendor: text,
                    addresses: [AddressUse(address: client, seen: seen)], vlans: [5])
            ], vendor: wire, model: wire, firmware: wire, serial: wire, os: wire, hostname: wire,
            roles: [RoleClaim(role: .plc, confidence: .high, grounds: [text])],
            attributes: [
                AssetAttribute(
                    attribute: Attribute(rawValue: text), value: wire, confidence: .high,
                    sources: [.init(name: text, sighting: Sighting(first: frame, last: frame, count: 1))])
            ], services: [text], uses: [text], seen: seen, isOT: true)
        let phrase = Phrase(ja: text, en: text)
        let exhibit = Exhibit(id: text, title: phrase, frames: [frame], displayFilter: text)
        let session = RemoteSession(
            id: text, service: text, origin: .outside, client: Endpoint(mac: nil, ip: IPAddress("203.0.113.9")),
            clientPort: 1, server: Endpoint(mac: nil, ip: client), serverPort: 5900, clientAsset: nil,
            serverAsset: text,
            user: wire, isTunnel: false, reachesOT: true, isEstablished: true, seen: seen, fromClient: Volume(),
            fromServer: Volume(), conversations: 1)
        let item = try #require(ItemID("3-6"))
        let words = Bilingual(ja: text, en: text)
        let proposal = Proposal(
            item: item, levels: .notDone ... .partly, verdict: .contradicts, confidence: .high, isProvisional: true,
            reason: words, wouldChange: words, cannotTell: words, questions: [words], exhibits: [text])
        try store.replaceDerived(
            PlantPicture(
                assets: [asset],
                segments: [
                    Segment(
                        id: text, vlan: 5, prefix: IPPrefix("10.0.0.0/24"), prefixIsDeclared: true, members: [text],
                        gateways: [text], otCount: 1, itCount: 0)
                ],
                conduits: [
                    Conduit(from: text, to: "outside", services: [text], conversations: 3, bytes: 5_000, via: [text])
                ], remoteSessions: [session],
                findings: [
                    Finding(
                        id: text, rule: text, severity: .high, title: phrase, text: phrase, items: ["3-6", text],
                        techniques: [text], assets: [text], exhibits: [text])
                ], exhibits: [exhibit], outside: OutsideTraffic(conversations: 3, bytes: 5000),
                coverage: Coverage(
                    first: moment, last: Timestamp(nanoseconds: moment.nanoseconds + 3_600_000_000_000), seconds: 3600,
                    frames: 9, isTwoWay: true, isMirror: true, hasVLANTags: true, reportedDrops: nil),
                verdicts: [
                    RuleVerdict(rule: text, outcome: .cannotTell, why: phrase),
                    RuleVerdict(rule: text, outcome: .meets),
                ],
                plan: SegmentationPlan(
                    zones: [.init(id: text, title: phrase, level: .control, members: [text])],
                    conduits: [
                        .init(
                            from: text, to: "outside", service: text, transport: .tcp, port: 0, clients: [client],
                            servers: [], conversations: 3)
                    ], reach: .init(now: [text: 4], planned: [text: 2]),
                    replay: .init(within: 1, kept: 2, cut: 3, examples: [text])),
                health: NetworkHealth(
                    bytes: 9, frames: 9, groupFrames: 1, groupBytes: 1, duplicateAddresses: [text],
                    meanBitsPerSecond: 1e9)),
            proposals: [proposal], ledgerMatch: LedgerMatch(pairs: [], unlisted: [text], notSeen: []),
            keptFrames: [
                KeptFrame(
                    frame: frame, linkType: 1, originalLength: 90, bytes: Array(text.utf8), isRedacted: true,
                    sha256Original: "ab", sha256Kept: "cd")
            ])
        for fact in ["plant", "handling", "addressee", "author", "scope", "capture_mode", "capture_point"] {
            try store.setFact(fact, text)
        }
        try store.append(
            Decision(
                item: item, answer: .level(.done), reason: text, status: text, measure: text, evidence: [text],
                document: text,
                reviewer: text, time: 1))
        _ = try store.attach(
            Array(text.utf8), name: text, mediaType: text, date: nil, item: "3-6", reviewer: text, time: 2)
        var note = AssetNote()
        note.owner = text
        note.remark = text
        try store.append(AuditEntry(kind: .asset, subject: text, values: note.values, reviewer: text, time: 3))
        _ = try store.signOff(reviewer: text, time: 4, remark: text, result: text)
        try store.setDraft(["status": text, "level": text], of: try #require(ItemID("2-6")))
        return store
    }
}
