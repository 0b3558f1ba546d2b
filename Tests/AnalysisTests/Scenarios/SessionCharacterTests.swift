import Analysis
import Model
import Testing

/// People apart from programs, by the rhythm of their sessions.
@Suite struct SessionCharacterTests {
    private func characters(_ build: (inout MadeNetwork, PlantKit.Line) -> Void) -> [RemoteSession.Character?] {
        let scenario = Scenario("rhythm", "", truth: Scenario.Truth()) { _ in }
        var network = MadeNetwork()
        let line = PlantKit.line(&network)
        build(&network, line)
        return scenario.run(network).picture.remoteSessions.map(\.character)
    }

    @Test func aPersonAtADesktopIsInteractive() {
        let found = characters { network, line in
            network.tcp(line.engineering, line.panel, 5900, .vnc, times: 40, pace: 0.7)
        }
        #expect(found == [.interactive])
    }

    @Test func evenGapsAreATimers() {
        let found = characters { network, line in
            for _ in 0..<8 {
                network.tcp(line.supervision, line.engineering, 22, .ssh, times: 2)
                network.wait(seconds: 300)
            }
        }
        #expect(found == [.periodic])
    }

    @Test func aLineKeptOpenIsAProgram() {
        let found = characters { network, line in
            network.tcp(line.supervision, line.engineering, 22, .ssh, times: 30, pace: 60)
        }
        #expect(found == [.periodic])
    }

    @Test func aBriefTryTellsNothing() {
        let found = characters { network, line in
            network.tcp(line.engineering, line.panel, 5900, .vnc, times: 1)
        }
        #expect(found == [nil])
    }
}
