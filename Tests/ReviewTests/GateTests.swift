import Evidence
import Foundation
import Model
import Review
import Testing

/// Who is kept out: every way in which another page, another name or another user could reach the pages.
@Suite struct GateTests {
    private static let pages = [
        "/", "/items", "/items/2-6", "/items?state=open", "/exhibits", "/exhibits/x", "/exhibits/x/slice.pcapng",
        "/map",
        "/assets", "/assets/x", "/conversations", "/remote", "/segments", "/findings", "/coverage", "/plan",
        "/editions",
        "/about", "/attachments/abc", "/report?format=pdf", "/static/review.js", "/open/abc", "/nothing",
    ]
    private static let forms = [
        "/items/2-6", "/items/2-6/draft", "/items/2-6/attachments", "/assets/x", "/hours", "/editions", "/about",
    ]

    @Test func aForeignHostIsRefusedOnEveryRoute() async throws {
        let desk = try Fixtures.desk(try Store())
        let browser = try await Browser(desk)
        let hosts = [
            "evil.example", "evil.example:8642", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:8642.evil.example",
            "localhost",
            "LOCALHOST:8642", "[::1]:8642", "127.0.0.1:8642 ", "0.0.0.0:8642", "",
        ]
        for host in hosts {
            for target in Self.pages {
                let answer = await desk.respond(
                    WebRequest(method: "GET", target: target, headers: ["Host": host, "Cookie": browser.cookie]))
                #expect(answer.status == 421, "\(host) \(target)")
            }
            for target in Self.forms {
                let answer = await browser.send(target, [], headers: ["Host": host])
                #expect(answer.status == 421, "\(host) \(target)")
            }
        }
        let answer = await desk.respond(
            WebRequest(method: "GET", target: "/items", headers: ["Cookie": browser.cookie]))
        #expect(answer.status == 421)
    }

    @Test func withoutASessionNothingIsShown() async throws {
        let desk = try Fixtures.desk(try Store())
        _ = try await Browser(desk)
        let cookies = [
            "", "otscan_session=", "otscan_session=0", "otscan_session=\(String(repeating: "0", count: 64))",
        ]
        for cookie in cookies {
            for target in Self.pages where !target.hasPrefix("/static") && !target.hasPrefix("/open") {
                let answer = await desk.respond(
                    WebRequest(method: "GET", target: target, headers: ["Host": "127.0.0.1:8642", "Cookie": cookie]))
                #expect(answer.status == 401, "\(target)")
            }
        }
    }

    @Test func aLinkLetsOneBrowserInOnce() async throws {
        let desk = try Fixtures.desk(try Store())
        let link = await desk.newLink()
        let path = try #require(link.split(separator: "8642").last)
        func open() async -> WebResponse {
            await desk.respond(WebRequest(method: "GET", target: String(path), headers: ["Host": "127.0.0.1:8642"]))
        }
        let first = await open()
        #expect(first.status == 200)
        let cookie = try #require(first.headers["Set-Cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let second = await open()
        #expect(second.status == 403 && second.headers["Set-Cookie"] == nil)
    }

    @Test func formsOfOtherPagesAreRefused() async throws {
        let desk = try Fixtures.desk(try Store())
        let browser = try await Browser(desk)
        let csrf = try #require(Browser.hidden("csrf", in: await browser.get("/about").text))
        let own = [("csrf", csrf), ("plant", "changed")]
        for target in Self.forms {
            for origin in [
                "http://evil.example", "null", "https://127.0.0.1:8642", "http://127.0.0.1:8643",
                "http://localhost:8642",
            ] {
                let answer = await browser.send(target, own, headers: ["Origin": origin])
                #expect(answer.status == 403, "\(origin) \(target)")
            }
            for site in ["cross-site", "same-site", "none"] {
                let answer = await browser.send(target, own, headers: ["Sec-Fetch-Site": site])
                #expect(answer.status == 403, "\(site) \(target)")
            }
            // Without a token, with another one, and with that of another session.
            let other = try #require(Browser.hidden("csrf", in: await (try await Browser(desk)).get("/about").text))
            for token in ["", "x", other] {
                let answer = await browser.send(target, [("csrf", token), ("plant", "changed")])
                #expect(answer.status == 403, "\(target)")
            }
        }
        let noOrigin = await desk.respond(
            WebRequest(
                method: "POST", target: "/about",
                headers: [
                    "Host": "127.0.0.1:8642", "Cookie": browser.cookie,
                    "Content-Type": "application/x-www-form-urlencoded",
                ], body: Array("csrf=\(csrf)&plant=changed".utf8)))
        #expect(noOrigin.status == 403)
        #expect(!(await browser.get("/about").text.contains("changed")))
        let json = await browser.send("/about", own, headers: ["Content-Type": "application/json"])
        #expect(json.status == 400)
        #expect(await browser.send("/about", own).status == 303)
        #expect(await browser.get("/about").text.contains("changed"))
    }

    @Test func pagesReadFromElsewhereAreRefused() async throws {
        let desk = try Fixtures.desk(try Store())
        let browser = try await Browser(desk)
        for site in ["cross-site", "same-site"] {
            for target in Self.pages where !target.hasPrefix("/open") {
                let answer = await desk.respond(
                    WebRequest(
                        method: "GET", target: target,
                        headers: ["Host": "127.0.0.1:8642", "Cookie": browser.cookie, "Sec-Fetch-Site": site]))
                #expect(answer.status == 403, "\(site) \(target)")
            }
        }
    }

    @Test func noPathLeadsOutOfThePages() async throws {
        let browser = try await Browser(try Fixtures.desk(try Store()))
        let paths = [
            "/../etc/passwd", "/static/../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd",
            "/static/..%2f..%2fetc%2fpasswd",
            "/attachments/..%2f..%2fetc%2fpasswd", "/static//etc/passwd", "/%00", "/items/%00", "/items/2-6%0d%0aX: y",
            "/%",
            "/%zz", "//evil.example/items", "items", "http://evil.example/", "/static/review.css", "/static/",
            "/\(String(repeating: "a/", count: 2000))", "/report?format=..%2f..%2fetc",
        ]
        for path in paths {
            let answer = await browser.get(path)
            #expect(answer.status == 400 || answer.status == 404, "\(path) gave \(answer.status)")
            #expect(!answer.text.contains("root:"))
        }
        for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"] {
            let answer = await browser.desk.respond(
                WebRequest(method: method, target: "/items", headers: ["Host": browser.host, "Cookie": browser.cookie]))
            #expect(answer.status == 405)
        }
    }

    @Test func everyAnswerForbidsWhatIsNotOurs() async throws {
        let browser = try await Browser(try Fixtures.desk(try Store()))
        for target in Self.pages {
            let headers = await browser.get(target).response.headers
            let policy = headers["Content-Security-Policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'"), "\(target)")
            #expect(!policy.contains("unsafe"), "\(target)")
            #expect(headers["X-Content-Type-Options"] == "nosniff" && headers["Cache-Control"] == "no-store")
            #expect(headers["X-Frame-Options"] == "DENY" && headers["Referrer-Policy"] == "same-origin")
        }
    }
}
