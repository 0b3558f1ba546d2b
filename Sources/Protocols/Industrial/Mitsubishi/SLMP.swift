import Model
import Wire

/// SLMP, the open name of the MELSEC communication (MC) protocol's 3E and 4E frames, over TCP or UDP, in binary or ASCII
/// code. Ports are set freely in the PLC's parameters, so frames are known by their header (`SLMPFrame`).
package enum SLMP: Dissector {
    package static let description = ProtocolDescription(
        name: "slmp", title: "SLMP (MELSEC MC 3E/4E)", family: .industrial, level: .operations,
        reference: "SLMP Reference Manual SH-080956ENG; MELSEC Communication Protocol Reference Manual SH-080008",
        bindings: [
            .tcp([5000, 5001, 5003, 5004, 5005, 5008, 5009, 5010, 1025, 61451]),
            .udp([5000, 5001, 5003, 5004, 5005, 5008, 5009, 5010, 1025, 61451]),
        ], displayFilter: nil, includes: ["binary and ASCII code", "read type name"])

    /// Requests without an answer yet, so that an answer, which names no command, can be read.
    private final class State {
        static let limit = 16
        var pending: [(serial: UInt16?, code: UInt32)] = []

        func push(_ serial: UInt16?, _ code: UInt32) {
            if pending.count >= State.limit { pending.removeFirst() }
            pending.append((serial, code))
        }

        /// The request an answer belongs to: by serial number in 4E, the oldest in 3E.
        func pop(_ serial: UInt16?) -> UInt32? {
            guard let index = pending.firstIndex(where: { $0.serial == serial }) else { return nil }
            return pending.remove(at: index).code
        }
    }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.byteCount >= 2 else { return .wait }
        switch SLMPFrame.read(bytes) {
        case .no: return .no
        case .short: return hint.isTCP ? .wait : .no
        case .frame(let frame):
            guard frame.hasKnownModule else { return .no }
            // A datagram holds one frame; a segment may hold several, or the start of one.
            guard hint.isTCP || frame.total == bytes.byteCount else { return .no }
            let isWhole = frame.total == bytes.byteCount
            if frame.isRequest {
                guard SLMPCommand.effect(frame.command) != nil else { return .no }
                return isWhole || frame.isASCII ? .certain(from: .client) : .possible(from: .client)
            }
            guard frame.endCode == 0 || frame.endCode >= 0x4000 else { return .no }
            return isWhole ? .certain(from: .server) : .possible(from: .server)
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        switch SLMPFrame.read(bytes) {
        case .no: return .malformed
        case .short: return d.isTCP ? .needMore(bytes.byteCount &+ 1) : .malformed
        case .frame(let frame):
            guard frame.hasKnownModule else { return .malformed }
            guard bytes.byteCount >= frame.total else {
                return d.isTCP ? .needMore(frame.total) : .malformed
            }
            let data = bytes.slice(frame.dataOffset, frame.total &- frame.dataOffset)
            if frame.isRequest { request(frame, data, &d) } else { response(frame, data, &d) }
            return .consumed(frame.total)
        }
    }

    private static func request(_ frame: SLMPFrame, _ data: RawSpan, _ d: inout Dissection) {
        let code = UInt32(frame.command) << 16 | UInt32(frame.subcommand)
        d.message(code, SLMPCommand.effect(frame.command) ?? .none)
        // Remote reset is answered by nobody.
        if frame.command != 0x1006 { d.state { State() }.push(frame.serial, code) }
        if frame.command == SLMPCommand.passwordUnlock || frame.command == SLMPCommand.passwordLock {
            d.observe(
                .cleartextCredential, "MELSEC remote password", field: "remote_password", about: .conversation)
        }
        if frame.command == SLMPCommand.nodeSearch, !frame.isASCII { searcher(data, &d) }
    }

    private static func response(_ frame: SLMPFrame, _ data: RawSpan, _ d: inout Dissection) {
        let code = d.state { State() }.pop(frame.serial)
        d.message(code ?? unmatched)
        guard let code else { return }
        switch UInt16(truncatingIfNeeded: code >> 16) {
        case SLMPCommand.nodeSearch where frame.endCode == 0 && !frame.isASCII: foundNode(data, &d)
        case SLMPCommand.readTypeName where frame.endCode == 0:
            d.role(.plc, field: "response", confidence: .medium)
            typeName(frame, data, &d)
        default: d.role(.plc, field: "response", confidence: .medium)
        }
    }

    /// Answer to Read Type Name: model name 16 characters, filled up with blanks; model code 2.
    private static func typeName(_ frame: SLMPFrame, _ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 16, data.u8(0) > 0x20, data.u8(0) < 0x7f else { return }
        d.observe(.model, text: data.first(16), field: "model_name")
        d.observe(.vendor, "Mitsubishi Electric", field: "model_name", confidence: .medium)
        if frame.isASCII {
            if let code = SLMPFrame.hexadecimal(data, 16, 4) {
                d.observe(.productCode, number: UInt64(code), field: "model_code")
            }
        } else if data.has(2, at: 16) {
            d.observe(.productCode, number: UInt64(data.le16(16)), field: "model_code")
        }
    }

    /// Node Search request: MAC (reversed) 6, address size 1, IPv4 address (reversed) 4 of who searches.
    private static func searcher(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 11, data.u8(6) == 4 else { return }
        d.observe(.ip, "\(reversedIPv4(data, 7))", field: "master_ip", about: .mac(reversedMAC(data, 0)))
    }

    /// Node Search response: the searcher's MAC 6, address size 1, address 4; then the node's MAC 6, size 1, address 4,
    /// mask 4, gateway 4, host name size 1, host name, vendor code 2, model code 4, equipment version 2.
    private static func foundNode(_ data: RawSpan, _ d: inout Dissection) {
        guard data.byteCount >= 31, data.u8(6) == 4, data.u8(17) == 4 else { return }
        let mac = Dissection.About.mac(reversedMAC(data, 11))
        d.observe(.ip, "\(reversedIPv4(data, 18))", field: "slave_ip", about: mac)
        let mask = data.le32(22)
        let ones = (~mask).leadingZeroBitCount
        if mask != 0, ones == mask.nonzeroBitCount {
            d.observe(.subnet, number: UInt64(ones), field: "slave_mask", about: mac)
        }
        let gateway = data.le32(26)
        if gateway != 0, gateway != .max {
            d.observe(.gateway, "\(reversedIPv4(data, 26))", field: "slave_gateway", about: mac)
        }
        let nameSize = Int(data.u8(30))
        d.observe(.name, text: data.slice(31, nameSize), field: "host_name", about: mac)
        let codes = 31 + nameSize
        guard data.has(8, at: codes) else { return }
        let vendor = data.le16(codes)
        if vendor != 0 { d.observe(.vendorID, number: UInt64(vendor), field: "vendor_code", about: mac) }
        d.observe(.productCode, number: UInt64(data.le32(codes + 2)), field: "model_code", about: mac)
        d.observe(.hardware, number: UInt64(data.le16(codes + 6)), field: "equipment_version", about: mac)
        d.role(.io, field: "node_search", about: mac, confidence: .low)
    }

    static func reversedMAC(_ bytes: RawSpan, _ offset: Int) -> MACAddress {
        MACAddress(bits: UInt64(bytes.le16(offset &+ 4)) << 32 | UInt64(bytes.le32(offset)))
    }

    static func reversedIPv4(_ bytes: RawSpan, _ offset: Int) -> IPAddress { IPAddress(v4: bytes.le32(offset)) }

    /// Code of an answer whose request was not seen.
    private static let unmatched: UInt32 = 0xffff_0000

    package static func messageName(_ code: UInt32) -> String {
        code == unmatched ? "Response" : SLMPCommand.name(UInt16(truncatingIfNeeded: code >> 16))
    }
}
