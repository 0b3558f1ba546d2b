import Model
import Wire

/// X Window System: a program opens a connection to the display on which it wants to be seen and names its proof; the display
/// answers with its maker and release. What follows is drawing and input, in clear.
///
///     client   byte order 1 ('l' or 'B'), pad 1, major 2 (11), minor 2 (0), lengths of proof name 2 and data 2, pad 2,
///              name and data, each padded to 4
///     server   status 1 (0 failed, 1 success, 2 authenticate), reason length 1, major 2, minor 2, length in words 2;
///              success: release 4, …, vendor length 2 at 24, …, vendor at 40
package enum X11: Dissector {
    package static let description = ProtocolDescription(
        name: "x11", title: "X11", family: .remoteAccess, level: .identity,
        reference: "X Window System Protocol, Version 11, 8 and Appendix B",
        bindings: [.tcp(Array(6000...6010))], displayFilter: "x11")

    private enum Offset {
        static let major = 2, minor = 4, nameLength = 6, dataLength = 8, name = 12
        static let replyWords = 6, release = 8, vendorLength = 24, vendor = 40
    }
    private static let longestProof = 1_024

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        let first = bytes.u8(0)
        if first == 0x6c || first == 0x42 {
            guard bytes.byteCount >= Offset.name else { return .wait }
            let setup = Setup(bytes)
            guard setup.isPlausible, bytes.u8(1) == 0 || hint.uses(6000) else { return .no }
            return bytes.byteCount >= setup.size ? .certain(from: .client) : .wait
        }
        guard first <= 2, bytes.byteCount >= 8, (6000...6063).contains(hint.sourcePort) else { return .no }
        return bytes.le16(2) == 11 && bytes.le16(4) == 0 || bytes.be16(2) == 11 && bytes.be16(4) == 0
            ? .possible(from: .server) : .no
    }

    /// The client's first message.
    private struct Setup {
        let isLittle: Bool
        let isPlausible: Bool
        let nameLength: Int
        let dataLength: Int

        init(_ bytes: RawSpan) {
            isLittle = bytes.u8(0) == 0x6c
            nameLength = Int(isLittle ? bytes.le16(Offset.nameLength) : bytes.be16(Offset.nameLength))
            dataLength = Int(isLittle ? bytes.le16(Offset.dataLength) : bytes.be16(Offset.dataLength))
            let major = isLittle ? bytes.le16(Offset.major) : bytes.be16(Offset.major)
            let minor = isLittle ? bytes.le16(Offset.minor) : bytes.be16(Offset.minor)
            isPlausible = major == 11 && minor == 0 && nameLength <= 256 && dataLength <= longestProof
        }

        var size: Int { Offset.name &+ padded(nameLength) &+ padded(dataLength) }
        private func padded(_ length: Int) -> Int { (length &+ 3) & ~3 }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        let state = d.state { X11State() }
        if d.afterGap { return .directionDone }
        return d.fromClient ? client(bytes, state, &d) : server(bytes, state, &d)
    }

    private static func client(_ bytes: RawSpan, _ state: X11State, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.name else { return .needMore(Offset.name) }
        let setup = Setup(bytes)
        guard setup.isPlausible, bytes.u8(0) == 0x6c || bytes.u8(0) == 0x42 else { return .notMine }
        guard bytes.byteCount >= setup.size else { return .needMore(setup.size) }
        state.isLittle = setup.isLittle
        d.message(0, .login)
        if setup.nameLength > 0 {
            let name = bytes.slice(Offset.name, setup.nameLength)
            state.hasProof = true
            d.observe(.security, text: name, field: "authorization_protocol", about: .conversation)
            if name.starts(with: "MIT-MAGIC-COOKIE"), setup.dataLength > 0 {
                d.observe(.cleartextCredential, "X11 cookie", field: "authorization_data", about: .conversation)
            }
        } else {
            d.observe(.security, "X11 without authorization", field: "authorization_protocol", about: .conversation)
        }
        return .directionDone
    }

    private static func server(_ bytes: RawSpan, _ state: X11State, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 8 else { return .needMore(8) }
        guard bytes.u8(0) <= 2 else { return .conversationDone }
        d.message(1 &+ UInt32(bytes.u8(0)))
        if state.hasProof {
            d.observe(
                .authentication, bytes.u8(0) == 1 ? "accepted" : "rejected", field: "setup_status", about: .conversation
            )
        }
        guard bytes.u8(0) == 1 else { return .conversationDone }
        guard bytes.byteCount >= Offset.vendor else { return .needMore(Offset.vendor) }
        let isLittle = state.isLittle
        let length = Int(isLittle ? bytes.le16(Offset.vendorLength) : bytes.be16(Offset.vendorLength))
        guard length <= 256 else { return .conversationDone }
        guard bytes.byteCount >= Offset.vendor &+ length else { return .needMore(Offset.vendor &+ length) }
        let release = isLittle ? bytes.le32(Offset.release) : bytes.be32(Offset.release)
        let vendor = WireText(wire: bytes.slice(Offset.vendor, length))
        if !vendor.isEmpty {
            d.observe(.software, "X server of \(vendor.raw), release \(release)", field: "vendor", confidence: .medium)
        }
        return .conversationDone
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case 0: "connection setup"
        case 1: "setup failed"
        case 2: "setup success"
        default: "setup authenticate"
        }
    }
}

private final class X11State {
    var isLittle = true
    var hasProof = false
}
