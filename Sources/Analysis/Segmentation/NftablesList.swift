package import Model

/// The proposed allow-list as nftables reads it (nftables wiki, "Configuring chains" and "Sets"). Beside the rules it
/// holds the zones and which hosts answer, so that how far a worm would get can be worked out from the list alone.
package enum NftablesList {
    package static func text(_ plan: SegmentationPlan, _ assets: [Asset], ownPrefixes: [IPPrefix]) -> String {
        let byID = Dictionary(assets.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var lines = [
            "#!/usr/sbin/nft -f",
            "# Proposed from observed traffic: what was seen to be needed passes, everything else between zones is dropped.",
            "# Look it over before use: what did not talk during the capture is not in it.",
            "table inet otscan {",
        ]
        let inside =
            ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "224.0.0.0/4"]
            + ownPrefixes.filter(\.address.isV4).map(\.description)
        lines += set("inside_v4", "ipv4_addr", inside, isInterval: true)
        let inside6 =
            ["fc00::/7", "fe80::/10", "ff00::/8"] + ownPrefixes.filter { !$0.address.isV4 }.map(\.description)
        lines += set("inside_v6", "ipv6_addr", inside6, isInterval: true)
        var all: [IPAddress] = []
        for zone in plan.zones {
            let members = zone.members.compactMap { byID[$0] }
            lines.append("")
            lines.append("\t# \(zone.title.en), level \(zone.level.rawValue): \(Wording.count(members.count, "asset"))")
            let addresses = members.flatMap(\.addresses).filter { !$0.isLinkLocal }
            all += addresses
            lines += sets("zone_\(zone.id.replacing("-", with: "_"))", addresses)
            for member in members where member.addresses.allSatisfy(\.isLinkLocal) {
                lines.append(
                    "\t# without an address of its own: \(member.macs.map(\.description).joined(separator: " "))")
            }
        }
        let serving = Set(plan.reach.serving)
        let members = plan.zones.flatMap(\.members).compactMap { byID[$0] }
        lines.append("")
        lines.append(
            "\t# Not used by a rule: hosts that answered by TCP or UDP, and devices that run no programs of others.")
        lines += sets("answers", members.filter { serving.contains($0.id) }.flatMap(\.addresses))
        lines += sets("runs_no_programs", members.filter { !WormReach.spreads($0) }.flatMap(\.addresses))
        lines += [
            "", "\tchain forward {", "\t\ttype filter hook forward priority filter; policy drop;",
            "\t\tct state established,related accept",
        ]
        for conduit in plan.conduits { lines += rules(conduit) }
        lines += ["\t}", "}"]
        lines += bridge(plan, byID)
        return lines.joined(separator: "\n") + "\n"
    }

    /// Devices that speak without IP are known by their MACs alone, and no router is between them: a switch or bridge keeps
    /// their frames within their zone. Nothing without such devices.
    private static func bridge(_ plan: SegmentationPlan, _ assets: [String: Asset]) -> [String] {
        var sets: [String] = []
        var rules: [String] = []
        var linkOnly: [MACAddress] = []
        for zone in plan.zones {
            let members = zone.members.compactMap { assets[$0] }
            let alone = members.filter { $0.addresses.allSatisfy(\.isLinkLocal) }.flatMap(\.macs)
            guard !alone.isEmpty else { continue }
            linkOnly += alone
            let name = "link_\(zone.id.replacing("-", with: "_"))"
            sets += set(name, "ether_addr", Set(members.flatMap(\.macs)).sorted().map(\.description))
            rules.append("\t\tether saddr @\(name) ether daddr @\(name) accept")
        }
        guard !linkOnly.isEmpty else { return [] }
        return [
            "", "# Devices without an address of their own talk within their zone only; groups are the VLAN's matter.",
            "table bridge otscan {",
        ] + sets + set("link_only", "ether_addr", Set(linkOnly).sorted().map(\.description)) + [
            "", "\tchain forward {", "\t\ttype filter hook forward priority filter; policy accept;",
            "\t\tether daddr & 01:00:00:00:00:00 == 01:00:00:00:00:00 accept",
        ] + rules + ["\t\tether saddr @link_only drop", "\t\tether daddr @link_only drop", "\t}", "}"]
    }

    private static func sets(_ name: String, _ addresses: [IPAddress]) -> [String] {
        let unique = Set(addresses.filter { !$0.isLinkLocal }).sorted()
        return set("\(name)_v4", "ipv4_addr", unique.filter(\.isV4).map(\.description))
            + set("\(name)_v6", "ipv6_addr", unique.filter { !$0.isV4 }.map(\.description))
    }

    private static func set(_ name: String, _ type: String, _ elements: [String], isInterval: Bool = false) -> [String]
    {
        guard !elements.isEmpty else { return [] }
        return ["\tset \(name) {", "\t\ttype \(type)"] + (isInterval ? ["\t\tflags interval"] : [])
            + ["\t\telements = { \(elements.joined(separator: ", ")) }", "\t}"]
    }

    /// One line for each address family that the conduit uses.
    private static func rules(_ conduit: SegmentationPlan.Conduit) -> [String] {
        [true, false].compactMap { isV4 in
            let clients = conduit.clients.filter { $0.isV4 == isV4 }
            let servers = conduit.servers.filter { $0.isV4 == isV4 }
            if clients.isEmpty, !conduit.clients.isEmpty { return nil }
            if servers.isEmpty, !conduit.servers.isEmpty { return nil }
            let family = isV4 ? "ip" : "ip6"
            let inside = isV4 ? "@inside_v4" : "@inside_v6"
            func end(_ word: String, _ addresses: [IPAddress]) -> String {
                if addresses.isEmpty { return "\(family) \(word) != \(inside)" }
                return "\(family) \(word) { \(addresses.map(\.description).joined(separator: ", ")) }"
            }
            let carrier =
                switch conduit.transport {
                case .tcp, .udp: "\(conduit.transport) dport \(conduit.port == 0 ? "1024-65535" : String(conduit.port))"
                case .ip, .ethernet: "meta l4proto \(conduit.port)"
                }
            let what = conduit.service.isEmpty ? "" : " " + conduit.service
            return
                "\t\t\(end("saddr", clients)) \(end("daddr", servers)) \(carrier) accept comment \"\(conduit.from) -> \(conduit.to)\(what)\""
        }
    }
}
