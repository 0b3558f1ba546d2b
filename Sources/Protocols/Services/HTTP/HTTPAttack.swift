import Model
import Wire

/// What request targets hold that no page of a site asks for: the usual tries at web applications.
enum HTTPAttack {
    private static let longest = 2_048

    /// States the kind of try, once per conversation and kind.
    static func look(at target: RawSpan, _ d: inout Dissection) {
        guard let kind = kind(target.first(min(target.byteCount, longest))) else { return }
        d.observe("attack_pattern", kind, field: "request_target", about: .conversation, confidence: .medium)
    }

    /// True for a query that tries something rather than logs in.
    static func isSuspicious(_ query: RawSpan) -> Bool { kind(query.first(min(query.byteCount, longest))) != nil }

    private static func kind(_ text: RawSpan) -> String? {
        if has(text, ["<script", "%3cscript", "onerror=", "onerror%3d"]) { return "script injection" }
        if has(
            text,
            ["union+select", "union%20select", "' or ", "'+or+", "%27+or+", "%27%20or%20", "%27+union", "%27%20union"])
        {
            return "SQL injection"
        }
        if has(text, ["../../", "..%2f..%2f", "%2e%2e%2f", "/etc/passwd", "win.ini"]) { return "path traversal" }
        if has(
            text, ["${jndi:", "%24%7bjndi", ";wget+", ";wget%20", "|wget", "`wget", ";curl%20", "/bin/sh", "cmd.exe"])
        {
            return "command injection"
        }
        return nil
    }

    private static func has(_ text: RawSpan, _ words: [StaticString]) -> Bool {
        for word in words where text.indexIgnoringCase(of: word) != nil { return true }
        return false
    }
}
