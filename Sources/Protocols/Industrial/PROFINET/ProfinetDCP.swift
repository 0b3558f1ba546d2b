import Model
import Wire

/// PROFINET discovery and basic configuration protocol (IEC 61158-6-10, 4.3). Behind the frame id:
///
///     2  service id      1   3 Get, 4 Set, 5 Identify, 6 Hello
///     3  service type    1   0 request, 1 response, 5 not supported
///     4  transaction id  4
///     8  response delay  2
///    10  data length     2
///    12  blocks: option 1, suboption 1, length 2, data, padding to even
///
/// In answers and Hello a block's data begin with two bytes of block information, in Set with a qualifier.
enum ProfinetDCP {
    enum FrameID {
        static let hello: UInt16 = 0xfefc, identifyResponse: UInt16 = 0xfeff
    }

    private enum Offset {
        static let service = 2, type = 3, dataLength = 10, blocks = 12
    }

    private enum Service {
        static let get: UInt8 = 3, set: UInt8 = 4, identify: UInt8 = 5, hello: UInt8 = 6
    }

    private enum Option {
        static let ip: UInt8 = 1, device: UInt8 = 2, dhcp: UInt8 = 3, control: UInt8 = 5, all: UInt8 = 0xff
    }

    private enum IP {
        static let parameters: UInt8 = 2, full: UInt8 = 3
    }

    private enum Device {
        static let vendor: UInt8 = 1, stationName: UInt8 = 2, id: UInt8 = 3, role: UInt8 = 4, alias: UInt8 = 6
        static let instance: UInt8 = 7, oemID: UInt8 = 8
    }

    private enum Control {
        static let start: UInt8 = 1, stop: UInt8 = 2, signal: UInt8 = 3, response: UInt8 = 4
        static let factoryReset: UInt8 = 5, resetToFactory: UInt8 = 6
    }

    private static let blockLimit = 256

