import Model

/// Codes, names and effects of EtherNet/IP and CIP messages. The two high bits of a code say what the rest is: 0 a CIP
/// request (class in bits 8 to 23, service below), 1 a CIP response (service), 2 an encapsulation command (bit 16 set in a
/// response), 3 a PCCC command.
enum CIPMessage {
    private enum Kind {
        static let request: UInt32 = 0, response: UInt32 = 1, encapsulation: UInt32 = 2, pccc: UInt32 = 3
    }

    static func request(_ service: UInt8, _ classID: UInt32) -> UInt32 {
        // A path without a class names a symbol.
        UInt32(service) | min(classID, 0xffff) << 8
    }

    static func response(_ service: UInt8) -> UInt32 { Kind.response << 30 | UInt32(service) }

    static func encapsulation(_ command: UInt16, isResponse: Bool) -> UInt32 {
        Kind.encapsulation << 30 | UInt32(command) | (isResponse ? 0x1_0000 : 0)
    }

    static func pccc(_ command: UInt8, _ function: UInt8) -> UInt32 {
        Kind.pccc << 30 | UInt32(command) << 8 | UInt32(function)
    }

    // MARK: Effects

    /// What a CIP request does to the device.
    static func effect(_ code: UInt32) -> MessageEffect {
        guard code >> 30 == Kind.request else { return .none }
        let service = UInt8(truncatingIfNeeded: code)
        let classID = code >> 8 & 0xffff
        return service < 0x32 ? common(service, classID) : specific(service, classID)
    }

    /// Services that mean the same for every class (volume 1, appendix A).
    private static func common(_ service: UInt8, _ classID: UInt32) -> MessageEffect {
        switch service {
        case CIP.Service.getAttributesAll, CIP.Service.getAttributeList, CIP.Service.getAttributeSingle:
            classID == CIP.Class.identity ? .identity : .read
        // Find Next Object Instance, Get Member.
        case 0x11, 0x18: .read
        case CIP.Service.setAttributesAll, CIP.Service.setAttributeList, CIP.Service.setAttributeSingle,
            CIP.Service.apply:
            .write
        // Set, insert and remove member.
        case 0x19...0x1b: .write
        case CIP.Service.reset, CIP.Service.start, CIP.Service.stop: .control
        // Restore and save.
        case 0x15, 0x16: .control
        case CIP.Service.create, CIP.Service.delete: isProgramClass(classID) ? .download : .write
        default: .none
        }
    }

    /// Logix keeps programs, routines, tags, templates and tasks in these classes.
    private static func isProgramClass(_ classID: UInt32) -> Bool {
        (0x68...0x70).contains(classID) || classID == 0xac
    }

    /// Services that a class defines for itself.
    private static func specific(_ service: UInt8, _ classID: UInt32) -> MessageEffect {
        switch classID {
        case CIP.Class.file: fileEffect(service)
        case CIP.Class.nonVolatileStorage: service == 0x4b || service == 0x4d ? .firmware : .none
        // Lock, unlock and mode of a Logix controller.
        case CIP.Class.controller: .control
        case symbol, symbolClass: tagEffect(service)
        default: .none
        }
    }

    private static let symbol: UInt32 = 0xffff
    private static let symbolClass: UInt32 = 0x6b

    /// Logix data access (Rockwell 1756-PM020, "Logix 5000 Controllers Data Access").
    private static func tagEffect(_ service: UInt8) -> MessageEffect {
        switch service {
        // Read Tag, Read Tag Fragmented, Get Instance Attribute List.
        case CIP.Service.readTag, 0x52, 0x55: .read
        // Write Tag, Read Modify Write Tag, Write Tag Fragmented.
        case CIP.Service.writeTag, 0x4e, 0x53: .write
        default: .none
        }
    }

    /// File object (volume 1, 5A-42).
    private static func fileEffect(_ service: UInt8) -> MessageEffect {
        switch service {
        // Initiate upload, initiate partial read, upload transfer.
        case 0x4b, 0x4d, 0x4f: .upload
        // Initiate download, initiate partial write, download transfer.
        case 0x4c, 0x4e, 0x50: .download
        // Clear file.
        case 0x51: .write
        default: .none
        }
    }

    // MARK: Names

    static func name(_ code: UInt32) -> String {
        switch code >> 30 {
        case Kind.request:
            let service = UInt8(truncatingIfNeeded: code)
            let classID = code >> 8 & 0xffff
            return serviceName(service, classID) + ": " + className(classID)
        case Kind.response: return serviceName(UInt8(truncatingIfNeeded: code), nil) + " (response)"
        case Kind.encapsulation:
            let name = commandName(UInt16(truncatingIfNeeded: code))
            return code & 0x1_0000 != 0 ? name + " (response)" : name
        default: return PCCC.name(UInt8(truncatingIfNeeded: code >> 8), UInt8(truncatingIfNeeded: code))
        }
    }

    private static func commandName(_ command: UInt16) -> String {
        switch command {
        case EtherNetIP.Command.nop: "NOP"
        case EtherNetIP.Command.listTargets: "ListTargets"
        case EtherNetIP.Command.listServices: "ListServices"
        case EtherNetIP.Command.listIdentity: "ListIdentity"
        case EtherNetIP.Command.listInterfaces: "ListInterfaces"
        case EtherNetIP.Command.registerSession: "RegisterSession"
        case EtherNetIP.Command.unregisterSession: "UnRegisterSession"
        case EtherNetIP.Command.sendRRData: "SendRRData"
        case EtherNetIP.Command.sendUnitData: "SendUnitData"
        case EtherNetIP.Command.indicateStatus: "IndicateStatus"
        case EtherNetIP.Command.cancel: "Cancel"
        case EtherNetIP.Command.startDTLS: "StartDTLS"
        default: "Command \(command)"
        }
    }

