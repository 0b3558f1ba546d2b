import Model
import Wire

/// BACnet application messages (ASHRAE 135, clause 20.1), first byte's high four bits:
///
///     0 confirmed request   flags, sizes 1, invoke id 1, [sequence 1, window 1], service 1, parameters
///     1 unconfirmed request service 1, parameters
///     2 simple ack          invoke id 1, service 1
///     3 complex ack         flags, invoke id 1, [sequence 1, window 1], service 1, parameters
///     4 segment ack, 5 error, 6 reject, 7 abort
enum BACnetApplication {
    private static let segmented: UInt8 = 8, moreFollows: UInt8 = 4

    /// Answers in segments, and the names seen, of one conversation.
    final class State {
        static let assemblies = 8, longest = 65_536, names = 256
        var segments: [(invoke: UInt8, service: UInt8, next: UInt8, bytes: [UInt8])] = []
        var objectNames: Set<UInt64> = []
    }

    static func read(_ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(bytes)
        let first = try reader.u8("APDU type")
        switch first >> 4 {
        case 0:
            try reader.skip(2, "request header")
            let sequence = first & segmented != 0 ? try reader.be16("sequence and window") >> 8 : 0
            let service = try reader.u8("service")
            // The following segments of one request are that request still.
            guard sequence == 0 else { return }
            d.message(BACnet.Code.confirmed | UInt32(service), BACnetService.effect(confirmed: service))
            guard first & segmented == 0 else { return }
            if service == BACnetService.confirmedPrivateTransfer { try privateTransfer(reader.rest(), &d) }
            try password(service, reader.rest(), &d)
        case 1:
            let service = try reader.u8("service")
            d.message(BACnet.Code.unconfirmed | UInt32(service), BACnetService.effect(unconfirmed: service))
            switch service {
            case BACnetService.iAm: try iAm(reader.rest(), origin, &d)
            case BACnetService.iHave: try iHave(reader.rest(), origin, &d)
            case BACnetService.unconfirmedPrivateTransfer: try privateTransfer(reader.rest(), &d)
            default: break
            }
        case 2:
            try reader.skip(1, "invoke id")
            d.message(BACnet.Code.answer | UInt32(try reader.u8("service")))
            serves(origin, &d)
        case 3:
            let invoke = try reader.u8("invoke id")
            if first & segmented != 0 {
                try segment(&reader, invoke, isLast: first & moreFollows == 0, origin, &d)
            } else {
                let service = try reader.u8("service")
                d.message(BACnet.Code.answer | UInt32(service))
                serves(origin, &d)
                try answer(service, reader.rest(), origin, &d)
            }
        case 4...7: d.message(BACnet.Code.other | UInt32(first >> 4))
        default: throw DecodeError(field: "APDU type", offset: 0, needed: 1, available: bytes.byteCount)
        }
    }

    /// Whoever answers confirmed requests is a device with objects to read.
    private static func serves(_ origin: BACnetOrigin, _ d: inout Dissection) {
        if origin.isSender { d.role(.buildingController, field: "answer", confidence: .medium) }
    }

    /// Takes one segment of an answer; the last one brings the answer to be read.
    private static func segment(
        _ reader: inout FieldReader, _ invoke: UInt8, isLast: Bool, _ origin: BACnetOrigin, _ d: inout Dissection
    ) throws(DecodeError) {
        let sequence = try reader.u8("sequence number")
        try reader.skip(1, "window size")
        let service = try reader.u8("service")
        let state = d.state { State() }
        var assembly: (invoke: UInt8, service: UInt8, next: UInt8, bytes: [UInt8])
        if sequence == 0, !state.segments.contains(where: { $0.invoke == invoke && $0.next != 1 && $0.next != 0 }) {
            state.segments.removeAll { $0.invoke == invoke }
            if state.segments.count >= State.assemblies { state.segments.removeFirst() }
            assembly = (invoke, service, 0, [])
            d.message(BACnet.Code.answer | UInt32(service))
            serves(origin, &d)
        } else {
            guard let index = state.segments.firstIndex(where: { $0.invoke == invoke && $0.service == service }) else {
                return
            }
            assembly = state.segments.remove(at: index)
        }
        // A repeated segment is dropped; after a missing one the whole answer is.
        if sequence == assembly.next {
            assembly.bytes += reader.rest().bytes(limit: max(0, State.longest &- assembly.bytes.count))
            assembly.next = sequence &+ 1
        } else if sequence &- assembly.next < 128 {
            return
        }
        if isLast, assembly.next == sequence &+ 1 {
            try answer(service, assembly.bytes.span.bytes, origin, &d)
        } else {
            state.segments.append(assembly)
        }
    }

    private static func answer(
        _ service: UInt8, _ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection
    ) throws(DecodeError) {
        switch service {
        case BACnetService.readProperty: try readProperty(bytes, origin, &d)
        case BACnetService.readPropertyMultiple: try readPropertyMultiple(bytes, origin, &d)
        default: break
        }
    }

