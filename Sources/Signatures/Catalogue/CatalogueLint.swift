package import Documents
import Model

/// Checks a catalogue beyond what reading it checks: that every signature does on its samples what it says.
package enum CatalogueLint {
    /// What running the samples gave.
    package struct Report: Sendable {
        package let signatures: Int
        package let samples: Int
        /// What is wrong, with file and line; none when all is well.
        package let problems: [FileError]
    }

    /// Runs every sample of every signature.
    package static func test(_ catalogue: Catalogue) -> Report {
        var problems: [FileError] = []
        var samples = 0
        for signature in catalogue.signatures {
            for sample in signature.matching {
                samples += 1
                guard let assertions = signature.assertions(on: sample.value) else {
                    problems.append(problem(signature, "expected \(FileError.quoted(sample.value)) to match"))
                    continue
                }
                for (attribute, expected) in sample.gives.sorted(by: { $0.key < $1.key }) {
                    let given = assertions.filter { $0.attribute == attribute }.map(\.value)
                    if !given.contains(expected) {
                        problems.append(
                            problem(
                                signature,
                                "expected \(attribute.rawValue) \(FileError.quoted(expected)) of \(FileError.quoted(sample.value)), found "
                                    + (given.first.map(FileError.quoted) ?? "none")))
                    }
                }
            }
            for sample in signature.notMatching {
                samples += 1
                if signature.matcher.match(sample.value) != nil {
                    problems.append(problem(signature, "expected \(FileError.quoted(sample.value)) not to match"))
                }
            }
        }
        return Report(signatures: catalogue.signatures.count, samples: samples, problems: problems)
    }

    /// Reads each file by itself, so that one bad file does not hide the troubles of the others, then runs the samples
    /// of all that could be read. A signature that takes the place of one in `former` and matches or asserts something else
    /// must have a higher revision.
    package static func lint(_ files: [FileText], over former: Catalogue? = nil) -> Report {
        var problems: [FileError] = []
        var signatures: [Signature] = []
        var ids: [String: Signature] = [:]
        for file in files {
            do throws(FileError) {
                for signature in try SignatureFile.read(file) {
                    if let first = ids[signature.id] {
                        problems.append(
                            problem(
                                signature,
                                "expected each id once, found it again (first in \(first.file):\(first.line))"))
                    } else {
                        ids[signature.id] = signature
                        signatures.append(signature)
                    }
                }
            } catch {
                problems.append(error)
            }
        }
        for before in former?.signatures ?? [] {
            guard let now = ids[before.id], now.revision <= before.revision, now.meaning != before.meaning else {
                continue
            }
            problems.append(
                problem(
                    now,
                    "expected rev \(before.revision + 1) or higher, as it says something else than rev \(before.revision)"
                ))
        }
        let report = test(Catalogue(signatures: signatures))
        return Report(
            signatures: report.signatures, samples: report.samples, problems: problems + report.problems)
    }

    private static func problem(_ signature: Signature, _ text: String) -> FileError {
        FileError(file: signature.file, line: signature.line, problem: "\(signature.id): \(text)")
    }
}
