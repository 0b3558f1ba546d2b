import Model
import Testing

/// Sessions joined from host to host, and what was declared of them.
@Suite struct RemoteWayTests {
    private func sessions(_ scenario: Scenario) -> [String: RemoteSession] {
        let outcome = scenario.run()
        return Dictionary(
            outcome.picture.remoteSessions.map { ($0.service, $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func jumpsAreJoinedToTheTunnelTheyCameBy() throws {
        let sessions = sessions(.vendorInsideWindow)
        let tunnel = try #require(sessions["openvpn"])
        let entry = try #require(sessions["rdp"])
        let jump = try #require(sessions["vnc"])
        #expect(tunnel.way == nil)
        #expect(entry.way == [tunnel.id])
        #expect(jump.way == [tunnel.id, entry.id])
        #expect(Set([tunnel, entry, jump].map(\.permission)) == [.permitted])
    }

    @Test func whatFollowsFromAVisitIsJudgedAsTheVisit() {
        #expect(Set(sessions(.vendorOutsideWindow).values.map(\.permission)) == [.outsideWindow])
        #expect(Set(sessions(.unknownVendor).values.map(\.permission)) == [.unknownVendor])
    }

    @Test func whoWorksInsideNeedsNoPermission() {
        for session in sessions(.administration).values { #expect(session.permission == nil && session.way == nil) }
    }
}
