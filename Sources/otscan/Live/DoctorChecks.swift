import Assessment
import CLinux
import Foundation
import Glibc
import LiveAnalysis
import Model
import Wording

/// One thing that a capture needs or is better with: how it stands, and what to do.
struct DoctorCheck: Encodable, Sendable {
    enum State: String, Encodable, Sendable { case ok, warning, fail }

    var check: String
    var state: State
    var finding: Bilingual
    /// A command to type, or what to do by hand.
    var advice: Bilingual?
}

enum DoctorChecks {
    struct Document: Encodable {
        var format = "otscan-doctor/1"
        var checks: [DoctorCheck]
    }

    static func document(_ checks: [DoctorCheck]) -> Document { Document(checks: checks) }

    static func all(interface: String, store: String) -> [DoctorCheck] {
        guard let facts = InterfaceFacts(interface) else {
            let name = WireText(interface).visible
            return [
                check(
                    "interface", .fail, "\(name) というインタフェースはない", "there is no interface \(name)",
                    "otscan interfaces で一覧を見る", "otscan interfaces lists them")
            ] + machine(store)
        }
        return [up(facts), link(facts), addresses(facts), ipv6(facts), offloads(facts)] + machine(store)
    }

    private static func machine(_ store: String) -> [DoctorCheck] {
        [permission(), confinement(), disk(store), clock()]
    }

    private static func check(
        _ name: String, _ state: DoctorCheck.State, _ ja: String, _ en: String, _ adviceJa: String? = nil,
        _ adviceEn: String? = nil
    ) -> DoctorCheck {
        var advice: Bilingual?
        if let adviceJa { advice = Bilingual(ja: adviceJa, en: adviceEn ?? adviceJa) }
        return DoctorCheck(check: name, state: state, finding: Bilingual(ja: ja, en: en), advice: advice)
    }

    // MARK: The interface

    private static func up(_ facts: InterfaceFacts) -> DoctorCheck {
        if facts.isWireless {
            return check(
                "interface", .warning, "\(facts.name) は無線。ミラーポートには有線でつなぐ",
                "\(facts.name) is wireless; a mirror port needs a cable")
        }
        return facts.isUp
            ? check("interface", .ok, "\(facts.name) は有効", "\(facts.name) is up")
            : check(
                "interface", .fail, "\(facts.name) は無効", "\(facts.name) is down", "ip link set \(facts.name) up")
    }

    private static func link(_ facts: InterfaceFacts) -> DoctorCheck {
        let speed = facts.speed.map { " (\($0) Mbit/s)" } ?? ""
        return facts.hasLink == false || !facts.isUp
            ? check(
                "link", facts.isUp ? .fail : .warning, "リンクがない", "there is no link", "ケーブルとスイッチのポートを確かめる",
                "check the cable and the switch's port")
            : check("link", .ok, "リンクあり\(speed)", "there is a link\(speed)")
    }

    private static func addresses(_ facts: InterfaceFacts) -> DoctorCheck {
        guard !facts.addresses.isEmpty else {
            return check("addresses", .ok, "IPアドレスなし: 自分からは何も送らない", "no IP address: nothing is sent from it")
        }
        let list = facts.addresses.joined(separator: ", ")
        return check(
            "addresses", .warning, "IPアドレスがある (\(list))。このパソコン自身がARPなどを送る",
            "it has addresses (\(list)); this computer itself sends ARP and more from it",
            "キャプチャ専用のインタフェースなら: ip addr flush dev \(facts.name)",
            "where it is for capturing only: ip addr flush dev \(facts.name)")
    }

    private static func ipv6(_ facts: InterfaceFacts) -> DoctorCheck {
        facts.hasIpv6
            ? check(
                "ipv6", .warning, "IPv6が有効。リンクアップ時に近隣探索を送る",
                "IPv6 is on; it sends neighbour discovery when the link comes up",
                "sysctl -w net.ipv6.conf.\(facts.name).disable_ipv6=1")
            : check("ipv6", .ok, "IPv6は無効", "IPv6 is off")
    }

    private static func offloads(_ facts: InterfaceFacts) -> DoctorCheck {
        var offloads = linux_offloads()
        _ = linux_interface_offloads(facts.name, &offloads)
        let on = [("gro", offloads.gro), ("lro", offloads.lro)].filter { $0.1 == 1 }.map(\.0)
        guard !on.isEmpty else {
            return check("offloads", .ok, "受信フレームを結合するオフロードは無効", "no offload merges received frames")
        }
        let command = "ethtool -K \(facts.name) " + on.map { "\($0) off" }.joined(separator: " ")
        return check(
            "offloads", .warning, "\(on.joined(separator: ", ")) が有効。フレームが結合されて届くことがある",
            "\(on.joined(separator: ", ")) on: frames may arrive merged", command)
    }

