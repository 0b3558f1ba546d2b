import Model

/// OPC UA's services by the numeric id of their binary encoding (namespace 0, Part 6 annex A).
enum OPCUAService {
    static let fault: UInt32 = 397
    static let findServersResponse: UInt32 = 425
    static let getEndpointsRequest: UInt32 = 428
    static let getEndpointsResponse: UInt32 = 431
    static let registerServerRequest: UInt32 = 437
    static let registerServer2Request: UInt32 = 12211
    static let openChannelRequest: UInt32 = 446
    static let createSessionRequest: UInt32 = 461
    static let createSessionResponse: UInt32 = 464
    static let activateSessionRequest: UInt32 = 467
    static let activateSessionResponse: UInt32 = 470

    /// Services whose messages are read further than their name.
    static func isTelling(_ id: UInt32) -> Bool {
        switch id {
        case fault, findServersResponse, getEndpointsRequest, getEndpointsResponse, registerServerRequest,
            registerServer2Request, openChannelRequest, createSessionRequest, createSessionResponse,
            activateSessionRequest, activateSessionResponse:
            true
        default: false
        }
    }

    /// Name of a request's service and what it does; nil for an unknown id.
    static func request(_ id: UInt32) -> (name: String, effect: MessageEffect)? {
        switch id {
        case 422: ("FindServers", .identity)
        case 428: ("GetEndpoints", .identity)
        case 437: ("RegisterServer", .none)
        case 446: ("OpenSecureChannel", .none)
        case 452: ("CloseSecureChannel", .none)
        case 461: ("CreateSession", .none)
        case 467: ("ActivateSession", .login)
        case 473: ("CloseSession", .none)
        case 479: ("Cancel", .none)
        case 488: ("AddNodes", .write)
        case 494: ("AddReferences", .write)
        case 500: ("DeleteNodes", .write)
        case 506: ("DeleteReferences", .write)
        case 527: ("Browse", .read)
        case 533: ("BrowseNext", .read)
        case 554: ("TranslateBrowsePathsToNodeIds", .read)
        case 560: ("RegisterNodes", .none)
        case 566: ("UnregisterNodes", .none)
        case 615: ("QueryFirst", .read)
        case 621: ("QueryNext", .read)
        case 631: ("Read", .read)
        case 664: ("HistoryRead", .read)
        case 673: ("Write", .write)
        case 700: ("HistoryUpdate", .write)
        case 712: ("Call", .control)
        case 751: ("CreateMonitoredItems", .read)
        case 763: ("ModifyMonitoredItems", .none)
        case 769: ("SetMonitoringMode", .none)
        case 775: ("SetTriggering", .none)
        case 781: ("DeleteMonitoredItems", .none)
        case 787: ("CreateSubscription", .none)
        case 793: ("ModifySubscription", .none)
        case 799: ("SetPublishingMode", .none)
        case 826: ("Publish", .none)
        case 832: ("Republish", .none)
        case 841: ("TransferSubscriptions", .none)
        case 847: ("DeleteSubscriptions", .none)
        case 12190: ("FindServersOnNetwork", .identity)
        case 12211: ("RegisterServer2", .none)
        default: nil
        }
    }

    /// A response's id is its request's plus 3.
    static func isResponse(_ id: UInt32) -> Bool { id == fault || (id > 3 && request(id &- 3) != nil) }

    static func name(_ id: UInt32) -> String {
        if id == fault { return "ServiceFault" }
        if let request = request(id) { return request.name }
        if id > 3, let request = request(id &- 3) { return request.name + " response" }
        return "Service \(id)"
    }
}
