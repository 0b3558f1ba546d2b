import Glibc
import Model

/// In which hours of the week somebody watched, by the machine's local time.
struct WatchedHours {
    /// Seconds watched, by day from Monday and hour.
    private(set) var seconds = [[Double]](repeating: [Double](repeating: 0, count: 24), count: 7)
    /// A capture longer than this (two years of hours) is not gone through to its end.
    private static let hourLimit = 17_520

    init(_ captures: [CaptureRecord]) {
        for capture in captures where capture.frames > 0 && capture.last > .zero { add(capture) }
    }

    private mutating func add(_ capture: CaptureRecord) {
        let start = capture.first.seconds
        // A span of which most was not watched is one over which the clock jumped.
        let length = min(capture.last.seconds - start, capture.watchedSeconds ?? .infinity)
        guard length > 0, length.isFinite else { return }
        var moment = start
        for _ in 0..<WatchedHours.hourLimit where moment < start + length {
            var whole = time_t(moment)
            var parts = tm()
            guard localtime_r(&whole, &parts) != nil else { return }
            let intoHour = Double(Int(parts.tm_min) * 60 + Int(parts.tm_sec)) + moment - moment.rounded(.down)
            let step = min(max(1, 3600 - intoHour), start + length - moment)
            seconds[(Int(parts.tm_wday) + 6) % 7][Int(parts.tm_hour)] += step
            moment += step
        }
    }

    /// Hours watched on each day, Monday first.
    var hoursByDay: [Double] { seconds.map { $0.reduce(0, +) / 3600 } }

    /// For each day 24 marks: a full one for an hour of which at least half was watched once, a light one for less.
    func rows(_ names: [String]) -> [String] {
        zip(names, seconds).compactMap { name, hours in
            guard hours.contains(where: { $0 > 0 }) else { return nil }
            return name + " " + hours.map { $0 >= 1800 ? "█" : $0 > 0 ? "▒" : "·" }.joined()
        }
    }
}

/// When devices were seen for the first time, by hour.
struct NewDevices {
    /// Hours in which somebody was new, latest last.
    let hours: [(start: Timestamp, count: Int)]

    init(_ assets: [Asset]) {
        var counts: [Int64: Int] = [:]
        for asset in assets where !asset.isBehindRouter {
            counts[asset.seen.first.time.nanoseconds / 3_600_000_000_000, default: 0] += 1
        }
        hours = counts.sorted { $0.key < $1.key }.map {
            (Timestamp(nanoseconds: $0.key.multipliedReportingOverflow(by: 3_600_000_000_000).partialValue), $0.value)
        }
    }
}
