import FlyingFox
import FlyingSocks
import Foundation

/// Serves the pages on the loopback interface, and on nothing else.
package struct ReviewServer: Sendable {
    private let server: HTTPServer
    private let desk: Desk

    /// Longest that a page may take; printing a PDF takes the longest.
    private static let patience: TimeInterval = 180

    /// - Parameter port: TCP port on 127.0.0.1.
    package init(desk: Desk, port: UInt16) throws {
        self.desk = desk
        let handler = DeskHandler(desk: desk)
        server = HTTPServer(
            config: HTTPServer.Configuration(
                address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: ReviewServer.patience,
                logger: .disabled),
            handler: handler)
    }

    /// Serves until the task is cancelled; throws when the port cannot be had.
    package func run() async throws { try await server.run() }

    /// Returns once connections are accepted.
    package func waitUntilListening() async throws { try await server.waitUntilListening() }
}

private struct DeskHandler: HTTPHandler {
    let desk: Desk

    /// A form with its attachment, and a form without.
    private static let bodyLimit = Desk.bodyLimit

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        var headers: [String: String] = [:]
        for name in request.headers.keys { headers[name.rawValue] = request.headers[name] ?? "" }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > DeskHandler.bodyLimit {
            return DeskHandler.answer(Desk.tooLarge, isHead: false, closing: true)
        }
        var body: [UInt8] = []
        for try await part in request.bodySequence {
            body.append(contentsOf: part)
            if body.count > DeskHandler.bodyLimit {
                return DeskHandler.answer(Desk.tooLarge, isHead: false, closing: true)
            }
        }
        let response = await desk.respond(
            WebRequest(
                method: request.method.rawValue, target: request.target.rawValue, headers: headers, body: body))
        return DeskHandler.answer(response, isHead: request.method == .HEAD, closing: false)
    }

    private static func answer(_ response: WebResponse, isHead: Bool, closing: Bool) -> HTTPResponse {
        var headers: HTTPHeaders = [:]
        for (name, value) in response.headers { headers[HTTPHeader(name)] = value }
        if closing { headers[HTTPHeader("Connection")] = "close" }
        return HTTPResponse(
            statusCode: HTTPStatusCode(response.status, phrase: phrase(response.status)), headers: headers,
            body: isHead ? Data() : Data(response.body))
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 200: "OK"
        case 303: "See Other"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        default: "Internal Server Error"
        }
    }
}
