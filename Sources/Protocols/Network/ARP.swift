import Model
import Wire

/// Address Resolution Protocol for IPv4 over Ethernet, with its reverse and inverse forms.
///
///      0  hardware type      2   1 Ethernet, 6 IEEE 802
///      2  protocol type      2   0x0800
///      4  hardware length    1   6
///      5  protocol length    1   4
///      6  operation          2   1 request, 2 reply, 3/4 reverse, 8/9 inverse
///      8  sender hardware    6
///     14  sender protocol    4
///     18  target hardware    6
///     24  target protocol    4
///
/// Who says a binding matters: a request's sender speaks for itself, a reply may come from a proxy, a probe (sender
/// 0.0.0.0, RFC 5227) claims nothing yet. The field names keep them apart.
package enum ARP: Dissector {
    package static let description = ProtocolDescription(
        name: "arp", title: "ARP", family: .network, level: .identity,
        reference: "RFC 826; RFC 903 (reverse), RFC 2390 (inverse), RFC 5227 (probe, announcement)",
        bindings: [.etherType(0x0806), .etherType(0x8035)], displayFilter: "arp")

    private enum Offset {
        static let hardwareType = 0, protocolType = 2, hardwareLength = 4, protocolLength = 5, operation = 6
        static let senderHardware = 8, senderProtocol = 14, targetHardware = 18, targetProtocol = 24, end = 28
    }

    private enum Kind {
        static let request: UInt32 = 1, reply: UInt32 = 2
        static let announcement: UInt32 = 0x101, probe: UInt32 = 0x102
    }

    /// Most targets noted of one asker: enough to show a sweep, not enough to fill the table.
    private static let longestTargetList = 512

    private final class Targets {
        var count = 0
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= Offset.end else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "ARP packet", offset: 0, needed: Offset.end, available: bytes.byteCount))
            }
            return .malformed
        }
        let hardwareType = bytes.be16(Offset.hardwareType)
        guard hardwareType == 1 || hardwareType == 6, bytes.be16(Offset.protocolType) == 0x0800,
            bytes.u8(Offset.hardwareLength) == 6, bytes.u8(Offset.protocolLength) == 4
        else { return .malformed }
        let operation = bytes.be16(Offset.operation)
        let sender = bytes.mac(Offset.senderHardware)
        let address = bytes.ipv4(Offset.senderProtocol)
        let target = bytes.ipv4(Offset.targetProtocol)
        compare(sender, &d)
        switch operation {
        case 1 where address.isUnspecified:
            d.message(Kind.probe)
            if canOwn(sender), target.isUnicast {
                d.observe("probed_address", address: target, field: "probe", about: .mac(sender), confidence: .low)
            }
        case 1 where address == target, 2 where address == target:
            d.message(Kind.announcement)
            bind(sender, address, "announcement", .high, &d)
        case 1:
            d.message(Kind.request)
            bind(sender, address, "request_sender", .high, &d)
            asks(sender, for: target, &d)
        case 2:
            d.message(Kind.reply)
            bind(sender, address, "reply_sender", .medium, &d)
            bind(bytes.mac(Offset.targetHardware), target, "reply_target", .medium, &d)
        case 4, 9:
            d.message(UInt32(operation))
            bind(sender, address, "reply_sender", .medium, &d)
        default:
            d.message(UInt32(operation))
        }
        return .consumed(bytes.byteCount)
    }

    private static func bind(
        _ mac: MACAddress, _ address: IPAddress, _ field: StaticString, _ confidence: Confidence,
        _ d: inout Dissection
    ) {
        guard canOwn(mac), address.isUnicast, !address.isLoopback else { return }
        d.observe(.ip, address: address, field: field, about: .mac(mac), confidence: confidence)
    }

    /// Bridges of wireless stations and virtual routers speak with one address for another; so does a forger.
    private static func compare(_ sender: MACAddress, _ d: inout Dissection) {
        guard let speaker = d.source.mac, speaker != sender, canOwn(sender) else { return }
        d.observe("speaks_for", mac: sender, field: "foreign_sender", about: .mac(speaker), confidence: .low)
    }

    private static func asks(_ sender: MACAddress, for target: IPAddress, _ d: inout Dissection) {
        guard canOwn(sender), target.isUnicast else { return }
        let targets = d.state { Targets() }
        guard targets.count < longestTargetList else { return }
        targets.count += 1
        d.observe("arp_target", address: target, field: "request_target", about: .mac(sender), confidence: .low)
    }

    /// Group addresses are kept: clusters answer with one (Microsoft NLB in multicast mode).
    private static func canOwn(_ mac: MACAddress) -> Bool { mac != .zero && !mac.isBroadcast }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Kind.request: "Request"
        case Kind.reply: "Reply"
        case 3: "Reverse Request"
        case 4: "Reverse Reply"
        case 8: "Inverse Request"
        case 9: "Inverse Reply"
        case Kind.announcement: "Announcement (gratuitous)"
        case Kind.probe: "Probe"
        default: "Operation \(code)"
        }
    }
}
