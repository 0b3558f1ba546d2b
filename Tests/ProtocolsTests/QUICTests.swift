import Crypto
import Foundation
import Model
import Testing

@testable import Protocols

@Suite struct QUICTests {
    /// Keys that RFC 9001, A.1 states for the destination connection id 8394c8f03e515708.
    private let destination = hex("8394c8f03e515708")
    private let key = hex("1f369613dd76d5467730efcbe3b1a22d")
    private let iv = hex("fa044b2f42a3fd3b46fb255c")
    private let protection = hex("9f50449e04a0e810283a1e9933adedd2")

    private func crypto(_ offset: Int, _ bytes: [UInt8]) -> [UInt8] {
        [0x06] + be16(0x4000 | offset) + be16(0x4000 | bytes.count) + bytes
    }

    /// A client's Initial packet with these frames, padded to a datagram of 1,200 bytes.
    private func initial(_ frames: [UInt8], number: UInt8) throws -> [UInt8] {
        let plain = frames + [UInt8](repeating: 0, count: 1_200 - 19 - 16 - frames.count)
        var header = [0xc0] + hex("00000001 08") + destination + [0, 0]
        header += be16(0x4000 | (1 + plain.count + 16)) + [number]
        var nonce = iv
        nonce[11] ^= number
        let box = try AES.GCM.seal(
            plain, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: nonce), authenticating: header)
        let sealed = Array(box.ciphertext) + Array(box.tag)
        let mask = try #require(AESBlock(key: protection)).encrypt(Array(sealed[3..<19]))
        header[0] ^= mask[0] & 0x0f
        header[header.count - 1] ^= mask[1]
        return header + sealed
    }

    @Test func blockCipherMatchesTheStandard() throws {
        // FIPS 197, appendix B.
        let block = try #require(AESBlock(key: hex("2b7e151628aed2a6abf7158809cf4f3c")))
        #expect(block.encrypt(hex("3243f6a8885a308d313198a2e0370734")) == hex("3925841d02dc09fbdc118597196a0b32"))
        // RFC 9001, A.2: the mask of the sample.
        let mask = try #require(AESBlock(key: protection)).encrypt(hex("d1b1c98dd7689fb8ec11d242b123dc9b"))
        #expect(Array(mask.prefix(5)) == hex("437b9aec36"))
        #expect(AESBlock(key: [1, 2, 3]) == nil)
    }

    @Test func helloIsReadFromEncryptedPackets() throws {
        let hello = TLSBytes.handshake(1, TLSBytes.chrome)
        // Two packets, pieces out of order and overlapping.
        let first = try initial(crypto(100, Array(hello[100...])) + [1, 1], number: 0)
        let second = try initial(crypto(0, Array(hello[..<120])), number: 1)
        #expect(probe(QUIC.self, first, isTCP: false) == .certain(from: .client))
        var bench = DissectorBench(QUIC.self, isTCP: false)
        bench.feed(first, fromClient: true)
        #expect(bench.value("server_name") == nil)
        #expect(bench.feed(second, fromClient: true) == .conversationDone)
        #expect(bench.value("server_name") == "device.example")
        #expect(bench.value("ja4") == "q13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(bench.value("version") == "QUIC 1")
        #expect(bench.names() == ["Initial", "Initial"])
    }

    @Test func tamperedPacketsSayNothing() throws {
        var packet = try initial(crypto(0, TLSBytes.handshake(1, TLSBytes.chrome)), number: 0)
        packet[600] ^= 1
        var bench = DissectorBench(QUIC.self, isTCP: false)
        bench.feed(packet, fromClient: true)
        #expect(bench.value("server_name") == nil)
    }

    @Test func negotiationAndOthersAreToldApart() {
        let negotiation = hex("80 00000000 02 aabb 02 ccdd 00000001 6b3343cf")
        #expect(probe(QUIC.self, negotiation, isTCP: false) == .certain(from: .server))
        #expect(probe(QUIC.self, hex("80 00000000 02 aabb 02 ccdd 00000009 12345678"), isTCP: false) == .no)
        #expect(probe(QUIC.self, hex("c0 00000001 ff aabbccddeeff0011223344"), isTCP: false) == .no)
        #expect(
            probe(QUIC.self, hex("0d 0011223344556677 51303335 01 000000"), isTCP: false) == .certain(from: .client))
    }

    @Test func hostileBytesDoNotTrap() throws {
        let packet = try initial(crypto(0, TLSBytes.handshake(1, TLSBytes.chrome)), number: 0)
        #expect(DissectorBench.torment(QUIC.self, [packet], isTCP: false) > 2_000)
    }
}
