import Model

/// Checklist 3-6: an address outside the plant has a session at a device inside, with no tunnel between.
enum OutsideIntoPlantRule: FindingRule {
    static let id = "remote-from-outside"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        let picture = situation.remote
        var findings: [Finding] = []
        var byPair: [String: [RemoteSession]] = [:]
        for session in picture.outsideIn {
            guard let peer = session.client.ip, let target = session.serverAsset else { continue }
            byPair["\(session.service)-\(peer)-\(target)", default: []].append(session)
        }
        for (key, sessions) in byPair.sorted(by: { $0.key < $1.key }) {
            let first = sessions[0]
            guard let peer = first.client.ip, let target = first.serverAsset, let asset = situation.asset(target)
            else { continue }
            let exhibit = exhibits.add(
                "\(id)-\(key)",
                title: Phrase(
                    ja: "外部 \(peer) からの\(Wording.service(first.service))接続",
                    en: "\(Wording.service(first.service)) session from \(peer)"),
                frames: sessions.flatMap { [$0.seen.first, $0.seen.last] },
                filter: DisplayFilter.session(first))
            let name = asset.name.visible
            let service = Wording.service(first.service)
            let clear = ServiceKind.isCleartext(first.service)
            let what =
                asset.isOT ? Phrase(ja: "制御系の機器", en: "the control device") : Phrase(ja: "工場内の機器", en: "the plant host")
            findings.append(
                Finding(
                    id: "\(id)-\(key)", rule: id, severity: asset.isOT ? .high : .medium,
                    title: Phrase(
                        ja: "外部から\(what.ja)へ直接のリモート接続（\(service)）",
                        en: "Remote session from outside straight to \(what.en) (\(service))"),
                    text: Phrase(
                        ja:
                            "外部のアドレス \(peer) が、VPNや踏み台を通らずに \(name) へ\(service)で接続し、応答を得ています（\(sessions.count)回）。\(clear ? "内容は暗号化されていません。" : "")",
                        en:
                            "The outside address \(peer) connects to \(name) by \(service), passing neither a VPN nor a jump host, "
                            + "and got answers (\(Wording.times(sessions.count))).\(clear ? " Nothing of it is encrypted." : "")"
                    ),
                    items: ["3-6"], techniques: asset.isOT ? ["T0822", "T0883"] : ["T0822"], assets: [target],
                    exhibits: [exhibit]))
        }
        return findings
    }
}

/// Checklist 3-6: a host of the plant runs a remote-control tool through a provider outside.
enum RemoteToolRule: FindingRule {
    static let id = "remote-tool"

    static func evaluate(_ situation: Situation, _ exhibits: inout ExhibitBook) -> [Finding] {
        var byTool: [String: [RemoteSession]] = [:]
        for session in situation.remote.outbound {
            guard let host = session.clientAsset else { continue }
            byTool["\(session.service)-\(host)", default: []].append(session)
        }
        return byTool.sorted { $0.key < $1.key }.compactMap { key, sessions in
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
    }
}
