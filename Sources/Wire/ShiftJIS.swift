import Foundation
package import Model

extension WireText {
    /// Shift JIS (Windows code page 932), the code of Japanese Windows before Unicode and of many devices' names; other
    /// bytes as in `init(wire:)`. Stops at the first NUL, trims white space at the ends.
    package init(shiftJIS bytes: RawSpan) {
        let limited = bytes.first(WireText.limit)
        let text = limited.first(limited.index(of: 0) ?? limited.byteCount)
        let octets = text.bytes(limit: WireText.limit)
        guard octets.contains(where: { $0 >= 0x80 }), let decoded = String(bytes: octets, encoding: .shiftJIS) else {
            self.init(wire: text)
            return
        }
        self.init(decoded.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
