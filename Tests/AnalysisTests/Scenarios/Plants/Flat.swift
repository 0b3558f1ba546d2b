extension Scenario {
    /// Everything in one subnet: the office reads the line's web pages and shares with no router between.
    static let flat = Scenario(
        "flat", "Office and line in one subnet; office PCs open controllers' pages directly.",
        truth: Truth(
            division: .flat, findings: ["flat-network": ["office-pc-1", "office-pc-2", "plc-1", "plc-2"]],
            levels: ["3-5": 1...1])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        for (pc, plc) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            network.arp(office.pcs[pc], line.controllers[plc])
            network.tcp(office.pcs[pc], line.controllers[plc], 80, .http)
        }
    }

    /// The same wire, but what was mirrored holds too few frames to be sure.
    static let flatButTooLittle = Scenario(
        "flat-too-little", "One subnet, but only a probe of a few frames between office and line was seen.",
        truth: Truth(division: .undetermined, levels: ["3-5": 1...2])
    ) { network in
        let line = PlantKit.line(&network)
        let office = PlantKit.office(&network)
        PlantKit.work(&network, line, office)
        network.tcp(office.pcs[0], line.controllers[0], 80, .http, times: 1)
    }
}
