/// A request as the pages see it, apart from the server that received it.
package struct WebRequest: Sendable {
    /// Upper case.
    package var method: String
    /// Parts of the path between its slashes, percent-decoded; nil when it is no path that a page could have.
    package var path: [String]?
    package var query: [String: String]
    /// By lower-case name.
    package var headers: [String: String]
    package var body: [UInt8]

    /// - Parameter target: path and query as they stand in the request line.
    package init(method: String, target: String, headers: [String: String], body: [UInt8] = []) {
        self.method = method.uppercased()
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = WebRequest.path(parts.first ?? "")
        query = parts.count > 1 ? WebForm.fields(String(parts[1])).compactMapValues(\.last) : [:]
        self.headers = Dictionary(
            headers.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        self.body = body
    }

    private static func path(_ text: Substring) -> [String]? {
        guard text.hasPrefix("/"), text.utf8.count <= 2048 else { return nil }
        var parts: [String] = []
        for part in text.split(separator: "/") {
            guard let decoded = WebForm.percentDecoded(String(part)), decoded != ".", decoded != ".."
            else { return nil }
            parts.append(decoded)
        }
        return parts
    }

    /// The value of a cookie.
    func cookie(_ name: String) -> String? {
        for part in (headers["cookie"] ?? "").split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmingPrefix(while: { $0 == " " }) == name else { continue }
            return String(pair[1])
        }
        return nil
    }
}

/// What is sent back.
package struct WebResponse: Sendable {
    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]

    init(_ status: Int, type: String, _ body: [UInt8], headers: [String: String] = [:]) {
        self.status = status
        self.headers = headers.merging(["Content-Type": type]) { own, _ in own }
        self.body = body
    }

    /// A download that no browser shows in place.
    static func file(_ bytes: [UInt8], name: String, type: String) -> WebResponse {
        var plain = ""
        for scalar in name.unicodeScalars {
            let isPlain =
                scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789-._".unicodeScalars.contains(scalar))
            plain.unicodeScalars.append(isPlain ? scalar : "_")
        }
        var encoded = ""
        for byte in name.utf8.prefix(300) {
            let isPlain = byte < 0x80 && (Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte))
            encoded +=
                isPlain
                ? String(Unicode.Scalar(byte)) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }
        return WebResponse(
            200, type: type, bytes,
            headers: [
                "Content-Disposition": "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(encoded)",
                "Content-Security-Policy": "default-src 'none'; sandbox",
            ])
    }

    static func redirect(_ target: String) -> WebResponse {
        WebResponse(303, type: "text/plain; charset=utf-8", [], headers: ["Location": target])
    }

    static func plain(_ status: Int, _ text: String) -> WebResponse {
        WebResponse(status, type: "text/plain; charset=utf-8", Array("\(text)\n".utf8))
    }
}
