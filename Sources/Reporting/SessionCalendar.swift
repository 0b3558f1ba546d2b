import Foundation
import Model
import Wording

/// Remote sessions by day and hour, beside the hours in which maintenance may take place.
extension Report {
    private struct Bar {
        var session: RemoteSession
        /// Minutes since midnight.
        var from: Double
        var to: Double
        var lane = 0
    }

    private static let mostDays = 31
    private static let mostLanes = 6

    package var sessionCalendar: HTML {
        guard !sessions.isEmpty else { return .empty }
        let windows = permitted?.windows ?? []
        let offset = permitted?.offset ?? 0
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone =
            windows.isEmpty ? options.timeZone : TimeZone(secondsFromGMT: offset * 60) ?? options.timeZone
        var days: [Date: [Bar]] = [:]
        for session in sessions {
            var day = calendar.startOfDay(for: Date(timeIntervalSince1970: session.seen.first.time.seconds))
            let (first, last) = (session.seen.first.time.seconds, session.seen.last.time.seconds)
            for _ in 0..<Report.mostDays {
                let start = day.timeIntervalSince1970
                guard start <= last, let next = calendar.date(byAdding: .day, value: 1, to: day) else { break }
                let (from, to) = (
                    max(first - start, 0) / 60, min(last - start, next.timeIntervalSince1970 - start) / 60
                )
                days[day, default: []].append(Bar(session: session, from: from, to: max(to, from)))
                day = next
            }
        }
        let shown = days.keys.sorted().prefix(Report.mostDays)
        let (left, width, line) = (118.0, 574.0, 9.0)
        func x(_ minutes: Double) -> Double { left + width * min(max(minutes, 0), 1440) / 1440 }
        var y = 22.0
        var parts: [HTML] = []
        var late = 0
        for day in shown {
            let bars = Report.packed(days[day] ?? [])
            let lanes = min((bars.map(\.lane).max() ?? 0) + 1, Report.mostLanes)
            let height = Double(lanes) * line + 8
            // Monday is 1 here, 2 in the calendar.
            let weekday = (calendar.component(.weekday, from: day) + 5) % 7 + 1
            let open = windows.flatMap { $0.spans(onWeekday: weekday) }
            parts.append("<rect class=\"day\" x=\"\(left)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" />")
            for span in open {
                parts.append(
                    "<rect class=\"hours\" x=\"\(x(Double(span.lowerBound)))\" y=\"\(y)\" width=\"\(width * Double(span.count) / 1440)\" height=\"\(height)\" />"
                )
            }
            let time = Timestamp(nanoseconds: Int64(day.timeIntervalSince1970) * 1_000_000_000)
            parts.append("<text class=\"what\" x=\"0\" y=\"\(y + height / 2 + 4)\">\(date(time))</text>")
            for bar in bars where bar.lane < Report.mostLanes {
                let isLate =
                    !windows.isEmpty && bar.session.origin != .inside
                    && !windows.contains {
                        $0.contains(bar.session.seen.first.time, offset: offset)
                            && $0.contains(bar.session.seen.last.time, offset: offset)
                    }
                if isLate { late += 1 }
                let kind: HTML =
                    bar.session.origin == .outside && !bar.session.isTunnel
                    ? "outside" : bar.session.isTunnel ? "tunnel" : "inside"
                let from = x(bar.from)
                let label =
                    "\(sessionLabel(bar.session)) \(bar.session.service.uppercased()) \(moments.period(bar.session.seen.first.time, bar.session.seen.last.time))"
                parts.append(
                    "<g><title>\(label)</title><rect class=\"\(kind)\(isLate ? " late" : "")\" x=\"\(from)\" y=\"\(y + 4 + Double(bar.lane) * line)\" width=\"\(max(x(bar.to) - from, 3))\" height=\"\(line - 2)\" rx=\"2\" /></g>"
                )
            }
            y += height + 4
        }
        let grid = stride(from: 0, through: 24, by: 3).map { hour -> HTML in
            "<line class=\"grid\" x1=\"\(x(Double(hour) * 60))\" y1=\"18\" x2=\"\(x(Double(hour) * 60))\" y2=\"\(y)\" /><text class=\"when\" x=\"\(x(Double(hour) * 60))\" y=\"12\" text-anchor=\"\(hour == 24 ? "end" : hour == 0 ? "start" : "middle")\">\(hour):00</text>"
        }
        let outsideHours: HTML =
            late > 0
            ? "<p class=\"warn\">\(t("認められた時間帯の外の接続: \(late)件(枠付き)", "\(late) sessions outside of the maintenance hours, outlined"))</p>"
            : .empty
        return """
            <div class="scroll" tabindex="0"><svg class="timeline calendar" viewBox="0 0 700 \(y + 4)" role="img" aria-label="\(t("日と時刻ごとのリモート接続", "Remote sessions by day and hour"))">\(parts)\(grid)</svg></div>
            \(outsideHours)
            <p class="note">\(windows.isEmpty ? t("保守を認める時間帯は登録されていない。", "No maintenance hours were set.") : t("緑の地: 保守を認める時間帯。", "Green ground: declared maintenance hours."))\(days.count > shown.count ? t("表示は\(shown.count)日まで。", " Only \(shown.count) days are shown.") : .empty)</p>
            """
    }

    /// Bars in lanes, so that none covers another.
    private static func packed(_ bars: [Bar]) -> [Bar] {
        var ends: [Double] = []
        return bars.sorted { $0.from < $1.from }.map { bar in
            var bar = bar
            if let lane = ends.firstIndex(where: { $0 + 6 < bar.from }) {
                bar.lane = lane
                ends[lane] = bar.to
            } else {
                bar.lane = ends.count
                ends.append(bar.to)
            }
            return bar
        }
    }
}
