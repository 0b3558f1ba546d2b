import Model

/// One judgement: a small value that reads the situation and answers. One file each, and one line in `FindingRules.all`.
protocol FindingRule: Sendable {
    /// `flat-network` and the like: the first part of its findings' ids.
    static var id: String { get }
    var about: RuleDescription { get }
    func judge(_ situation: Situation, _ exhibits: inout ExhibitBook) -> Judgement
}

extension FindingRule {
    var id: String { Self.id }
}

/// What a rule answers.
enum Judgement {
    /// It looked, and found nothing to say.
    case meets
    /// Its findings say why.
    case fails([Finding])
    /// What it would need was not there.
    case cannotTell(Phrase)

    /// Fails by these findings, meets without any.
    static func of(_ findings: [Finding]) -> Judgement { findings.isEmpty ? .meets : .fails(findings) }
}

/// What a rule looks for, for the page that lists all rules.
package struct RuleDescription: Sendable {
    /// How grave its findings are, and when.
    package var severity: String
    /// Checklist items that its findings bear on.
    package var items: [String]
    /// MITRE ATT&CK for ICS technique ids.
    package var techniques: [String]
    /// What it takes for a finding.
    package var takes: String
    /// What it does not see, and what it may take for something else.
    package var limits: String
}

/// All rules, in the order of their findings' importance.
enum FindingRules {
    static let all: [any FindingRule] = [
        FlatNetworkRule(),
        OutsideIntoPlantRule(),
        RemoteToolRule(),
        RemoteWindowRule(),
        RemoteUserRule(),
        RemotePermissionRule(),
        RemoteTargetsRule(),
        WeakRemoteRule(),
        ZoneCrossingRule(),
        UnexplainedOutsideRule(),
        WeakWirelessRule(),
        WirelessImpostorRule(),
        TetheringRule(),
        HomeAccessPointRule(),
        BridgedAccessPointRule(),
        WirelessClientRule(),
        RogueDHCPRule(),
        UnlistedDeviceRule(),
        LedgerDifferenceRule(),
        CleartextOutsideRule(),
        CleartextCredentialRule(),
        ExploitRule(),
        ControlCommandRule(),
        NetworkScanRule(),
        PasswordGuessingRule(),
        LateralMovementRule(),
        DNSTunnelRule(),
        ICMPTunnelRule(),
        WebAttackRule(),
        AddressConflictRule(),
        TransientDeviceRule(),
        BroadcastLoadRule(),
        LoopRule(),
        RetransmissionRule(),
        CycleRule(),
        LinkLoadRule(),
        BoundaryRefusalRule(),
        OldProtocolRule(),
        WeakCipherRule(),
        CertificateRule(),
        ControlHostOnlineRule(),
        ExposedServiceRule(),
        ProtectionSoftwareRule(),
        LogCollectionRule(),
    ]

    static func evaluate(
        _ situation: Situation, _ exhibits: inout ExhibitBook
    ) -> (findings: [Finding], verdicts: [RuleVerdict]) {
        var findings: [Finding] = []
        var verdicts: [RuleVerdict] = []
        for rule in all {
            let id = type(of: rule).id
            switch rule.judge(situation, &exhibits) {
            case .meets: verdicts.append(RuleVerdict(rule: id, outcome: .meets))
            case .fails(let found):
                findings += found
                verdicts.append(RuleVerdict(rule: id, outcome: .fails, findings: found.count))
            case .cannotTell(let why): verdicts.append(RuleVerdict(rule: id, outcome: .cannotTell, why: why))
            }
        }
        return (findings, verdicts)
    }
}
