import ArgumentParser

/// A length of time as typed: `90` or `90s`, `30m`, `8h`, `7d`, and sums such as `1h30m`.
struct DurationText: ExpressibleByArgument, Sendable {
    let seconds: Double

    init?(argument: String) {
        var total = 0.0
        var number = ""
        var hasUnit = false
        for character in argument.lowercased() {
            if character.isASCII, character.isNumber || character == "." {
                number.append(character)
                continue
            }
            let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
            guard let unit = units[character], let value = Double(number) else { return nil }
            total += value * unit
            number = ""
            hasUnit = true
        }
        if !number.isEmpty {
            guard !hasUnit, let value = Double(number) else { return nil }
            total = value
        }
        guard total > 0, total < 1e10 else { return nil }
        seconds = total
    }
}
