extension DeclaredRemoteAccess.Window {
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// A window of every week as people write it in one line: `mon-fri 08:00-17:30`, `sat 22:00-02:00` (into the next day),
    /// `daily 09:00-12:00`. Nil when the text is not of that form.
    package init?(weekly text: some StringProtocol) {
        let words = text.lowercased().split(separator: " ")
        guard words.count == 2, let days = Self.days(words[0]) else { return nil }
        let times = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard times.count == 2, let from = Self.minutes(times[0]), from < 1440, let to = Self.minutes(times[1]), to > 0,
            from != to
        else { return nil }
        self.init(weekdays: days.count == 7 ? [] : days, from: from, to: to)
    }

    /// The window in the form that `init(weekly:)` reads; nil for one stretch of time, and for one of certain vendors.
    package var weekly: String? {
        guard begin == nil, vendors.isEmpty else { return nil }
        let days = weekdays.compactMap { Self.names.indices.contains($0 - 1) ? Self.names[$0 - 1] : nil }
        return "\(days.isEmpty ? "daily" : days.joined(separator: ",")) \(Self.clock(from))-\(Self.clock(to))"
    }

    /// The parts of a day that lie in a window of every week, in minutes since midnight. `weekday` is 1 for Monday.
    package func spans(onWeekday weekday: Int) -> [Range<Int>] {
        guard begin == nil else { return [] }
        func isOpen(_ day: Int) -> Bool { weekdays.isEmpty || weekdays.contains(day) }
        let before = weekday == 1 ? 7 : weekday - 1
        if from <= to { return isOpen(weekday) && from < to ? [from..<to] : [] }
        return (isOpen(before) && to > 0 ? [0..<to] : []) + (isOpen(weekday) ? [from..<1440] : [])
    }

    private static func days(_ text: Substring) -> [Int]? {
        if text == "daily" { return Array(1...7) }
        var days: Set<Int> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            guard let first = ends.first, let from = names.firstIndex(of: String(first)), ends.count <= 2,
                let last = ends.last, let to = names.firstIndex(of: String(last))
            else { return nil }
            var day = from
            days.insert(day + 1)
            while day != to {
                day = (day + 1) % 7
                days.insert(day + 1)
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

    private static func clock(_ minutes: Int) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)"
    }
}
