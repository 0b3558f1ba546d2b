import Embedded
import Reporting

/// Style sheet and script.
enum StaticFiles {
    static func file(_ name: String) -> (bytes: [UInt8], type: String)? {
        switch name {
        case "review-ja.css": (style(.japanese), "text/css; charset=utf-8")
        case "review-en.css": (style(.english), "text/css; charset=utf-8")
        case "review.js": (EmbeddedArchive.bytes(named: "Review/review.js") ?? [], "text/javascript; charset=utf-8")
        default: nil
        }
    }

    private static func style(_ language: Stylesheet.Script) -> [UInt8] {
        Array(Stylesheet.shared(language).markup.utf8) + (EmbeddedArchive.bytes(named: "Review/review.css") ?? [])
    }
}
