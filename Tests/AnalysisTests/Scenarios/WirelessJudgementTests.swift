import Analysis
import Captures
import Model
import Testing

/// Radios under one name, and telephones that share their way out.
@Suite struct WirelessJudgementTests {
    private static func mac(_ text: String) -> MACAddress { MACAddress(text) ?? .zero }
    private static let access = mac("00:0b:85:00:00:10")
    private static let second = mac("00:0b:85:00:00:20")
    private static let stranger = mac("00:c0:ca:11:22:33")

    /// Robust security network element with one key management suite: 1 802.1X, 2 shared password (IEEE 802.11, 9.4.2.24).
    private static func rsn(_ keyManagement: UInt8) -> [UInt8] {
        let suite = { (type: UInt8) -> [UInt8] in [0x00, 0x0f, 0xac, type] }
        let body = [1, 0] + suite(4) + [1, 0] + suite(4) + [1, 0] + suite(keyManagement) + [0, 0]
        return [48, UInt8(body.count)] + body
    }

    private static func beacon(_ bssid: MACAddress, _ ssid: String, _ security: [UInt8]) -> [UInt8] {
        let name = Array(ssid.utf8)
        return [0x80, 0, 0, 0] + Bytes.mac(.broadcast) + Bytes.mac(bssid) + Bytes.mac(bssid) + [0, 0]
            + [UInt8](repeating: 1, count: 8) + [100, 0] + [0x11, 0] + [0, UInt8(name.count)] + name + [3, 1, 6]
            + security
    }

    /// Association request and the response that accepts it.
    private static func join(_ station: MACAddress, _ bssid: MACAddress, _ ssid: String) -> [[UInt8]] {
        let name = Array(ssid.utf8)
        let request =
            [0x00, 0, 0, 0] + Bytes.mac(bssid) + Bytes.mac(station) + Bytes.mac(bssid) + [0, 0] + [0x11, 0, 10, 0]
            + [0, UInt8(name.count)] + name + rsn(2)
        let response =
            [0x10, 0, 0, 0] + Bytes.mac(station) + Bytes.mac(bssid) + Bytes.mac(bssid) + [0, 0]
            + [0x11, 0, 0, 0, 1, 0xc0] + [1, 1, 0x82]
        return [request, response]
    }

    private func picture(_ frames: [[UInt8]], ledger: [LedgerEntry]? = nil) -> PlantPicture {
        var analyzer = CaptureAnalyzer(capture: 1)
        for (index, frame) in frames.enumerated() {
            analyzer.read(
                frame.span.bytes,
                Frame(
                    number: UInt64(index + 1),
                    time: Timestamp(nanoseconds: MadeNetwork.start + Int64(index) * 100_000_000),
                    originalLength: UInt32(frame.count), capturedLength: UInt32(frame.count),
                    linkType: .ieee80211))
        }
        let result = analyzer.finish(CaptureSummary(name: "air.pcap", sha256: "air", format: "made"))
        return PlantAnalysis.derive([result], ledger: ledger).picture
    }

    @Test func anotherMakersRadioUnderTheNameIsDoubted() throws {
        let found = picture([
            Self.beacon(Self.access, "PLANT", Self.rsn(1)), Self.beacon(Self.second, "PLANT", Self.rsn(1)),
            Self.beacon(Self.stranger, "PLANT", Self.rsn(2)),
        ]).findings.filter { $0.rule == "wireless-impostor" }
        #expect(found.count == 1)
        #expect(try #require(found.first).text.en.contains(Self.stranger.description))
    }

    @Test func onesOwnRadiosAreNot() {
        let both = picture([
            Self.beacon(Self.access, "PLANT", Self.rsn(1)), Self.beacon(Self.second, "PLANT", Self.rsn(2)),
            Self.beacon(Self.stranger, "GUEST", Self.rsn(2)),
        ])
        #expect(!both.findings.contains { $0.rule == "wireless-impostor" })
    }

    @Test func aListedDeviceAtATelephoneIsTold() {
        let telephone = Self.mac("fa:12:34:56:78:9a")
        let tablet = Self.mac("00:30:de:00:00:77")
        let visitor = Self.mac("00:30:de:00:00:99")
        let air =
            [Self.beacon(telephone, "鈴木のiPhone", Self.rsn(2))] + Self.join(visitor, telephone, "鈴木のiPhone")
        let ledger = [LedgerEntry(line: 2, name: "tablet", macs: [tablet])]
        #expect(!picture(air, ledger: ledger).findings.contains { $0.rule == "tethering" })
        let joined = picture(air + Self.join(tablet, telephone, "鈴木のiPhone"), ledger: ledger).findings
            .filter { $0.rule == "tethering" }
        #expect(joined.count == 1)
        #expect(joined.first?.text.ja.contains(tablet.description) == true)
        #expect(joined.first?.text.ja.contains(visitor.description) == false)
    }
}
