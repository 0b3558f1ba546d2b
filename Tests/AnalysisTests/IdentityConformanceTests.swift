import Analysis
import Foundation
import Model
import TestSupport
import Testing

/// Identities that an independent dissector (tshark) read in the corpus, against otscan's observations: the same value, of
/// the same sender, first seen in the same frame.
@Suite struct IdentityConformanceTests {
    /// One line of identity_tshark.tsv.
    private struct Row {
        var file: String
        var frame: UInt64
        var senderMAC: String
        var senderIP: String
        var field: String
        var value: String
        var place: String { "\(file) #\(frame) \(field)" }
    }

    /// How a table's value and an observation's are made comparable. Nothing else is ever changed.
    private enum Form {
        /// Text as it is, with line ends as `|` or `\n`; the table cuts values after 200 characters.
        case text
        /// Several values of one frame, joined by `|`; each must have been observed in it.
        case several
        /// Decimal or, after `0x`, hexadecimal.
        case number
        /// The part before the dot of a version observed as a whole.
        case major
        /// The part after the dot.
        case minor
    }

    /// Which observations state a field of tshark's.
    private static let fields: [String: (sources: Set<String>, form: Form)] = {
        let module = { (name: String) in Set(["enip.identity_\(name)", "enip.module_\(name)"]) }
        let host: Set = ["browser.server", "browser.election_server"]
        let os: Set = ["browser.os_version", "browser.domain_os_version"]
        return [
            "bacapp.object_name": (["bacnet.object_name"], .text),
            "bacapp.vendor_identifier": (["bacnet.vendor_identifier"], .number),
            "browser.server": (host, .text), "browser.comment": (["browser.comment"], .text),
            "browser.os_major": (os, .major), "browser.os_minor": (os, .minor),
            "cdp.deviceid": (["cdp.device_id"], .text), "cdp.platform": (["cdp.platform"], .text),
            "cdp.software_version": (["cdp.software_version"], .text), "cdp.portid": (["cdp.port_id"], .text),
            "cdp.native_vlan": (["cdp.native_vlan"], .number),
            "cip.id.vendor_id": (module("vendor_id"), .number), "cip.id.device_type": (module("device_type"), .number),
            "cip.id.product_code": (module("product_code"), .number),
            "cip.id.product_name": (module("product_name"), .text),
            "cip.id.serial_number": (module("serial_number"), .number),
            "cip.id.major_rev": (module("revision"), .major), "cip.id.minor_rev": (module("revision"), .minor),
            "dhcp.option.hostname": (["dhcp.hostname"], .text),
            "enip.lir.vendor": (["enip.lir_vendor"], .number), "enip.lir.devtype": (["enip.lir_device_type"], .number),
            "enip.lir.prodcode": (["enip.lir_product_code"], .number),
            "enip.lir.serial": (["enip.lir_serial"], .number), "enip.lir.status": (["enip.lir_status"], .number),
            "enip.lir.name": (["enip.lir_product_name"], .text),
            "http.server": (["http.server", "ssdp.server"], .text),
            "lldp.chassis.id": (["lldp.chassis_id"], .text), "lldp.chassis.id.mac": (["lldp.chassis_mac"], .text),
            "lldp.port.id": (["lldp.port_id"], .text), "lldp.mgn.addr.ip4": (["lldp.management_address"], .text),
            "lldp.tlv.system.name": (["lldp.system_name"], .text),
            "lldp.tlv.system.desc": (["lldp.system_description"], .text),
            "modbus.object_id": (["modbus.object_id"], .several),
            "modbus.object_str_value": (["modbus.object_str_value"], .several),
            "ntlmssp.auth.hostname": (["smb.ntlm_workstation"], .text),
            "ntlmssp.challenge.target_name": (["smb.ntlm_target_name"], .text),
            "opcua.ApplicationUri": (["opcua.application_uri"], .several),
        ]
    }()

    /// Rows that otscan is right not to repeat. The list must be exact: a row that is found, or is not in the table, fails.
    private static let exceptions: [(place: String, reason: String)] = [
        (
            "cisagov__icsnpp-bacnet/testing/traces/bacnet_segmented_data.pcap #1 bacapp.object_name",
            """
            The name is in JIS X 0208 (character set 1 or 2 of ASHRAE 135, 20.2.9); tshark shows the bytes as if they were \
            UTF-8, otscan the Japanese text that they are.
            """
        )
    ]

