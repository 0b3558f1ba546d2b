import Assessment
import Evidence
import Model
import Reporting

/// Proof: which frames, what they hold, and the frames themselves.
extension Desk {
    func exhibitsPage(_ visit: Visit) -> Page {
        let report = visit.report
        let size = 100
        let all = report.exhibits
        let shown = all.dropFirst((visit.pageNumber - 1) * size).prefix(size)
        let rows = shown.map { exhibitRow($0, report) }
        return Page(
            section: .findings, title: report.words("証拠", "Exhibits"),
            body: """
                <h1>\(report.t("証拠", "Exhibits"))</h1>
                \(rows.isEmpty ? "<p>\(report.t("通信による証拠はない。", "There are no exhibits from traffic."))</p>" : "<ul class=\"plainlist exhibits\">\(rows)</ul>")
                \(pager(visit, count: all.count, size: size, at: visit.pageNumber, keeping: []))
                """)
    }

    func exhibit(_ visit: Visit) throws -> WebResponse {
        let report = visit.report
        guard visit.path.count >= 2, let exhibit = report.exhibits.first(where: { $0.id == visit.path[1] }) else {
            return notFound(visit)
        }
        let kept = try store.keptFrames(of: exhibit)
        if visit.path.count == 3 {
            guard visit.path[2] == "slice.pcapng", !kept.isEmpty else { return notFound(visit) }
            let captures = Dictionary(
                report.captures.map { ($0.id, $0.record) }, uniquingKeysWith: { first, _ in first })
            return .file(try tools.slice(kept, captures), name: "exhibit.pcapng", type: "application/octet-stream")
        }
        return page(visit, exhibitPage(visit, exhibit, kept))
    }

    private func exhibitPage(_ visit: Visit, _ exhibit: Exhibit, _ kept: [KeptFrame]) -> Page {
        let report = visit.report
        let byFrame = Dictionary(kept.map { ($0.frame, $0) }, uniquingKeysWith: { first, _ in first })
        let path: HTML = "\(Report.page("exhibits", exhibit.id))"
        let frames = exhibit.frames.prefix(Exhibit.frameLimit).enumerated().map { index, frame -> HTML in
            guard let kept = byFrame[frame] else {
                return
                    "<article class=\"frame\"><h2>\(report.frameText(frame))</h2><p class=\"note\">\(report.moment(frame.time)) · \(report.t("内容は保存していない", "contents not kept"))</p></article>"
            }
            return frameBlock(kept, isOpen: index < 3, report)
        }
        let items = report.proposals.values.filter { $0.exhibits.contains(exhibit.id) }.map(\.item).sorted()
        let findings = report.findings.filter { $0.exhibits.contains(exhibit.id) }
        let used = items.map { report.itemLink($0) } + findings.map { report.findingLink($0) }
        return Page(
            section: .findings, title: report.say(exhibit.title),
            body: """
                <p class="crumb"><a href="/exhibits">\(report.t("証拠", "Exhibits"))</a></p>
                <h1>\(report.say(exhibit.title))</h1>
                <dl><dt>\(report.t("使われている所", "Used in"))</dt><dd>\(report.list(used))</dd><dt>\(report.t("表示フィルタ", "Display filter"))</dt><dd><input class="filter mono" type="text" readonly="readonly" aria-label="\(report.t("Wiresharkの表示フィルタ", "Display filter for Wireshark"))" value="\(exhibit.displayFilter)" /> <button type="button" class="quiet" data-copy="previous" hidden="hidden">\(report.t("写す", "Copy"))</button></dd></dl>
                \(kept.isEmpty ? "<p class=\"note\">\(report.t("フレームの内容は保存されていない。記録をもう一度解析すると保存される。", "No frame was kept; analysing the capture again keeps them."))</p>" : "<p><a class=\"button\" href=\"\(path)/slice.pcapng\" download=\"exhibit.pcapng\">\(report.t("フレームをpcapngで保存", "Save the frames as pcapng"))</a></p>")
                \(frames)
                """)
    }

    private func frameBlock(_ kept: KeptFrame, isOpen: Bool, _ report: Report) -> HTML {
        let layers = tools.decode(kept).map { layer -> HTML in
            let fields = layer.fields.map { "<tr><th scope=\"row\">\($0.name)</th><td>\($0.value)</td></tr>" as HTML }
            return
                "<section class=\"layer\"><h3>\(layer.name)</h3><table class=\"fields\"><tbody>\(fields)</tbody></table></section>"
        }
        let opened: HTML = isOpen ? " open=\"open\"" : .empty
        return """
            <details class="frame"\(opened)><summary><b>\(report.frameText(kept.frame))</b> <span class="note">\(report.moment(kept.frame.time)) · \(report.t("\(Int(kept.originalLength))バイト", "\(Int(kept.originalLength)) bytes"))\(kept.isRedacted ? report.t(" · 秘密を含み得る部分は上書きしてある", " · parts that may hold secrets are overwritten") : .empty)</span></summary>
            <div class="framecols"><div class="layers">\(layers)</div><pre tabindex="0">\(Report.hexDump(kept.bytes, limit: Exhibit.snapLength))</pre></div>
            <p class="hash">SHA-256 \(kept.sha256Original)\(kept.isRedacted ? " · \(report.t("保存したバイト列", "as kept")) \(kept.sha256Kept)" : .empty)</p></details>
            """
    }
}
