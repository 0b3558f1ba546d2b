import Model
import Wire

/// CIP explicit messages (CIP Networks Library, volume 1, 2-4).
///
///     request   service 1, path size in words 1, path, data
///     response  service with bit 7 set 1, reserved 1, general status 1, size of additional status in words 1, it, data
enum CIP {
    /// Classes that tell or mean more than reading and writing.
    enum Class {
        static let identity: UInt32 = 0x01, messageRouter: UInt32 = 0x02, connectionManager: UInt32 = 0x06
        static let file: UInt32 = 0x37, program: UInt32 = 0x64, pccc: UInt32 = 0x67, controller: UInt32 = 0x8e
        static let nonVolatileStorage: UInt32 = 0xa1, tcpIPInterface: UInt32 = 0xf5, ethernetLink: UInt32 = 0xf6

        /// Objects of Rockwell controllers that hold a program's parts (routines, data types, their text). Panels read
        /// tags, and browse programs and templates for them, but not these.
        static func holdsPrograms(_ number: UInt32?) -> Bool { number == 0x69 || number == 0x6a || number == 0x6d }
    }

    enum Service {
        static let getAttributesAll: UInt8 = 0x01, setAttributesAll: UInt8 = 0x02, getAttributeList: UInt8 = 0x03
        static let setAttributeList: UInt8 = 0x04, reset: UInt8 = 0x05, start: UInt8 = 0x06, stop: UInt8 = 0x07
        static let create: UInt8 = 0x08, delete: UInt8 = 0x09, multiple: UInt8 = 0x0a, apply: UInt8 = 0x0d
        static let getAttributeSingle: UInt8 = 0x0e, setAttributeSingle: UInt8 = 0x10
        /// Object-specific ones; their meaning depends on the class.
        static let executePCCC: UInt8 = 0x4b, readTag: UInt8 = 0x4c, writeTag: UInt8 = 0x4d
        static let forwardClose: UInt8 = 0x4e, unconnectedSend: UInt8 = 0x52, forwardOpen: UInt8 = 0x54
        static let largeForwardOpen: UInt8 = 0x5b
    }

    /// How a message travels: what ties a response to its request.
    enum Carrier {
        case unconnected(UInt64)
        /// Connection id and sequence count.
        case connected(UInt32, UInt16)
    }

    private static let depth = 4
    /// Most services looked at in one packet.
    private static let multipleLimit: UInt16 = 512

    static func message(_ bytes: RawSpan, _ carrier: Carrier, _ state: CIPSession, _ d: inout Dissection) {
        guard bytes.byteCount >= 2 else { return }
        if bytes.u8(0) & 0x80 != 0 {
            response(bytes, state.take(carrier), state, &d)
            return
        }
        state.scratch.removeAll(keepingCapacity: true)
        var via: CIPPath.Route?
        if case .connected(let connection, _) = carrier { via = state.route(of: connection) }
        request(bytes, via, depth, state, &d)
        state.keep(carrier)
    }

    // MARK: Requests

