import Assessment
import Model
import Wording

/// The report as one JSON document, `otscan-report/1`: everything that the HTML states, and the full length of every list
/// that it cuts. Times are RFC 3339 in UTC, an absent key means that there is no value, and texts are in the report's
/// language. Names and forms of values are those of the other JSON documents.
extension Report {
    package static let format = "otscan-report/1"

    package func json() throws -> String { try document.json() }

    private var document: DocumentValue {
        [
            "format": .text(Report.format),
            "language": .text(language.rawValue),
            "is_masked": .flag(masker.isActive),
            "generated_at": .text(options.generatedAt.rfc3339),
            "tool_version": .text(options.toolVersion),
            "facts": .object(
                Dictionary(
                    uniqueKeysWithValues: facts.filter { $0.key != .logo }.map {
                        ($0.key.rawValue, .text(say($0.value)))
                    })),
            "checklist": ["id": .text(checklist.id), "title": .text(say(checklist.title))],
            "policy": ["id": .text(policy.id), "rule": .init(policy.rule(in: language, checklist: checklist))],
            "scores": [
                "declared": tally(card.declared), "adjusted": tally(card.adjusted),
                "earlier": earlierCard.map { tally($0.declared) } ?? .null,
            ],
            "items": .list(checklist.items.compactMap(item)),
            "unknown_items": .init(card.unknownItems.map(\.description)),
            "captures": .list(captures.map(capture)),
            "coverage": coverage.map(coverage) ?? .null,
            "assets": .list(assets.map(asset)),
            "segments": .list(segments.map(segment)),
            "conduits": .list(conduits.map(conduit)),
            "outside": outsideDocument,
            "verdicts": .list(
                verdicts.map { verdict in
                    [
                        "rule": .text(verdict.rule), "outcome": .text(verdict.outcome.rawValue),
                        "findings": .init(verdict.findings), "why": verdict.why.map { .text(say($0)) } ?? .null,
                    ]
                }),
            "segmentation": planDocument,
            "health": healthDocument,
            "remote_sessions": .list(sessions.map(session)),
            "ledger": ledgerDocument,
            "risks": .list(risks.map(risk)),
            "findings": .list(findings.map(finding)),
            "roadmap": roadmapDocument,
            "exhibits": .list(exhibits.map(exhibit)),
        ]
    }

    // MARK: What would change, and how the network bears its load

    private var planDocument: DocumentValue {
        guard let plan, !plan.zones.isEmpty else { return .null }
        func addresses(_ list: [IPAddress]) -> DocumentValue { .init(list.map { masker.show($0) }) }
        return [
            "zones": .list(
                plan.zones.map { zone in
                    [
                        "id": .text(zone.id), "title": .text(say(zone.title)), "level": .text(zone.level.rawValue),
                        "members": .init(
                            zone.members.map { id in masker.isActive ? "A-\(places.assets[id] ?? 0)" : id }),
                    ]
                }),
            "conduits": .list(
                plan.conduits.map { conduit in
                    [
                        "from": .text(conduit.from), "to": .text(conduit.to), "service": .text(conduit.service),
                        "transport": .text(conduit.transport.word), "port": .init(Int(conduit.port)),
                        "clients": addresses(conduit.clients), "servers": addresses(conduit.servers),
                        "conversations": .init(conduit.conversations),
                    ]
                }),
            "reach": [
                "mean_now": .text(Figures.tenths(SegmentationPlan.Reach.mean(plan.reach.now))),
                "mean_planned": .text(Figures.tenths(SegmentationPlan.Reach.mean(plan.reach.planned))),
            ],
            "replay": [
                "within": .init(plan.replay.within), "kept": .init(plan.replay.kept), "cut": .init(plan.replay.cut),
            ],
        ]
    }

    private var healthDocument: DocumentValue {
        guard let health else { return .null }
        return [
            "group_per_mille": .init(health.groupPerMille),
            "duplicate_addresses": .init(health.duplicateAddresses.map { say($0) }),
            "mean_bits_per_second": health.meanBitsPerSecond.map { .text(Figures.tenths(min(max($0, 0), 1e15))) }
                ?? .null,
        ]
    }

    // MARK: Scores

    private func score(_ value: Fraction?) -> DocumentValue { value.map { .text(policy.text(of: $0)) } ?? .null }

    private func span(_ range: ClosedRange<Fraction>?) -> DocumentValue {
        range.map { ["low": score($0.lowerBound), "high": score($0.upperBound)] } ?? .null
    }

    private func kind(_ state: GradeState) -> DocumentValue {
        switch state {
        case .final: "final"
        case .provisional: "provisional"
        case .tooFewDecided, .mostlyNotApplicable, .categoriesNotGradable: "not_gradable"
        }
    }

