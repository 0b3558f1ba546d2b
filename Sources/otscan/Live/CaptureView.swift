import Analysis
import Assessment
import Foundation
import Glibc
import LiveAnalysis
import Model
import Supervision
import Wording

/// What `capture` shows while it runs: a few lines kept up to date on a terminal, one line a minute elsewhere; warnings
/// as they come.
final class CaptureView {
    var supervisor: Supervisor?
    private let style: TerminalStyle
    private let command: CaptureCommand
    private let isLive: Bool
    private var view = LiveView()
    private(set) var storeProblem: String?
    private var toldMirror: [MirrorFigures.Problem]?
    private var wasFlooded = false
    private var linesShown = 0
    private var shownAt = 0.0
    private var lineDue = 60.0
    private var lastCount: (frames: UInt64, time: Double) = (0, 0)
    private var rate = 0.0

    init(_ style: TerminalStyle, command: CaptureCommand) {
        self.style = style
        self.command = command
        isLive = StandardError.isTerminal && !command.quiet && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    // MARK: Events

    func take(_ event: SupervisionEvent) {
        switch event {
        case .message(let child, let line): pass(on: line, from: child)
        case .collectorStarted:
            if !command.quiet {
                say(style.say("\(command.i) で待ち受け開始", "listening on \(command.i)"))
            }
        case .collectorEnded(let ending, let why):
            let ending = why.map { "\(ending), \(WireText($0).visible)" } ?? "\(ending)"
            say(style.say("収集プロセスが終了した (\(ending))。再起動する", "the collector ended (\(ending)); it is started again"))
        case .link(let isUp):
            say(
                isUp
                    ? style.say("\(command.i): リンクアップ", "\(command.i): link up")
                    : style.say("\(command.i): リンクダウン。復帰を待つ", "\(command.i): link down; waiting for it"))
        case .analyserEnded(let ending, let why, let frame):
            let ending = why.map { "\(ending), \(WireText($0).visible)" } ?? "\(ending)"
            say(
                frame > 0
                    ? style.say(
                        "解析プロセスがあるフレームで終了した (\(ending))。そのフレームを隔離し、直前の記録から再開する",
                        "the analyser died of a frame (\(ending)); it is set aside, and the work resumes from the last commit"
                    )
                    : style.say(
                        "解析プロセスが終了した (\(ending))。直前の記録から再開する",
                        "the analyser ended (\(ending)); the work resumes from the last commit"))
        case .analyserStarted, .derived, .stopping: break
        case .rawSuspended(let why):
            say(
                why.map { style.say("生フレームの記録を中断: \($0)", "raw frames are not being written: \($0)") }
                    ?? style.say("生フレームの記録を再開", "raw frames are being written again"))
        case .view(let line):
            guard let view = LiveView(line: line) else { return }
            self.view = view
            tellMirror()
            tellFlood()
        case .storeProblem(let problem):
            storeProblem = problem
            say(
                problem.map {
                    style.say("保存できない: \(WireText($0).visible)", "cannot be stored: \(WireText($0).visible)")
                }
                    ?? style.say("再び保存できるようになった", "can be stored again"))
        case .statisticsAsked: say(line)
        }
    }

    /// Warnings and errors; the rest of what a dying program says is for nobody here.
    private func pass(on line: String, from child: SupervisionEvent.Child) {
        let text = WireText(line).visible
        let isMeant = ["error: ", "warning: "].contains { line.hasPrefix($0) }
        guard isMeant || line.contains("Fatal error") || child == .deriver else { return }
        say("\(child.rawValue): \(text)")
    }

    private func say(_ text: String) {
        clear()
        StandardError.say(text)
    }

    private func tellMirror() {
        guard let figures = view.mirror, let supervisor, supervisor.elapsed > 20 || figures.frames >= 2000 else {
            return
        }
        let problems = figures.problems
        guard problems != toldMirror else { return }
        let fresh = problems.filter { toldMirror?.contains($0) != true }
        toldMirror = problems
        for problem in fresh { say(MirrorWords.advice(problem, figures, style)) }
    }

    private func tellFlood() {
        guard view.isFlooded != wasFlooded else { return }
        wasFlooded = view.isFlooded
        if wasFlooded {
            say(
                style.say(
                    "状態: flooded。送信元や会話が異常に多い。既知の機器は保ち、新しいものは数だけ数える",
                    "state: flooded; there are far too many senders or conversations. Known ones are kept, new ones only counted"
                ))
        }
    }

    // MARK: Showing

    /// To be called several times a second.
    func tick() {
        guard let supervisor else { return }
        let now = supervisor.elapsed
        if now - lastCount.time >= 1 {
            let delivered = supervisor.counters.delivered
            rate = Double(delivered - lastCount.frames) / (now - lastCount.time)
            lastCount = (delivered, now)
        }
        if isLive {
            guard now - shownAt >= 0.5 else { return }
            shownAt = now
            show()
        } else if now >= lineDue {
            lineDue += 60
            if !command.quiet { StandardError.say(line) }
        }
    }

    func end() { clear() }

    private func clear() {
        guard linesShown > 0 else { return }
        StandardError.write("\u{1b}[\(linesShown)A\r\u{1b}[J")
        linesShown = 0
    }

    private func show() {
        let width = min(style.width ?? 80, 110) - 1
        let lines = paragraph.map { TextWidth.cut($0, to: width) }
        clear()
        StandardError.write(lines.map { $0 + "\n" }.joined())
        linesShown = lines.count
    }

    /// Everything in one line, for logs.
    private var line: String {
        guard let supervisor else { return "" }
        let parts = [
            style.say(
                "\(Figures.count(supervisor.counters.delivered))フレーム (\(Figures.count(Int(rate)))/秒)",
                "\(Figures.count(supervisor.counters.delivered)) frames (\(Figures.count(Int(rate)))/s)"),
            drops(supervisor.counters),
            style.say("機器 \(view.devices)", "\(view.devices) devices"),
            style.say("会話 \(view.conversations)", "\(view.conversations) conversations"),
            style.say("遠隔接続 \(view.remote.count)", "\(view.remote.count) remote sessions"),
        ]
        return parts.joined(separator: style.say("、", ", "))
    }

    private func drops(_ counters: SupervisionCounters) -> String {
        let classes: [(String, String, UInt64)] = [
            ("カーネル", "kernel", counters.droppedByKernel), ("NIC", "interface", counters.droppedByInterface),
            ("待ち行列", "queue", counters.droppedByQueue),
            ("解析異常", "parser", counters.quarantined &+ counters.lostWithAnalyser),
        ]
        let told = classes.filter { $0.2 > 0 }.map { style.say($0.0, $0.1) + " " + Figures.count($0.2) }
        return told.isEmpty
            ? style.say("取りこぼし 0", "0 dropped")
            : style.say("取りこぼし ", "dropped: ") + told.joined(separator: style.say("・", ", "))
    }

    private var paragraph: [String] {
        guard let supervisor else { return [] }
        var time = Figures.duration(supervisor.elapsed.rounded(), in: style.language)
        if let duration = command.duration {
            let left = Figures.duration(max(0, duration.seconds - supervisor.elapsed).rounded(), in: style.language)
            time += style.say(" (残り \(left))", " (\(left) left)")
        }
        var lines = [
            style.say("── \(command.i) ── \(time) ── Ctrl-Cで終了 ──", "── \(command.i) ── \(time) ── Ctrl-C ends ──"),
            line,
        ]
        if !view.protocols.isEmpty {
            lines.append(
                style.say("プロトコル: ", "protocols: ")
                    + view.protocols.map { "\(WireText($0.name).visible) \(Figures.count($0.frames))" }.joined(
                        separator: ", "))
        }
        for device in view.newest.suffix(4).reversed() {
            let parts = [device.mac, device.address, device.vendor, device.vlan == 0 ? nil : "VLAN \(device.vlan)"]
            let text = parts.compactMap { $0 }.map { WireText($0).visible }.joined(separator: "  ")
            let clock = Figures.timeOfDay(Timestamp(nanoseconds: device.first))
            lines.append(style.say("新しい機器 ", "new device ") + clock + "  " + text)
        }
        for session in view.remote.prefix(4) {
            let text = "\(session.client) → \(session.server)  \(session.service)"
            lines.append(style.say("遠隔接続中 ", "remote session ") + WireText(text).visible)
        }
        return lines
    }
}

/// What to do about a mirror that is not right.
enum MirrorWords {
    static func advice(_ problem: MirrorFigures.Problem, _ figures: MirrorFigures, _ style: TerminalStyle) -> String {
        switch problem {
        case .silent:
            style.say(
                "ミラー: フレームが1つも来ない。ケーブル、ポート、ミラー設定を確認する",
                "mirror: not one frame came; check the cable, the port and the switch's mirror settings")
        case .groupOnly:
            style.say(
                "ミラー: ブロードキャストとマルチキャストしか見えない。このポートはミラー先になっていない。スイッチのミラー(SPAN)設定を確認する",
                "mirror: only broadcast and multicast is seen, as on any port; set this port as the destination of a mirror (SPAN) session"
            )
        case .ownOnly:
            style.say(
                "ミラー: このパソコン自身の通信しか見えない。ミラー先のポートにつながっていない",
                "mirror: only this computer's own traffic is seen; it is not connected to the destination of a mirror")
        case .oneWay:
            style.say(
                "ミラー: TCP接続 \(figures.connections) 件のうち \(figures.oneWay) 件で片方向しか見えない。ミラー元を「送受信両方」にする",
                "mirror: of \(figures.connections) TCP connections \(figures.oneWay) are seen one way only; mirror both directions (rx and tx)"
            )
        case .untagged:
            style.say(
                "ミラー: \(figures.subnets) のサブネットが見えるのにVLANタグが1つもない。スイッチがミラー時にタグを外している。タグを保つ設定にする",
                "mirror: \(figures.subnets) subnets but not one VLAN tag; the switch takes tags off when it mirrors. Have it keep them (encapsulation replicate)"
            )
        case .copies:
            style.say(
                "ミラー: 同じフレームが2度ずつ来る(\(figures.copies)/\(figures.frames))。通信の両側のポートをミラーしている。片側だけにする",
                "mirror: frames come twice (\(figures.copies) of \(figures.frames)); both ports of a conversation are mirrored, mirror one of them"
            )
        case .cut:
            style.say(
                "ミラー: 途中で切れたフレームがある(\(figures.cut)/\(figures.frames))。-s を外すか、スイッチのミラー切り詰めを止める",
                "mirror: frames are cut (\(figures.cut) of \(figures.frames)); leave -s out, or turn truncation off at the switch"
            )
        case .merged:
            style.say(
                "ミラー: Ethernetより長いフレームがある(\(figures.merged)/\(figures.frames))。NICのオフロードが結合している。ethtool -K で gro lro gso tso を切る",
                "mirror: frames longer than Ethernet's (\(figures.merged) of \(figures.frames)); the adapter merges them. Turn gro, lro, gso and tso off with ethtool -K"
            )
        }
    }
}
