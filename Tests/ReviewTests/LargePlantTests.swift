import Evidence
import Foundation
import Model
import Review
import TestSupport
import Testing

/// Pages of a plant with thousands of devices and hundreds of thousands of conversations: light, and about as quick as a plain
/// query for the same rows. `OTSCAN_MEASURE=1` makes the plant as large as it gets and prints the figures.
@Suite struct LargePlantTests {
    private static let isMeasured = ProcessInfo.processInfo.environment["OTSCAN_MEASURE"] != nil

    @Test func pagesStayLightAndQuick() async throws {
        let (assets, conversations) = Self.isMeasured ? (5000, 200_000) : (1500, 8000)
        let store = try LargePlant.make(assets: assets, conversations: conversations)
        let browser = try await Browser(try Fixtures.desk(store))
        let pages = [
            "/items", "/items/2-6", "/map", "/assets", "/assets?q=device-77&page=1", "/assets?page=9", "/conversations",
            "/conversations?q=10.0.3.7&page=2", "/conversations?order=last", "/remote", "/segments", "/findings",
            "/coverage", "/plan", "/exhibits", "/editions", "/assets/mac-2000000000f",
        ]
        // The first page reads the store.
        _ = await browser.get("/items")
        let clock = ContinuousClock()
        for target in pages {
            var best = Duration.seconds(1000)
            var weight = 0
            for _ in 0..<(Self.isMeasured ? 5 : 1) {
                let start = clock.now
                let page = await browser.get(target)
                best = min(best, clock.now - start)
                weight = page.text.utf8.count
                #expect(page.status == 200, "\(target)")
                #expect(MarkupCheck(page.text).problem == nil, "\(target)")
            }
            #expect(weight < 300_000, "\(target) weighs \(weight)")
            if Self.isMeasured { print("\(target): \(weight / 1000) kB, \(best)") }
        }
        if Self.isMeasured {
            var filter = ConversationFilter()
            for (name, order) in [("bytes", ConversationFilter.Order.bytes), ("last", .last)] {
                filter.order = order
                let start = clock.now
                _ = try store.conversations(filter, limit: 100, offset: 0)
                _ = try store.conversationCount(filter)
                _ = try store.conversationServices()
                print("the plain queries by \(name): \(clock.now - start)")
            }
        }
    }
}

/// A made plant of any size.
enum LargePlant {
    static func make(assets count: Int, conversations: Int) throws -> Store {
        let store = try Store()
        let moment = Timestamp(nanoseconds: 1_796_000_000_000_000_000)
        let frame = FrameRef(capture: 1, number: 7, time: moment)
        let seen = Seen(first: frame, last: frame)
        let roles: [Role] = [.plc, .hmi, .io, .workstation, .switch, .drive]
        func address(_ number: Int) -> IPAddress { IPAddress(v4: 0x0a00_0000 + UInt32(number)) }
        let assets = (1...count).map { number in
            let mac = MACAddress(bits: 0x0200_0000_0000 + UInt64(number))
            let role = roles[number % roles.count]
            return Asset(
                id: "mac-\(String(mac.bits, radix: 16))", name: WireText("device-\(number)"),
                interfaces: [
                    AssetInterface(
                        mac: mac, vendor: "Maker", addresses: [AddressUse(address: address(number), seen: seen)],
                        vlans: [5]
                    )
                ], vendor: WireText("Maker"), model: WireText("Model \(number % 40)"),
                firmware: WireText("1.\(number % 9)"),
                roles: [RoleClaim(role: role, confidence: .high, grounds: ["modbus"])],
                attributes: [
                    AssetAttribute(
                        attribute: .name, value: WireText("device-\(number)"), confidence: .high,
                        sources: [
                            .init(name: "lldp.system_name", sighting: Sighting(first: frame, last: frame, count: 3))
                        ])
                ], services: ["modbus", "http"], uses: ["dns", "ntp"], seen: seen, isOT: role.isOT)
        }
        let services = ["modbus", "http", "dns", "s7comm", nil]
        let talk = (0..<conversations).map { number in
            let (client, server) = (address(number % count + 1), address((number * 7 + 3) % count + 1))
            let port = UInt16(truncatingIfNeeded: 1024 + number % 60_000)
            let isFirst = client < server
            return Conversation(
                key: ConversationKey(
                    a: isFirst ? client : server, b: isFirst ? server : client, aPort: isFirst ? port : 502,
                    bPort: isFirst ? 502 : port, transport: .tcp, code: 0, vlan: 0),
                client: Endpoint(mac: nil, ip: client), server: Endpoint(mac: nil, ip: server), clientPort: port,
                serverPort: 502, service: services[number % services.count],
                fromClient: Volume(frames: 9, bytes: UInt64(number % 9973) * 13, payload: 4),
                fromServer: Volume(frames: 8, bytes: UInt64(number % 7919) * 11, payload: 4), first: frame, last: frame,
                openingSeen: true)
        }
        try store.add(
            CaptureResult(
                capture: CaptureRecord(
                    name: "large.pcapng", sha256: String(repeating: "cd", count: 32), format: "pcapng",
                    frames: UInt64(conversations * 17), bytes: 1 << 40, first: moment,
                    last: Timestamp(nanoseconds: moment.nanoseconds + 36_000_000_000_000), linkTypes: [1: 9],
                    accounting: ["analysed": UInt64(conversations * 17)]), conversations: talk, observations: [],
                sightings: []))
        let segments = stride(from: 0, to: assets.count, by: 120).map { (start: Int) -> Segment in
            let members: [String] = assets[start..<min(start + 120, assets.count)].map(\.id)
            return Segment(
                id: "segment-\(start)", vlan: UInt16(start / 120 + 1), prefix: nil, prefixIsDeclared: true,
                members: members, gateways: [assets[start].id],
                otCount: 80, itCount: 20)
        }
        let conduits = zip(segments, segments.dropFirst()).map {
            Conduit(from: $0.id, to: $1.id, services: ["modbus"], conversations: 30, bytes: 1 << 20, via: $0.gateways)
        }
        let exhibits = assets.prefix(400).map {
            Exhibit(
                id: $0.id, title: Phrase(ja: "\($0.name)の通信", en: "Traffic of \($0.name)"), frames: [frame],
                displayFilter: "eth.addr")
        }
        let findings = assets.prefix(400).map {
            Finding(
                id: "unlisted-\($0.id)", rule: "unlisted-device", severity: .medium,
                title: Phrase(ja: "台帳にない機器: \($0.name)", en: "Device missing from the ledger: \($0.name)"),
                text: Phrase(ja: "台帳にない。", en: "It is not in the ledger."), items: ["2-6"], assets: [$0.id],
                exhibits: [$0.id])
        }
        try store.replaceDerived(
            PlantPicture(
                assets: assets, segments: segments, conduits: conduits, remoteSessions: [], findings: findings,
                exhibits: exhibits, outside: OutsideTraffic(),
                coverage: Coverage(
                    first: moment, last: Timestamp(nanoseconds: moment.nanoseconds + 36_000_000_000_000),
                    seconds: 36_000,
                    frames: 9, isTwoWay: true, isMirror: true, hasVLANTags: true, reportedDrops: nil)), proposals: [],
            ledgerMatch: nil, keptFrames: [])
        return store
    }
}
