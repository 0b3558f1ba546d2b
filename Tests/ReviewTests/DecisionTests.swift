import Assessment
import Evidence
import Foundation
import Model
import Review
import TestSupport
import Testing

/// Taking decisions: what is accepted, what is asked again, and that none is lost.
@Suite struct DecisionTests {
    private func item(_ text: String) throws -> ItemID { try #require(ItemID(text)) }

    @Test func aProposalIsAcceptedWithOnePress() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let page = await browser.get("/items/3-5").text
        // Nothing is chosen before a person chooses.
        #expect(!page.contains("checked=\"checked\""))
        let answer = await browser.post("/items/3-5", [("action", "accept-1")], from: "/items/3-5")
        #expect(answer.status == 303)
        let decision = try #require(try store.decisions().first)
        #expect(decision.item.description == "3-5" && decision.answer == .level(.notDone))
        #expect(decision.reviewer == "Tester" && !decision.evidenceHash.isEmpty && !decision.evidence.isEmpty)
        #expect(try store.verifyDecisions().isEmpty)
        #expect(await browser.get("/items/3-5?saved=decision").text.contains("Recorded"))
    }

    @Test func leavingTheProposalWantsAReason() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let without = await browser.post(
            "/items/3-5", [("action", "record"), ("level", "3"), ("status", "VLANs are there")], from: "/items/3-5")
        #expect(without.status == 422)
        let page = String(decoding: without.body, as: UTF8.self)
        // What was entered is not lost.
        #expect(page.contains("VLANs are there") && page.contains("value=\"3\" checked=\"checked\""))
        #expect(try store.decisions().isEmpty)
        let with = await browser.post(
            "/items/3-5", [("action", "record"), ("level", "3"), ("reason", "Seen on site")], from: "/items/3-5")
        #expect(with.status == 303)
        #expect(try store.decisions().count == 1)
        let shown = await browser.get("/items/3-5").text
        #expect(shown.contains("Traffic speaks against this answer"))
        for fields in [
            [("action", "record")], [("action", "record"), ("level", "5")], [("action", "record"), ("level", "na")],
            [("action", "x")],
        ] {
            #expect(await browser.post("/items/2-8", fields, from: "/items/2-8").status == 422)
        }
        #expect(try store.decisions().count == 1)
    }

    @Test func whatTrafficCannotTellIsLeftToTheInterview() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        #expect(await browser.get("/items?state=proposed").text.contains("/items/3-5"))
        #expect(await browser.post("/items/3-5", [("action", "aside")], from: "/items/3-5").status == 303)
        #expect(!(await browser.get("/items?state=proposed").text.contains("href=\"/items/3-5\"><span")))
        #expect(await browser.get("/items?state=open").text.contains("href=\"/items/3-5\"><span"))
    }

    @Test func twoTabsCannotPassEachOtherBy() async throws {
        let store = try Fixtures.sampleFactory()
        let desk = try Fixtures.desk(store)
        let (first, second) = (try await Browser(desk), try await Browser(desk))
        let page = await second.get("/items/2-8").text
        let stale = ["csrf", "seen", "proposal"].map { ($0, Browser.hidden($0, in: page) ?? "") }
        #expect(
            await first.post(
                "/items/2-8", [("action", "record"), ("level", "2"), ("reason", "first tab")], from: "/items/2-8"
            ).status == 303)
        let answer = await second.send(
            "/items/2-8", stale + [("action", "record"), ("level", "1"), ("reason", "second tab")])
        #expect(answer.status == 409)
        let shown = String(decoding: answer.body, as: UTF8.self)
        #expect(shown.contains("first tab") && shown.contains("second tab"))
        #expect(try store.decisions().count == 1)
        // The page shown with the conflict carries the new state, so that recording again is possible.
        let again = ["csrf", "seen", "proposal"].map { ($0, Browser.hidden($0, in: shown) ?? "") }
        #expect(
            await second.send("/items/2-8", again + [("action", "record"), ("level", "1"), ("reason", "second tab")])
                .status == 303)
        #expect(DecisionHistory(try store.decisions()).standing(of: try item("2-8")) != .undecided)
        #expect(try store.decisions().last?.supersedes.count == 1)
    }

    @Test func aDraftOutlivesTheServerAndIsNoDecision() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let answer = await browser.post(
            "/items/2-8/draft", [("level", "2"), ("status", "half <b>typed")], from: "/items/2-8")
        #expect(answer.status == 303)
        #expect(try store.decisions().isEmpty)
        let later = try await Browser(try Fixtures.desk(store))
        let page = await later.get("/items/2-8").text
        #expect(page.contains("half &lt;b&gt;typed") && page.contains("value=\"2\" checked=\"checked\""))
        #expect(
            await later.post("/items/2-8", [("action", "record"), ("level", "2")], from: "/items/2-8").status == 303)
        #expect(try store.draft(of: try item("2-8")) == nil)
    }

    @Test func aDecisionIsUndoneByAnother() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        for (level, status) in [("1", "first state"), ("2", "second state")] {
            #expect(
                await browser.post(
                    "/items/2-8", [("action", "record"), ("level", level), ("status", status)], from: "/items/2-8"
                ).status == 303)
        }
        let first = try #require(try store.decisions().first)
        #expect(await browser.post("/items/2-8", [("action", "restore-\(first.id)")], from: "/items/2-8").status == 303)
        let standing = DecisionHistory(try store.decisions()).undominated(on: try item("2-8"))
        #expect(standing.map(\.answer) == [.level(.notDone)] && standing.first?.status == "first state")
        #expect(await browser.post("/items/2-8", [("action", "withdraw")], from: "/items/2-8").status == 303)
        #expect(DecisionHistory(try store.decisions()).standing(of: try item("2-8")) == .undecided)
        #expect(try store.decisions().count == 4)
        #expect(try store.verifyDecisions().isEmpty)
    }

    @Test func signingOffFreezesAnEdition() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        #expect(
            await browser.post("/items/2-8", [("action", "record"), ("level", "1")], from: "/items/2-8").status == 303)
        #expect(
            await browser.post("/editions", [("reviewer", "Tester"), ("remark", "first")], from: "/editions").status
                == 303)
        #expect(
            await browser.post("/items/2-8", [("action", "record"), ("level", "2")], from: "/items/2-8").status == 303)
        let edition = try #require(try store.editions().first)
        let first = try #require(try store.decisions().first).id
        #expect(edition.number == 1 && edition.decisions == [first] && edition.heads == [first])
        #expect(await browser.get("/editions").text.contains(edition.id))
        #expect(await browser.post("/editions", [("reviewer", ""), ("remark", "")], from: "/editions").status == 422)
    }

    @Test func whatPeopleKnowOfAnAssetStands() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let asset = try #require(try store.assets().first { $0.role == .plc })
        let path = "/assets/\(asset.id)"
        #expect(
            await browser.post(
                path, [("role", "robot"), ("owner", "製造1課"), ("criticality", "high"), ("confirmed", "yes")], from: path
            ).status == 303)
        let page = await browser.get("/assets?role=robot&state=confirmed").text
        #expect(page.contains("製造1課") && page.contains(asset.name.visible))
        // It outlives a new analysis.
        #expect(try store.assetNotes()[asset.id]?.role == .robot)
        #expect(await browser.post(path, [("role", "king")], from: path).status == 422)
    }

    @Test func maintenanceHoursAreDeclared() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let text = "mon-fri 08:00-17:30\nsat,sun 22:00-02:00\ndaily 12:00-13:00"
        #expect(await browser.post("/hours", [("hours", text)], from: "/remote").status == 303)
        let windows = try #require(try store.declarations().remote?.windows)
        #expect(
            windows.map(\.weekly) == ["mon,tue,wed,thu,fri 08:00-17:30", "sat,sun 22:00-02:00", "daily 12:00-13:00"])
        #expect(
            windows[1].spans(onWeekday: 7) == [0..<120, 1320..<1440] && windows[1].spans(onWeekday: 1) == [0..<120])
        #expect(windows[0].spans(onWeekday: 3) == [480..<1050] && windows[0].spans(onWeekday: 6).isEmpty)
        #expect(await browser.get("/remote").text.contains("class=\"hours\""))
        for wrong in ["mon 8-17", "noday 08:00-17:00", "mon 25:00-26:00", "mon 08:00-08:00", "mon 08:60-09:00", "<b>"] {
            #expect(await browser.post("/hours", [("hours", wrong)], from: "/remote").status == 422, "\(wrong)")
        }
        #expect(try store.declarations().remote?.windows.count == 3)
    }

    @Test func documentsAreKeptWithTheirHash() async throws {
        let store = try Fixtures.sampleFactory()
        let browser = try await Browser(try Fixtures.desk(store))
        let csrf = try #require(Browser.hidden("csrf", in: await browser.get("/items/2-9").text))
        let body =
            "--B\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(csrf)\r\n--B\r\nContent-Disposition: form-data; name=\"date\"\r\n\r\n2026-04-01\r\n--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../手順書.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.7\r\n--B\r\n\r\n--B--\r\n"
        let answer = await browser.desk.respond(
            WebRequest(
                method: "POST", target: "/items/2-9/attachments",
                headers: [
                    "Host": browser.host, "Cookie": browser.cookie, "Origin": "http://\(browser.host)",
                    "Content-Type": "multipart/form-data; boundary=B",
                ], body: Array(body.utf8)))
        #expect(answer.status == 303)
        let attachment = try #require(try store.attachments().first)
        #expect(attachment.name == "手順書.pdf" && attachment.date?.description == "2026-04-01")
        let file = await browser.get("/attachments/\(attachment.sha256)")
        #expect(file.text == "%PDF-1.7")
        #expect(file.response.headers["Content-Disposition"]?.hasPrefix("attachment") == true)
        #expect(file.response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox")
    }
}
