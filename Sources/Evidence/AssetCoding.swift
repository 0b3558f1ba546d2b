import Model

/// Assets as JSON, by the letter as `StoreCoding` writes them: keys sorted, no spaces. Written out, because a network that
/// says much makes them the bulk of what is derived, and the general encoder takes longer over them than reading did.
enum AssetCoding {
    static func add(_ asset: Asset, to json: inout TextBytes) {
        json.add(#"{"attributes":"#)
        list(asset.attributes, &json) { add($0, to: &$1) }
        text("firmware", asset.firmware, &json)
        text("hostname", asset.hostname, &json)
        json.add(#","id":"#)
        string(asset.id, &json)
        json.add(#","interfaces":"#)
        list(asset.interfaces, &json) { add($0, to: &$1) }
        flag(#","isBehindRouter":"#, asset.isBehindRouter, &json)
        flag(#","isIT":"#, asset.isIT, &json)
        flag(#","isOT":"#, asset.isOT, &json)
        text("model", asset.model, &json)
        json.add(#","name":"#)
        string(asset.name.raw, &json)
        text("os", asset.os, &json)
        json.add(#","received":"#)
        add(asset.received, to: &json)
        json.add(#","roles":"#)
        list(asset.roles, &json) { add($0, to: &$1) }
        json.add(#","seen":"#)
        add(asset.seen, to: &json)
        json.add(#","sent":"#)
        add(asset.sent, to: &json)
        text("serial", asset.serial, &json)
        json.add(#","services":"#)
        list(asset.services, &json) { string($0, &$1) }
        json.add(#","uses":"#)
        list(asset.uses, &json) { string($0, &$1) }
        text("vendor", asset.vendor, &json)
        json.add(UInt8(ascii: "}"))
    }

    private static func add(_ attribute: AssetAttribute, to json: inout TextBytes) {
        json.add(#"{"attribute":"#)
        string(attribute.attribute.rawValue, &json)
        number(#","confidence":"#, UInt64(attribute.confidence.rawValue), &json)
        json.add(#","sources":"#)
        list(attribute.sources, &json) { source, json in
            json.add(#"{"name":"#)
            string(source.name, &json)
            number(#","sighting":{"count":"#, source.sighting.count, &json)
            ends(source.sighting.first, source.sighting.last, &json)
            json.add("}}")
        }
        json.add(#","value":"#)
        string(attribute.value.raw, &json)
        json.add(UInt8(ascii: "}"))
    }

    private static func add(_ interface: AssetInterface, to json: inout TextBytes) {
        json.add(#"{"addresses":"#)
        list(interface.addresses, &json) { use, json in
            json.add(#"{"address":""#)
            json.add(use.address)
            json.add(#"","seen":"#)
            add(use.seen, to: &json)
            json.add(UInt8(ascii: "}"))
        }
        if let mac = interface.mac {
            json.add(#","mac":""#)
            json.add(mac)
            json.add(UInt8(ascii: "\""))
        }
        if let vendor = interface.vendor {
            json.add(#","vendor":"#)
            string(vendor, &json)
        }
        json.add(#","vlans":"#)
        list(interface.vlans, &json) { $1.add(decimal: UInt64($0)) }
        json.add(UInt8(ascii: "}"))
    }

    private static func add(_ claim: RoleClaim, to json: inout TextBytes) {
        number(#"{"confidence":"#, UInt64(claim.confidence.rawValue), &json)
        json.add(#","grounds":"#)
        list(claim.grounds, &json) { string($0, &$1) }
        json.add(#","role":"#)
        string(claim.role.rawValue, &json)
        json.add(UInt8(ascii: "}"))
    }

    private static func add(_ volume: Volume, to json: inout TextBytes) {
        number(#"{"bytes":"#, volume.bytes, &json)
        number(#","frames":"#, volume.frames, &json)
        number(#","payload":"#, volume.payload, &json)
        json.add(UInt8(ascii: "}"))
    }

    private static func add(_ seen: Seen, to json: inout TextBytes) {
        json.add(#"{"first":"#)
        add(seen.first, to: &json)
        json.add(#","last":"#)
        add(seen.last, to: &json)
        json.add(UInt8(ascii: "}"))
    }

    private static func ends(_ first: FrameRef, _ last: FrameRef, _ json: inout TextBytes) {
        json.add(#","first":"#)
        add(first, to: &json)
        json.add(#","last":"#)
        add(last, to: &json)
    }

    private static func add(_ frame: FrameRef, to json: inout TextBytes) {
        number(#"{"capture":"#, UInt64(frame.capture), &json)
        number(#","number":"#, frame.number, &json)
        json.add(#","time":"#)
        json.add(decimal: frame.time.nanoseconds)
        json.add(UInt8(ascii: "}"))
    }

    // MARK: Values

    private static func list<Element>(
        _ elements: [Element], _ json: inout TextBytes, _ element: (Element, inout TextBytes) -> Void
    ) {
        json.add(UInt8(ascii: "["))
        for position in elements.indices {
            if position > 0 { json.add(UInt8(ascii: ",")) }
            element(elements[position], &json)
        }
        json.add(UInt8(ascii: "]"))
    }

    private static func number(_ before: String, _ value: UInt64, _ json: inout TextBytes) {
        json.add(before)
        json.add(decimal: value)
    }

    private static func flag(_ before: String, _ value: Bool, _ json: inout TextBytes) {
        json.add(before)
        json.add(value ? "true" : "false")
    }

    /// A member that is left out when there is none.
    private static func text(_ key: String, _ value: WireText?, _ json: inout TextBytes) {
        guard let value else { return }
        json.add(#",""#)
        json.add(key)
        json.add(#"":"#)
        string(value.raw, &json)
    }

    /// Quoted; escaped is what RFC 8259, 7, requires.
    private static func string(_ text: String, _ json: inout TextBytes) {
        json.add(UInt8(ascii: "\""))
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5c }) {
            json.add(text)
        } else {
            for byte in text.utf8 { escape(byte, &json) }
        }
        json.add(UInt8(ascii: "\""))
    }

    private static func escape(_ byte: UInt8, _ json: inout TextBytes) {
        switch byte {
        case 0x22: json.add(#"\""#)
        case 0x5c: json.add(#"\\"#)
        case 0x08: json.add(#"\b"#)
        case 0x09: json.add(#"\t"#)
        case 0x0a: json.add(#"\n"#)
        case 0x0c: json.add(#"\f"#)
        case 0x0d: json.add(#"\r"#)
        case 0..<0x20:
            json.add(#"\u00"#)
            json.add(hexadecimal: byte)
        default: json.add(byte)
        }
    }
}
