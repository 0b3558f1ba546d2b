import Model
import Testing

@testable import Evidence

/// Rows go into the tables several to a statement; how many there are must not matter.
@Suite struct RowWriterTests {
    @Test(arguments: [0, 1, 31, 32, 33, 64, 95, 129])
    func everyRowIsReadBack(count: Int) throws {
        let store = try Store()
        let result = RandomResults.result(count, capture: 1, conversations: count, observations: count)
        #expect(result.conversations.count == count)
        try store.add(result)
        let fresh = try #require(try store.results().first)
        let read = try #require(try store.results().first)
        #expect(read.conversations.count == count)
        #expect(read.observations.count == result.observations.count)
        #expect(read.observations == fresh.observations && read.sightings == fresh.sightings)
        for (written, back) in zip(result.conversations, read.conversations) {
            #expect(written.key == back.key && written.client == back.client && written.server == back.server)
            #expect(written.service == back.service && written.messages == back.messages)
            #expect(written.first == back.first && written.last == back.last)
            #expect(written.fromClient == back.fromClient && written.fromServer == back.fromServer)
        }
    }

    /// A fact that is there already, wherever in a statement it comes, belongs to both captures.
    @Test func factsOfAnotherCaptureAreShared() throws {
        let store = try Store()
        let first = RandomResults.result(1, capture: 1, observations: 70)
        var second = RandomResults.result(2, capture: 2, observations: 70)
        second.observations.append(contentsOf: first.observations)
        second.sightings.append(contentsOf: first.sightings)
        try store.add(first)
        try store.add(second)
        _ = try store.results()
        let read = try store.results()
        #expect(read.map { Set($0.observations) } == [Set(first.observations), Set(second.observations)])
        #expect(read.map(\.sightings.count) == [first.observations.count, Set(second.observations).count])
    }
}
