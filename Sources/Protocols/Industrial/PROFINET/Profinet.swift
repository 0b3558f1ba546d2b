import Model
import Wire

/// PROFINET on Ethernet (IEC 61158-6-10, EtherType 0x8892): the frame id says what follows. Cyclic data of inputs and
/// outputs, alarms, clock synchronisation (PTCP) and the discovery and configuration protocol (DCP).
///
///     0  frame id  2
///     2  data; in cyclic frames closed by cycle counter 2, data status 1, transfer status 1
package enum Profinet: Dissector {
    package static let description = ProtocolDescription(
        name: "profinet", title: "PROFINET RT and DCP", family: .industrial, level: .operations,
        reference: "IEC 61158-6-10, 4.3 (DCP), 4.7 (RTC and RTA), 4.8 (PTCP)", bindings: [.etherType(0x8892)],
        displayFilter: "pn_rt || pn_dcp", includes: ["PTCP", "alarms"])

    /// Alarm PDU: destination and source end point 2 each, type 1, flags 1, two sequence numbers 2 each, length 2, block.
    private enum Alarm {
        static let high: UInt16 = 0xfc01, low: UInt16 = 0xfe01
        static let pduType = 6, block = 14, alarmType = 20
        /// PDU type "data", in the low four bits; others acknowledge or report errors.
        static let data: UInt8 = 1
        static let notificationHigh: UInt16 = 1, notificationLow: UInt16 = 2
    }

    /// What kind of frame; the high byte of a message code.
    enum Kind {
        static let cyclic: UInt32 = 1, alarm: UInt32 = 2, synchronisation: UInt32 = 3, dcp: UInt32 = 4
        static let fragment: UInt32 = 5, other: UInt32 = 6
    }

    private enum Cyclic {
        static let class3: UInt32 = 0, class1: UInt32 = 1, class1Multicast: UInt32 = 2, udp: UInt32 = 3
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        guard bytes.byteCount >= 2 else { return .malformed }
        let id = bytes.be16(0)
        switch id {
        case 0x0100...0x7fff: d.message(Kind.cyclic << 24 | Cyclic.class3)
        case 0x8000...0xbbff: d.message(Kind.cyclic << 24 | Cyclic.class1)
        case 0xbc00...0xbfff: d.message(Kind.cyclic << 24 | Cyclic.class1Multicast)
        case 0xc000...0xfbff: d.message(Kind.cyclic << 24 | Cyclic.udp)
        case Alarm.high, Alarm.low: alarm(bytes, &d)
        case ProfinetDCP.FrameID.hello...ProfinetDCP.FrameID.identifyResponse: ProfinetDCP.read(bytes, id, &d)
        case 0x0020, 0x0021, 0x0080, 0x0081, 0xff00, 0xff01, 0xff20...0xff23, 0xff40...0xff43:
            d.message(Kind.synchronisation << 24 | UInt32(id))
        case 0xff80...0xff8f: d.message(Kind.fragment << 24)
        default: d.message(Kind.other << 24)
        }
        return .consumed(bytes.byteCount)
    }

    private static func alarm(_ bytes: RawSpan, _ d: inout Dissection) {
        guard bytes.byteCount >= Alarm.alarmType &+ 2 else {
            if !d.isCut {
                d.malformed(
                    DecodeError(
                        field: "alarm pdu", offset: 2, needed: Alarm.alarmType, available: bytes.byteCount &- 2))
            }
            return
        }
        let block = bytes.be16(Alarm.block)
        let isNotification =
            bytes.u8(Alarm.pduType) & 15 == Alarm.data
            && (block == Alarm.notificationHigh || block == Alarm.notificationLow)
        d.message(Kind.alarm << 24 | (isNotification ? UInt32(bytes.be16(Alarm.alarmType)) : 0))
        // Only a device notifies; the controller acknowledges.
        if isNotification {
            d.role(.io, field: "alarm_notification", confidence: .medium)
            d.role(.plc, field: "alarm_receiver", about: .destination, confidence: .medium)
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        let detail = code & 0xff_ffff
        switch code >> 24 {
        case Kind.cyclic:
            switch detail {
            case Cyclic.class3: return "cyclic data, RT class 3 (IRT)"
            case Cyclic.class1: return "cyclic data, RT class 1"
            case Cyclic.class1Multicast: return "cyclic data, RT class 1 multicast"
            default: return "cyclic data, frame id C000-FBFF"
            }
        case Kind.alarm: return detail == 0 ? "alarm acknowledgement" : "alarm: " + alarmName(detail)
        case Kind.synchronisation: return "PTCP frame id 0x" + String(detail, radix: 16)
        case Kind.dcp: return ProfinetDCP.messageName(detail)
        case Kind.fragment: return "fragment"
        default: return "unknown frame id"
        }
    }

    private static func alarmName(_ type: UInt32) -> String {
        switch type {
        case 1: "diagnosis"
        case 2: "process"
        case 3: "pull"
        case 4: "plug"
        case 5: "status"
        case 6: "update"
        case 7: "media redundancy"
        case 8: "controlled by supervisor"
        case 9: "released"
        case 10: "plug wrong submodule"
        case 11: "return of submodule"
        case 12: "diagnosis disappears"
        case 13: "multicast communication mismatch"
        case 14: "port data change"
        case 15: "sync data change"
        case 16: "isochronous mode problem"
        case 17: "network component problem"
        case 18: "time data change"
        case 30: "upload and retrieval"
        case 31: "pull module"
        default: "type \(type)"
        }
    }
}
