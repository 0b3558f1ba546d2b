import Foundation
import Model
import Protocols
import Testing

@Suite struct DirectoryTests {
    /// A BER element.
    private func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        return [tag] + (count < 128 ? [UInt8(count)] : [0x82] + be16(count)) + contents
    }
    private func text(_ value: String) -> [UInt8] { element(4, ascii(value)) }
    private func message(_ operation: [UInt8]) -> [UInt8] { element(0x30, [2, 1, 1] + operation) }

    private var simpleBind: [UInt8] {
        message(element(0x60, [2, 1, 3] + text("cn=hist,dc=plant,dc=example") + element(0x80, ascii("geheim"))))
    }

    @Test func ldapTellsTheAccountAndNeverThePassword() {
        #expect(probe(LDAP.self, simpleBind) == .certain(from: .client))
        var bench = DissectorBench(LDAP.self)
        bench.feed(simpleBind, fromClient: true)
        bench.feed(message(element(0x61, [10, 1, 49] + text("") + text(""))), fromClient: false)
        bench.feed(
            message(element(0x63, text("dc=plant,dc=example") + [10, 1, 2, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0])),
            fromClient: true)
        #expect(bench.value("bind_name") == "cn=hist,dc=plant,dc=example")
        #expect(bench.values(.cleartextCredential) == ["LDAP simple bind"])
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(bench.value("search_base", about: DissectorBench.server) == "plant.example")
        #expect(bench.names() == ["bindRequest", "bindResponse", "searchRequest"])
        #expect(!bench.d.observations.observations.contains { $0.value.raw.contains("geheim") })
    }

    @Test func snmpIsNotLDAP() {
        // SNMP version 1: integer, then a community where LDAP has its operation.
        #expect(probe(LDAP.self, element(0x30, [2, 1, 0] + text("public") + element(0xa0, [2, 1, 1]))) == .no)
    }

    @Test func rootEntryNamesTheController() {
        func attribute(_ name: String, _ value: [UInt8]) -> [UInt8] {
            element(0x30, text(name) + element(0x31, element(4, value)))
        }
        let locator =
            hex("1700 0000 fd030000") + [UInt8](repeating: 7, count: 16) + [5] + ascii("plant") + [7] + ascii("example")
            + [0, 0xc0, 24] + [4] + ascii("dc-1") + [0xc0, 24] + [5] + ascii("PLANT") + [0, 4] + ascii("DC-1") + [
                0, 0, 4,
            ]
            + ascii("Main") + [0, 4] + ascii("Main") + [0]
        let entry = message(
            element(
                0x64,
                text("")
                    + element(
                        0x30,
                        attribute("dnsHostName", ascii("dc-1.plant.example"))
                            + attribute("defaultNamingContext", ascii("DC=plant,DC=example"))
                            + attribute("domainControllerFunctionality", ascii("7")) + attribute("netlogon", locator))))
        var bench = DissectorBench(LDAP.self)
        bench.feed(entry, fromClient: false)
        #expect(bench.value("dns_host_name", about: DissectorBench.server) == "dc-1.plant.example")
        #expect(bench.value("default_naming_context") == "plant.example")
        #expect(bench.value("netlogon_domain") == "plant.example")
        #expect(bench.value("netlogon_host") == "dc-1.plant.example")
        #expect(bench.value("netlogon_netbios_computer") == "DC-1")
        #expect(bench.value("netlogon_site") == "Main")
        #expect(bench.values(.role).allSatisfy { $0 == "domain_controller" } && !bench.values(.role).isEmpty)
        #expect(bench.values(.os) == ["Windows Server 2016 or later"])
    }

    @Test func locatorNamesTheClient() {
        func term(_ name: String, _ value: String) -> [UInt8] { element(0xa3, text(name) + text(value)) }
        let filter = element(0xa0, term("DnsDomain", "plant.example.") + term("Host", "HMI-PC-3"))
        let search = message(
            element(
                0x63,
                text("") + [10, 1, 0, 10, 1, 0, 2, 1, 0, 2, 1, 0, 1, 1, 0] + filter + element(0x30, text("netlogon")))
        )
        #expect(probe(LDAP.self, search, port: 389, isTCP: false) == .certain(from: .client))
        var bench = DissectorBench(LDAP.self, isTCP: false)
        bench.feed(search, fromClient: true)
        #expect(bench.value("locator_host", about: DissectorBench.client) == "HMI-PC-3")
    }

    private func general(_ value: String) -> [UInt8] { element(0x1b, ascii(value)) }
    private func principal(_ parts: String...) -> [UInt8] {
        element(0x30, element(0xa0, [2, 1, 1]) + element(0xa1, element(0x30, parts.flatMap { general($0) })))
    }
    private var asRequest: [UInt8] {
        let address = element(0x30, element(0xa0, [2, 1, 20]) + element(0xa1, text("HMI-PC-3        ")))
        let body = element(
            0x30,
            element(0xa0, hex("03050040000000")) + element(0xa1, principal("kato")) + element(0xa2, general("PLANT"))
                + element(0xa3, principal("krbtgt", "PLANT")) + element(0xa9, element(0x30, address)))
        return element(
            0x6a, element(0x30, element(0xa1, [2, 1, 5]) + element(0xa2, [2, 1, 10]) + element(0xa4, body)))
    }
    private func error(_ code: UInt8) -> [UInt8] {
        element(
            0x7e,
            element(
                0x30,
                element(0xa0, [2, 1, 5]) + element(0xa1, [2, 1, 30]) + element(0xa6, [2, 1, code])
                    + element(0xa9, general("PLANT")) + element(0xaa, principal("krbtgt", "PLANT"))))
    }

    @Test func kerberosNamesAccountAndComputer() {
        #expect(probe(Kerberos.self, asRequest, isTCP: false) == .certain(from: .client))
        #expect(probe(Kerberos.self, asRequest + [0], isTCP: false) == .no)
        #expect(probe(Kerberos.self, be16(0) + be16(asRequest.count) + asRequest) == .certain(from: .client))
        var bench = DissectorBench(Kerberos.self, isTCP: false)
        bench.feed(asRequest, fromClient: true)
        bench.feed(error(25), fromClient: false)
        #expect(bench.values(.authentication).isEmpty, "proof asked for is no refusal")
        bench.feed(error(24), fromClient: false)
        #expect(bench.value("client_name") == "kato@PLANT")
        #expect(bench.value("netbios_address", about: DissectorBench.client) == "HMI-PC-3")
        #expect(bench.values(.authentication) == ["rejected"])
        #expect(bench.values(.status) == ["KDC_ERR_PREAUTH_FAILED"])
        let ticket = element(
            0x61, element(0x30, element(0xa0, [2, 1, 5]) + element(0xa3, element(0x30, element(0xa0, [2, 1, 23])))))
        let reply = element(
            0x6b,
            element(
                0x30,
                element(0xa0, [2, 1, 5]) + element(0xa1, [2, 1, 11]) + element(0xa3, general("PLANT"))
                    + element(0xa4, principal("HMI-PC-3$")) + element(0xa5, ticket)))
        bench.feed(reply, fromClient: false)
        #expect(bench.value("ticket", about: DissectorBench.server) == "domain_controller")
        #expect(bench.value("computer_account", about: DissectorBench.client) == "HMI-PC-3")
        #expect(bench.values(.cipher) == ["rc4-hmac"])
    }

    private func pdu(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
        [5, 0, type, 3, 0x10, 0, 0, 0] + le16(16 + body.count) + [0, 0, 1, 0, 0, 0] + body
    }
    private func bind(_ interface: String) -> [UInt8] {
        pdu(
            11,
            le16(5_840) + le16(5_840) + le32(0) + [1, 0, 0, 0] + le16(7) + [1, 0] + hex(interface) + le32(0)
                + [UInt8](repeating: 0x11, count: 20))
    }

    @Test func rpcNamesInterfacesAndOperations() {
        let opc = bind("523ac139 1e01 d011 9675 0020afd8adb3")
        #expect(probe(DCERPC.self, opc) == .certain(from: .client))
        #expect(
            probe(DCERPC.self, hex("05 02 0b 03 10000000 4800 0000 01000000") + [UInt8](repeating: 0, count: 60)) == .no
        )
        var bench = DissectorBench(DCERPC.self)
        bench.feed(opc, fromClient: true)
        bench.feed(pdu(0, le32(40) + le16(7) + le16(4) + [UInt8](repeating: 0, count: 40)), fromClient: true)
        bench.feed(pdu(0, le32(40) + le16(9) + le16(4)), fromClient: true)
        #expect(bench.names() == ["bind", "IOPCSyncIO Write", "operation 4"])
        #expect(bench.effects == [.none, .write, .none])
        #expect(bench.value("interface", about: DissectorBench.server) == "IOPCSyncIO")
        #expect(bench.values(.role) == ["opc_server"])
    }

    @Test func interfacesAreListedOnce() {
        var bench = DissectorBench(DCERPC.self)
        bench.feed(bind("354251e3 064b d111 ab04 00c04fc2dcd2"), fromClient: true)
        bench.feed(pdu(0, le32(0) + le16(7) + le16(3)), fromClient: true)
        bench.feed(pdu(0, le32(0) + le16(7) + le16(3)), fromClient: true)
        #expect(bench.values(.role) == ["domain_controller"])
        #expect(bench.names() == ["bind", "drsuapi DRSGetNCChanges", "drsuapi DRSGetNCChanges"])
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(LDAP.self, [simpleBind, simpleBind]) > 2_000)
        #expect(DissectorBench.torment(LDAP.self, [simpleBind], isTCP: false) > 1_000)
        #expect(DissectorBench.torment(Kerberos.self, [asRequest, error(24)], isTCP: false) > 2_000)
        #expect(DissectorBench.torment(Kerberos.self, [be16(0) + be16(asRequest.count) + asRequest]) > 1_000)
        #expect(DissectorBench.torment(DCERPC.self, [bind("523ac139 1e01 d011 9675 0020afd8adb3")]) > 1_000)
    }
}