    // MARK: Passwords

    /// DeviceCommunicationControl's password is context 2, ReinitializeDevice's context 1.
    private static func password(_ service: UInt8, _ bytes: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        let place: UInt8
        switch service {
        case BACnetService.deviceCommunicationControl: place = 2
        case BACnetService.reinitializeDevice: place = 1
        default: return
        }
        var reader = FieldReader(bytes)
        while !reader.isAtEnd {
            let tag = try reader.bacnetTag()
            if tag.isContext, tag.number == place, tag.kind == .value, tag.length > 1 {
                d.observe(.cleartextCredential, "BACnet device password", field: "password", about: .conversation)
            }
        }
    }

    // MARK: Announcements

    /// I-Am: device object, longest APDU, segmentation, vendor.
    private static func iAm(_ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(bytes)
        let device = try reader.bacnetTag()
        _ = try reader.bacnetTag()
        _ = try reader.bacnetTag()
        let vendor = try reader.bacnetTag()
        guard device.number == BACnetType.objectIdentifier, device.length == 4 else { return }
        let instance = bytes.be32(device.offset) & 0x3f_ffff
        if origin.isSender {
            d.observe(.instance, number: UInt64(instance), field: "device_instance")
            d.role(.buildingController, field: "i_am", confidence: .low)
        } else if origin.network != nil {
            d.observe("routed_device", "\(origin.description) device \(instance)", field: "routed_device")
        }
        if let number = reader.bacnetUnsigned(vendor) {
            d.observe(.vendorID, number: number, field: "vendor_identifier", confidence: origin.isSender ? .high : .low)
        }
    }

    /// I-Have: device object, object, its name.
    private static func iHave(_ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(bytes)
        _ = try reader.bacnetTag()
        let object = try reader.bacnetTag()
        let name = try reader.bacnetTag()
        guard object.number == BACnetType.objectIdentifier, object.length == 4 else { return }
        BACnetProperties.objectName(name, reader, objectType: bytes.be32(object.offset) >> 22, origin, &d)
    }

    /// Private transfer: [0] the vendor whose service it is; the sender at least speaks that vendor's dialect.
    private static func privateTransfer(_ bytes: RawSpan, _ d: inout Dissection) throws(DecodeError) {
        var reader = FieldReader(bytes)
        let vendor = try reader.bacnetTag()
        guard vendor.isContext, vendor.number == 0, let number = reader.bacnetUnsigned(vendor) else { return }
        d.observe(.vendorID, number: number, field: "vendor_identifier", confidence: .low)
    }

    // MARK: Properties

    /// ReadProperty-ACK: [0] object, [1] property, [2] index (optional), [3] opening, value, closing.
    private static func readProperty(
        _ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection
    ) throws(DecodeError) {
        var reader = FieldReader(bytes)
        let object = try reader.bacnetTag()
        let property = try reader.bacnetTag()
        guard object.isContext, object.number == 0, object.length == 4, property.isContext, property.number == 1,
            let number = reader.bacnetUnsigned(property)
        else { return }
        guard BACnetProperties.isTelling(number) else { return }
        var next = try reader.bacnetTag()
        if next.number == 2, next.kind == .value { next = try reader.bacnetTag() }
        guard next.kind == .opening, next.number == 3 else { return }
        let value = try reader.bacnetTag()
        BACnetProperties.property(number, value, reader, object: bytes.be32(object.offset), origin, &d)
    }

    /// ReadPropertyMultiple-ACK, again and again: [0] object, [1] opening, then again and again [2] property, [3] index
    /// (optional), [4] opening value closing or [5] opening error closing; then [1] closing.
    private static func readPropertyMultiple(
        _ bytes: RawSpan, _ origin: BACnetOrigin, _ d: inout Dissection
    ) throws(DecodeError) {
        var reader = FieldReader(bytes)
        var left = 4096
        while !reader.isAtEnd, left > 0 {
            let object = try reader.bacnetTag()
            let list = try reader.bacnetTag()
            guard object.isContext, object.number == 0, object.length == 4, list.kind == .opening, list.number == 1
            else {
                return
            }
            while left > 0 {
                left &-= 1
                let property = try reader.bacnetTag()
                if property.kind == .closing { break }
                guard property.number == 2, let number = reader.bacnetUnsigned(property) else { return }
                var next = try reader.bacnetTag()
                if next.number == 3, next.kind == .value { next = try reader.bacnetTag() }
                guard next.kind == .opening, next.number == 4 || next.number == 5 else { return }
                if next.number == 4, BACnetProperties.isTelling(number) {
                    var inside = FieldReader(bytes, at: reader.offset)
                    let value = try inside.bacnetTag()
                    BACnetProperties.property(number, value, inside, object: bytes.be32(object.offset), origin, &d)
                }
                try reader.bacnetSkipToClosing()
            }
        }
    }
}
