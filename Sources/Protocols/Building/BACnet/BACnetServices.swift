import Model

/// BACnet's services (ASHRAE 135, clause 21): names, and what a request does to the device that it is sent to.
enum BACnetService {
    static let readProperty: UInt8 = 12
    static let readPropertyMultiple: UInt8 = 14
    static let deviceCommunicationControl: UInt8 = 17
    static let reinitializeDevice: UInt8 = 20
    static let confirmedPrivateTransfer: UInt8 = 18
    static let iAm: UInt8 = 0
    static let iHave: UInt8 = 1
    static let unconfirmedPrivateTransfer: UInt8 = 4

    static func effect(confirmed service: UInt8) -> MessageEffect {
        switch service {
        case 3, 4, 5, 12, 13, 14, 26, 28, 29, 30, 33: .read
        case 6: .upload
        case 7: .download
        case 8...11, 15, 16: .write
        case 17, 20, 27: .control
        default: .none
        }
    }

    static func effect(unconfirmed service: UInt8) -> MessageEffect {
        switch service {
        case 7, 8: .identity
        case 6, 9, 10, 14: .write
        default: .none
        }
    }

    static func name(confirmed service: UInt8) -> String {
        switch service {
        case 0: "AcknowledgeAlarm"
        case 1: "ConfirmedCOVNotification"
        case 2: "ConfirmedEventNotification"
        case 3: "GetAlarmSummary"
        case 4: "GetEnrollmentSummary"
        case 5: "SubscribeCOV"
        case 6: "AtomicReadFile"
        case 7: "AtomicWriteFile"
        case 8: "AddListElement"
        case 9: "RemoveListElement"
        case 10: "CreateObject"
        case 11: "DeleteObject"
        case 12: "ReadProperty"
        case 13: "ReadPropertyConditional"
        case 14: "ReadPropertyMultiple"
        case 15: "WriteProperty"
        case 16: "WritePropertyMultiple"
        case 17: "DeviceCommunicationControl"
        case 18: "ConfirmedPrivateTransfer"
        case 19: "ConfirmedTextMessage"
        case 20: "ReinitializeDevice"
        case 21: "VT-Open"
        case 22: "VT-Close"
        case 23: "VT-Data"
        case 24: "Authenticate"
        case 25: "RequestKey"
        case 26: "ReadRange"
        case 27: "LifeSafetyOperation"
        case 28: "SubscribeCOVProperty"
        case 29: "GetEventInformation"
        case 30: "SubscribeCOVPropertyMultiple"
        case 31: "ConfirmedCOVNotificationMultiple"
        case 32: "ConfirmedAuditNotification"
        case 33: "AuditLogQuery"
        default: "confirmed service \(service)"
        }
    }

    static func name(unconfirmed service: UInt8) -> String {
        switch service {
        case 0: "I-Am"
        case 1: "I-Have"
        case 2: "UnconfirmedCOVNotification"
        case 3: "UnconfirmedEventNotification"
        case 4: "UnconfirmedPrivateTransfer"
        case 5: "UnconfirmedTextMessage"
        case 6: "TimeSynchronization"
        case 7: "Who-Has"
        case 8: "Who-Is"
        case 9: "UTCTimeSynchronization"
        case 10: "WriteGroup"
        case 11: "UnconfirmedCOVNotificationMultiple"
        case 12: "UnconfirmedAuditNotification"
        case 13: "Who-Am-I"
        case 14: "You-Are"
        default: "unconfirmed service \(service)"
        }
    }

    static func name(bvlc function: UInt8) -> String {
        switch function {
        case 0: "BVLC-Result"
        case 1: "Write-Broadcast-Distribution-Table"
        case 2: "Read-Broadcast-Distribution-Table"
        case 3: "Read-Broadcast-Distribution-Table-Ack"
        case 5: "Register-Foreign-Device"
        case 6: "Read-Foreign-Device-Table"
        case 7: "Read-Foreign-Device-Table-Ack"
        case 8: "Delete-Foreign-Device-Table-Entry"
        case 12: "Secure-BVLL"
        default: "BVLC function \(function)"
        }
    }
}
