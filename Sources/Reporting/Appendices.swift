import Assessment
import Model

/// Proof, identifiers of other standards, words, and what this report does not claim.
extension Report {
    var exhibitsAppendix: HTML {
        guard !exhibits.isEmpty else {
            return t("<p>通信による証拠はない。</p>", "<p>There are no exhibits from traffic.</p>")
        }
        var hexLeft = Limits.hexFrames
        var blocks: [HTML] = []
        for exhibit in exhibits.prefix(Limits.exhibits) { blocks.append(exhibitBlock(exhibit, &hexLeft)) }
        return """
            <p>\(t("フレームの番号はWiresharkと同じく記録ごとに1から数える。記録(C-1など)とそのSHA-256は「診断の方法」に示した。保存したフレームは先頭\(Exhibit.snapLength)バイトまでで、認証情報を含み得る部分は上書きしてある。", "Frames are numbered from 1 in each capture, as Wireshark does; the captures (C-1 …) and their SHA-256 stand under “How it was done”. Kept frames hold at most \(Exhibit.snapLength) bytes; parts that may hold credentials were overwritten."))\(masker.isActive ? t("匿名版のため、フレームの内容は省いた。", " This edition is masked and leaves frame contents out.") : .empty)</p>
            \(blocks)
            \(more(exhibits.count - Limits.exhibits))
            """
    }