    private static func request(
        _ bytes: RawSpan, _ route: CIPPath.Route?, _ depth: Int, _ state: CIPSession, _ d: inout Dissection
    ) {
        let service = bytes.u8(0)
        let pathSize = Int(bytes.u8(1)) &* 2
        guard bytes.has(pathSize, at: 2) else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "request path", offset: 2, needed: pathSize, available: bytes.byteCount &- 2))
            }
            return
        }
        let path = CIPPath.read(bytes.slice(2, pathSize))
        let data = bytes.from(2 &+ pathSize)
        switch (service, path.classID) {
        case (Service.multiple, Class.messageRouter) where depth > 0:
            d.message(CIPMessage.request(service, path.classID))
            multiple(data, route, depth, state, &d)
            return
        case (Service.unconnectedSend, Class.connectionManager) where depth > 0:
            d.message(CIPMessage.request(service, path.classID))
            // Priority and time-out, message size, message, padding to even, route size, reserved, route.
            let size = Int(data.le16(2))
            let routeStart = 4 &+ size &+ (size & 1)
            let way = CIPPath.read(data.slice(routeStart &+ 2, Int(data.u8(routeStart)) &* 2))
            request(data.slice(4, size), way.route ?? route, depth &- 1, state, &d)
            return
        case (Service.executePCCC, Class.pccc):
            let code = PCCC.code(data)
            d.message(code, PCCC.effect(code))
        default:
            let code = CIPMessage.request(service, path.classID)
            let effect = CIPMessage.effect(code)
            d.message(code, effect)
            clientRole(effect, &d)
            if Class.holdsPrograms(path.classID) {
                d.role(.engineeringStation, field: "program_object", confidence: .medium)
            }
        }
        var entry = CIPRequest(
            service: service, classID: path.classID, instance: path.instance, attribute: path.attribute, route: route)
        if path.classID == Class.connectionManager,
            service == Service.forwardOpen || service == Service.largeForwardOpen
        {
            let path = openedPath(data, isLarge: service == Service.largeForwardOpen)
            entry.route = path.route
            entry.isSafety = path.hasSafety
        }
        state.scratch.append(entry)
    }

    private static func clientRole(_ effect: MessageEffect, _ d: inout Dissection) {
        switch effect {
        case .control, .download, .upload, .firmware:
            d.role(.engineeringStation, field: "engineering_service", confidence: .medium)
        case .write: d.role(.hmi, field: "client", confidence: .low)
        default: break
        }
    }

    /// Count 2, offsets 2 each (from the count on), then the services.
    private static func multiple(
        _ data: RawSpan, _ route: CIPPath.Route?, _ depth: Int, _ state: CIPSession, _ d: inout Dissection
    ) {
        let count = min(data.le16(0), multipleLimit)
        var index = 0
        while index < Int(count), data.has(2, at: 2 &+ index &* 2) {
            let part = part(data, index, of: Int(count))
            if part.byteCount >= 2 { request(part, route, depth &- 1, state, &d) }
            index &+= 1
        }
    }

    @_lifetime(copy data)
    private static func part(_ data: RawSpan, _ index: Int, of count: Int) -> RawSpan {
        let start = Int(data.le16(2 &+ index &* 2))
        let end = index &+ 1 < count ? Int(data.le16(4 &+ index &* 2)) : data.byteCount
        guard start >= 2 &+ count &* 2, end > start else { return data.slice(0, 0) }
        return data.slice(start, end &- start)
    }

    /// Connection path of a Forward Open (volume 1, 3-5.5.2): it follows 35 bytes of parameters, 39 in the large form.
    private static func openedPath(_ data: RawSpan, isLarge: Bool) -> CIPPath {
        let sizeOffset = isLarge ? 39 : 35
        return CIPPath.read(data.slice(sizeOffset &+ 1, Int(data.u8(sizeOffset)) &* 2))
    }

    // MARK: Responses

    private static func response(
        _ bytes: RawSpan, _ requests: [CIPRequest], _ state: CIPSession, _ d: inout Dissection
    ) {
        let service = bytes.u8(0) & 0x7f
        let data = bytes.from(4 &+ Int(bytes.u8(3)) &* 2)
        if service == Service.multiple, bytes.u8(2) == 0 || bytes.u8(2) == embeddedServiceError {
            d.message(CIPMessage.response(service))
            let count = Int(min(data.le16(0), multipleLimit))
            var index = 0
            while index < count, data.has(2, at: 2 &+ index &* 2) {
                let part = part(data, index, of: count)
                if part.byteCount >= 4 {
                    single(part, index < requests.count ? requests[index] : nil, state, &d)
                }
                index &+= 1
            }
            return
        }
        single(bytes, requests.first, state, &d)
    }

    /// General status "embedded service error": some of the services failed.
    private static let embeddedServiceError: UInt8 = 0x1e

    private static func single(
        _ bytes: RawSpan, _ request: CIPRequest?, _ state: CIPSession, _ d: inout Dissection
    ) {
        let service = bytes.u8(0) & 0x7f
        let status = bytes.u8(2)
        d.message(CIPMessage.response(service))
        let data = bytes.from(4 &+ Int(bytes.u8(3)) &* 2)
        // 6 is "partial transfer": what came is good.
        guard status == 0 || status == 6, let request, request.service == service else { return }
        switch request.classID {
        case Class.identity where request.instance == 1: CIPIdentity.identity(data, request, &d)
        case Class.tcpIPInterface where request.route == nil: CIPIdentity.tcpIPInterface(data, request, &d)
        case Class.ethernetLink where request.route == nil: CIPIdentity.ethernetLink(data, request, &d)
        case Class.program: CIPIdentity.program(data, request, &d)
        case Class.connectionManager
        where service == Service.forwardOpen || service == Service.largeForwardOpen:
            if request.isSafety, status == 0 { d.observe("cip_safety", "connection", field: "safety_segment") }
            // O→T and T→O connection ids.
            if data.byteCount >= 8 { state.opened(toTarget: data.le32(0), toOriginator: data.le32(4), request.route) }
        default: break
        }
    }
}