    /// Fields in which a sender names somebody else: a DHCP server's answer repeats the name of its client.
    private static let ofOthers: Set = ["dhcp.option.hostname"]

    private static func rows(_ table: URL) throws -> [Row] {
        try String(contentsOf: table, encoding: .utf8).split(separator: "\n").dropFirst().compactMap { line in
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard columns.count >= 9, let frame = UInt64(columns[1]) else { return nil }
            return Row(
                file: columns[0], frame: frame, senderMAC: columns[3],
                senderIP: columns[4], field: columns[6], value: columns[7])
        }
    }

    /// The sender by address; a MAC counts where the row has no IP address and the capture's link layer has MACs.
    private static func isAbout(_ subject: Subject, _ row: Row) -> Bool {
        if ofOthers.contains(row.field) { return true }
        switch subject {
        case .endpoint(let end):
            if !row.senderIP.isEmpty { return end.ip?.description == row.senderIP }
            return end.mac == nil || row.senderMAC.isEmpty || end.mac?.description == row.senderMAC
        case .mac(let mac): return row.senderIP.isEmpty && mac.description == row.senderMAC
        case .address(let ip): return ip.description == row.senderIP
        case .conversation, .network: return false
        }
    }

    private static func agree(_ observed: [String], _ row: Row, _ form: Form) -> Bool {
        switch form {
        case .text:
            observed.contains { text in
                let isCut = row.value.count >= 200
                return ["|", "\\n"].contains { lineEnd in
                    let shown = text.replacingOccurrences(of: "\r", with: "")
                        .replacingOccurrences(of: "\n", with: lineEnd)
                    return isCut ? shown.hasPrefix(row.value) : shown == row.value
                }
            }
        case .several:
            row.value.split(separator: "|").enumerated().allSatisfy { index, part in
                let isCut = row.value.count >= 200 && index == row.value.split(separator: "|").count - 1
                return observed.contains { isCut ? $0.hasPrefix(part) : $0 == part }
            }
        case .number: observed.contains { number($0) != nil && number($0) == number(row.value) }
        case .major: observed.contains { $0.split(separator: ".").first.map(String.init) == row.value }
        case .minor: observed.contains { $0.split(separator: ".").dropFirst().first.map(String.init) == row.value }
        }
    }

    private static func number(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }

    @Test func observationsSayWhatTsharkSays() throws {
        guard let table = CaptureCorpus.file("identity_tshark.tsv"), let folder = CaptureCorpus.folder else { return }
        let rows = try IdentityConformanceTests.rows(table)
        let excused = Set(IdentityConformanceTests.exceptions.map(\.place))
        var results: [String: CaptureResult] = [:]
        var perField: [String: (found: Int, total: Int)] = [:]
        var missed: [String] = []
        for row in rows {
            guard let (sources, form) = IdentityConformanceTests.fields[row.field] else {
                Issue.record("no rule for field \(row.field)")
                continue
            }
            let result =
                try results[row.file] ?? CaptureReading.read(path: folder.appendingPathComponent(row.file).path)
            results[row.file] = result
            let observed = zip(result.observations, result.sightings).filter { observation, sighting in
                sighting.first.number == row.frame && sources.contains(observation.source)
                    && IdentityConformanceTests.isAbout(observation.subject, row)
            }
            let isFound = IdentityConformanceTests.agree(observed.map(\.0.value.raw), row, form)
            perField[row.field, default: (0, 0)].total += 1
            if isFound { perField[row.field]?.found += 1 }
            #expect(
                isFound != excused.contains(row.place), "\(row.place): \(row.value) — \(observed.map(\.0.value.raw))")
            if !isFound { missed.append(row.place) }
        }
        for (field, counts) in perField.sorted(by: { $0.key < $1.key }) {
            print("\(field.padding(toLength: 32, withPad: " ", startingAt: 0))\(counts.found)/\(counts.total)")
        }
        print("identities found: \(rows.count - missed.count) of \(rows.count); not: \(missed)")
        #expect(rows.count >= 370)
        #expect((rows.count - missed.count) * 100 >= rows.count * 98)
        #expect(Set(missed) == excused)
    }
}
