/// Hours in which the plant declares that remote maintenance may take place: days of the week, and a span of local time.
///
/// Written `mon-fri 08:00-17:30`, `sat 22:00-02:00` (into the next day), `daily 09:00-12:00`.
package struct MaintenanceHours: Hashable, Sendable, Codable {
    /// Days on which it begins: 0 is Monday, 6 Sunday.
    package let days: [Int]
    /// Minutes since midnight, 0 to 1,439.
    package let start: Int
    /// Minutes since midnight, 1 to 1,440; not after `start` when it ends on the next day.
    package let end: Int

    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Nil when the text is not of the form above.
    package init?(_ text: some StringProtocol) {
        let words = text.lowercased().split(separator: " ")
        guard words.count == 2, let days = MaintenanceHours.days(words[0]) else { return nil }
        let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let start = MaintenanceHours.minutes(times[0]), start < 1440,
            let end = MaintenanceHours.minutes(times[1]), end > 0, end != start
        else { return nil }
        self.days = days
        self.start = start
        self.end = end
    }

    private static func days(_ text: Substring) -> [Int]? {
        if text == "daily" { return Array(0...6) }
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let from = names.firstIndex(of: String(first)), ends.count <= 2,
                let last = ends.last, let to = names.firstIndex(of: String(last))
            else { return nil }
            var day = from
            days.insert(day)
            while day != to {
                day = (day + 1) % 7
                days.insert(day)
            }
        }
        return days.sorted()
    }

    /// `08:30`, up to `24:00`.
    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isASCII) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour), (0...59).contains(minute),
            hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    /// The spans of one day that are within the hours, in minutes since midnight. `day` is 0 for Monday.
    package func spans(onDay day: Int) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        let wraps = end <= start
        if days.contains(day) { spans.append(start..<(wraps ? 1440 : end)) }
        if wraps, days.contains((day + 6) % 7), end > 0 { spans.append(0..<end) }
        return spans
    }
}

extension MaintenanceHours: CustomStringConvertible {
    package var description: String {
        let list = days.count == 7 ? "daily" : days.map { MaintenanceHours.names[$0] }.joined(separator: ",")
        return "\(list) \(MaintenanceHours.clock(start))-\(MaintenanceHours.clock(end))"
    }

    private static func clock(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
