package import Assessment
package import Foundation
package import Model

/// Dates and times as a document writes them, in its language and its time zone.
package struct Moments: Sendable {
    package let language: Language
    package let timeZone: TimeZone

    package init(language: Language, timeZone: TimeZone) {
        self.language = language
        self.timeZone = timeZone
    }

    private func parts(_ time: Timestamp) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        return calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: time.seconds))
    }

    /// The day on which it was; nil outside of the years 1 to 9999.
    package func day(_ time: Timestamp) -> CalendarDate? {
        let parts = parts(time)
        return CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
    }

    /// `2026年4月15日`, `15 April 2026`.
    package func date(_ time: Timestamp) -> String { day(time)?.text(in: language) ?? "–" }

    /// `9:04:23`.
    package func clock(_ time: Timestamp, seconds: Bool = true) -> String {
        let parts = parts(time)
        let text = String(format: "%d:%02d", parts.hour ?? 0, parts.minute ?? 0)
        return seconds ? text + String(format: ":%02d", parts.second ?? 0) : text
    }

    package func moment(_ time: Timestamp) -> String { "\(date(time)) \(clock(time))" }

    /// From … to …, the day only once.
    package func period(_ first: Timestamp, _ last: Timestamp) -> String {
        guard moment(first) != moment(last) else { return moment(first) }
        let end = date(first) == date(last) ? clock(last) : moment(last)
        return language == .japanese ? "\(moment(first))～\(end)" : "\(moment(first)) – \(end)"
    }

    /// `UTC+9`, as it is at that moment.
    package func zoneName(at time: Timestamp) -> String {
        let minutes = timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: time.seconds)) / 60
        if minutes == 0 { return "UTC" }
        let (hours, rest) = (abs(minutes) / 60, abs(minutes) % 60)
        return "UTC\(minutes < 0 ? "−" : "+")\(hours)" + (rest == 0 ? "" : String(format: ":%02d", rest))
    }
}
