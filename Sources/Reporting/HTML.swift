package import Model

/// Markup that is safe to write: literals are trusted, everything interpolated into them is escaped. There is no way to
/// make markup of a `String` other than by escaping it.
///
/// The markup is well-formed XML as well, so that any parser can check it.
package struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
    package let markup: String

    package init(stringLiteral value: String) { markup = value }
    package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }
    private init(trusted: String) { markup = trusted }

    package static let empty: HTML = ""

    /// The text, escaped for element content and for attribute values in either kind of quotes.
    package static func text(_ text: String) -> HTML { HTML(trusted: escape(text)) }

    package static func joined(_ parts: some Sequence<HTML>, separator: HTML = "") -> HTML {
        HTML(trusted: parts.map(\.markup).joined(separator: separator.markup))
    }

    package static func + (a: HTML, b: HTML) -> HTML { HTML(trusted: a.markup + b.markup) }

    package var isEmpty: Bool { markup.isEmpty }

    package struct StringInterpolation: StringInterpolationProtocol {
        var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity + 32 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { markup += literal }
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        package mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
        /// Disfavoured, so that a literal that could be either is markup: as text it would be escaped.
        @_disfavoredOverload
        package mutating func appendInterpolation(_ text: String) { markup += HTML.escape(text) }
        package mutating func appendInterpolation(_ text: WireText) { markup += HTML.escape(text.visible) }
        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }
        /// A length or coordinate of a drawing, with at most one decimal place.
        package mutating func appendInterpolation(_ number: Double) { markup += HTML.coordinate(number) }
    }

    private static func coordinate(_ number: Double) -> String {
        guard number.isFinite else { return "0" }
        let tenths = Int((min(max(number, -1e6), 1e6) * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, part) = (tenths.magnitude / 10, tenths.magnitude % 10)
        return part == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(part)"
    }

    private static func escape(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n", "\t": result.unicodeScalars.append(scalar)
            default:
                if isShowable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += "\\u{" + String(scalar.value, radix: 16) + "}"
                }
            }
        }
        return result
    }

    /// False for what XML forbids (control characters, U+FFFE, U+FFFF) and for what changes the direction of text or
    /// hides it, in whatever text it stands. Joiners and variation selectors belong to names people write.
    private static func isShowable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0xfffe, 0xffff: false
        case 0x200e, 0x200f, 0x061c, 0x202a...0x202e, 0x2066...0x2069, 0x2028, 0x2029, 0xfeff, 0x200b,
            0xe0000...0xe007f:
            false
        default: true
        }
    }
}

extension DefaultStringInterpolation {
    /// Markup is never put into a plain string: it would be escaped again, or not at all.
    @available(*, unavailable, message: "interpolate markup into HTML only")
    mutating func appendInterpolation(_ html: HTML) {}
}
