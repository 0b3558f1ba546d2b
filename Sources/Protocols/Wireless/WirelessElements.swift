import Model
import Wire

/// The elements of a management frame's body: id 1, length 1, value (IEEE 802.11-2020, 9.4.2). One pass notes where those
/// lie that matter; values are read from the body afterwards.
struct WirelessElements {
    private enum ID {
        static let ssid: UInt8 = 0, channel: UInt8 = 3, rsn: UInt8 = 48, htOperation: UInt8 = 61
        static let meshID: UInt8 = 114, ciscoExtension: UInt8 = 133, vendor: UInt8 = 221
    }

    /// OUI and type of vendor elements, as one number.
    private enum Vendor {
        static let wpa: UInt32 = 0x0050_f201, wps: UInt32 = 0x0050_f204
        static let peerToPeer: UInt32 = 0x506f_9a09, oweTransition: UInt32 = 0x506f_9a1c
        static let aruba: UInt32 = 0x000b_8601, mist: UInt32 = 0x5c5b_3501
    }

    /// Where an element's value lies in the body; length 0 with `isThere` false when absent.
    struct Place {
        var offset = 0
        var length = 0
        var isThere = false
    }

    private static let mostElements = 256

    private(set) var ssid = Place()
    private(set) var rsn: RSNSuites?
    private(set) var wpa: RSNSuites?
    private(set) var channel: UInt8?
    private(set) var isPeerToPeer = false
    private(set) var isOWETransition = false
    /// True when the elements could be read to the end, so that an absent one is known to be absent.
    private(set) var isComplete = true
    private var wps = Place()
    private var mesh = Place()
    private var apName = Place()

    var hasSSID: Bool { ssid.isThere }

    init(_ body: RawSpan) {
        var offset = 0
        var left = WirelessElements.mostElements
        while left > 0, body.has(2, at: offset) {
            left &-= 1
            let length = Int(body.u8(offset &+ 1))
            guard body.has(length, at: offset &+ 2) else {
                // A frame check sequence that the capture did not announce looks like one more element.
                isComplete = body.byteCount &- offset <= 4
                return
            }
            note(body.u8(offset), body.slice(offset &+ 2, length), at: offset &+ 2)
            offset &+= 2 &+ length
        }
    }

    private mutating func note(_ id: UInt8, _ value: RawSpan, at offset: Int) {
        let place = Place(offset: offset, length: value.byteCount, isThere: true)
        switch id {
        // Only the first counts: later ones of a forged frame must not hide it. 32 bytes is the most (9.4.2.2).
        case ID.ssid where !ssid.isThere && value.byteCount <= 32: ssid = place
        case ID.channel where value.byteCount == 1: channel = value.u8(0)
        // The primary channel comes first; the DS parameter, where present, says the same.
        case ID.htOperation where value.byteCount >= 1: channel = channel ?? value.u8(0)
        case ID.rsn where rsn == nil: rsn = RSNSuites(value)
        case ID.meshID: mesh = place
        // 10 bytes of other things, then the access point's name in 16.
        case ID.ciscoExtension where value.byteCount >= 26:
            apName = Place(offset: offset &+ 10, length: 16, isThere: true)
        case ID.vendor where value.byteCount >= 4: vendor(value, at: offset)
        default: break
        }
    }

    private mutating func vendor(_ value: RawSpan, at offset: Int) {
        switch value.be32(0) {
        case Vendor.wpa where wpa == nil: wpa = RSNSuites(value.from(4))
        case Vendor.wps: wps = Place(offset: offset &+ 4, length: value.byteCount &- 4, isThere: true)
        case Vendor.peerToPeer: isPeerToPeer = true
        case Vendor.oweTransition: isOWETransition = true
        // Subtype 3 and one byte before the name.
        case Vendor.aruba where value.u8(4) == 3 && value.byteCount > 6:
            apName = Place(offset: offset &+ 6, length: value.byteCount &- 6, isThere: true)
        case Vendor.mist: apName = Place(offset: offset &+ 4, length: value.byteCount &- 4, isThere: true)
        default: break
        }
    }

    /// A hidden network sends an empty name, or one of zeros.
    func isHidden(_ ssid: RawSpan) -> Bool {
        var index = 0
        while index < ssid.byteCount {
            if ssid.u8(index) != 0 { return false }
            index &+= 1
        }
        return true
    }

    /// States what the elements say of the device itself.
    func identity(_ body: RawSpan, about: Dissection.About, _ d: inout Dissection) {
        if mesh.isThere, mesh.length > 0 {
            d.observe("mesh_id", text: body.slice(mesh.offset, mesh.length), field: "mesh_id", about: about)
        }
        if apName.isThere {
            let name = body.slice(apName.offset, apName.length)
            if name.isPrintable { d.observe(.name, text: name, field: "access_point_name", about: about) }
        }
        if wps.isThere { simpleConfiguration(body.slice(wps.offset, wps.length), about, &d) }
    }

    /// Wi-Fi Simple Configuration attributes: type 2, length 2, value, big-endian (section 12).
    private func simpleConfiguration(_ area: RawSpan, _ about: Dissection.About, _ d: inout Dissection) {
        var offset = 0
        var left = 64
        while left > 0, area.has(4, at: offset) {
            left &-= 1
            let length = Int(area.be16(offset &+ 2))
            guard area.has(length, at: offset &+ 4) else { return }
            let value = area.slice(offset &+ 4, length)
            switch area.be16(offset) {
            case 0x1011: d.observe(.name, text: value, field: "wps_device_name", about: about)
            case 0x1021: d.observe(.vendor, text: value, field: "wps_manufacturer", about: about)
            case 0x1023: d.observe(.model, text: value, field: "wps_model_name", about: about)
            case 0x1024: d.observe(.productCode, text: value, field: "wps_model_number", about: about)
            case 0x1042: d.observe(.serial, text: value, field: "wps_serial_number", about: about)
            case 0x1044 where length == 1:
                // 2: configured, so that its push button or PIN would let a newcomer in.
                d.observe("wps_state", number: UInt64(value.u8(0)), field: "wps_state", about: about)
            default: break
            }
            offset &+= 4 &+ length
        }
    }
}