    private func tally(_ tally: Tally) -> DocumentValue {
        let total = tally.total
        return [
            "total": [
                "score": score(total.score), "grade": .init(total.grade?.rawValue), "state": kind(total.state),
                "state_text": .text(state(total.state)), "range": span(total.range),
                "proposed_range": span(total.proposedRange), "items": .init(total.itemCount),
                "decided": .init(total.decided), "not_applicable": .init(total.notApplicable),
            ],
            "categories": .list(
                tally.categories.map { category in
                    [
                        "id": .text(category.category),
                        "name": .init(checklist.categories.first { $0.id == category.category }.map { say($0.name) }),
                        "score": score(category.score), "grade": .init(category.grade?.rawValue),
                        "state": kind(category.state), "state_text": .text(state(category.state)),
                        "range": span(category.range), "proposed_range": span(category.proposedRange),
                        "items": .init(category.itemCount), "decided": .init(category.decided),
                        "not_applicable": .init(category.notApplicable),
                    ]
                }),
        ]
    }

    private func item(_ item: Checklist.Item) -> DocumentValue? {
        guard let score = card[item.id] else { return nil }
        let decisions: [Decision] =
            switch score.standing {
            case .undecided: []
            case .settled(let decision): [decision]
            case .conflict(let decisions): decisions
            }
        return [
            "id": .text(item.id.description), "category": .text(score.category), "title": .text(say(item.title)),
            "question": .text(say(item.question)), "declared": .text(score.declared.description),
            "adjusted": .text(score.adjusted.description), "origin": .init(score.origin?.rawValue),
            "marks": .init(score.marks.sorted().map(\.rawValue)),
            "proposal": score.proposal.map(proposal) ?? .null, "decisions": .list(decisions.map(decision)),
            "risks": .init(checklist.risks(of: item.id).map { say($0.text) }),
            "countermeasures": .init(item.countermeasures.map(say)), "questions": .init(item.questions.map(say)),
            "mappings": [
                "iec62443-2-1": .init(item.mappings.iec62443part2_1),
                "iec62443-3-3": .init(item.mappings.iec62443part3_3), "nist-csf-2.0": .init(item.mappings.nistCSF2),
                "attack-ics": .init(item.mappings.attackICS),
            ],
        ]
    }

    private func proposal(_ proposal: Proposal) -> DocumentValue {
        [
            "low": .init(proposal.levels.lowerBound.rawValue), "high": .init(proposal.levels.upperBound.rawValue),
            "verdict": .text(proposal.verdict.rawValue), "confidence": .text(proposal.confidence.rawValue),
            "is_provisional": .flag(proposal.isProvisional), "reason": .text(say(proposal.reason)),
            "would_change": .text(say(proposal.wouldChange)), "cannot_tell": .text(say(proposal.cannotTell)),
            "questions": .init(proposal.questions.map(say)), "exhibits": .init(proposal.exhibits.map(exhibitID)),
        ]
    }

    private func decision(_ decision: Decision) -> DocumentValue {
        [
            "answer": .text(decision.answer.description), "reason": .text(say(decision.reason)),
            "status": .text(say(decision.status)), "measure": .text(say(decision.measure)),
            "evidence": .init(decision.evidence.map(say)), "document": .text(say(decision.document)),
            "review_date": .init(decision.reviewDate?.description),
            "reviewer": .text(decision.reviewer.isEmpty ? "" : masker.pseudonym(.user, decision.reviewer)),
            "time": decision.time > 0 ? .text(Timestamp(nanoseconds: decision.time).rfc3339) : .null,
            "id": .text(decision.id),
        ]
    }

    // MARK: The network

    private func capture(_ capture: (id: UInt32, record: CaptureRecord)) -> DocumentValue {
        let record = capture.record
        return [
            "id": .text("C-\(places.captures[capture.id] ?? 0)"), "name": .text(say(record.name)),
            "sha256": .text(record.sha256), "format": .text(record.format), "frames": .init(record.frames),
            "bytes": .init(record.bytes), "first": .text(record.first.rfc3339),
            "last": .text(record.last.rfc3339), "reported_drops": record.reportedDrops.map { .init($0) } ?? .null,
            "damage": .init(record.damage.map { say($0) }), "malformed_messages": .init(record.malformedMessages),
            "accounting": .object(record.accounting.mapValues { .init($0) }),
            "limits_reached": .object(record.limitsReached.mapValues { .init($0) }),
        ]
    }

