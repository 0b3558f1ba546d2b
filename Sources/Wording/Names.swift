package import Assessment
package import Model

// The product's words for what the model names: one for each thing, wherever it is shown.

extension Phrase {
    package func text(in language: Language) -> String { language == .japanese ? ja : en }
}

extension Finding.Severity {
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.high, .japanese): "高"
        case (.high, .english): "high"
        case (.medium, .japanese): "中"
        case (.medium, .english): "medium"
        case (.low, .japanese): "低"
        case (.low, .english): "low"
        case (.info, .japanese): "参考"
        case (.info, .english): "info"
        }
    }
}

extension Confidence {
    /// As in JSON and CSV.
    package var word: String {
        switch self {
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        }
    }

    package func name(in language: Language) -> String {
        switch (self, language) {
        case (_, .english): word
        case (.low, .japanese): "低"
        case (.medium, .japanese): "中"
        case (.high, .japanese): "高"
        }
    }
}

extension RemoteSession.Origin {
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.outside, .japanese): "外部から"
        case (.outside, .english): "from outside"
        case (.outbound, .japanese): "外部へ"
        case (.outbound, .english): "to outside"
        case (.inside, .japanese): "内部どうし"
        case (.inside, .english): "inside"
        }
    }
}

extension RemoteSession.Character {
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.interactive, .japanese): "人の操作"
        case (.interactive, .english): "interactive"
        case (.periodic, .japanese): "定期的"
        case (.periodic, .english): "periodic"
        case (.transfer, .japanese): "転送"
        case (.transfer, .english): "transfer"
        }
    }
}

extension RemoteSession.Permission {
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.permitted, .japanese): "許可どおり"
        case (.permitted, .english): "permitted"
        case (.unknownVendor, .japanese): "登録のない相手"
        case (.unknownVendor, .english): "not declared"
        case (.outsideWindow, .japanese): "時間外"
        case (.outsideWindow, .english): "outside window"
        case (.beyondPermission, .japanese): "許可の範囲外"
        case (.beyondPermission, .english): "beyond permission"
        }
    }
}

extension Transport {
    package var word: String {
        switch self {
        case .ethernet: "ethernet"
        case .tcp: "tcp"
        case .udp: "udp"
        case .ip: "ip"
        }
    }
}

extension MessageEffect {
    package var word: String {
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
    package func name(in language: Language) -> String {
        switch (self, language) {
        case (.mac, .japanese): "MACアドレス"
        case (.mac, .english): "MAC"
        case (.serial, .japanese): "製造番号"
        case (.serial, .english): "serial"
        case (.hostname, .japanese): "ホスト名"
        case (.hostname, .english): "host name"
        case (.ip, .japanese): "IPアドレス"
        case (.ip, .english): "IP"
        case (.model, .japanese): "型番"
        case (.model, .english): "model"
        }
    }

    /// How far a match on this ground can be trusted.
    package func explanation(in language: Language) -> String {
        switch (self, language) {
        case (.mac, .japanese): "MACアドレスが一致。機器ごとに固有のため確実"
        case (.mac, .english): "same MAC, which a maker gives to one device: certain"
        case (.serial, .japanese): "製造番号が一致。機器ごとに固有のため確実"
        case (.serial, .english): "same serial number, which a maker gives to one device: certain"
        case (.hostname, .japanese): "ホスト名が一致。名前は別の機器に引き継がれることがある"
        case (.hostname, .english): "same host name, which may have passed to another device"
        case (.ip, .japanese): "IPアドレスが一致。アドレスは別の機器に移ることがある"
        case (.ip, .english): "same IP address, which may have passed to another device"
        case (.model, .japanese): "型番だけが一致し、ほかに該当する機器がない。現物の確認が必要"
        case (.model, .english): "same model and no other candidate on either side: check the device itself"
        }
    }
}

extension LedgerMatch {
    /// What a change that matching tells is called.
    package static func changeName(_ change: String, in language: Language) -> String {
        switch (change, language) {
        case ("ip", .japanese): "IPアドレス"
        case ("ip", .english): "IP address"
        case ("mac", .japanese): "MACアドレス"
        case ("mac", .english): "MAC"
        case ("serial", .japanese): "製造番号"
        case ("serial", .english): "serial number"
        case ("firmware", .japanese): "ファームウェア"
        default: change
        }
    }
}

/// The classes of frames that were not analysed, and the limits that a reading may reach.
package enum AccountWords {
    package static func frameClass(_ name: String, in language: Language) -> String {
        let words: (ja: String, en: String)? =
            switch name {
            case "analysed": ("解析", "analysed")
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

    package static func limit(_ name: String, in language: Language) -> String {
        let words: (ja: String, en: String)? =
            switch name {
            case "conversations": ("会話数", "conversations")
            case "reassembly": ("ストリーム再構成のメモリ", "memory for reassembly")
            case "fragments": ("IPフラグメント", "IP fragments")
            case "observations": ("観測数", "observations")
            case CaptureRecord.snapLength: ("採取時に切り詰められたフレーム", "frames cut by the capture's snap length")
            case "one_sided": ("応答のない会話", "conversations that nobody answered")
            default: nil
            }
        guard let words else { return name }
        return language == .japanese ? words.ja : words.en
    }
}