    private func exhibitBlock(_ exhibit: Exhibit, _ hexLeft: inout Int) -> HTML {
        let number = places.exhibits[exhibit.id] ?? 0
        let kept = keptFrames[exhibit.id] ?? []
        let byFrame = Dictionary(kept.map { ($0.frame, $0) }, uniquingKeysWith: { first, _ in first })
        let rows = exhibit.frames.prefix(Exhibit.frameLimit).map { frame -> HTML in
            let kept = byFrame[frame]
            let size: HTML = kept.map { "\(grouped(UInt64($0.originalLength)))" } ?? "–"
            let hash: HTML =
                kept.map { kept in
                    "<span class=\"hash\">\(kept.sha256Original)</span>\(kept.isRedacted ? "<span class=\"hash\">\(t("上書き後", "redacted")) \(kept.sha256Kept)</span>" : .empty)"
                } ?? "<span class=\"note\">\(t("内容は保存していない", "contents not kept"))</span>"
            return
                "<tr><td>\(frameText(frame))</td><td>\(moment(frame.time))</td><td class=\"num\">\(size)</td><td>\(hash)</td></tr>"
        }
        var dumps: [HTML] = []
        if !masker.isActive {
            for frame in kept.prefix(Limits.hexFramesPerExhibit) where hexLeft > 0 {
                hexLeft -= 1
                dumps.append(
                    "<pre>\(frameText(frame.frame))\n\(Report.hexDump(frame.bytes, limit: Limits.hexBytesPerFrame))</pre>"
                )
            }
        }
        let label = "E-\(number < 10 ? "0" : "")\(number)"
        return """
            <article class="exhibit" id="exhibit-\(number)">
            <h4><span class="no">\(label)</span>\(say(exhibit.title))</h4>
            <p class="filter">\(t("表示フィルタ", "Display filter")) <code>\(masker.text(exhibit.displayFilter))</code></p>
            <table class="data frames"><thead><tr><th scope="col">\(t("フレーム", "Frame"))</th><th scope="col">\(t("時刻", "Time"))</th><th scope="col" class="num">\(t("バイト", "Bytes"))</th><th scope="col">SHA-256</th></tr></thead><tbody>\(Array(rows))</tbody></table>
            \(dumps)
            </article>

            """
    }

    /// Sixteen bytes a line: offset, hexadecimal, and printable ASCII.
    package static func hexDump(_ bytes: [UInt8], limit: Int) -> String {
        var lines: [String] = []
        let shown = bytes.prefix(limit)
        for start in stride(from: 0, to: shown.count, by: 16) {
            let part = shown[start..<min(start + 16, shown.count)]
            var hex = ""
            for byte in part { hex += " " + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }
            hex += String(repeating: " ", count: (16 - part.count) * 3)
            let offset = String(start, radix: 16)
            let text = String(part.map { (0x20..<0x7f).contains($0) ? Character(UnicodeScalar($0)) : "." })
            lines.append(String(repeating: "0", count: max(0, 4 - offset.count)) + offset + " " + hex + "  " + text)
        }
        if bytes.count > limit { lines.append("…") }
        return lines.joined(separator: "\n")
    }

    var mappingsAppendix: HTML {
        let rows = checklist.items.map { item -> HTML in
            let mappings = item.mappings
            func cell(_ ids: [String]) -> HTML { "<td class=\"mono\">\(ids.joined(separator: " "))</td>" }
            return
                "<tr><td class=\"num\">\(itemLink(item.id))</td><td>\(say(item.title))</td>\(cell(mappings.iec62443part2_1))\(cell(mappings.iec62443part3_3))\(cell(mappings.nistCSF2))\(cell(mappings.attackICS))</tr>"
        }
        return """
            <p>\(t("同じ事柄を扱う要求事項の番号だけを示す。対応付けは独自のもので、条項への適合を意味しない。", "Only the numbers of requirements about the same matter are given. The pairing is our own and claims no conformity with any clause."))</p>
            <table class="data"><thead><tr><th scope="col" class="num">\(t("番号", "No."))</th><th scope="col">\(t("項目", "Item"))</th><th scope="col">IEC 62443-2-1:2024</th><th scope="col">IEC 62443-3-3 SR</th><th scope="col">NIST CSF 2.0</th><th scope="col">ATT&amp;CK for ICS</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    var glossary: HTML {
        let words: [(HTML, HTML)] = [
            (
                t("提案", "Proposal"),
                t(
                    "通信から機械的に導いたレベルの範囲。回答ではない。",
                    "A level or range of levels derived from traffic by rule. It is not an answer.")
            ),
            (t("判定", "Answer"), t("人が理由とともに確定したレベル。", "The level that a person settled, with grounds.")),
            (
                t("証拠", "Exhibit"),
                t("主張を示すフレームの参照と、その一部の写し。", "References to the frames that show something, and copies of some of them.")
            ),
            (
                t("区画", "Segment"),
                t("通信から見たブロードキャストの範囲(VLANとサブネット)。", "A broadcast domain as observed: a VLAN and its subnet.")
            ),
            (
                t("ゲートウェイ", "Gateway"),
                t("区画の間、または外部との間で通信を中継する機器。", "A device that forwards between segments or to the outside.")
            ),
            (
                t("外部", "Outside"),
                t("私設アドレスなど工場内と見なせる範囲に属さない相手。", "Addresses that are neither private nor otherwise the plant's own.")
            ),
            (
                t("制御系(OT)", "OT"),
                t(
                    "設備を制御・監視・保守する機器。PLC、HMI、SCADAなど。",
                    "Devices that control, watch or engineer the process: PLC, HMI, SCADA and the like.")
            ),
            (
                t("情報系(IT)", "IT"),
                t("制御に関わらず、メール・ファイル共有・印刷などに使う機器。", "Office devices: mail, files, print, and no industrial talk.")
            ),
            (
                t("踏み台サーバ", "Jump host"),
                t(
                    "遠隔からの操作をいったん受け、記録や制限を行うサーバ。",
                    "A server through which remote work must pass, to be limited and recorded.")
            ),
            (
                t("ミラーポート", "Mirror port"),
                t("他のポートの通信の写しを出すスイッチのポート(SPAN)。", "A switch port that copies the traffic of others (SPAN).")
            ),
            (
                "PLC / HMI / SCADA",
                t("設備の制御装置、操作盤、監視システム。", "Controller, operator panel, and supervisory system of a plant.")
            ),
            ("SHA-256", t("データの指紋。一字でも変われば値が変わる。", "A fingerprint of data that changes with every bit.")),
        ]
        return "<dl class=\"glossary\">\(words.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as HTML })</dl>"
    }

    var disclaimer: HTML {
        let lines: [HTML] = [
            t(
                "この報告書は、示した期間と場所で観測した通信と、その時点の回答に基づく。それ以外の時点や場所の状態を保証しない。",
                "This report rests on the traffic observed at the stated times and places and on the answers given then. It warrants nothing about other times or places."
            ),
            t(
                "見えなかったことは、ないことを意味しない。検出事項がないことは、安全であることを意味しない。",
                "Not seen does not mean not there; no finding does not mean safe."),
            t("通信による提案は判断の材料であり、最終的な判定は人が行う。", "Proposals from traffic inform a judgement; people make it."),
            t("otscanを使うこと自体は、どの項目のレベルも上げない。", "Using otscan raises no level."),
            t("評価は国際規格や業界標準への適合を証明するものではない。", "The grades certify no conformity with any standard."),
        ]
        var sources: [HTML] = [
            "<tr><th scope=\"row\">\(t("チェックリスト", "Checklist"))</th><td>\(checklist.id)</td></tr>",
            "<tr><th scope=\"row\">\(t("採点規則", "Scoring policy"))</th><td>\(policy.id)</td></tr>",
            "<tr><th scope=\"row\">\(t("作成", "Made"))</th><td>\(moment(options.generatedAt)) (\(zoneName)) otscan \(options.toolVersion)</td></tr>",
        ]
        if !card.unknownItems.isEmpty {
            sources.append(
                "<tr><th scope=\"row\">\(t("チェックリストにない回答", "Answers not in the checklist"))</th><td>\(card.unknownItems.map(\.description).joined(separator: ", "))</td></tr>"
            )
        }
        return "<ul>\(lines.map { "<li>\($0)</li>" as HTML })</ul><table class=\"facts\">\(sources)</table>"
    }
}