    // MARK: The machine

    private static func permission() -> DoctorCheck {
        let program = "/proc/self/exe"
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: program)) ?? program
        guard let collector = try? LiveCapture.collectorPath(beside: own) else {
            return check(
                "permission", .fail, "otscan-collector が見つからない", "otscan-collector is not found",
                "otscan と同じフォルダに置く", "put it into the folder of otscan")
        }
        if linux_can_capture() == 0 {
            return check("permission", .ok, "このユーザはキャプチャできる", "this user may capture")
        }
        if linux_file_has_net_raw(collector) == 1 {
            return check("permission", .ok, "収集プログラムにcap_net_rawがある", "the collector has cap_net_raw")
        }
        return check(
            "permission", .fail, "キャプチャの権限がない", "no permission to capture",
            "sudo setcap cap_net_raw+ep \(WireText(collector).visible)")
    }

    private static func confinement() -> DoctorCheck {
        let version = linux_landlock_version()
        return version > 0
            ? check(
                "confinement", .ok, "解析プロセスを閉じ込められる (seccomp, Landlock \(version))",
                "the analyser can be confined (seccomp, Landlock \(version))")
            : check(
                "confinement", .warning, "カーネルにLandlockがない。解析プロセスはseccompのみで閉じ込める",
                "the kernel has no Landlock; the analyser is confined by seccomp alone")
    }

    private static func disk(_ store: String) -> DoctorCheck {
        let folder = AnalyserConfinement.folder(of: store)
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else {
            let name = WireText(folder).visible
            return check("disk", .fail, "フォルダ \(name) がない", "there is no folder \(name)")
        }
        guard access(folder, W_OK) == 0 else {
            let name = WireText(folder).visible
            return check("disk", .fail, "フォルダ \(name) に書けない", "the folder \(name) cannot be written to")
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let text = Figures.bytes(free)
        if free < 64 << 20 { return check("disk", .fail, "空きは \(text) しかない", "only \(text) are free") }
        if free < 2 << 30 {
            return check(
                "disk", .warning, "空きは \(text)。台帳には足りるが、生フレーム (-w) には少ない",
                "\(text) are free: enough for the inventory, little for raw frames (-w)")
        }
        return check("disk", .ok, "空き \(text)", "\(text) are free")
    }

    private static func clock() -> DoctorCheck {
        var error = 0
        let isSynchronised = linux_clock_is_synchronised(&error) == 1
        let now = Figures.time(Timestamp(nanoseconds: Int64(time(nil)) &* 1_000_000_000))
        return isSynchronised
            ? check("clock", .ok, "時計は同期している (\(now))", "the clock is synchronised (\(now))")
            : check(
                "clock", .warning, "時計は同期していない (\(now))", "the clock is not synchronised (\(now))",
                "時刻を確かめる: timedatectl", "check the time: timedatectl")
    }

    // MARK: For people

    static func text(_ checks: [DoctorCheck], _ style: TerminalStyle) -> String {
        var lines: [String] = []
        for check in checks {
            let mark: (text: String, paint: TerminalStyle.Paint) =
                switch check.state {
                case .ok: (style.say("良", "ok"), .green)
                case .warning: (style.say("注意", "warn"), .yellow)
                case .fail: (style.say("不可", "FAIL"), .red)
                }
            let texts = TextWidth.wrap(check.finding[style.language], to: style.textWidth - 6)
            for (index, text) in texts.enumerated() {
                let head = index == 0 ? style.paint(TextWidth.fill(mark.text, to: 4), mark.paint) : "    "
                lines.append(head + "  " + text)
            }
            if check.state != .ok, let advice = check.advice {
                lines.append("      → " + advice[style.language])
            }
        }
        let failed = checks.count { $0.state == .fail }
        let warned = checks.count { $0.state == .warning }
        lines.append("")
        lines.append(
            failed > 0
                ? style.say("このままではキャプチャできない", "a capture cannot work as things are")
                : warned > 0
                    ? style.say("キャプチャできる。注意点 \(warned) 件", "a capture can work; \(warned) things would make it better")
                    : style.say("準備はできている", "everything is ready"))
        return lines.joined(separator: "\n") + "\n"
    }
}