    private func coverage(_ coverage: Coverage) -> DocumentValue {
        [
            "first": .text(coverage.first.rfc3339), "last": .text(coverage.last.rfc3339),
            "seconds": .number(coverage.seconds), "frames": .init(coverage.frames),
            "is_two_way": .flag(coverage.isTwoWay), "is_mirror": .flag(coverage.isMirror),
            "has_vlan_tags": .flag(coverage.hasVLANTags), "is_full_shift": .flag(coverage.isFullShift),
            "reported_drops": coverage.reportedDrops.map { .init($0) } ?? .null,
            "estimate": coverage.estimate.map(estimate) ?? .null,
        ]
    }

    /// Null while too little was watched.
    private func estimate(_ estimate: AssetEstimate) -> DocumentValue {
        guard estimate.isEnough else { return .null }
        return [
            "slot_seconds": .init(estimate.slotSeconds), "slots": .init(estimate.slots), "seen": .init(estimate.seen),
            "seen_once": .init(estimate.once), "seen_twice": .init(estimate.twice),
            "unseen": .number(estimate.unseen), "added_by_another_day": .number(estimate.added(by: 86_400)),
        ]
    }

    private func asset(_ asset: Asset) -> DocumentValue {
        [
            "id": .text(assetID(asset.id)), "name": .text(name(asset)),
            "hostname": .init(asset.hostname.map { masker.pseudonym(.host, $0.visible.trimmed) }),
            "addresses": .init(asset.addresses.map { masker.show($0) }),
            "macs": .init(asset.macs.map { masker.show($0) }),
            "vlans": .list(
                Set(asset.interfaces.flatMap(\.vlans)).subtracting([0]).sorted().map { .init(Int($0)) }),
            "role": .text(asset.role.rawValue), "roles": .init(asset.roles.map(\.role.rawValue)),
            "vendor": .text(show(asset.vendor)), "model": .text(show(asset.model)),
            "firmware": .text(show(asset.firmware)), "os": .text(show(asset.os)),
            "serial": .text(masker.isActive ? "" : asset.serial?.visible ?? ""), "services": .init(asset.services),
            "uses": .init(asset.uses), "is_ot": .flag(asset.isOT), "is_it": .flag(asset.isIT),
            "is_behind_router": .flag(asset.isBehindRouter), "first": frame(asset.seen.first),
            "last": frame(asset.seen.last), "bytes_sent": .init(asset.sent.bytes),
            "bytes_received": .init(asset.received.bytes),
        ]
    }

    private func segment(_ segment: Segment) -> DocumentValue {
        [
            "id": .text("S-\(places.segments[segment.id] ?? 0)"), "vlan": .init(Int(segment.vlan)),
            "prefix": .init(segment.prefix.map { masker.show($0) }),
            "prefix_is_declared": .flag(segment.prefixIsDeclared),
            "members": .init(segment.members.map(assetID)), "gateways": .init(segment.gateways.map(assetID)),
            "ot_count": .init(segment.otCount), "it_count": .init(segment.itCount),
        ]
    }

    private func conduit(_ conduit: Conduit) -> DocumentValue {
        func end(_ id: String) -> DocumentValue {
            .text(id == "outside" ? id : "S-\(places.segments[id] ?? 0)")
        }
        return [
            "from": end(conduit.from), "to": end(conduit.to), "services": .init(conduit.services),
            "conversations": .init(conduit.conversations), "bytes": .init(conduit.bytes),
            "via": .init(conduit.via.map(assetID)),
        ]
    }

    private var outsideDocument: DocumentValue {
        [
            "conversations": .init(outside.conversations), "bytes": .init(outside.bytes),
            "https_conversations": .init(outside.encryptedWebConversations),
            "https_bytes": .init(outside.encryptedWebBytes),
            "cleartext_conversations": .init(outside.cleartextConversations),
            "cleartext_bytes": .init(outside.cleartextBytes), "enough": .flag(outside.isEnough),
            "https_per_mille": outside.isEnough ? .init(outside.encryptedWebPerMille) : .null,
            "exceeds_seventy_percent": outside.isEnough ? .flag(outside.exceedsSeventyPercent) : .null,
        ]
    }

    private func session(_ session: RemoteSession) -> DocumentValue {
        func end(_ end: Endpoint, _ port: UInt16, _ asset: String?) -> DocumentValue {
            ["address": .text(endText(end)), "port": .init(Int(port)), "asset": .init(asset.map(assetID))]
        }
        return [
            "id": .text(sessionLabel(session)), "service": .text(session.service),
            "origin": .text(session.origin.rawValue),
            "client": end(session.client, session.clientPort, session.clientAsset),
            "server": end(session.server, session.serverPort, session.serverAsset),
            "user": .init(session.user.map { masker.pseudonym(.user, $0.visible) }),
            "is_tunnel": .flag(session.isTunnel),
            "reaches_ot": .flag(session.reachesOT), "is_established": .flag(session.isEstablished),
            "first": frame(session.seen.first), "last": frame(session.seen.last),
            "bytes": .init(session.fromClient.bytes &+ session.fromServer.bytes),
            "conversations": .init(session.conversations),
        ]
    }

