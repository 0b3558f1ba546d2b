package import Assessment
package import Model

/// What the pages need and do not know how to do: it is handed in by the program.
package struct ReviewTools: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case html, pdf, xlsx, json, csv

        var mediaType: String {
            switch self {
            case .html: "text/html; charset=utf-8"
            case .pdf: "application/pdf"
            case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            case .json: "application/json"
            case .csv: "text/csv; charset=utf-8"
            }
        }
    }

    package struct ReportOrder: Sendable {
        package var format: Format
        package var language: Language
        package var isMasked: Bool
        /// Number of a signed-off edition; nil for what stands now.
        package var edition: Int?
    }

    /// Fields of a kept frame.
    package var decode: @Sendable (KeptFrame) -> [DecodedLayer]
    /// Kept frames as a pcapng file.
    package var slice: @Sendable ([KeptFrame], [UInt32: CaptureRecord]) throws -> [UInt8]
    /// A report as a file.
    package var report: @Sendable (ReportOrder) throws -> [UInt8]

    /// Derives anew what follows from evidence and declarations.
    package var derive: @Sendable () throws -> Void

    package init(
        decode: @escaping @Sendable (KeptFrame) -> [DecodedLayer],
        slice: @escaping @Sendable ([KeptFrame], [UInt32: CaptureRecord]) throws -> [UInt8],
        report: @escaping @Sendable (ReportOrder) throws -> [UInt8], derive: @escaping @Sendable () throws -> Void
    ) {
        self.decode = decode
        self.slice = slice
        self.report = report
        self.derive = derive
    }
}
