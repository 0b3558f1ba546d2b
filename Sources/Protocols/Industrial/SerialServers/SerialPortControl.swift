import Model
import Wire

/// RFC 2217: a Telnet connection to a serial device server, through which the client sets up the port. What goes to and from the
/// device lies between the commands and is not read. An offer of the option may be refused, so that only its commands prove it:
/// `Telnet` reads a conversation until the first.
///
///     IAC WILL|WONT|DO|DONT 44              the ends agree on the option, or do not
///     IAC SB 44 command value … IAC SE      255 in a value is doubled
///
/// The server answers a command with its number plus 100 and the value that is now in force.
package enum SerialPortControl: Dissector {
    package static let description = ProtocolDescription(
        name: "rfc2217", title: "RFC 2217 (serial ports over Telnet)", family: .industrial, level: .operations,
        reference: "RFC 2217; RFC 855", bindings: [.tcp([23, 2217])],
        displayFilter: "telnet.subcmd == \(option)",
        includes: ["COM-PORT-OPTION"])

    private typealias Mark = Telnet.Command
    /// COM-PORT-OPTION.
    private static let option: UInt8 = 44

    /// RFC 2217, 2 and 3; a server's answer is 100 more.
    private enum Command {
        static let signature: UInt8 = 0, baudRate: UInt8 = 1, dataSize: UInt8 = 2, parity: UInt8 = 3,
            stopSize: UInt8 = 4
        static let control: UInt8 = 5, lineState: UInt8 = 6, modemState: UInt8 = 7, suspend: UInt8 = 8
        static let resume: UInt8 = 9, lineMask: UInt8 = 10, modemMask: UInt8 = 11, purge: UInt8 = 12
        static let answer: UInt8 = 100
    }
    enum Code {
        /// Telnet's, too: a conversation that it counted goes over to here with its counts.
        static let negotiation: UInt32 = 0x100
        fileprivate static let device: UInt32 = 0x101
        /// A command that changes what it names, rather than asking for it.
        fileprivate static let change: UInt32 = 0x200
    }

    /// The longest subnegotiation that is waited for: a signature is a line of text.
    private static let longest = 512
    /// Telnet commands at the start of a stream that are looked through for one of the option.
    private static let mostCommands = 24

    package static func probe(_ bytes: RawSpan, _ hint: ProbeHint) -> Verdict {
        guard bytes.u8(0) == Mark.escape, bytes.byteCount >= 3 else { return .no }
        return controlsPort(bytes) ? .certain : .no
    }

    /// True when a command of the option begins at `index`.
    static func isCommand(_ bytes: RawSpan, at index: Int) -> Bool {
        bytes.u8(index) == Mark.escape && bytes.u8(index &+ 1) == Mark.subnegotiation
            && bytes.u8(index &+ 2) == option
    }

    /// True when a command of the option is among the Telnet commands at the start.
    private static func controlsPort(_ bytes: RawSpan) -> Bool {
        var index = 0
        var left = mostCommands
        while left > 0, bytes.u8(index) == Mark.escape, bytes.has(3, at: index) {
            let verb = bytes.u8(index &+ 1)
            guard verb >= Mark.subnegotiation, verb <= Mark.dont else { return false }
            if isCommand(bytes, at: index) { return true }
            guard let end = end(of: bytes, index) else { return false }
            index = end
            left &-= 1
        }
        return false
    }

    /// Where the command that begins at `start` ends; nil when its end is not there yet.
    private static func end(of bytes: RawSpan, _ start: Int) -> Int? {
        switch bytes.u8(start &+ 1) {
        case Mark.will...Mark.dont: return bytes.has(3, at: start) ? start &+ 3 : nil
        case Mark.subnegotiation:
            var index = start &+ 2
            let last = min(bytes.byteCount, start &+ longest)
            while index &+ 1 < last {
                if bytes.u8(index) == Mark.escape {
                    if bytes.u8(index &+ 1) == Mark.endOfSubnegotiation { return index &+ 2 }
                    index &+= 1
                }
                index &+= 1
            }
            // Longer than any that means something: left behind.
            return bytes.has(longest, at: start) ? start &+ longest : nil
        default: return bytes.has(2, at: start) ? start &+ 2 : nil
        }
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        var index = 0
        var hasData = false
        while index < bytes.byteCount {
            guard bytes.u8(index) == Mark.escape else {
                hasData = true
                index = bytes.index(of: Mark.escape, from: index) ?? bytes.byteCount
                continue
            }
            guard let end = end(of: bytes, index) else {
                if d.isCut { return .consumed(bytes.byteCount) }
                if hasData { d.message(Code.device) }
                return index > 0 ? .consumed(index) : .needMore(bytes.byteCount &+ 1)
            }
            if bytes.u8(index &+ 1) == Mark.subnegotiation, bytes.u8(index &+ 2) == option, end &- index >= 6 {
                command(bytes.slice(index &+ 3, end &- index &- 5), &d)
            } else if bytes.u8(index &+ 1) == Mark.escape {
                hasData = true
            } else {
                d.message(Code.negotiation)
            }
            index = end
        }
        if hasData { d.message(Code.device) }
        return .consumed(bytes.byteCount)
    }

    /// One command: its number, then its value.
    private static func command(_ bytes: RawSpan, _ d: inout Dissection) {
        let number = bytes.u8(0)
        let isAnswer = number >= Command.answer
        d.role(.gateway, field: "com_port_option", about: isAnswer ? .source : .destination)
        let value = bytes.from(1)
        guard !isAnswer else {
            d.message(UInt32(number))
            return answer(number &- Command.answer, value, &d)
        }
        switch number {
        case Command.signature:
            d.message(UInt32(number), .identity)
            signature(value, &d)
        case Command.baudRate, Command.dataSize, Command.parity, Command.stopSize:
            let asks = amount(value) == 0
            d.message(UInt32(number) | (asks ? 0 : Code.change), asks ? .read : .write)
        case Command.control:
            // 0, 4, 7, 10 and 13 ask for the setting; 5 to 12 work the lines of the port.
            switch value.u8(0) {
            case 0, 4, 7, 10, 13: d.message(UInt32(number), .read)
            case 5...12: d.message(UInt32(number) | Code.change, .control)
            default: d.message(UInt32(number) | Code.change, .write)
            }
        case Command.purge: d.message(UInt32(number), .control)
        default: d.message(UInt32(number))
        }
    }

    private static func signature(_ text: RawSpan, _ d: inout Dissection) {
        guard text.isPrintable else { return }
        d.observe(.description, text: text, field: "signature", confidence: .medium)
    }

    /// A value of one or four bytes, doubled 255s made single.
    private static func amount(_ value: RawSpan) -> UInt32 {
        var number: UInt32 = 0
        var index = 0
        var left = 4
        while index < value.byteCount, left > 0 {
            let byte = value.u8(index)
            number = number << 8 | UInt32(byte)
            index &+= byte == Mark.escape && value.u8(index &+ 1) == Mark.escape ? 2 : 1
            left &-= 1
        }
        return number
    }

    /// What the server says is in force now.
    private static func answer(_ command: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        let number = amount(value)
        switch command {
        case Command.signature: signature(value, &d)
        case Command.baudRate where number > 0: d.observe("serial_baud_rate", "\(number)", field: "baud_rate")
        case Command.dataSize where (5...8).contains(number):
            d.observe("serial_data_bits", "\(number)", field: "data_size")
        case Command.parity:
            if let name = parity(number) { d.observe("serial_parity", WireText(name), field: "parity") }
        case Command.stopSize where (1...3).contains(number):
            d.observe("serial_stop_bits", number == 3 ? "1.5" : "\(number)", field: "stop_size")
        case Command.control:
            if let name = flowControl(number) { d.observe("serial_flow_control", WireText(name), field: "control") }
        default: break
        }
    }

    private static func parity(_ value: UInt32) -> String? {
        switch value {
        case 1: "none"
        case 2: "odd"
        case 3: "even"
        case 4: "mark"
        case 5: "space"
        default: nil
        }
    }

    private static func flowControl(_ value: UInt32) -> String? {
        switch value {
        case 1: "none"
        case 2: "XON/XOFF"
        case 3: "hardware"
        default: nil
        }
    }

    package static func messageName(_ code: UInt32) -> String {
        switch code {
        case Code.negotiation: return "option negotiation"
        case Code.device: return "serial data"
        default: break
        }
        let number = UInt8(truncatingIfNeeded: code)
        let isAnswer = number >= Command.answer
        let name: String =
            switch isAnswer ? number &- Command.answer : number {
            case Command.signature: "signature"
            case Command.baudRate: "baud rate"
            case Command.dataSize: "data size"
            case Command.parity: "parity"
            case Command.stopSize: "stop size"
            case Command.control: "control"
            case Command.lineState: "line state"
            case Command.modemState: "modem state"
            case Command.suspend: "suspend"
            case Command.resume: "resume"
            case Command.lineMask: "line state mask"
            case Command.modemMask: "modem state mask"
            case Command.purge: "purge"
            default: "command \(number)"
            }
        return isAnswer ? "\(name) (answer)" : code & Code.change != 0 ? "set \(name)" : name
    }
}
