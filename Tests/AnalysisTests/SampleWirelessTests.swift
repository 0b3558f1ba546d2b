import Analysis
import Assessment
import Documents
import Foundation
import Model
import TestSupport
import Testing

/// The sample off the air: networks, how they are secured, who joined what.
@Suite struct SampleWirelessTests {
    private let result: CaptureResult
    private let derived: (picture: PlantPicture, proposals: [Proposal], ledger: LedgerMatch?)
    private let truth: SampleTruth.Node

    init() throws {
        let samples = CaptureCorpus.repository.appendingPathComponent("Samples")
        result = try CaptureReading.read(path: samples.appendingPathComponent("wireless.pcapng").path)
        derived = PlantAnalysis.derive([result], knowledge: try Knowledge.load())
        truth = try SampleTruth(sample: "wireless").root
    }

    private func stated(_ mac: MACAddress, _ attribute: Attribute) -> Set<String> {
        Set(result.observations.filter { $0.subject == .mac(mac) && $0.attribute == attribute }.map(\.value.raw))
    }

    @Test func everyNetworkIsReadAsItIs() throws {
        #expect(truth["networks"].list.count == 6)
        for network in truth["networks"].list {
            let bssid = try #require(MACAddress(network["bssid"].text))
            #expect(stated(bssid, .ssid) == [network["ssid"].text])
            #expect(stated(bssid, .channel) == [network["channel"].text])
            let security = network["security"].text
            // An 802.1X network also shows by its EAPOL frames.
            #expect(stated(bssid, .security).subtracting(["802.1x"]) == [security], "\(network["ssid"].text)")
        }
        let announced = result.observations.filter { $0.source == "wlan.beacon" }
        #expect(announced.count == 6)
    }

    @Test func everyClientIsReadWithItsNetwork() throws {
        for client in truth["clients"].list {
            let station = try #require(MACAddress(client["mac"].text))
            #expect(stated(station, .bssid) == [client["bssid"].text], "\(client["name"].text)")
            #expect(stated(station, .ssid) == [client["ssid"].text])
            #expect(derived.picture.assets.contains { $0.macs.contains(station) }, "\(client["name"].text)")
            #expect(station.isLocallyAdministered == (client["randomised"].text == "true"))
        }
        for refused in truth["refused"].list {
            let station = try #require(MACAddress(refused["mac"].text))
            #expect(stated(station, .authentication) == ["rejected"])
        }
    }

    @Test func accessPointsAreAssetsWithThatRole() throws {
        for network in truth["networks"].list {
            let bssid = try #require(MACAddress(network["bssid"].text))
            let asset = try #require(
                derived.picture.assets.first { $0.macs.contains(bssid) }, "\(network["ssid"].text)")
            #expect(asset.role == .accessPoint)
        }
    }

    @Test func openNetworksAndWEPSettleTheProposal() throws {
        let weak = Set(
            truth["findings"].list.first { $0["id"].text == "weak-wireless" }?["ssids"].list.map(\.text) ?? [])
        #expect(weak.count == 3)
        let found = derived.picture.findings.filter { $0.rule == "weak-wireless" }
        #expect(found.count == weak.count)
        for ssid in weak { #expect(found.contains { $0.id == "weak-wireless-\(ssid)" }, "\(ssid)") }
        let id = try #require(ItemID("2-7"))
        let proposal = try #require(derived.proposals.first { $0.item == id })
        #expect(proposal.levels == .notDone ... .notDone)
        #expect(proposal.verdict == .contradicts)
        #expect(Set(derived.picture.findings.map(\.rule)) == ["weak-wireless"])
    }

    /// With the list of permitted devices at hand, who joined a protected network without being on it.
    @Test func stationsMissingFromTheLedgerAreTold() throws {
        let clients = truth["clients"].list
        let listed = clients.filter { $0["listed"].text == "true" }.compactMap { MACAddress($0["mac"].text) }
        let ledger = listed.enumerated().map { LedgerEntry(line: $0 + 2, macs: [$1]) }
        let picture = PlantAnalysis.derive([result], ledger: ledger, knowledge: try Knowledge.load()).picture
        let strangers = clients.filter { client in
            let network = truth["networks"].list.first { $0["bssid"].text == client["bssid"].text }
            return client["listed"].text == "false" && network?["security"].text != "open"
        }
        #expect(!strangers.isEmpty)
        let found = picture.findings.filter { $0.rule == "unlisted-wireless-client" }
        #expect(Set(found.map(\.id)) == Set(strangers.map { "unlisted-wireless-client-\($0["ssid"].text)" }))
        for stranger in strangers { #expect(found.contains { $0.text.en.contains(stranger["mac"].text) }) }
    }

    /// The unlisted access point on the factory's wire is the one heard in the warehouse.
    @Test func theAccessPointOnTheWireIsKnownByItsRadio() throws {
        let samples = CaptureCorpus.repository.appendingPathComponent("Samples")
        let wired = try CaptureReading.read(path: samples.appendingPathComponent("factory.pcapng").path, capture: 2)
        let picture = PlantAnalysis.derive([wired, result], knowledge: try Knowledge.load()).picture
        let found = picture.findings.filter { $0.rule == "access-point-on-wire" }
        let weak = try #require(found.first { $0.text.en.contains("倉庫ハンディ") })
        let asset = try #require(picture.assets.first { $0.id == weak.assets.first })
        #expect(asset.macs.map(\.description) == ["00:24:a5:77:0c:c9"])
    }

    /// The file says itself that it is made up, and its bytes are those that the truth names.
    @Test func isLabelledSynthetic() throws {
        let file = CaptureCorpus.repository.appendingPathComponent("Samples/wireless.pcapng")
        let bytes = try Data(contentsOf: file)
        #expect(bytes.count < 300_000)
        #expect(bytes.range(of: Data("Synthetic sample of otscan".utf8)) != nil)
        #expect(truth["about"]["synthetic"].text == "true")
        #expect(result.capture.sha256 == truth["capture"]["sha256"].text)
        #expect(result.capture.malformedMessages == 0)
    }
}