    private var ledgerDocument: DocumentValue {
        guard let ledger else { return .null }
        guard let match = ledgerMatch else { return ["entries": .init(ledger.count)] }
        return [
            "entries": .init(ledger.count), "matched": .init(match.seenLines),
            "unlisted": .init(match.unlisted.map(assetID)), "not_seen_lines": .list(match.notSeen.map { .init($0) }),
            "changed": .list(
                match.pairs.filter { !$0.changes.isEmpty }.map {
                    ["line": .init($0.line), "asset": .text(assetID($0.asset)), "differs_in": .init($0.changes)]
                }),
        ]
    }

    // MARK: Risks and proof

    private func risk(_ risk: RankedRisk) -> DocumentValue {
        var findings: [String] = []
        if case .traffic(let shown) = risk.basis { findings = shown.map { findingID($0.id) } }
        return [
            "title": .text(title(of: risk)), "impact": .init(risk.impact.rawValue),
            "likelihood": .init(risk.likelihood.rawValue), "items": .init(risk.items.map(\.description)),
            "findings": .init(findings),
        ]
    }

    private func finding(_ finding: Finding) -> DocumentValue {
        [
            "id": .text(findingID(finding.id)), "rule": .text(finding.rule),
            "severity": .text(finding.severity.rawValue),
            "title": .text(say(finding.title)), "text": .text(say(finding.text)), "items": .init(finding.items),
            "techniques": .init(finding.techniques), "assets": .init(finding.assets.map(assetID)),
            "exhibits": .init(finding.exhibits.map(exhibitID)),
        ]
    }

    private var roadmapDocument: DocumentValue {
        func text(_ span: Roadmap.Span) -> DocumentValue {
            switch span {
            case .short: "short"
            case .middle: "medium"
            case .long: "long"
            }
        }
        return [
            "open_items": .init(roadmap.open.map(\.description)),
            "lifts": .list(
                roadmap.lifts.map { lift in
                    [
                        "category": .text(lift.category), "items": .init(lift.items.map(\.description)),
                        "from": .text(lift.from.rawValue), "to": .text(lift.to.rawValue),
                        "score": .text(policy.text(of: lift.score)),
                    ]
                }),
            "steps": .list(
                roadmap.steps.map { step in
                    [
                        "item": .text(step.item.description), "from": .init(step.from.rawValue),
                        "to": .init(Roadmap.target.rawValue), "span": text(step.span),
                        "effort": .init(step.effort.rawValue - 1), "is_urgent": .flag(step.isUrgent),
                        "measure": .init(measure(for: step.item)),
                    ]
                }),
            "projections": .list(
                roadmap.projections.map { ["span": text($0.span), "declared": tally($0.card.declared)] }),
        ]
    }

    private func exhibit(_ exhibit: Exhibit) -> DocumentValue {
        let kept = Dictionary(
            (keptFrames[exhibit.id] ?? []).map { ($0.frame, $0) }, uniquingKeysWith: { first, _ in first })
        return [
            "id": .text(exhibitID(exhibit.id)), "title": .text(say(exhibit.title)),
            "display_filter": .text(masker.text(exhibit.displayFilter)),
            "frames": .list(
                exhibit.frames.map { frame in
                    guard case .object(var values) = self.frame(frame) else { return .null }
                    if let kept = kept[frame] {
                        values["original_length"] = .integer(Int64(kept.originalLength))
                        values["sha256_original"] = .text(kept.sha256Original)
                        values["sha256_kept"] = .text(kept.sha256Kept)
                        values["is_redacted"] = .flag(kept.isRedacted)
                    }
                    return .object(values)
                }),
        ]
    }

    private func frame(_ frame: FrameRef) -> DocumentValue {
        let index = (places.captures[frame.capture] ?? 0) - 1
        let capture = captures.indices.contains(index) ? captures[index].record : nil
        return [
            "capture": .init(capture.map { say($0.name) }), "capture_sha256": .init(capture?.sha256),
            "frame": .init(frame.number), "time": .text(frame.time.rfc3339),
        ]
    }

    // Ids of the store may hold addresses: a masked report numbers things instead, as the HTML does.
    private func assetID(_ id: String) -> String {
        masker.isActive ? "A-\(places.assets[id] ?? 0)" : id
    }
    private func findingID(_ id: String) -> String { Report.findingLabel(places.findings[id] ?? 0) }
    private func exhibitID(_ id: String) -> String {
        let number = places.exhibits[id] ?? 0
        return "E-\(number < 10 ? "0" : "")\(number)"
    }
}
