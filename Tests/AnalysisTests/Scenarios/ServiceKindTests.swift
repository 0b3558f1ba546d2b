import Model
import Testing

@testable import Analysis

/// What a protocol is taken for where others were told apart from it.
@Suite struct ServiceKindTests {
    /// Updates over HTTP are HTTP to every rule: read in clear, and asked for by office hosts.
    @Test func updatesAreWeb() {
        for service in ["http", "wsus"] {
            #expect(ServiceKind.isOffice(service))
            #expect(ServiceKind.isCleartext(service))
        }
    }

    /// A serial port over Telnet is worked in clear by a program: not the session of somebody who logs in.
    @Test func serialPortsAreIndustrialInClear() {
        #expect(ServiceKind.isCleartext("rfc2217"))
        #expect(ServiceKind.isIndustrial("rfc2217"))
        #expect(!ServiceKind.isRemoteAccess("rfc2217"))
        #expect(ServiceKind.isRemoteAccess("telnet"))
    }

    private func exposed(_ services: (String, UInt16)...) -> [Finding] {
        var plant = MadePlant()
        let device = MadePlant.host(20)
        for (service, port) in services { plant.talk(MadePlant.host(10), device, service, port: port) }
        return PlantAnalysis.derive([plant.result()]).picture.findings.filter { $0.rule == "exposed-services" }
    }

    /// Beside another protocol of plants it is a service more; alone it is what the device is for.
    @Test func serialPortsBesideControlAreExposed() {
        #expect(exposed(("modbus", 502), ("rfc2217", 2_217)).count == 1)
        #expect(exposed(("modbus", 502), ("telnet", 23)).count == 1)
        #expect(exposed(("rfc2217", 2_217)).isEmpty)
    }
}
