import Model
import Wire

/// TeamViewer, by its framing (not published; as seen on the wire and described by others) or, where it hides in TLS, by the
/// name of the router it asks for.
///
///     first form    0x17 0x24, command 1, length 2 little-endian, payload
///     second form   0x11 0x30, command 1, 0, length 4 little-endian, 16 bytes more, payload
///     UDP           counter and channel 11, then the first form
package enum TeamViewer: Dissector {
    package static let description = ProtocolDescription(
        name: "teamviewer", title: "TeamViewer", family: .remoteAccess, level: .recognised,
        reference: "Framing as observed; ports and host names from the vendor's firewall guide",
        // Asked before TLS where both could be.
        bindings: [.tcp([443, 5938]), .udp([5938])])

    private static let firstHeaderSize = 5
    private static let secondHeaderSize = 24

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 2 else { return .wait }
        guard hint.isTCP else {
            return bytes.byteCount > 13 && bytes.u8(0) == 0 && bytes.be16(11) == 0x1724 && hint.uses(5938)
                ? .certain : .no
        }
        if bytes.u8(0) == 22 {
            return isRouterName(ClientHello.serverName(inStream: bytes)) ? .certain(from: .client) : .no
        }
        guard bytes.be16(0) == 0x1724 || bytes.be16(0) == 0x1130 else { return .no }
        guard bytes.byteCount >= 8 else { return .wait }
        guard let size = frameSize(bytes) else { return .no }
        if bytes.byteCount == size { return .certain }
        let next = bytes.from(size)
        if next.byteCount >= 2 { return next.be16(0) == bytes.be16(0) ? .certain : .no }
        return hint.uses(5938) ? .certain : .no
    }

    private static func frameSize(_ bytes: RawSpan) -> Int? {
        if bytes.be16(0) == 0x1724 { return firstHeaderSize &+ Int(bytes.le16(3)) }
        let length = Int(bytes.le32(4))
        guard bytes.be16(0) == 0x1130, bytes.u8(3) == 0, length <= 1 << 20 else { return nil }
        return secondHeaderSize &+ length
    }

    /// Hosts that carry sessions; the web site's names are others.
    private static func isRouterName(_ name: RawSpan) -> Bool {
        guard name.startsIgnoringCase(with: ".teamviewer.com", at: name.byteCount &- 15) else { return false }
        return name.indexIgnoringCase(of: "router") != nil || name.startsIgnoringCase(with: "master")
            || name.startsIgnoringCase(with: "ping") || name.startsIgnoringCase(with: "relay")
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        d.observe(.software, "TeamViewer", field: "framing", about: .client, confidence: .medium)
        guard d.isTCP, bytes.u8(0) >= 20, bytes.u8(0) <= 24, bytes.u8(1) == 3 else { return .conversationDone }
        let session = d.state { TLSSession(inside: ()) }
        return TLS.read(inside: bytes, session, &d)
    }

    package static func messageName(_ code: UInt32) -> String { TLS.messageName(code) }
}
