import Model

/// Checklist 3-6: a host of the plant runs a remote-control tool through a provider outside.
struct RemoteToolRule: FindingRule {
    static let id = "remote-tool"

    var about: RuleDescription {
        RuleDescription(
            severity: "high at control devices, else medium", items: ["3-6"], techniques: ["T0822"],
            takes:
                "a plant host talks to the outside through a remote-control tool",
            limits: "tools that look like ordinary HTTPS and are not in the catalogue")
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var byTool: [String: [RemoteSession]] = [:]
        for session in situation.remote.outbound {
            guard let host = session.clientAsset else { continue }
            byTool["\(session.service)-\(host)", default: []].append(session)
        }
        let findings = byTool.sorted { $0.key < $1.key }.compactMap { key, sessions -> Finding? in
            let first = sessions[0]
            guard let host = first.clientAsset, let asset = situation.asset(host)
            else { return nil }
            let tool = Wording.service(first.service)
            let exhibit = exhibits.add(
                "\(id)-\(key)", title: Phrase(ja: "\(tool)の通信", en: "\(tool) traffic"),
                frames: sessions.map(\.seen.first), filter: DisplayFilter.any(sessions.map(DisplayFilter.session)))
            return Finding(
                id: "\(id)-\(key)", rule: id, severity: asset.isOT ? .high : .medium,
                title: Phrase(
                    ja: "遠隔操作ツール \(tool) が外部と通信",
                    en: "Remote-control tool \(tool) talks to the outside"),
                text: Phrase(
                    ja:
                        "\(asset.name.visible) が \(tool) で外部と\(sessions.count)回通信しています。誰がいつ使うのか、許可されているかを確認してください。",
                    en: "\(asset.name.visible) talked to the outside through \(tool) \(Wording.times(sessions.count)). "
                        + "Find out who uses it, when, and whether it is allowed."),
                items: ["3-6"], techniques: ["T0822"], assets: [host], exhibits: [exhibit])
        }
        return .of(findings)
    }
}
