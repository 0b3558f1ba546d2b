import Assessment
import Model

// The command line's own words for what the model names.

extension Phrase {
    func text(in language: Language) -> String { language == .japanese ? ja : en }
}

extension Finding.Severity {
    func name(in language: Language) -> String {
        switch (self, language) {
        case (.high, .japanese): "高"
        case (.high, .english): "HIGH"
        case (.medium, .japanese): "中"
        case (.medium, .english): "MEDIUM"
        case (.low, .japanese): "低"
        case (.low, .english): "LOW"
        case (.info, .japanese): "情報"
        case (.info, .english): "INFO"
        }
    }

    var paint: TerminalStyle.Paint {
        switch self {
        case .high: .red
        case .medium: .yellow
        case .low: .cyan
        case .info: .plain
        }
    }
}

extension Confidence {
    /// As in JSON and CSV.
    var word: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        }
    }

    func name(in language: Language) -> String {
        switch (self, language) {
        case (_, .english): word
        case (.low, .japanese): "低"
        case (.medium, .japanese): "中"
        case (.high, .japanese): "高"
        }
    }
}

extension RemoteSession.Origin {
    func name(in language: Language) -> String {
        switch (self, language) {
        case (.outside, .japanese): "外部から"
        case (.outside, .english): "from outside"
        case (.outbound, .japanese): "外部へ"
        case (.outbound, .english): "outbound"
        case (.inside, .japanese): "内部"
        case (.inside, .english): "inside"
        }
    }
}

extension Transport {
    var word: String {
        switch self {
        case .ethernet: "ethernet"
        case .tcp: "tcp"
        case .udp: "udp"
        case .ip: "ip"
        }
    }
}

extension MessageEffect {
    var word: String {
        switch self {
        case .none: "none"
        case .identity: "identity"
        case .read: "read"
        case .write: "write"
        case .login: "login"
        case .control: "control"
        case .upload: "upload"
        case .download: "download"
        case .firmware: "firmware"
        }
    }
}

extension LedgerMatch.Ground {
    func name(in language: Language) -> String {
        switch (self, language) {
        case (.mac, .japanese): "MACアドレス"
        case (.mac, .english): "MAC"
        case (.serial, .japanese): "製造番号"
        case (.serial, .english): "serial"
        case (.hostname, .japanese): "ホスト名"
        case (.hostname, .english): "host name"
        case (.ip, .japanese): "IPアドレス"
        case (.ip, .english): "IP"
        }
    }
}

/// The classes of frames that were not analysed, and the limits that a reading may reach.
enum AccountWords {
    static func frameClass(_ name: String, in language: Language) -> String {
        let words: (ja: String, en: String)? =
            switch name {
            case "cut_header": ("ヘッダの途中で切れている", "cut inside a header")
            case "malformed_link": ("リンク層のヘッダが不正", "malformed link header")
            case "malformed_network": ("ネットワーク層のヘッダが不正", "malformed network header")
            case "malformed_transport": ("トランスポート層のヘッダが不正", "malformed transport header")
            case "unsupported_link_type": ("対応していないリンク種別", "unsupported link type")
            case "opaque_radio": ("無線の制御・暗号化フレーム", "radio control or encrypted")
            case "fragment": ("揃わなかった断片", "fragments never completed")
            case "over_limit": ("会話数の上限を超過", "over the limit of conversations")
            case "queue": ("解析が追いつかず破棄", "dropped because the analyser was behind")
            case "quarantined": ("解析プロセスを落としたため隔離", "set aside after killing an analyser")
            case "parser": ("解析プロセスの異常終了で消失", "lost with an analyser")
            default: nil
            }
        guard let words else { return name }
        return language == .japanese ? words.ja : words.en
    }

    static func limit(_ name: String, in language: Language) -> String {
        let words: (ja: String, en: String)? =
            switch name {
            case "conversations": ("会話数", "conversations")
            case "reassembly": ("ストリーム再構成のメモリ", "memory for reassembly")
            case "fragments": ("IPフラグメント", "IP fragments")
            case "observations": ("観測数", "observations")
            case "one_sided": ("応答のない会話", "conversations that nobody answered")
            default: nil
            }
        guard let words else { return name }
        return language == .japanese ? words.ja : words.en
    }
}
