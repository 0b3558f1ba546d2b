import Assessment
import Evidence
import Model
import Reporting

/// What the assessment is about, and who reviews: what the cover of the report says.
extension Desk {
    private static let asked: [ReportFact] = [
        .plant, .addressee, .author, .scope, .captureMode, .capturePoint, .handling,
    ]

    func aboutPage(_ visit: Visit) -> Page {
        let report = visit.report
        let saved: HTML = visit.query("saved").isEmpty ? .empty : notice("saved", report.t("記録した。", "Recorded."))
        let fields = Desk.asked.map { fact -> HTML in
            "<label class=\"field\"><span>\(name(fact, report))</span><input type=\"text\" name=\"\(fact.rawValue)\" value=\"\(report.facts[fact] ?? "")\" maxlength=\"500\" /></label>"
        }
        return Page(
            section: nil, title: report.words("診断の基本情報", "About this assessment"),
            body: """
                \(saved)<h1>\(report.t("診断の基本情報", "About this assessment"))</h1>
                <form class="about" method="post" action="/about">\(secret(visit))<label class="field"><span>\(report.t("確認者(あなたの名前)", "Reviewer (your name)"))</span><input type="text" name="reviewer" value="\(visit.session.reviewer)" maxlength="100" autocomplete="name" /></label>\(fields)<button class="primary" type="submit">\(report.t("記録", "Record"))</button></form>
                <section class="keys"><h2>\(report.t("キー操作", "Keys"))</h2><dl><dt><kbd>j</kbd> <kbd>k</kbd></dt><dd>\(report.t("次の項目、前の項目", "next item, previous item"))</dd><dt><kbd>1</kbd>–<kbd>4</kbd> <kbd>n</kbd></dt><dd>\(report.t("レベルを選ぶ、対象外を選ぶ", "choose a level, or “not applicable”"))</dd><dt><kbd>a</kbd></dt><dd>\(report.t("提案を受け入れる(レベルが一つのとき)", "accept the proposal, where it is one level"))</dd><dt><kbd>u</kbd></dt><dd>\(report.t("通信からは分からない", "cannot tell from traffic"))</dd><dt><kbd>s</kbd> <kbd>Ctrl</kbd>+<kbd>Enter</kbd></dt><dd>\(report.t("記録して次へ", "record and go on"))</dd><dt><kbd>/</kbd></dt><dd>\(report.t("探す", "search"))</dd></dl></section>
                """)
    }

    private func name(_ fact: ReportFact, _ report: Report) -> String {
        switch fact {
        case .plant: report.words("工場名", "Plant")
        case .addressee: report.words("報告書の宛先", "Addressee of the report")
        case .author: report.words("報告書の作成者", "Author of the report")
        case .edition: report.words("版", "Edition")
        case .handling: report.words("取扱い", "Handling")
        case .scope: report.words("対象範囲", "Scope")
        case .captureMode: report.words("通信の取り方(ミラーポート、タップなど)", "How frames were captured: mirror port, tap, …")
        case .logo: report.words("ロゴ", "Logo")
        case .capturePoint: report.words("記録した場所(スイッチとポート)", "Where: switch and port")
        }
    }

    func setFacts(_ web: WebForm, _ visit: Visit) throws -> WebResponse {
        for fact in Desk.asked { try store.setFact(fact.rawValue, String(web[fact.rawValue].trimmed.prefix(500))) }
        remember(reviewer: String(web["reviewer"].trimmed.prefix(100)), visit.session)
        forgetEvidence()
        return .redirect("/about?saved=1")
    }
}
