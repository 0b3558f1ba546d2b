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
