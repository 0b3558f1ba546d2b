/// Text that came from the wire: bounded, and shown only in a form whose control and direction-changing characters
/// are visible. Whoever writes HTML, CSV or a terminal escapes `visible` for that medium on top.
package struct WireText: Hashable, Sendable, Comparable {
    /// Longest text kept of one field, in UTF-8 bytes.
    package static let limit = 512

    /// The text as it was, at most `limit` bytes. For comparison and storage, never for display.
    package let raw: String

    package init(_ text: String) {
        if text.utf8.count <= WireText.limit {
            raw = text
        } else {
            var kept = ""
            var size = 0
            for scalar in text.unicodeScalars {
                let width = UTF8.width(scalar)
                if size + width > WireText.limit { break }
                kept.unicodeScalars.append(scalar)
                size += width
            }
            raw = kept
        }
    }

    package static func < (a: WireText, b: WireText) -> Bool { a.raw < b.raw }
    package var isEmpty: Bool { raw.isEmpty }
}

extension WireText: CustomStringConvertible {
    package var description: String { visible }

    /// The text with control, bidirectional, invisible and unassigned-for-display characters written as `\u{…}`.
    package var visible: String {
        if raw.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return raw }
        var text = ""
        for scalar in raw.unicodeScalars {
            if WireText.isHarmless(scalar) {
                text.unicodeScalars.append(scalar)
            } else {
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return text
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
        default: true
        }
    }
}
