import Model
import Wire

/// The identification that printers carry (IEEE 1284, 7.6): `MFG:maker;MDL:model;SN:serial;`, keys also in their long forms.
enum DeviceID {
    /// States what an identification in `text` says, wherever in it that begins.
    static func read(_ text: RawSpan, _ d: inout Dissection) {
        if let maker = value(text, "mfg:") { d.observe(.vendor, text: maker, field: "device_id_manufacturer") }
        if let model = value(text, "mdl:") { d.observe(.model, text: model, field: "device_id_model") }
        if let serial = value(text, ";sn:") { d.observe(.serial, text: serial, field: "device_id_serial") }
    }

    @_lifetime(copy text)
    private static func value(_ text: RawSpan, _ key: StaticString) -> RawSpan? {
        guard let start = text.indexIgnoringCase(of: key, limit: 4_096) else { return nil }
        let from = start &+ key.utf8CodeUnitCount
        guard let end = text.index(of: 0x3b, from: from, limit: 256), end > from else { return nil }
        return text.slice(from, end &- from)
    }
}
