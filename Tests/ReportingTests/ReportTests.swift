import Assessment
import Evidence
import Foundation
import Model
import Reporting
import TestSupport
import Testing

/// Reports of the sample factory.
@Suite struct ReportTests {
    @Test func sampleFactoryGetsItsGrades() throws {
        let report = try Fixtures.report(try Fixtures.sampleFactory())
        let html = report.html()
        let text = MarkupCheck(html).text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for row in ["組織 C 44.0", "運用 C 40.0", "技術 D 27.5", "サプライチェーン D 13.3", "総合 D 34.8"] {
            #expect(text.contains(row), "\(row)")
        }
        #expect(text.contains("A(良好)～D"))
        let policy = try Fixtures.policy().id
        #expect(text.contains(policy))
        #expect(text.contains("otscanを使うこと自体は、どの項目のレベルも上げない"))
        #expect(text.contains("見本製作所 本社工場"))
        #expect(text.contains("2026年11月24日"))

        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(report.json().utf8)) as? [String: Any])
        let scores = try #require(document["scores"] as? [String: Any])
        let declared = try #require(scores["declared"] as? [String: Any])
        let total = try #require(declared["total"] as? [String: Any])
        #expect(total["score"] as? String == "34.8")
        #expect(total["grade"] as? String == "D")
        #expect(total["state"] as? String == "final")
        #expect((document["items"] as? [Any])?.count == 32)
        #expect((document["assets"] as? [Any])?.count == 31)
    }

    @Test(arguments: [Language.japanese, .english]) func everythingIsThereAndLinked(language: Language) throws {
        let store = try Fixtures.sampleFactory(language == .japanese ? "factory.yaml" : "factory.en.yaml")
        let html = try Fixtures.report(store, language).html()
        let check = MarkupCheck(html)
        check.expectSound(html)
        #expect(html.contains("<html lang=\"\(language.rawValue)\">"))
        let ids = Set(check.ids)
        for item in try Fixtures.checklist().items { #expect(ids.contains("item-\(item.id)")) }
        for number in 1...(try store.assets().count) { #expect(ids.contains("asset-\(number)")) }
        for number in 1...(try store.exhibits().count) { #expect(ids.contains("exhibit-\(number)")) }
        for number in 1...(try store.findings().count) { #expect(ids.contains("finding-\(number)")) }
        for asset in try store.assets() {
            #expect(check.text.contains(asset.name.visible), "\(asset.name)")
            for mac in asset.macs { #expect(check.text.contains(mac.description)) }
        }
        let capture = try #require(try store.captures().first)
        #expect(check.text.contains(capture.record.sha256))
        #expect(check.text.contains("0000  00 01 02 03"))
    }

    @Test func anEnglishReportHasNoJapanese() throws {
        let html = try Fixtures.report(try Fixtures.sampleFactory("factory.en.yaml"), .english).html()
        let japanese = html.unicodeScalars.filter {
            (0x3040...0x30ff).contains($0.value) || (0x4e00...0x9fff).contains($0.value)
        }
        #expect(japanese.isEmpty, "\(String(String.UnicodeScalarView(japanese.prefix(40))))")
    }

    /// One style of verbs throughout, whatever style the sentences were written in elsewhere.
    @Test func aJapaneseReportKeepsThePlainStyle() throws {
        for store in [try Fixtures.sampleFactory(), try segmented(), try interview()] {
            let text = MarkupCheck(try Fixtures.report(store).html()).text
            for match in text.matches(of: /.{0,24}(です|ます|ません|ました|ますか|ですか|ください)(。|（)/) {
                Issue.record("polite: \(match.output.0)")
            }
        }
    }

    @Test func aMaskedReportNamesNobody() throws {
        let store = try Fixtures.sampleFactory()
        let report = try Fixtures.report(store, masked: true)
        let html = report.html()
        let json = try report.json()
        MarkupCheck(html).expectSound(html)
        let truth = try String(
            contentsOf: CaptureCorpus.repository.appendingPathComponent("Samples/factory.truth.yaml"), encoding: .utf8)
        var secrets: Set<String> = ["MINATO-PLANT", "eng01", "203.0.113.45", "診断員 田中", "SV-FILE01", "PC-SOUMU01"]
        for match in truth.matches(of: /([0-9a-f]{2}:){5}[0-9a-f]{2}/) { secrets.insert(String(match.output.0)) }
        for match in truth.matches(of: /\b(192\.168|203\.0|198\.51)\.[0-9]+\.[0-9]+/) {
            secrets.insert(String(match.output.0))
        }
        for asset in try store.assets() {
            secrets.formUnion(asset.addresses.map(\.description))
            secrets.formUnion(asset.macs.map(\.description))
            secrets.formUnion(asset.macs.map { $0.description.filter { $0 != ":" } })
            if let name = asset.hostname?.visible { secrets.insert(name) }
        }
        #expect(secrets.count > 100)
        for secret in secrets {
            #expect(!html.localizedCaseInsensitiveContains(secret), "the page shows \(secret)")
            #expect(!json.localizedCaseInsensitiveContains(secret), "the document shows \(secret)")
        }
        #expect(html.contains("IP-01") && html.contains("MAC-01") && html.contains("HOST-"))
        // Pseudonyms stay the same, whatever is written first.
        let again = try Fixtures.report(store, masked: true)
        #expect(try again.json() == json)
        #expect(again.html() == html)
    }

    @Test func withoutAnythingNothingIsGraded() throws {
        for language in Language.allCases {
            let report = try Fixtures.report(try Store(), language)
            let html = report.html()
            let check = MarkupCheck(html)
            check.expectSound(html)
            let words =
                language == .japanese
                ? ["判定不可: 32項目中0項目のみ判定済み", "0.0～100.0", "通信は観測しておらず"]
                : ["not gradable: 0 of 32 decided", "0.0 – 100.0", "No traffic was captured"]
            for word in words { #expect(check.text.contains(word), "\(word)") }
            #expect(try report.json().contains("\"not_gradable\""))
        }
    }

    @Test func fromACaptureAloneThereAreProposalsAndNoGrade() throws {
        let store = try Store()
        try Fixtures.analyse(store, "factory.pcapng")
        let html = try Fixtures.report(store).html()
        let check = MarkupCheck(html)
        check.expectSound(html)
        #expect(check.text.contains("判定不可: 32項目中0項目のみ判定済み"))
        #expect(check.text.contains("自動提案"))
        #expect(check.text.contains("未判定の32項目に答える担当者と期限を決める"))
    }

    @Test func fromAnInterviewAloneItSaysSo() throws {
        let html = try Fixtures.report(try interview()).html()
        let check = MarkupCheck(html)
        check.expectSound(html)
        #expect(check.text.contains("この報告書は聞き取りの回答だけによる"))
        #expect(check.text.contains("暫定") || check.text.contains("判定不可"))
    }

    @Test func changedAnswersAreCompared() throws {
        let html = try Fixtures.report(try segmented()).html()
        let check = MarkupCheck(html)
        check.expectSound(html)
        let text = check.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(text.contains("技術 27.5 D 42.5 C +15.0"))
        #expect(text.contains("実線: 今回"))
    }

    private func segmented() throws -> Store {
        let store = try Store()
        try Fixtures.analyse(store, "factory-segmented.pcapng")
        try Fixtures.answer(store, ["factory.yaml", "factory-segmented-review.yaml"])
        return store
    }

    private func interview() throws -> Store {
        let store = try Store()
        try Fixtures.answer(store, ["factory-interview.yaml"])
        return store
    }
}
