import Assessment
import CLinux
import Foundation
import Glibc
import Model
import Wording

/// An interface of this machine, as the kernel tells without any privilege.
struct InterfaceFacts: Encodable, Sendable {
    var name: String
    var mac: String?
    var isUp: Bool
    /// Nil where the interface has no notion of a link, or is not up.
    var hasLink: Bool?
    /// Megabits per second; nil when not told.
    var speed: UInt32?
    var addresses: [String]
    var isLoopback: Bool
    var isWireless: Bool
    var hasIpv6: Bool

    /// `name` must be that of an interface; nil when there is none.
    init?(_ name: String) {
        guard !name.isEmpty, !name.contains("/"), name != ".", name != ".." else { return nil }
        let flags = linux_interface_flags(name)
        guard flags >= 0 else { return nil }
        self.name = name
        isUp = flags & Int32(IFF_UP) != 0
        isLoopback = flags & Int32(IFF_LOOPBACK) != 0
        mac = InterfaceFacts.text("/sys/class/net/\(name)/address").flatMap { MACAddress($0) }.flatMap {
            $0 == .zero ? nil : $0.description
        }
        hasLink = InterfaceFacts.text("/sys/class/net/\(name)/carrier").map { $0 == "1" }
        let told = linux_interface_speed(name)
        speed = told == 0 ? nil : told
        isWireless =
            access("/sys/class/net/\(name)/wireless", F_OK) == 0 || access("/sys/class/net/\(name)/phy80211", F_OK) == 0
        let ipv6 = InterfaceFacts.text("/proc/sys/net/ipv6/conf/\(name)/disable_ipv6")
        hasIpv6 = ipv6.map { $0 == "0" } ?? false
        addresses = InterfaceFacts.addresses()[name] ?? []
    }

    /// All interfaces, those worth listening on first.
    static func all() -> [InterfaceFacts] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/sys/class/net")) ?? []
        return names.compactMap { InterfaceFacts($0) }.sorted {
            ($0.isLoopback ? 1 : 0, $0.isUp ? 0 : 1, $0.name) < ($1.isLoopback ? 1 : 0, $1.isUp ? 0 : 1, $1.name)
        }
    }

    private static func text(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8)).map { String($0.prefix { !$0.isWhitespace }) }.flatMap {
            $0.isEmpty ? nil : $0
        }
    }

    private static func addresses() -> [String: [String]] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [:] }
        defer { freeifaddrs(list) }
        var found: [String: [String]] = [:]
        var entry = list
        while let current = entry {
            entry = current.pointee.ifa_next
            guard let address = current.pointee.ifa_addr else { continue }
            let family = Int32(address.pointee.sa_family)
            guard family == AF_INET || family == AF_INET6 else { continue }
            var text = [CChar](repeating: 0, count: 128)
            let size = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
            guard getnameinfo(address, socklen_t(size), &text, 128, nil, 0, NI_NUMERICHOST) == 0 else { continue }
            let written = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            found[String(cString: current.pointee.ifa_name), default: []].append(
                String(written.prefix { $0 != "%" }))
        }
        return found
    }
}

enum InterfaceList {
    static func listing() -> Listing<InterfaceFacts> {
        Listing(
            kind: "interfaces", columns: columns, records: InterfaceFacts.all(),
            whenEmpty: Bilingual(ja: "インタフェースがない。", en: "This machine has no interface."))
    }

    private static let columns: [Listing<InterfaceFacts>.Column] = [
        Listing.Column("name", Bilingual(ja: "名前", en: "NAME")) { $0.name },
        Listing.Column(
            "state", Bilingual(ja: "状態", en: "STATE"), value: { state($0) },
            cell: { facts, style in
                switch state(facts) {
                case "link": Cell(style.say("リンクあり", "link"), .green)
                case "no_link": Cell(style.say("リンクなし", "no link"), .yellow)
                case "up": Cell(style.say("有効", "up"))
                default: Cell(style.say("無効", "down"), .faint)
                }
            }),
        Listing.Column("mac", Bilingual(ja: "MACアドレス", en: "MAC")) { $0.mac ?? "" },
        Listing.Column("speed", Bilingual(ja: "Mbps", en: "MBIT/S"), isNumber: true) {
            $0.speed.map(String.init) ?? ""
        },
        Listing.Column("kind", Bilingual(ja: "種類", en: "KIND"), value: { kind($0) }),
        Listing.Column("addresses", Bilingual(ja: "IPアドレス", en: "ADDRESSES"), minimum: 15) {
            $0.addresses.joined(separator: " ")
        },
    ]

    private static func state(_ facts: InterfaceFacts) -> String {
        if !facts.isUp { return "down" }
        return facts.hasLink.map { $0 ? "link" : "no_link" } ?? "up"
    }

    private static func kind(_ facts: InterfaceFacts) -> String {
        facts.isLoopback ? "loopback" : facts.isWireless ? "wireless" : "wired"
    }
}
