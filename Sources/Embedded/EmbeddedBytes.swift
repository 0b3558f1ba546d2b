import CEmbedded

/// The byte blocks that the binary carries. This file alone touches the C side: the blocks are constant arrays of
/// the binary, so a span over them is good for as long as the process lives.
package enum EmbeddedBytes {
    /// The packed registry of MAC address blocks; its layout is in Sources/CEmbedded/README.md.
    package static var vendorRegistry: Span<UInt8> {
        @_lifetime(immortal)
        get { span(of: otscan_embedded_oui()) }
    }

    /// The packed archive of Signatures/ and of the report's assets; read it through `EmbeddedArchive`.
    static var archive: Span<UInt8> {
        @_lifetime(immortal)
        get { span(of: otscan_embedded_archive()) }
    }

    @_lifetime(immortal)
    private static func span(of block: otscan_embedded) -> Span<UInt8> {
        let buffer = unsafe UnsafeBufferPointer(start: block.start, count: block.size)
        let span = unsafe Span(_unsafeElements: buffer)
        return unsafe _overrideLifetime(span, copying: ())
    }
}
