import Model
import Wire

/// The properties that tell what a device is (ASHRAE 135, clause 12.11), by property number.
enum BACnetProperties {
    private enum Number {
        static let applicationSoftwareVersion: UInt64 = 12, description: UInt64 = 28, firmwareRevision: UInt64 = 44
        static let location: UInt64 = 58, modelName: UInt64 = 70, objectName: UInt64 = 77
        static let systemStatus: UInt64 = 112, vendorIdentifier: UInt64 = 120, vendorName: UInt64 = 121
        static let serialNumber: UInt64 = 372
    }
    private static let deviceObject: UInt32 = 8

    static func isTelling(_ property: UInt64) -> Bool {
        switch property {
        case Number.applicationSoftwareVersion, Number.description, Number.firmwareRevision, Number.location,
            Number.modelName, Number.objectName, Number.systemStatus, Number.vendorIdentifier, Number.vendorName,
            Number.serialNumber:
            true
        default: false
        }
    }

    /// States one property of an object; `value` is a tag that `reader` has read.
    static func property(
        _ property: UInt64, _ value: BACnetTag, _ reader: borrowing FieldReader, object: UInt32, _ origin: BACnetOrigin,
        _ d: inout Dissection
    ) {
        if property == Number.objectName {
            return objectName(value, reader, objectType: object >> 22, origin, &d)
        }
        // Of other objects only the name is of interest, and what stands behind the sender is not the sender's.
        guard object >> 22 == deviceObject, !value.isContext else { return }
        let confidence: Confidence = origin.isSender ? .high : .low
        switch property {
        case Number.vendorIdentifier:
            guard let number = reader.bacnetUnsigned(value) else { return }
            d.observe(.vendorID, number: number, field: "vendor_identifier", confidence: confidence)
        case Number.systemStatus:
            guard let number = reader.bacnetUnsigned(value) else { return }
            d.observe(.status, status(number), field: "system_status", confidence: confidence)
        default:
            guard value.number == BACnetType.characterString, let text = reader.bacnetText(value) else { return }
            switch property {
            case Number.applicationSoftwareVersion:
                d.observe(.software, text, field: "application_software_version", confidence: confidence)
            case Number.description: d.observe(.description, text, field: "description", confidence: confidence)
            case Number.firmwareRevision: d.observe(.firmware, text, field: "firmware_revision", confidence: confidence)
            case Number.location: d.observe(.location, text, field: "location", confidence: confidence)
            case Number.modelName: d.observe(.model, text, field: "model_name", confidence: confidence)
            case Number.vendorName: d.observe(.vendor, text, field: "vendor_name", confidence: confidence)
            case Number.serialNumber: d.observe(.serial, text, field: "serial_number", confidence: confidence)
            default: break
            }
        }
    }

    /// States an object's name: a device object's is the device's own. Bounded per conversation.
    static func objectName(
        _ value: BACnetTag, _ reader: borrowing FieldReader, objectType: UInt32, _ origin: BACnetOrigin,
        _ d: inout Dissection
    ) {
        guard !value.isContext, value.number == BACnetType.characterString, value.length > 1 else { return }
        let state = d.state { BACnetApplication.State() }
        let bytes = reader.bytes.slice(value.offset, value.length)
        let key = bytes.fingerprint(seed: d.observations.seed)
        if !state.objectNames.contains(key) {
            guard state.objectNames.count < BACnetApplication.State.names else { return }
            state.objectNames.insert(key)
        }
        let confidence: Confidence = origin.isSender ? .high : .low
        // Plain text needs no conversion, so repeats cost no allocation.
        if bytes.u8(0) == 0 {
            d.observe(.objectName, text: bytes.from(1), field: "object_name", confidence: confidence)
            if objectType == deviceObject, origin.isSender {
                d.observe(.name, text: bytes.from(1), field: "device_name")
            }
        } else if let text = reader.bacnetText(value) {
            d.observe(.objectName, text, field: "object_name", confidence: confidence)
            if objectType == deviceObject, origin.isSender { d.observe(.name, text, field: "device_name") }
        }
    }

    /// BACnetDeviceStatus.
    private static func status(_ number: UInt64) -> String {
        switch number {
        case 0: "operational"
        case 1: "operational, read only"
        case 2: "download required"
        case 3: "download in progress"
        case 4: "non-operational"
        case 5: "backup in progress"
        default: "status \(number)"
        }
    }
}
