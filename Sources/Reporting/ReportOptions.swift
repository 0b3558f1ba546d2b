package import Assessment
package import Foundation
package import Model

/// How a report is to be written.
package struct ReportOptions: Sendable {
    package var language: Language
    /// True hides addresses, network names, host names and people behind pseudonyms.
    package var isMasked: Bool
    /// When the report was made; printed on its cover.
    package var generatedAt: Timestamp
    /// Version of otscan; empty when not to be printed.
    package var toolVersion: String
    /// In which all times are printed.
    package var timeZone: TimeZone

    /// Where links to items, assets and exhibits lead.
    package var links: Links
    /// The signed-off edition to write; nil for what stands now.
    package var edition: Int?

    package enum Links: Sendable {
        /// To places within the document.
        case anchors
        /// To pages of the review.
        case pages
    }

    package init(
        language: Language = .japanese, isMasked: Bool = false, generatedAt: Timestamp = ReportOptions.now,
        toolVersion: String = "", timeZone: TimeZone = .current, links: Links = .anchors, edition: Int? = nil
    ) {
        self.links = links
        self.edition = edition
        self.language = language
        self.isMasked = isMasked
        self.generatedAt = generatedAt
        self.toolVersion = toolVersion
        self.timeZone = timeZone
    }

    package static var now: Timestamp {
        Timestamp(nanoseconds: Int64(Date().timeIntervalSince1970 * 1e3) * 1_000_000)
    }
}

/// Facts of a store (`Store.fact`) that a report prints. All are optional; what is missing is left to be filled in by hand.
package enum ReportFact: String, CaseIterable, Sendable {
    /// Name of the plant.
    case plant
    /// Whom the report is for.
    case addressee
    /// Who wrote it.
    case author
    /// Edition, `1.0`.
    case edition
    /// How it may be passed on, `社外秘`.
    case handling
    /// What the assessment covers.
    case scope
    /// How the frames were captured: access port, mirror of ports, mirror of a VLAN, tap, monitor-mode Wi-Fi.
    case captureMode = "capture_mode"
    /// Where: switch and port.
    case capturePoint = "capture_point"
    /// Picture for the cover, as a `data:` URI of a PNG or JPEG.
    case logo
}
