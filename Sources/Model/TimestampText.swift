extension Timestamp {
    /// RFC 3339 in UTC with all nine decimal places: `2026-04-15T00:00:12.000345678Z`.
    package var rfc3339: String {
        let (day, second) = Timestamp.floorDivision(Timestamp.floorDivision(nanoseconds, 1_000_000_000).0, 86_400)
        let fraction = Timestamp.floorDivision(nanoseconds, 1_000_000_000).1
        let (year, month, dayOfMonth) = Timestamp.civil(day)
        let date = "\(Timestamp.padded(year, 4))-\(Timestamp.padded(month, 2))-\(Timestamp.padded(dayOfMonth, 2))"
        let hour = Timestamp.padded(second / 3600, 2)
        let minute = Timestamp.padded(second / 60 % 60, 2)
        return "\(date)T\(hour):\(minute):\(Timestamp.padded(second % 60, 2)).\(Timestamp.padded(fraction, 9))Z"
    }

    private static func floorDivision(_ a: Int64, _ b: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
        return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Year, month and day of the proleptic Gregorian calendar from days since 1970-01-01, counted in eras of 400 years
    /// that begin on 1 March.
    private static func civil(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * year + year / 4 - year / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (year + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}
