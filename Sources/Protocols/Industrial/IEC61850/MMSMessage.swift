import Model
import Wire

/// Codes, names and effects of MMS messages. A code is the PDU's tag in bits 8 to 15 and the service number in bits 0 to 7
/// (FF: none); session PDUs have bit 16 set; transport units are numbered as S7comm's.
enum MMSMessage {
    enum Service {
        static let getNameList: UInt32 = 1, identify: UInt32 = 2, read: UInt32 = 4, write: UInt32 = 5
    }
    static let noService: UInt32 = 0xff

    static func session(_ kind: UInt8) -> UInt32 { 0x1_0000 | UInt32(kind) }
    static func code(_ pdu: UInt8, _ service: UInt32) -> UInt32 { UInt32(pdu) << 8 | min(service, 0xff) }

    /// What a request does to the server; everything else does nothing.
    static func effect(_ code: UInt32) -> MessageEffect {
        guard code >> 8 == 0xa0 else { return .none }
        switch code & 0xff {
        case 2: return .identity
        case 0, 1, 4, 6, 9, 10, 12, 14, 16, 37, 45, 49, 63, 65, 67, 77: return .read
        case 3, 5, 7, 8, 11, 13, 15, 17...25, 36, 38, 39, 47, 48, 50...62, 66, 75, 76: return .write
        case 26...28, 34: return .download
        case 29...31, 35, 72, 73: return .upload
        case 40...44: return .control
        case 46: return .download
        default: return .none
        }
    }

    static func name(_ code: UInt32) -> String {
        if code >> 24 != 0 { return S7Message.transportName(UInt8(truncatingIfNeeded: code)) }
        if code & 0x1_0000 != 0 { return sessionName(code & 0xff) }
        switch code >> 8 {
        case 0xa0: return serviceName(code & 0xff)
        case 0xa1: return serviceName(code & 0xff) + " (response)"
        case 0xa2: return "Confirmed error"
        case 0xa3: return "Unconfirmed (report)"
        case 0xa4: return "Reject"
        case 0xa5, 0x85: return "Cancel request"
        case 0xa6, 0x86: return "Cancel response"
        case 0xa7: return "Cancel error"
        case 0xa8: return "Initiate request"
        case 0xa9: return "Initiate response"
        case 0xaa: return "Initiate error"
        case 0x8b: return "Conclude request"
        case 0x8c: return "Conclude response"
        case 0xad: return "Conclude error"
        default: return "PDU \(code >> 8)"
        }
    }

    private static func sessionName(_ kind: UInt32) -> String {
        switch kind {
        case 0x0d: "Session connect"
        case 0x0e: "Session accept"
        case 0x09: "Session finish"
        case 0x0a: "Session disconnect"
        case 0x19: "Session abort"
        default: "Session PDU \(kind)"
        }
    }

    private static func serviceName(_ service: UInt32) -> String {
        switch service {
        case 0: "Status"
        case 1: "GetNameList"
        case 2: "Identify"
        case 3: "Rename"
        case 4: "Read"
        case 5: "Write"
        case 6: "GetVariableAccessAttributes"
        case 11: "DefineNamedVariableList"
        case 12: "GetNamedVariableListAttributes"
        case 13: "DeleteNamedVariableList"
        case 26: "InitiateDownloadSequence"
        case 27: "DownloadSegment"
        case 28: "TerminateDownloadSequence"
        case 29: "InitiateUploadSequence"
        case 30: "UploadSegment"
        case 31: "TerminateUploadSequence"
        case 32: "RequestDomainDownload"
        case 33: "RequestDomainUpload"
        case 34: "LoadDomainContent"
        case 35: "StoreDomainContent"
        case 36: "DeleteDomain"
        case 37: "GetDomainAttributes"
        case 38: "CreateProgramInvocation"
        case 39: "DeleteProgramInvocation"
        case 40: "Start"
        case 41: "Stop"
        case 42: "Resume"
        case 43: "Reset"
        case 44: "Kill"
        case 45: "GetProgramInvocationAttributes"
        case 46: "ObtainFile"
        case 65: "ReadJournal"
        case 66: "InitializeJournal"
        case 72: "FileOpen"
        case 73: "FileRead"
        case 74: "FileClose"
        case 75: "FileRename"
        case 76: "FileDelete"
        case 77: "FileDirectory"
        default: "Service \(service)"
        }
    }
}
