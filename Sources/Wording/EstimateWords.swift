package import Assessment
package import Model

/// How many devices are likely still unseen, in words.
package enum EstimateWords {
    /// `about 3.4 (41 seen, 92 %); one more day would likely add about 1.2`
    package static func line(_ estimate: AssetEstimate, in language: Language) -> String {
        guard estimate.isEnough else {
            return language == .japanese
                ? "まだ推定できない(観測が短い)" : "too early to tell: watched for too short a time"
        }
        let share = Int((estimate.completeness * 100).rounded(.down))
        let unseen = Figures.tenths(estimate.unseen)
        let added = Figures.tenths(estimate.added(by: 86_400))
        return language == .japanese
            ? "約\(unseen)台(観測済み\(estimate.seen)台、\(share) %)。あと1日観測すると約\(added)台増える見込み"
            : "about \(unseen) (\(estimate.seen) seen, \(share) %); one more day would likely add about \(added)"
    }
}
