import Wire

/// Text protocols (FTP, Telnet, SMTP, POP3, IMAP, HTTP, RTSP, SIP, SSDP): only words of the protocols themselves are kept,
/// at the start of a line and with what separates them from their argument. Every kept byte is then one of a public list.
enum RedactedText {
    static func lines(_ payload: RawSpan, _ layers: FrameLayers, _ ranges: inout KeptRanges) -> Bool {
        var start = 0
        while start < payload.byteCount, start < 512 {
            for word in words where payload.startsIgnoringCase(with: word, at: start) {
                ranges.keep(start, word.utf8CodeUnitCount)
                break
            }
            guard let end = payload.index(of: 0x0a, from: start, limit: 512) else { break }
            if end > start, payload.u8(end &- 1) == 0x0d { ranges.keep(end &- 1, 2) }
            start = end &+ 1
        }
        return true
    }

    /// In lower case, the longer before the shorter.
    private static let words: [StaticString] = [
        // Logins
        "user ", "pass ", "acct ", "apop ", "auth login ", "auth plain ", "auth cram-md5 ", "auth tls", "starttls",
        "login: ", "password: ", "username: ",
        // Answers
        "220 ", "220-", "221 ", "230 ", "230-", "331 ", "332 ", "334 ", "235 ", "250 ", "250-", "354 ", "530 ", "535 ",
        "+ok ",
        "-err ", "* ok ",
        // Mail and files
        "ehlo ", "helo ", "mail from:", "rcpt to:", "stor ", "retr ", "cwd ",
        // HTTP and its kin
        "get ", "head ", "put ", "post ", "delete ", "options ", "propfind ", "connect ", "notify ", "m-search ",
        "describe ", "setup ", "register ", "invite ",
        "http/1.0 200 ", "http/1.1 200 ", "http/1.1 204 ", "http/1.1 301 ", "http/1.1 302 ", "http/1.1 304 ",
        "http/1.0 401 ", "http/1.1 401 ", "http/1.1 403 ", "http/1.1 404 ", "http/1.0 ", "http/1.1 ", "rtsp/1.0 ",
        "sip/2.0 ",
        "authorization: basic ", "authorization: digest ", "authorization: bearer ", "authorization: ntlm ",
        "authorization: ", "proxy-authorization: basic ", "proxy-authorization: ", "www-authenticate: basic ",
        "www-authenticate: digest ", "www-authenticate: ", "cookie: ", "set-cookie: ", "host: ", "server: ",
        "user-agent: ", "location: ", "content-type: application/x-www-form-urlencoded", "content-type: text/html",
        "content-type: application/json", "content-type: ", "content-length: ",
    ]
}
