import Model

/// What SLMP's command numbers mean: names as in the SLMP Reference Manual (SH-080956ENG) and the CC-Link specification
/// BAP-C2006-ENG, and what each command does to the device that receives it.
enum SLMPCommand {
    static let readTypeName: UInt16 = 0x0101
    static let nodeSearch: UInt16 = 0x0e30
    static let cyclic: UInt16 = 0x0e70
    static let passwordUnlock: UInt16 = 0x1630
    static let passwordLock: UInt16 = 0x1631

    static func effect(_ command: UInt16) -> MessageEffect? {
        switch command {
        case 0x0101, 0x0e28, 0x0e30, 0x0eb2, 0x3119: .identity
        case 0x0401, 0x0403, 0x0406, 0x041a, 0x041c, 0x0601, 0x0613, 0x0801, 0x0802, 0x0201...0x0205, 0x0e29, 0x0e33,
            0x0e44, 0x0e45, 0x0e53, 0x1810, 0x1811, 0x3060, 0x3061:
            .read
        case 0x0206, 0x1828, 0x0eb6: .upload
        case 0x1203, 0x1829, 0x0eba: .download
        case 0x1401, 0x1402, 0x1406, 0x141a, 0x141b, 0x1601, 0x1613, 0x1202, 0x1204...0x1206, 0x1207, 0x1820, 0x1822,
            0x1824...0x1826, 0x0e31, 0x0e34, 0x320a, 0x320e:
            .write
        case 0x1001...0x1003, 0x1005, 0x1006, 0x1617, 0x1619, 0x161a, 0x3206...0x3209: .control
        case 0x1630, 0x1631: .login
        case 0x0619, 0x0808, 0x0e32, 0x0e35, 0x0e36, 0x0e3a, 0x0e70, 0x0e90...0x0e94, 0x0eb0, 0x0eb1, 0x0eb3...0x0eb5,
            0x0eb7...0x0eb9, 0x0ebe, 0x1827, 0x182a, 0x2101, 0x3040, 0x3050, 0x3062, 0x3070, 0x3072, 0x320b...0x320d,
            0x3210, 0x3211, 0x3230, 0x4000...0x4003, 0x4020:
            MessageEffect.none
        default: nil
        }
    }

    static func name(_ command: UInt16) -> String {
        switch command {
        case 0x0101: "Read Type Name"
        case 0x0201...0x0204: "Read File Information"
        case 0x0205: "Read Drive State"
        case 0x0206: "Read File"
        case 0x0401: "Device Read"
        case 0x0403: "Device Read Random"
        case 0x0406: "Device Read Block"
        case 0x041a: "Array Label Read"
        case 0x041c: "Label Read Random"
        case 0x0601: "Extend Unit Read"
        case 0x0613: "Memory Read"
        case 0x0619: "Self Test"
        case 0x0801: "Entry Monitor Device"
        case 0x0802: "Execute Monitor"
        case 0x0808: "File Lock"
        case 0x0e28: "Device Identification Info Get"
        case 0x0e29: "Data Monitoring"
        case 0x0e30: "Node Search"
        case 0x0e31: "IP Address Set"
        case 0x0e32: "Device Info Compare"
        case 0x0e33: "Parameter Get"
        case 0x0e34: "Parameter Set"
        case 0x0e35: "Parameter Set Start"
        case 0x0e36: "Parameter Set End"
        case 0x0e3a: "Parameter Set Cancel"
        case 0x0e44, 0x0e53: "Status Read"
        case 0x0e45: "Communication Setting Get"
        case 0x0e70: "Cyclic Data"
        case 0x0e90: "Network Config"
        case 0x0e91: "Master Config"
        case 0x0e92: "Slave Config"
        case 0x0e93: "Cyclic Config"
        case 0x0e94: "Notification"
        case 0x0eb2: "Get Device Info"
        case 0x0eb6: "Get Backup Parameter"
        case 0x0eba: "Set Backup Parameter"
        case 0x1001: "Remote Run"
        case 0x1002: "Remote Stop"
        case 0x1003: "Remote Pause"
        case 0x1005: "Remote Latch Clear"
        case 0x1006: "Remote Reset"
        case 0x1202, 0x1820: "New File"
        case 0x1203, 0x1829: "Write File"
        case 0x1204: "Change File Information"
        case 0x1205, 0x1822: "Delete File"
        case 0x1206, 0x1824: "Copy File"
        case 0x1207: "Defragment Drive"
        case 0x1401: "Device Write"
        case 0x1402: "Device Write Random"
        case 0x1406: "Device Write Block"
        case 0x141a: "Array Label Write"
        case 0x141b: "Label Write Random"
        case 0x1601: "Extend Unit Write"
        case 0x1613: "Memory Write"
        case 0x1617: "Clear Error"
        case 0x1619: "Clear Error History"
        case 0x161a: "Clear Event History"
        case 0x1630: "Remote Password Unlock"
        case 0x1631: "Remote Password Lock"
        case 0x1810: "Read Directory"
        case 0x1811: "Search Directory"
        case 0x1825: "Change File State"
        case 0x1826: "Change File Date"
        case 0x1827: "Open File"
        case 0x1828: "Read File"
        case 0x182a: "Close File"
        case 0x2101: "On-Demand"
        case 0x3206, 0x3208: "Cyclic Transmission Stop"
        case 0x3207, 0x3209: "Cyclic Transmission Start"
        default: "Command " + hexadecimal(command)
        }
    }

    static func hexadecimal(_ number: UInt16) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
