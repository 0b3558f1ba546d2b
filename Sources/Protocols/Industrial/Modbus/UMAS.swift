import Model
import Wire

/// UMAS, the engineering protocol of Schneider Electric's Unity/Control Expert controllers, inside Modbus function 90.
/// Unpublished; codes as documented by Liras ("The Unity (UMAS) protocol", 2017) and Kaspersky ICS CERT (2022).
///
///     0  function code  1   90
///     1  session key    1
///     2  code           1   in responses 0xfe success, 0xfd failure
enum UMAS {
    static let success: UInt8 = 0xfe, failure: UInt8 = 0xfd

    private enum Code {
        static let readID: UInt8 = 0x02, takeReservation: UInt8 = 0x10
    }

    private enum Offset {
        static let data = 3
        // From the data on: Take Reservation names the station; Read ID has its version and its model.
        static let stationNameLength = 4, version = 8, modelLength = 22
    }

    static func request(_ pdu: RawSpan, _ d: inout Dissection) {
        d.role(.engineeringStation, field: "umas", confidence: .medium)
        guard pdu.u8(2) == Code.takeReservation else { return }
        let data = pdu.from(Offset.data)
        let count = Int(data.u8(Offset.stationNameLength))
        guard count > 0, data.has(count, at: Offset.stationNameLength &+ 1) else { return }
        d.observe(
            .name, text: data.slice(Offset.stationNameLength &+ 1, count), field: "reservation_owner",
            confidence: .medium)
    }

    static func response(_ pdu: RawSpan, to code: UInt8, _ d: inout Dissection) {
        guard code == Code.readID, pdu.u8(2) == success else { return }
        let data = pdu.from(Offset.data)
        let count = Int(data.u8(Offset.modelLength))
        guard count >= 4, data.has(count, at: Offset.modelLength &+ 1) else { return }
        let model = data.slice(Offset.modelLength &+ 1, count)
        var index = 0
        while index < count {
            guard model.u8(index) >= 0x20, model.u8(index) < 0x7f else { return }
            index &+= 1
        }
        d.observe(.model, text: model, field: "umas_model")
        d.observe(.vendor, "Schneider Electric", field: "umas_vendor", confidence: .medium)
        d.role(.plc, field: "umas_model")
        // Binary-coded decimal, low byte first: 70 02 is 2.70.
        let major = data.u8(Offset.version &+ 1)
        let minor = data.u8(Offset.version)
        if major & 15 < 10, minor >> 4 < 10, minor & 15 < 10 {
            d.observe(
                .firmware, "\(Int(major >> 4) &* 10 &+ Int(major & 15)).\(minor >> 4)\(minor & 15)",
                field: "umas_version",
                confidence: .medium)
        }
    }

    /// What a request does. "Upload" in UMAS goes to the controller.
    static func effect(_ code: UInt8) -> MessageEffect {
        switch code {
        case 0x02: .identity
        case 0x10, 0x38, 0x6e: .login
        case 0x21, 0x23, 0x25, 0x29, 0x71: .write
        case 0x30...0x32, 0x36: .download
        case 0x33...0x35: .upload
        case 0x40...0x42: .control
        case 0x03, 0x04, 0x06, 0x20, 0x22, 0x24, 0x26, 0x39, 0x50, 0x58, 0x70, 0x73: .read
        default: .none
        }
    }

    static func name(_ code: UInt8) -> String {
        switch code {
        case 0x01: "Initialise"
        case 0x02: "Read ID"
        case 0x03: "Read Project Info"
        case 0x04: "Read PLC Info"
        case 0x06: "Read Card Info"
        case 0x0a: "Repeat"
        case 0x10: "Take Reservation"
        case 0x11: "Release Reservation"
        case 0x12: "Keep Alive"
        case 0x20: "Read Memory Block"
        case 0x21: "Write Memory Block"
        case 0x22: "Read Variables"
        case 0x23: "Write Variables"
        case 0x24: "Read Coils and Registers"
        case 0x25: "Write Coils and Registers"
        case 0x30: "Begin Download to PLC"
        case 0x31: "Download Block to PLC"
        case 0x32: "End Download to PLC"
        case 0x33: "Begin Upload from PLC"
        case 0x34: "Upload Block from PLC"
        case 0x35: "End Upload from PLC"
        case 0x36: "Backup"
        case 0x39: "Read Ethernet Master Data"
        case 0x40: "Start PLC"
        case 0x41: "Stop PLC"
        case 0x42: "Initialise PLC"
        case 0x50: "Monitor"
        case 0x58: "Check PLC"
        case 0x70: "Read I/O Object"
        case 0x71: "Write I/O Object"
        case 0x73: "Get Module Status"
        default: "code \(code)"
        }
    }
}