    /// `classID` is nil in a response, which does not name it.
    private static func serviceName(_ service: UInt8, _ classID: UInt32?) -> String {
        switch service {
        case CIP.Service.getAttributesAll: "Get_Attributes_All"
        case CIP.Service.setAttributesAll: "Set_Attributes_All"
        case CIP.Service.getAttributeList: "Get_Attribute_List"
        case CIP.Service.setAttributeList: "Set_Attribute_List"
        case CIP.Service.reset: "Reset"
        case CIP.Service.start: "Start"
        case CIP.Service.stop: "Stop"
        case CIP.Service.create: "Create"
        case CIP.Service.delete: "Delete"
        case CIP.Service.multiple: "Multiple_Service_Packet"
        case CIP.Service.apply: "Apply_Attributes"
        case CIP.Service.getAttributeSingle: "Get_Attribute_Single"
        case CIP.Service.setAttributeSingle: "Set_Attribute_Single"
        case 0x11: "Find_Next_Object_Instance"
        case 0x15: "Restore"
        case 0x16: "Save"
        case 0x17: "No_Operation"
        case 0x18: "Get_Member"
        case 0x19: "Set_Member"
        case 0x1a: "Insert_Member"
        case 0x1b: "Remove_Member"
        case 0x1c: "GroupSync"
        default: specificName(service, classID)
        }
    }

    private static func specificName(_ service: UInt8, _ classID: UInt32?) -> String {
        switch (service, classID) {
        // No other class is known to use these two.
        case (CIP.Service.forwardOpen, nil): "Forward_Open"
        case (CIP.Service.largeForwardOpen, nil): "Large_Forward_Open"
        case (CIP.Service.forwardClose, CIP.Class.connectionManager): "Forward_Close"
        case (CIP.Service.unconnectedSend, CIP.Class.connectionManager): "Unconnected_Send"
        case (CIP.Service.forwardOpen, CIP.Class.connectionManager): "Forward_Open"
        case (0x56, CIP.Class.connectionManager): "Get_Connection_Data"
        case (0x57, CIP.Class.connectionManager): "Search_Connection_Data"
        case (0x5a, CIP.Class.connectionManager): "Get_Connection_Owner"
        case (CIP.Service.largeForwardOpen, CIP.Class.connectionManager): "Large_Forward_Open"
        case (0x4b, CIP.Class.file): "Initiate_Upload"
        case (0x4c, CIP.Class.file): "Initiate_Download"
        case (0x4d, CIP.Class.file): "Initiate_Partial_Read"
        case (0x4e, CIP.Class.file): "Initiate_Partial_Write"
        case (0x4f, CIP.Class.file): "Upload_Transfer"
        case (0x50, CIP.Class.file): "Download_Transfer"
        case (0x51, CIP.Class.file): "Clear_File"
        case (0x4b, CIP.Class.nonVolatileStorage): "NVS_Update"
        case (0x4d, CIP.Class.nonVolatileStorage): "NVS_Transfer"
        case (0x4b, CIP.Class.pccc): "Execute_PCCC"
        case (0x4c, symbol), (0x4c, symbolClass): "Read_Tag"
        case (0x4d, symbol), (0x4d, symbolClass): "Write_Tag"
        case (0x4e, symbol), (0x4e, symbolClass): "Read_Modify_Write_Tag"
        case (0x52, symbol), (0x52, symbolClass): "Read_Tag_Fragmented"
        case (0x53, symbol), (0x53, symbolClass): "Write_Tag_Fragmented"
        case (0x55, symbol), (0x55, symbolClass): "Get_Instance_Attribute_List"
        default: "Service 0x" + String(service, radix: 16)
        }
    }

    private static func className(_ classID: UInt32) -> String {
        switch classID {
        case CIP.Class.identity: "Identity"
        case CIP.Class.messageRouter: "Message Router"
        case 0x03: "DeviceNet"
        case 0x04: "Assembly"
        case 0x05: "Connection"
        case CIP.Class.connectionManager: "Connection Manager"
        case 0x0f: "Parameter"
        case 0x2b: "Acknowledge Handler"
        case 0x37: "File"
        case 0x43: "Time Sync"
        case 0x44: "Modbus"
        case 0x47: "Device Level Ring"
        case 0x48: "QoS"
        case 0x5d: "CIP Security"
        case 0x5e: "EtherNet/IP Security"
        case 0x5f: "Certificate Management"
        case CIP.Class.program: "Program Name"
        case 0x66: "Device Status"
        case CIP.Class.pccc: "PCCC"
        case 0x68: "Program"
        case symbolClass: "Symbol"
        case 0x6c: "Template"
        case 0x70: "Task"
        case 0x72: "Data Access"
        case 0x8b: "Wall Clock Time"
        case CIP.Class.controller: "Controller"
        case CIP.Class.nonVolatileStorage: "Non-Volatile Storage"
        case CIP.Class.tcpIPInterface: "TCP/IP Interface"
        case CIP.Class.ethernetLink: "Ethernet Link"
        case 0xf4: "Port"
        case symbol: "tag"
        default: "class 0x" + String(classID, radix: 16)
        }
    }
}
