import Model

/// Checklist 3-7: commands that stop, restart, reprogram or write to controllers, and who sends them.
struct ControlCommandRule: FindingRule {
    static let id = "control-command"

    var about: RuleDescription {
        RuleDescription(
            severity: "high from outside, medium from an unusual host inside, else info", items: ["3-7"],
            techniques: ["T0858", "T0843", "T0857", "T0855"],
            takes:
                "a host stops, starts or resets a controller, or loads a program or firmware into it; writing alone only from an unusual host. Unusual is an address outside, an office host, and one that came for a short while",
            limits: "what is usual follows from the traffic itself; a wrong command from the right station looks right")
    }

    /// Techniques of ATT&CK for ICS by what a message does.
    private static func technique(_ effect: MessageEffect) -> String? {
        switch effect {
        case .control: "T0858"
        case .download: "T0843"
        case .firmware: "T0857"
        case .write: "T0855"
        default: nil
        }
    }

    private struct Command {
        var who: Party
        var targets: [Party] = []
        var tallies: [MessageTally] = []
        var conversations: [Conversation] = []
        var reason: Phrase?
        var isOutside = false
    }

    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement {
        var commands: [String: Command] = [:]
        situation.eachConversation(.industrial) { conversation in
            guard conversation.client.ip?.isUnicast == true else {
                return
            }
            let telling = conversation.messages.filter { $0.fromClient && Self.technique($0.effect) != nil }
            guard !telling.isEmpty else { return }
            let who = Party(conversation.client, situation)
            let (reason, isOutside) = Self.unusual(conversation, situation)
            // Writing is a panel's and supervision's daily work.
            let kept = reason == nil ? telling.filter { $0.effect != .write } : telling
            guard !kept.isEmpty else { return }
            var command = commands[who.key] ?? Command(who: who)
            command.reason = command.reason ?? reason
            command.isOutside = command.isOutside || isOutside
            if conversation.server.ip?.isUnicast == true {
                command.targets.append(Party(conversation.server, situation))
            }
            command.tallies += kept
            if command.conversations.count < 20 { command.conversations.append(conversation) }
            commands[who.key] = command
        }
        return .of(commands.sorted { $0.key < $1.key }.map { finding($0.key, $0.value, &exhibits) })
    }

    /// Why the sender is not who one would expect.
    private static func unusual(_ conversation: Conversation, _ situation: Situation) -> (Phrase?, isOutside: Bool) {
        if let ip = conversation.client.ip, situation.knowledge.isOutside(ip),
            conversation.server.ip.map({ !situation.knowledge.isOutside($0) }) ?? false
        {
            return (Phrase(ja: "外部のアドレスです", en: "it is an address outside"), true)
        }
        guard let index = situation.inventory.asset(of: conversation.client) else { return (nil, false) }
        let asset = situation.assets[index]
        if asset.isIT || Self.isOfficeUser(asset) {
            return (Phrase(ja: "事務系の使い方をしている機器です", en: "it is a host of the office"), false)
        }
        if situation.transients.contains(asset.id) {
            return (Phrase(ja: "短い間だけ接続された機器です", en: "it was connected for a short while only"), false)
        }
        return (nil, false)
    }

    /// True when the conversation carries commands of consequence, or writes, from somebody unusual.
    static func isUnusualCommand(_ conversation: Conversation, _ situation: Situation) -> Bool {
        guard ServiceKind.isIndustrial(conversation.service),
            conversation.messages.contains(where: { $0.fromClient && technique($0.effect) != nil })
        else { return false }
        return unusual(conversation, situation).0 != nil
    }

    /// Uses shares and the web as people at desks do, and nothing but its commands says that it belongs to the line.
    private static func isOfficeUser(_ asset: Asset) -> Bool {
        guard asset.uses.contains("smb"), asset.uses.contains(where: { $0 != "smb" && ServiceKind.isOffice($0) }),
            !asset.services.contains(where: { ServiceKind.isIndustrial($0) })
        else { return false }
        return !asset.roles.contains { claim in
            claim.role.isOT && claim.confidence >= .medium
                && claim.grounds.contains { !$0.contains("programs") && !$0.contains("controllers") }
        }
    }

    private func finding(_ key: String, _ command: Command, _ exhibits: inout ExhibitBook) -> Finding {
        let tallies = command.tallies.sorted { ($0.effect, $0.first) > ($1.effect, $1.first) }
        let exhibit = exhibits.add(
            "\(id)-\(key)", title: Phrase(ja: "\(command.who.name)による操作", en: "Commands by \(command.who.name)"),
            frames: tallies.flatMap { [$0.first, $0.last] },
            filter: DisplayFilter.any(of: command.conversations))
        let names = unique(tallies.map { WireText($0.name).visible }).prefix(4).joined(separator: ", ")
        let targets = command.targets.names(3)
        let isUnusual = command.reason != nil
        let to = (ja: targets.isEmpty ? "制御機器" : targets, en: targets.isEmpty ? "controllers" : targets)
        return Finding(
            id: "\(id)-\(key)", rule: id, severity: command.isOutside ? .high : isUnusual ? .medium : .info,
            title: isUnusual
                ? Phrase(
                    ja: "通常でない機器からの制御操作（\(names)）", en: "Control commands from an unusual host (\(names))")
                : Phrase(ja: "制御機器の操作（\(names)）", en: "Control devices were operated (\(names))"),
            text: Phrase(
                ja: "\(command.who.name) が \(to.ja) に \(names) を送っています。"
                    + (command.reason.map { "\(command.who.name) は\($0.ja)。" } ?? "") + "予定された作業かを確認してください。",
                en: "\(command.who.name) sent \(names) to \(to.en)."
                    + (command.reason.map { " It is no usual sender: \($0.en)." } ?? "")
                    + " Find out whether this was planned."),
            items: ["3-7"], techniques: unique(tallies.compactMap { Self.technique($0.effect) }),
            assets: ([command.who] + command.targets).assets, exhibits: [exhibit])
    }
}
