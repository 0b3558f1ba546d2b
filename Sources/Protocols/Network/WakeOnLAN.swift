import Model
import Wire

/// Wake-on-LAN: a frame or datagram in which six bytes of ones are followed by sixteen copies of the address of the computer
/// that is to switch on; a password of 4 or 6 bytes may follow.
package enum WakeOnLAN: Dissector {
    package static let description = ProtocolDescription(
        name: "wake-on-lan", title: "Wake-on-LAN", family: .network, level: .operations,
        reference: "AMD Magic Packet Technology (20213)", bindings: [.etherType(0x0842), .udp([7, 9])],
        displayFilter: "wol")

    private static let size = 102

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        bytes.u8(0) == 0xff && isMagic(bytes) ? .certain(from: .client) : .no
    }

    private static func isMagic(_ bytes: RawSpan) -> Bool {
        guard bytes.byteCount >= size, bytes.be48(0) == 0xffff_ffff_ffff else { return false }
        let address = bytes.be48(6)
        return address != 0 && address != 0xffff_ffff_ffff && address == bytes.be48(12) && address == bytes.be48(48)
            && address == bytes.be48(96)
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard isMagic(bytes) else { return .malformed }
        d.message(0, .control)
        d.observe("wakes", mac: bytes.mac(6), field: "target")
        return .consumed(bytes.byteCount)
    }

    package static func messageName(_ code: UInt32) -> String { "magic packet" }
}
