import Documents
import Foundation
import Model
import Signatures
import TestSupport
import Testing

/// Who a MAC's block was given to, by the carried registry and by a user's list.
@Suite struct VendorTests {
    private static func mac(_ text: String) throws -> MACAddress { try #require(MACAddress(text)) }

    @Test(arguments: [
        ("58:52:8a:10:31:32", "Mitsubishi Electric"), ("00:00:0a:10:31:3f", "Omron Tateisi Electronics"),
        ("00:01:fc:10:31:34", "Keyence"),
        ("00:1b:1b:00:00:01", "Siemens"), ("00:00:bc:00:00:01", "Rockwell Automation"), ("ac:44:f2:10:20:01", "Yamaha"),
        ("00:80:f4:00:00:01", "Telemecanique Electrique"), ("00:50:56:00:00:01", "VMware"),
    ])
    func knowsMakers(_ mac: String, _ name: String) throws {
        #expect(VendorRegistry().vendor(of: try VendorTests.mac(mac)) == name)
    }

    /// 70:B3:D5 is given out again in blocks of 36 bits, and 28-bit blocks lie within other 24-bit ones.
    @Test func prefersTheSmallestBlock() throws {
        let registry = VendorRegistry()
        let a = registry.vendor(of: try VendorTests.mac("70:b3:d5:00:10:00"))
        let b = registry.vendor(of: try VendorTests.mac("70:b3:d5:00:20:00"))
        #expect(a != nil && b != nil && a != b)
    }

    @Test(arguments: [
        "02:00:00:00:00:01", "da:a1:19:52:07:3e", "01:00:5e:00:00:fb", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00",
    ])
    func namesNobodyForAddressesThatNobodyRegistered(_ mac: String) throws {
        #expect(VendorRegistry().vendor(of: try VendorTests.mac(mac)) == nil)
    }

    @Test func tellsItsOriginAndDate() {
        #expect(VendorRegistry.note.date.split(separator: "-").count == 3)
        #expect(VendorRegistry.note.origin.contains("IEEE"))
    }

    @Test(arguments: [
        "Registry,Assignment,Organization Name,Organization Address\r\nMA-L,58528A,\"ACME, Works \"\"X\"\" Co., Ltd.\",\"Some\r\nwhere\"\r\nMA-S,70B3D5001,Small Corp.,x\r\n",
        "OUI/MA-L                                                    Organization\ncompany_id\n\n58-52-8A   (hex)\t\tACME, Works \"X\" Co., Ltd.\n58528A     (base 16)\t\tACME, Works\n\t\t\t\tAddress\n70-B3-D5   (hex)\t\tIEEE Registration Authority\n",
        "# manuf\n58:52:8A\tAcme\tACME, Works \"X\" Co., Ltd.\n70:B3:D5:00:10:00/36\tSmall\tSmall Corp.\n00:00:00:00:00:00/8\tOdd\tOdd\n",
    ])
    func readsTheUsersList(_ text: String) throws {
        let list = try VendorList(name: "own", bytes: Array(text.utf8))
        let registry = VendorRegistry(own: list)
        #expect(registry.vendor(of: try VendorTests.mac("58:52:8a:00:00:01")) == "ACME, Works \"X\"")
        // What the list does not have, the carried registry still has.
        #expect(registry.vendor(of: try VendorTests.mac("00:1b:1b:00:00:01")) == "Siemens")
        if list.count == 2 { #expect(registry.vendor(of: try VendorTests.mac("70:b3:d5:00:10:01")) == "Small") }
    }

    @Test(arguments: [
        ("", "no block"), ("hello world\n", "1: expected"), ("\0\0\0\0", "a byte 0"),
        ("58:52:8A\tAcme\nnonsense\n", "2: expected"),
        ("Registry,Assignment,Organization Name,Organization Address\nMA-L,ZZZZZZ,x,y\n", "2: expected"),
        ("Registry,Assignment,Organization Name,Organization Address\n", "no block"),
    ])
    func refusesWithOneClearError(_ text: String, _ expected: String) {
        let error = #expect(throws: FileError.self) { try VendorList(name: "own", bytes: Array(text.utf8)) }
        #expect(error?.description.contains(expected) == true, "\(error.map(\.description) ?? "nothing")")
        #expect(error?.description.hasPrefix("own") == true)
    }

    /// Whatever the bytes, reading ends with a list or an error.
    @Test func survivesDamage() throws {
        let good = Array(
            "Registry,Assignment,Organization Name,Organization Address\nMA-L,58528A,\"ACME, Co.\",\"x\"\n58-52-8A (hex) A\n"
                .utf8)
        var state: UInt64 = 42
        for _ in 0..<3000 {
            var bytes = good
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            _ = try? VendorList(name: "own", bytes: bytes)
        }
    }
}
