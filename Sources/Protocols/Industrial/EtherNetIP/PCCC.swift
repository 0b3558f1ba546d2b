import Model
import Wire

/// PCCC, the command set of PLC-5, SLC 500 and MicroLogix, inside CIP's Execute PCCC (Rockwell 1770-6.5.16, "DF1 Protocol
/// and Command Set", chapters 6 and 7).
///
///     0  length of the requester's id, itself included  1, then the id
///     .  command 1, status 1, transaction number 2, function 1 (commands 06, 07, 0f), data
enum PCCC {
    private enum Command {
        static let diagnostic: UInt8 = 0x06, control: UInt8 = 0x07, typed: UInt8 = 0x0f
    }

    static func code(_ data: RawSpan) -> UInt32 {
        let start = Int(data.u8(0))
        let command = data.u8(start) & 0x0f
        let hasFunction = command == Command.diagnostic || command == Command.control || command == Command.typed
        return CIPMessage.pccc(command, hasFunction ? data.u8(start &+ 4) : 0)
    }

    static func effect(_ code: UInt32) -> MessageEffect {
        let function = UInt8(truncatingIfNeeded: code)
        switch UInt8(truncatingIfNeeded: code >> 8) {
        // Protected, unprotected and bit writes; unprotected read.
        case 0x00, 0x02, 0x05, 0x08: return .write
        case 0x01, 0x04: return .read
        case Command.diagnostic:
            // Diagnostic status says what the processor is; 02, 04, 05 and 08 set variables of the link.
            return function == 0x03 ? .identity : function == 0x00 || function == 0x01 ? .read : .write
        case Command.control: return .control
        case Command.typed: return typed(function)
        default: return .none
        }
    }

    private static func typed(_ function: UInt8) -> MessageEffect {
        switch function {
        // Word range, bit and typed writes, masked and logical ones, file write.
        case 0x00, 0x02, 0x03, 0x08, 0x09, 0x26, 0x67, 0x79, 0xa9, 0xaa, 0xab, 0xaf: .write
        case 0x01, 0x04, 0x29, 0x68, 0xa1, 0xa2, 0xa7: .read
        // Set CPU mode, change mode, disable forces, initialise memory.
        case 0x07, 0x3a, 0x41, 0x57, 0x80: .control
        // Download all request, download completed, physical write.
        case 0x18, 0x50, 0x52: .download
        // Upload all request, upload completed, physical read.
        case 0x17, 0x53, 0x55: .upload
        default: .none
        }
    }

    static func name(_ command: UInt8, _ function: UInt8) -> String {
        switch (command, function) {
        case (0x00, _): "PCCC Protected Write"
        case (0x01, _): "PCCC Unprotected Read"
        case (0x02, _): "PCCC Protected Bit Write"
        case (0x05, _): "PCCC Unprotected Bit Write"
        case (0x08, _): "PCCC Unprotected Write"
        case (Command.diagnostic, 0x00): "PCCC Echo"
        case (Command.diagnostic, 0x03): "PCCC Diagnostic Status"
        case (Command.typed, 0x00): "PCCC Word Range Write"
        case (Command.typed, 0x01): "PCCC Word Range Read"
        case (Command.typed, 0x07): "PCCC Disable Forces"
        case (Command.typed, 0x17): "PCCC Read Bytes Physical"
        case (Command.typed, 0x18): "PCCC Write Bytes Physical"
        case (Command.typed, 0x26): "PCCC Read-Modify-Write"
        case (Command.typed, 0x3a): "PCCC Set CPU Mode"
        case (Command.typed, 0x50): "PCCC Download All Request"
        case (Command.typed, 0x52): "PCCC Download Completed"
        case (Command.typed, 0x53): "PCCC Upload All Request"
        case (Command.typed, 0x55): "PCCC Upload Completed"
        case (Command.typed, 0x57): "PCCC Initialize Memory"
        case (Command.typed, 0x67): "PCCC Typed Write"
        case (Command.typed, 0x68): "PCCC Typed Read"
        case (Command.typed, 0x80): "PCCC Change Mode"
        case (Command.typed, 0xa1), (Command.typed, 0xa2): "PCCC Protected Typed Logical Read"
        case (Command.typed, 0xa9), (Command.typed, 0xaa): "PCCC Protected Typed Logical Write"
        case (Command.typed, 0xab): "PCCC Protected Typed Logical Write with Mask"
        case (Command.typed, 0xa7): "PCCC Protected Typed File Read"
        case (Command.typed, 0xaf): "PCCC Protected Typed File Write"
        default: "PCCC command \(command) function \(function)"
        }
    }
}
