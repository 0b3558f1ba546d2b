import Model
import Wire

/// Spanning tree: bridges elect a root and block loops. STP, RSTP and MSTP over LLC SAP 0x42; Cisco's PVST+ the same with a
/// VLAN TLV behind, over SNAP.
///
///      0  protocol id    2   0
///      2  version        1   0 STP, 2 RSTP, 3 MSTP, 4 SPB
///      3  type           1   0 configuration, 2 rapid, 0x80 topology change
///      4  flags          1   bit 0 topology change
///      5  root id        8   priority 4 bits, VLAN or instance 12 bits, MAC 6
///     13  path cost      4
///     17  bridge id      8   in MSTP the regional root
///     25  port id        2
///     27  timers         8
///     35  version 1 length, then for MSTP: version 3 length 2, configuration id 51, internal cost 4, bridge id 8
package enum SpanningTree: Dissector {
    package static let description = ProtocolDescription(
        name: "stp", title: "STP / RSTP / MSTP / PVST+", family: .network, level: .identity,
        reference: "IEEE 802.1D-2004 clause 9, 802.1Q-2018 clause 14; Cisco PVST+",
        bindings: [.llc(0x42), .snap(0x00000c, 0x010b), .snap(0x00000c, 0x200a)], displayFilter: "stp")

    private enum Offset {
        static let version = 2, type = 3, flags = 4, root = 5, cost = 13, bridge = 17, timers = 27, end = 35
        static let regionName = 39, internalBridge = 93, internalEnd = 102
        /// PVST+: after a zero, type 2 (0), length 2 (2), VLAN 2.
        static let vlanType = 36, vlanLength = 38, vlan = 40
    }

    private enum Kind {
        static let configuration: UInt8 = 0, rapid: UInt8 = 2, topologyChange: UInt8 = 0x80
    }

    package static func dissect(_ bytes: RawSpan, _ d: inout Dissection) -> Progress {
        // GARP and GVRP (802.1D clause 12) share the service access point, under protocol identifier 1.
        guard bytes.be16(0) != 1 else { return .notMine }
        guard bytes.byteCount >= 4, bytes.be16(0) == 0 else { return .malformed }
        let type = bytes.u8(Offset.type)
        let version = bytes.u8(Offset.version)
        guard type == Kind.configuration || type == Kind.rapid || type == Kind.topologyChange, version <= 4 else {
            return .malformed
        }
        d.message(UInt32(version) << 8 | UInt32(type))
        d.role(.switch, field: "sender")
        guard type != Kind.topologyChange else { return .consumed(bytes.byteCount) }
        guard bytes.byteCount >= Offset.end else {
            if !d.isCut {
                d.malformed(
                    DecodeError(field: "spanning tree BPDU", offset: 0, needed: Offset.end, available: bytes.byteCount))
            }
            return .malformed
        }
        let isMultiple = version >= 3 && bytes.byteCount >= Offset.internalEnd && bytes.be16(36) >= 64
        let bridge = bytes.slice(isMultiple ? Offset.internalBridge : Offset.bridge, 8)
        if bridge.mac(2).isUnicast { d.observe(.mac, mac: bridge.mac(2), field: "bridge_address") }
        if d.isNew(bridge, field: "bridge_id_bytes") {
            d.observe("bridge_id", identifier(bridge), field: "bridge_id")
        }
        let root = bytes.slice(Offset.root, 8)
        if d.isNew(root, field: "root_id_bytes") {
            d.observe("spanning_tree_root_id", identifier(root), field: "root_id")
        }
        if bytes.be32(Offset.root) == bridge.be32(0), bytes.be32(Offset.root + 4) == bridge.be32(4) {
            d.observe("spanning_tree_root", "yes", field: "root_bridge")
        }
        d.observe("spanning_tree_version", number: UInt64(version), field: "version")
        if bytes.u8(Offset.flags) & 1 != 0 { d.observe("topology_change", "yes", field: "topology_change_flag") }
        if isMultiple {
            d.observe("spanning_tree_region", text: bytes.slice(Offset.regionName, 32), field: "region_name")
        } else if bytes.has(6, at: Offset.vlanType), bytes.be16(Offset.vlanType) == 0,
            bytes.be16(Offset.vlanLength) == 2
        {
            d.observe("spanning_tree_vlan", number: UInt64(bytes.be16(Offset.vlan) & 0x0fff), field: "originating_vlan")
        }
        return .consumed(bytes.byteCount)
    }

    /// As `32768/10/00:1b:1b:01:02:03`: priority, system id extension, MAC.
    private static func identifier(_ id: RawSpan) -> String {
        "\(id.be16(0) & 0xf000)/\(id.be16(0) & 0x0fff)/\(id.mac(2))"
    }

    package static func messageName(_ code: UInt32) -> String {
        if code & 0xff == UInt32(Kind.topologyChange) { return "Topology Change Notification" }
        return switch code >> 8 {
        case 0: "Configuration BPDU"
        case 2: "Rapid spanning tree BPDU"
        case 3: "Multiple spanning tree BPDU"
        case 4: "Shortest path tree BPDU"
        default: "BPDU version \(code >> 8)"
        }
    }
}
