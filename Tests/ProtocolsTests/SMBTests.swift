import Foundation
import Model
import Protocols
import Testing

@Suite struct SMBTests {
    private func framed(_ message: [UInt8]) -> [UInt8] { [0, 0] + be16(message.count) + message }
    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { le16(Int($0)) } }

    private func two(_ command: Int, response: Bool, status: Int = 0, _ body: [UInt8]) -> [UInt8] {
        hex("fe534d42 4000 0000") + le32(status) + le16(command) + le16(1) + le32(response ? 1 : 0) + le32(0)
            + [UInt8](repeating: 0, count: 40) + body
    }

    private func one(_ command: UInt8, response: Bool, words: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        hex("ff534d42") + [command] + le32(0) + [response ? 0x80 : 0] + le16(0x8000)
            + [UInt8](repeating: 0, count: 20) + [UInt8(words.count / 2)] + words + le16(bytes.count) + bytes
    }

    /// NTLM texts: descriptors first, then the texts.
    private func authenticate(domain: String, user: String, host: String, response: Int) -> [UInt8] {
        let texts = [utf16(domain), utf16(user), utf16(host)]
        var offset = 72 + response
        var descriptors: [UInt8] = le16(0) + le16(0) + le32(72) + le16(response) + le16(response) + le32(72)
        for text in texts {
            descriptors += le16(text.count) + le16(text.count) + le32(offset)
            offset += text.count
        }
        return ascii("NTLMSSP\0") + le32(3) + descriptors + le16(0) + le16(0) + le32(0) + le32(0x0200_0001)
            + [10, 0] + le16(19_041) + [0, 0, 0, 15] + [UInt8](repeating: 0xaa, count: response)
            + texts.flatMap { $0 }
    }

    private func challenge(target: String) -> [UInt8] {
        let name = utf16(target)
        let pairs = le16(3) + le16(utf16("srv.example").count) + utf16("srv.example") + le32(0)
        return ascii("NTLMSSP\0") + le32(2) + le16(name.count) + le16(name.count) + le32(56) + le32(0x0202_0001)
            + [UInt8](repeating: 0xcc, count: 8) + [UInt8](repeating: 0, count: 8) + le16(pairs.count)
            + le16(pairs.count) + le32(56 + name.count) + [6, 1] + le16(7_601) + [0, 0, 0, 15] + name + pairs
    }

    private var sessionSetup: [UInt8] {
        let token = authenticate(domain: "PLANT", user: "ito", host: "EWS-1", response: 40)
        return framed(
            two(
                1, response: false,
                le16(25) + [0, 1] + le32(0) + le32(0) + le16(88) + le16(token.count) + [UInt8](repeating: 0, count: 8)
                    + token))
    }
    private var negotiated: [UInt8] {
        framed(two(0, response: true, le16(65) + le16(3) + le16(0x0311) + [UInt8](repeating: 0, count: 58)))
    }

    @Test func versionThreeNamesUsersAndShares() {
        var bench = DissectorBench(SMB.self)
        bench.feed(negotiated, fromClient: false)
        let token = challenge(target: "FILES")
        bench.feed(
            framed(
                two(1, response: true, status: 0xc000_0016, le16(9) + le16(0) + le16(72) + le16(token.count) + token)),
            fromClient: false)
        bench.feed(sessionSetup, fromClient: true)
        bench.feed(framed(two(1, response: true, le16(9) + le16(0) + le16(72) + le16(0))), fromClient: false)
        let path = utf16(#"\\files\recipes"#)
        bench.feed(
            framed(two(3, response: false, le16(9) + le16(0) + le16(72) + le16(path.count) + path)), fromClient: true)
        bench.feed(
            framed(two(3, response: true, le16(16) + [1, 0] + [UInt8](repeating: 0, count: 12))), fromClient: false)
        #expect(bench.value("dialect", about: DissectorBench.server) == "SMB 3.1.1")
        #expect(bench.value("signing") == "SMB signing required")
        #expect(bench.value("ntlm_target_name", about: DissectorBench.server) == "FILES")
        #expect(bench.value("ntlm_dns_computer_name") == "srv.example")
        #expect(bench.value("ntlm_workstation", about: DissectorBench.client) == "EWS-1")
        #expect(bench.value("ntlm_user") == #"PLANT\ito"#)
        #expect(bench.value("ntlm_version") == "NTLMv2")
        #expect(bench.values(.os) == ["Windows 6.1.7601", "Windows 10.0.19041"])
        #expect(bench.value("tree") == #"\\files\recipes"#)
        #expect(bench.values(.authentication) == ["accepted"])
        #expect(bench.values(.role) == ["file_server"])
        #expect(bench.effects.filter { $0 == .login }.count == 1)
    }

    @Test func refusedLoginIsTold() {
        var bench = DissectorBench(SMB.self)
        bench.feed(framed(two(1, response: true, status: 0xc000_006d, le16(9))), fromClient: false)
        #expect(bench.values(.authentication) == ["rejected"])
    }

    @Test func versionOneNamesSystems() {
        var bench = DissectorBench(SMB.self)
        bench.feed(
            framed(one(0x72, response: false, words: [], [2] + ascii("PC NETWORK\0") + [2] + ascii("NT LM 0.12\0"))),
            fromClient: true)
        let mode = [UInt8(3)] + [UInt8](repeating: 0, count: 31)
        bench.feed(framed(one(0x72, response: true, words: le16(1) + mode, [])), fromClient: false)
        // Bytes begin at an odd offset: one byte of padding before the texts.
        let texts = [0] + utf16("Windows 5.1") + [0, 0] + utf16("Windows 2000 LAN Manager") + [0, 0]
        bench.feed(framed(one(0x73, response: true, words: [UInt8](repeating: 0, count: 6), texts)), fromClient: false)
        #expect(bench.value("dialect") == "SMB 1 (NT LM 0.12)")
        #expect(bench.value("native_os") == "Windows 5.1")
        #expect(bench.value("native_lanman") == "Windows 2000 LAN Manager")
        #expect(bench.names().last == "SMB1 Session Setup AndX")
    }

    @Test func largeWritesAreSkipped() {
        var bench = DissectorBench(SMB.self)
        let write = [0, 1] + be16(0) + two(9, response: false, [])
        #expect(bench.feed(write, fromClient: true) == .consumed(4 + 65_536))
        #expect(bench.effects == [.write])
    }

    private func encoded(_ name: String, _ kind: UInt8) -> [UInt8] {
        let padded = ascii(name, padTo: 15, with: 0x20) + [kind]
        return [32] + padded.flatMap { [0x41 + $0 >> 4, 0x41 + $0 & 15] } + [0]
    }

    private func announcement(_ data: [UInt8]) -> [UInt8] {
        let name = ascii("\\MAILSLOT\\BROWSE\0")
        let start = 32 + 1 + 34 + 2 + name.count
        let words =
            le16(0) + le16(data.count) + [UInt8](repeating: 0, count: 18) + le16(data.count) + le16(start) + [3, 0]
            + [UInt8](repeating: 0, count: 6)
        let smb =
            hex("ff534d42 25") + [UInt8](repeating: 0, count: 27) + [17] + words + le16(name.count + data.count) + name
            + data
        return hex("11 02 0001 c0000201 008a 0000 0000") + encoded("CELL-4", 0) + encoded("PLANT", 0x1d) + smb
    }

    @Test func announcementsNameHosts() {
        let data =
            hex("01 00 80fc0a00") + ascii("CELL-4", padTo: 16) + [5, 1] + le32(0x0000_1003) + hex("0f01 55aa")
            + ascii("Line 2\0")
        var bench = DissectorBench(BrowserAnnouncements.self, isTCP: false)
        #expect(probe(BrowserAnnouncements.self, announcement(data), isTCP: false) == .certain)
        bench.feed(announcement(data), fromClient: true)
        #expect(bench.value("server") == "CELL-4")
        #expect(bench.value("os_version") == "5.1")
        #expect(bench.value("os") == "Windows XP")
        #expect(bench.value("comment") == "Line 2")
        #expect(bench.values(.role) == ["workstation"])
        #expect(bench.names() == ["Host Announcement"])
    }

    @Test func hostileBytesDoNotTrap() {
        #expect(DissectorBench.torment(SMB.self, [sessionSetup, negotiated]) > 2_000)
        let first = framed(
            one(0x73, response: false, words: [UInt8](repeating: 1, count: 26), utf16("user") + [0, 0]))
        #expect(DissectorBench.torment(SMB.self, [first]) > 1_000)
        let data = hex("0f 00 80fc0a00") + ascii("X", padTo: 16) + [5, 1] + le32(0xffff_ffff) + hex("0f0155aa")
        #expect(DissectorBench.torment(BrowserAnnouncements.self, [announcement(data)], isTCP: false) > 1_000)
    }
}
