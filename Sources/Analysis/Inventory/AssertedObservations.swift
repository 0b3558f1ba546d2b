import Model

/// What the catalogue asserts of the observed values, looked up once for all who ask.
struct AssertedObservations {
    struct Entry {
        /// Place among the capture's observations.
        var observation: Int
        /// One at least.
        var assertions: [Knowledge.Assertion]
    }

    /// By capture, in the order of its observations; most have none and are left out.
    let byCapture: [[Entry]]

    init(_ results: [CaptureResult], _ knowledge: Knowledge) {
        byCapture = results.map { result in
            var entries: [Entry] = []
            let observations = result.observations.span
            for index in observations.indices {
                let assertions = knowledge.assertions(observations[index].attribute, observations[index].value.raw)
                if !assertions.isEmpty { entries.append(Entry(observation: index, assertions: assertions)) }
            }
            return entries
        }
    }

    /// The values asserted of one attribute, each with the observation that they follow from.
    func each(
        _ attribute: Attribute, _ results: [CaptureResult],
        _ body: (_ value: String, _ observation: Observation, _ sighting: Sighting) -> Void
    ) {
        for (result, entries) in zip(results, byCapture) {
            for entry in entries {
                for assertion in entry.assertions where assertion.attribute == attribute {
                    body(assertion.value, result.observations[entry.observation], result.sightings[entry.observation])
                }
            }
        }
    }
}
