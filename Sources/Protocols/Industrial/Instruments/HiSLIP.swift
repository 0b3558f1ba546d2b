import Model
import Wire

/// HiSLIP: test and measuring instruments over two TCP connections, commands in SCPI.
///
///     0  "HS"
///     2  type       1
///     3  control    1
///     4  parameter  4
///     8  length     8   of the payload that follows
package enum HiSLIP: Dissector {
    package static let description = ProtocolDescription(
        name: "hislip", title: "HiSLIP (LXI instruments)", family: .industrial, level: .operations,
        reference: "IVI-6.1, High-Speed LAN Instrument Protocol 2.0, 2 and 6; IEEE 488.2, 10.14 (*IDN?)",
        bindings: [.tcp([4880])], displayFilter: "hislip")

    private enum Offset { static let type = 2, length = 8, payload = 16 }
    private enum Kind { static let initialize: UInt8 = 0, data: UInt8 = 6, dataEnd: UInt8 = 7, last: UInt8 = 33 }
    private static let kept = 4096

    private final class State { var isIdentityAsked = false }

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.starts(with: "HS") else { return .no }
        guard bytes.has(Offset.payload) else { return hint.uses(4880) ? .wait : .no }
        guard bytes.u8(Offset.type) <= Kind.last, bytes.be32(Offset.length) == 0 else { return .no }
        return .certain
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.has(Offset.payload) else { return .needMore(Offset.payload) }
        guard bytes.starts(with: "HS"), bytes.be32(Offset.length) == 0 else { return .malformed }
        let length = Int(bytes.be32(Offset.length &+ 4))
        let type = bytes.u8(Offset.type)
        guard type == Kind.data || type == Kind.dataEnd || type == Kind.initialize, length <= kept else {
            d.message(UInt32(type), type == 12 || type == 19 ? .control : .none)
            return .consumed(Offset.payload &+ length)
        }
        guard bytes.has(Offset.payload &+ length) else { return .needMore(Offset.payload &+ length) }
        let payload = bytes.slice(Offset.payload, length)
        let state = d.state { State() }
        if d.fromClient, type != Kind.initialize {
            let asks = payload.indexIgnoringCase(of: "?", limit: 256) != nil
            state.isIdentityAsked = payload.startsIgnoringCase(with: "*idn?")
            d.message(UInt32(type) | (asks ? 0x100 : 0x200), state.isIdentityAsked ? .identity : asks ? .read : .write)
        } else {
            d.message(UInt32(type))
            if state.isIdentityAsked, !d.fromClient { identity(payload, &d) }
        }
        return .consumed(Offset.payload &+ length)
    }

    /// Four fields between commas: maker, model, serial number, firmware.
    private static func identity(_ text: RawSpan, _ d: inout Dissection) {
        guard let first = text.index(of: 0x2c), let second = text.index(of: 0x2c, from: first &+ 1),
            let third = text.index(of: 0x2c, from: second &+ 1)
        else { return }
        let end = text.index(of: 0x0a, from: third) ?? text.byteCount
        d.observe(.vendor, text: text.first(first).trimmingSpaces(), field: "idn_maker")
        d.observe(.model, text: text.slice(first &+ 1, second &- first &- 1).trimmingSpaces(), field: "idn_model")
        d.observe(.serial, text: text.slice(second &+ 1, third &- second &- 1).trimmingSpaces(), field: "idn_serial")
        d.observe(.firmware, text: text.slice(third &+ 1, end &- third &- 1).trimmingSpaces(), field: "idn_firmware")
    }

    package static func messageName(_ code: UInt32) -> String {
        let names = [
            "Initialize", "InitializeResponse", "FatalError", "Error", "AsyncLock", "AsyncLockResponse", "Data",
            "DataEnd",
            "DeviceClearComplete", "DeviceClearAcknowledge", "AsyncRemoteLocalControl", "AsyncRemoteLocalResponse",
            "Trigger", "Interrupted", "AsyncInterrupted", "AsyncMaximumMessageSize", "AsyncMaximumMessageSizeResponse",
            "AsyncInitialize", "AsyncInitializeResponse", "AsyncDeviceClear", "AsyncServiceRequest", "AsyncStatusQuery",
            "AsyncStatusResponse", "AsyncDeviceClearAcknowledge", "AsyncLockInfo", "AsyncLockInfoResponse",
        ]
        let type = Int(code & 0xff)
        let name = type < names.count ? names[type] : "Type \(type)"
        return code & 0x100 != 0 ? name + " (query)" : code & 0x200 != 0 ? name + " (command)" : name
    }
}
