/// Turns the polite style (です・ます) of a Japanese text into the plain style (だ・である) at the ends of its sentences.
///
/// Only endings that have one reading are turned; a sentence with any other ending is left as it is.
enum PlainStyle {
    /// Polite ending and its plain counterpart, the longest first where one ends in another.
    private static let endings: [(polite: String, plain: String)] = [
        ("ではありません", "ではない"), ("とはなりません", "とはならない"), ("もありません", "もない"), ("はありません", "はない"),
        ("がありません", "がない"), ("とも言えません", "とも言えない"), ("言えません", "言えない"), ("見えません", "見えない"),
        ("ていません", "ていない"), ("できません", "できない"), ("分かりません", "分からない"), ("なりません", "ならない"),
        ("足りません", "足りない"), ("限りません", "限らない"), ("残りません", "残らない"), ("当たりません", "当たらない"),
        ("してください", "すること"), ("ていますか", "ているか"), ("ありますか", "あるか"), ("できますか", "できるか"),
        ("していますか", "しているか"), ("されますか", "されるか"), ("しますか", "するか"), ("ますか", "るか"), ("ですか", "か"),
        ("ています", "ている"), ("できます", "できる"), ("あります", "ある"), ("なります", "なる"), ("変わります", "変わる"),
        ("分かります", "分かる"), ("選べます", "選べる"), ("言えます", "言える"), ("見えます", "見える"), ("使えます", "使える"),
        ("得ます", "得る"), ("されます", "される"), ("られます", "られる"), ("します", "する"), ("届きます", "届く"),
        ("必要です", "必要である"), ("可能です", "可能である"), ("すぎます", "すぎる"), ("できました", "できた"), ("しました", "した"), ("れました", "れた"),
        ("えました", "えた"), ("でした", "であった"),
        ("ないです", "ない"), ("いです", "い"), ("です", "である"),
    ]

    /// After an e-sound every verb has the same plain ending: 現れません, 選べます.
    private static let regular: [(polite: String, plain: String)] = "えけげせぜてでねべめれ".flatMap { sound in
        [
            ("\(sound)ません", "\(sound)ない"), ("\(sound)ますか", "\(sound)るか"), ("\(sound)ます", "\(sound)る"),
            ("\(sound)ました", "\(sound)た"),
        ]
    }

    /// Clauses inside a sentence that end in a predicate: 通信していますが、 and 通信しています（…）.
    private static func clauses(_ text: String) -> String {
        var text = text
        for boundary in ["（", "が、"] where text.contains(boundary) {
            for (polite, plain) in endings + regular where !polite.hasSuffix("か") && !polite.hasPrefix("します") {
                text = text.replacing(polite + boundary, with: plain + boundary)
            }
        }
        return text
    }

    /// Forms whose stem the general endings above would get wrong.
    private static let exceptions: Set<String> = [
        "りますか", "きますか", "みますか", "びますか", "ちますか", "いますか", "にますか", "ぎますか", "しますか",
    ]

    /// Verbs of one kanji and す: 示します is 示す, while 確認します is 確認する.
    private static let verbsInSu: Set<Character> = [
        "出", "示", "試", "残", "流", "返", "壊", "話", "外", "落", "消", "直", "移", "写", "起", "探", "押", "貸", "指", "隠",
        "越", "回", "許", "通", "戻", "足", "表", "現",
    ]

    static func plain(_ text: String) -> String {
        var result = ""
        var sentence = ""
        for character in text {
            if character == "。" || character == "\n" {
                result += clauses(turned(sentence))
                result.append(character)
                sentence = ""
            } else {
                sentence.append(character)
            }
        }
        return result + (result.isEmpty ? sentence : clauses(turned(sentence)))
    }

    private static func turned(_ sentence: String) -> String {
        // A remark in brackets may follow the predicate: 「使っていますか（内蔵のものも含む）」.
        var core = Substring(sentence)
        var tail = ""
        if core.hasSuffix("）"), let open = core.lastIndex(of: "（") {
            tail = String(core[open...])
            core = core[..<open]
        }
        for (polite, plain) in endings + regular where core.hasSuffix(polite) {
            if polite == "ますか", exceptions.contains(where: core.hasSuffix) { continue }
            let stem = core.dropLast(polite.count)
            if polite.hasPrefix("します"), let verb = stem.last, verbsInSu.contains(verb) {
                return stem + plain.replacing("する", with: "す") + tail
            }
            return stem + plain + tail
        }
        return sentence
    }
}
