package import Assessment
import Glibc
package import Model

/// Numbers and times as people read them.
package enum Figures {
    /// `12,345`
    package static func count(_ number: some BinaryInteger) -> String {
        let digits = String(number)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3), text != "-" { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// English number and noun: `1 frame`, `2,000 frames`.
    package static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// `512 B`, `3.4 kB`, `18 MB`: powers of ten.
    package static func bytes(_ number: UInt64) -> String {
        guard number >= 1000 else { return "\(number) B" }
        var value = Double(number)
        for unit in ["kB", "MB", "GB", "TB", "PB"] {
            value /= 1000
            if value < 9.95 { return "\(tenths(value)) \(unit)" }
            if value < 999.5 || unit == "PB" { return "\(Int(value.rounded())) \(unit)" }
        }
        return "\(number) B"
    }

    /// `3.4`
    package static func tenths(_ value: Double) -> String {
        let scaled = Int((value * 10).rounded())
        return "\(scaled / 10).\(scaled % 10)"
    }

    /// Bits per second with the unit that leaves at most three digits before the point.
    package static func bitRate(_ bitsPerSecond: Double) -> String {
        let rate = min(max(bitsPerSecond, 0), 1e15)
        if rate < 1e6 { return "\(tenths(rate / 1e3)) kbit/s" }
        return rate < 1e9 ? "\(tenths(rate / 1e6)) Mbit/s" : "\(tenths(rate / 1e9)) Gbit/s"
    }

    /// Nanoseconds as milliseconds with two places.
    package static func milliseconds(_ nanoseconds: Int64) -> String {
        let hundredths = max(0, nanoseconds) / 10_000
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// `0.4 s`, `12 s`, `10 min 3 s`, `8 h 5 min`, `3 d 4 h`; `0.4秒`, `10分3秒`, …
    package static func duration(_ seconds: Double, in language: Language) -> String {
        func part(_ number: some CustomStringConvertible, _ ja: String, _ en: String) -> String {
            language == .japanese ? "\(number)\(ja)" : "\(number) \(en)"
        }
        func both(_ large: String, _ rest: Int, _ ja: String, _ en: String) -> String {
            guard rest > 0 else { return large }
            return large + (language == .japanese ? "" : " ") + part(rest, ja, en)
        }
        guard seconds.isFinite, seconds > 0 else { return part(0, "秒", "s") }
        if seconds < 9.95 {
            let text = tenths(seconds)
            return part(text.hasSuffix(".0") ? String(text.dropLast(2)) : text, "秒", "s")
        }
        let whole = Int(min(seconds, 1e12).rounded())
        switch whole {
        case ..<60: return part(whole, "秒", "s")
        case ..<3600: return both(part(whole / 60, "分", "min"), whole % 60, "秒", "s")
        case ..<86_400: return both(part(whole / 3600, "時間", "h"), whole / 60 % 60, "分", "min")
        default: return both(part(whole / 86_400, "日", "d"), whole / 3600 % 24, "時間", "h")
        }
    }

    /// Local date and time to the second, `2026-04-15 09:00:12`.
    package static func time(_ time: Timestamp) -> String { local(time, "%Y-%m-%d %H:%M:%S") }

    /// Local time of day, `09:00:12`.
    package static func timeOfDay(_ time: Timestamp) -> String { local(time, "%H:%M:%S") }

    /// From … to …, the day only once.
    package static func span(_ first: Timestamp, _ last: Timestamp) -> String {
        let sameDay = local(first, "%F") == local(last, "%F")
        return "\(time(first)) – \(sameDay ? timeOfDay(last) : time(last))"
    }

    private static func local(_ time: Timestamp, _ format: String) -> String {
        let (quotient, remainder) = time.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        var seconds = time_t(remainder < 0 ? quotient - 1 : quotient)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return time.rfc3339 }
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer -> String? in
            guard let start = buffer.baseAddress else { return nil }
            let count = strftime(start, buffer.count, format, &parts)
            return String(validating: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return text ?? time.rfc3339
    }
}