    static func read(_ bytes: RawSpan, _ frameID: UInt16, _ d: inout Dissection) {
        guard bytes.byteCount >= Offset.blocks else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "dcp header", offset: 2, needed: 10, available: bytes.byteCount &- 2))
            }
            return
        }
        let service = bytes.u8(Offset.service)
        let isRequest = bytes.u8(Offset.type) == 0 && service != Service.hello
        let blocks = bytes.slice(Offset.blocks, Int(bytes.be16(Offset.dataLength)))
        switch (service, isRequest) {
        case (Service.set, true): set(blocks, &d)
        case (Service.get, false), (Service.identify, false), (Service.hello, _):
            d.message(code(service, isRequest: isRequest))
            // Answers name the device; they repeat byte for byte, but their sightings count.
            facts(blocks, &d)
        default:
            d.message(code(service, isRequest: isRequest), isRequest ? .identity : .none)
        }
    }

    /// Service in bits 16 to 23 with bit 15 set in an answer; in Set requests option and suboption below.
    private static func code(_ service: UInt8, isRequest: Bool, _ option: UInt8 = 0, _ suboption: UInt8 = 0) -> UInt32 {
        Profinet.Kind.dcp << 24 | UInt32(service) << 16 | (isRequest ? 0 : 0x8000) | UInt32(option) << 8
            | UInt32(suboption)
    }

    /// Calls `body` with option, suboption and data of each block that is whole.
    private static func blocks(
        _ bytes: RawSpan, _ d: inout Dissection, _ body: (UInt8, UInt8, RawSpan, inout Dissection) -> Void
    ) {
        var reader = FieldReader(bytes)
        var left = blockLimit
        do throws(DecodeError) {
            while reader.remaining >= 4, left > 0 {
                let option = try reader.u8("option")
                let suboption = try reader.u8("suboption")
                let length = Int(try reader.be16("block length"))
                let data = try reader.take(length, "block data")
                body(option, suboption, data, &d)
                if length & 1 == 1, !reader.isAtEnd { try reader.skip(1, "padding") }
                left &-= 1
            }
        } catch {
            if !d.isCut { d.malformed(error) }
        }
    }

    /// Set request: one message per block that changes something. What is assigned is the receiver's from then on.
    private static func set(_ bytes: RawSpan, _ d: inout Dissection) {
        var isEmpty = true
        blocks(bytes, &d) { option, suboption, data, d in
            let code = code(Service.set, isRequest: true, option, suboption)
            let value = data.from(2)
            switch (option, suboption) {
            case (Option.control, Control.start), (Option.control, Control.stop): return
            case (Option.control, Control.signal): d.message(code)
            case (Option.control, Control.factoryReset), (Option.control, Control.resetToFactory):
                d.message(code, .control)
            default: d.message(code, .write)
            }
            isEmpty = false
            if option == Option.device, suboption == Device.stationName {
                d.observe(
                    .name, text: value, field: "dcp_set_name_of_station", about: .destination, confidence: .medium)
            } else if option == Option.ip, suboption == IP.parameters || suboption == IP.full, value.byteCount >= 12,
                value.be32(0) != 0
            {
                d.observe(
                    .ip, address: value.ipv4(0), field: "dcp_set_ip_address", about: .destination, confidence: .medium)
            }
        }
        if isEmpty { d.message(code(Service.set, isRequest: true), .none) }
    }

    private static func facts(_ bytes: RawSpan, _ d: inout Dissection) {
        blocks(bytes, &d) { option, suboption, data, d in
            let value = data.from(2)
            switch option {
            case Option.ip where suboption == IP.parameters || suboption == IP.full: address(value, &d)
            case Option.device: device(suboption, value, &d)
            default: break
            }
        }
    }

    /// Address, mask, gateway, 4 each; the full suite adds four name servers.
    private static func address(_ value: RawSpan, _ d: inout Dissection) {
        guard value.byteCount >= 12 else { return }
        if value.be32(0) != 0 { d.observe(.ip, address: value.ipv4(0), field: "dcp_ip_address") }
        let mask = value.be32(4)
        // A mask is ones, then zeros.
        if mask != 0, ~mask & (~mask &+ 1) == 0 {
            d.observe(.subnet, number: UInt64(mask.nonzeroBitCount), field: "dcp_subnet_mask")
        }
        // A station without a router names itself.
        if value.be32(8) != 0, value.be32(8) != value.be32(0) {
            d.observe(.gateway, address: value.ipv4(8), field: "dcp_standard_gateway")
        }
    }

    private static func device(_ suboption: UInt8, _ value: RawSpan, _ d: inout Dissection) {
        switch suboption {
        case Device.vendor: d.observe(.model, text: value, field: "dcp_type_of_station")
        case Device.stationName: d.observe(.name, text: value, field: "dcp_name_of_station")
        case Device.id where value.byteCount >= 4:
            let vendor = value.be16(0)
            d.observe(.vendorID, number: UInt64(vendor), field: "dcp_vendor_id")
            d.observe(.productCode, number: UInt64(value.be16(2)), field: "dcp_device_id")
            if let name = ProfinetVendor.name(vendor) { d.observe(.vendor, name, field: "dcp_vendor") }
        case Device.role where value.byteCount >= 1: role(value.u8(0), &d)
        case Device.alias: d.observe("alias", text: value, field: "dcp_alias_name")
        case Device.instance where value.byteCount >= 2:
            d.observe(.instance, number: UInt64(value.be16(0)), field: "dcp_device_instance")
        case Device.oemID where value.byteCount >= 4:
            d.observe("oem_vendor_id", number: UInt64(value.be16(0)), field: "dcp_oem_vendor_id")
            d.observe("oem_device_id", number: UInt64(value.be16(2)), field: "dcp_oem_device_id")
        default: break
        }
    }

    /// Bit 0 IO device, 1 IO controller, 2 multi-device, 3 supervisor.
    private static func role(_ bits: UInt8, _ d: inout Dissection) {
        d.observe("profinet_role", number: UInt64(bits & 15), field: "dcp_device_role_bits")
        if bits & 2 != 0 { d.role(.plc, field: "dcp_device_role_controller") }
        // A controller may be a device of another as well; the stronger role is said first and more firmly.
        if bits & 1 != 0 { d.role(.io, field: "dcp_device_role_device", confidence: bits & 2 != 0 ? .low : .medium) }
        if bits & 8 != 0 { d.role(.engineeringStation, field: "dcp_device_role_supervisor", confidence: .medium) }
    }

    static func messageName(_ detail: UInt32) -> String {
        let service = UInt8(truncatingIfNeeded: detail >> 16)
        let name =
            switch service {
            case Service.get: "DCP Get"
            case Service.set: "DCP Set"
            case Service.identify: "DCP Identify"
            case Service.hello: "DCP Hello"
            default: "DCP service \(service)"
            }
        // Hello comes unasked, neither request nor response.
        if detail & 0x8000 != 0, service != Service.hello { return name + " (response)" }
        if service == Service.set, detail & 0x7fff != 0 {
            return name + ": " + blockName(UInt8(truncatingIfNeeded: detail >> 8), UInt8(truncatingIfNeeded: detail))
        }
        return name
    }

    private static func blockName(_ option: UInt8, _ suboption: UInt8) -> String {
        switch (option, suboption) {
        case (Option.ip, IP.parameters): "IP parameters"
        case (Option.ip, IP.full): "IP suite"
        case (Option.device, Device.stationName): "name of station"
        case (Option.dhcp, _): "DHCP"
        case (Option.control, Control.signal): "signal (flash)"
        case (Option.control, Control.factoryReset): "factory reset"
        case (Option.control, Control.resetToFactory): "reset to factory"
        default: "option \(option) suboption \(suboption)"
        }
    }
}
