import Analysis
import Foundation
import Model
import TestSupport
import Testing

/// Roles in real captures that were once taken for others.
@Suite struct RoleTests {
    private func picture(_ path: String) throws -> PlantPicture? {
        guard let url = CaptureCorpus.file(path) else { return nil }
        return PlantAnalysis.derive([try CaptureReading.read(path: url.path)], knowledge: try Knowledge.load()).picture
    }

    /// It reads a controller's program, object by object, and no panel does that.
    @Test func whoReadsProgramsByCIPEngineers() throws {
        guard let picture = try picture("ITI__ICS-Security-Tools/pcaps/openics/EIP-SoftwareUpload.pcap") else { return }
        let station = try #require(
            picture.assets.first { $0.addresses.contains { $0.description == "192.168.10.105" } })
        #expect(station.role == .engineeringStation)
        let level = station.attributes.first { $0.attribute == .purdueLevel }
        #expect(level?.value.raw == PurdueLevel.operations.rawValue)
        // What only the holder of its address block suggests stays a guess.
        let guess = try #require(
            picture.assets.first { $0.addresses.contains { $0.description == "192.168.10.131" } })
        #expect(guess.roles.first?.confidence == .low)
    }
}
