import Wire

/// Where a string or byte string lies in a message; null strings are empty.
struct OPCUAText {
    var offset = 0
    var count = 0
}

/// ApplicationDescription (Part 4, 7.2).
struct OPCUAApplication {
    var uri = OPCUAText()
    var productURI = OPCUAText()
    var name = OPCUAText()
    /// 0 server, 1 client, 2 client and server, 3 discovery server.
    var type: UInt32 = 0
    var firstURL = OPCUAText()
}

/// The built-in types of OPC UA Part 6, 5.2, as far as the messages read here use them. All numbers are little-endian.
extension FieldReader {
    /// Most items taken from one array.
    private static var arrayLimit: Int { 4096 }

    /// String or ByteString: length 4 (-1 for null), bytes.
    mutating func opcText(_ field: StaticString) throws(DecodeError) -> OPCUAText {
        let length = Int32(bitPattern: try le32(field))
        guard length > 0 else { return OPCUAText(offset: offset, count: 0) }
        let start = offset
        try skip(Int(length), field)
        return OPCUAText(offset: start, count: Int(length))
    }

    /// Length of an array; -1 is a null array.
    mutating func opcCount(_ field: StaticString) throws(DecodeError) -> Int {
        let count = Int32(bitPattern: try le32(field))
        guard count > 0 else { return 0 }
        // Every item of every array here takes at least a byte.
        guard Int(count) <= remaining else {
            throw DecodeError(field: field, offset: offset, needed: Int(count), available: remaining)
        }
        return min(Int(count), FieldReader.arrayLimit)
    }

    mutating func opcSkipTexts(_ field: StaticString) throws(DecodeError) {
        var left = try opcCount(field)
        while left > 0 {
            _ = try opcText(field)
            left &-= 1
        }
    }

    /// NodeId or ExpandedNodeId: encoding 1, then what it says; answers the number of a numeric id in namespace 0.
    mutating func opcNodeID(_ field: StaticString) throws(DecodeError) -> UInt32? {
        let encoding = try u8(field)
        var number: UInt32?
        switch encoding & 0x3f {
        case 0: number = UInt32(try u8(field))
        case 1:
            let namespace = try u8(field)
            let id = try le16(field)
            if namespace == 0 { number = UInt32(id) }
        case 2:
            let namespace = try le16(field)
            let id = try le32(field)
            if namespace == 0 { number = id }
        case 3, 5:
            try skip(2, field)
            _ = try opcText(field)
        case 4: try skip(18, field)
        default: throw DecodeError(field: field, offset: offset, needed: 0, available: remaining)
        }
        if encoding & 0x80 != 0 { _ = try opcText(field) }
        if encoding & 0x40 != 0 { try skip(4, field) }
        return number
    }

    /// ExtensionObject: type, encoding 1, body; answers type and body.
    mutating func opcExtension(_ field: StaticString) throws(DecodeError) -> (type: UInt32?, body: OPCUAText) {
        let type = try opcNodeID(field)
        let encoding = try u8(field)
        return (type, encoding == 0 ? OPCUAText() : try opcText(field))
    }

    /// LocalizedText: mask 1 (1 locale, 2 text); answers the text.
    mutating func opcLocalizedText(_ field: StaticString) throws(DecodeError) -> OPCUAText {
        let mask = try u8(field)
        if mask & 1 != 0 { _ = try opcText(field) }
        return mask & 2 != 0 ? try opcText(field) : OPCUAText()
    }

    /// DiagnosticInfo, which may hold another; nesting is followed to a depth of 16.
    mutating func opcSkipDiagnostics(_ field: StaticString) throws(DecodeError) {
        var depth = 0
        while depth < 16 {
            let mask = try u8(field)
            try skip((mask & 0x0f).nonzeroBitCount * 4, field)
            if mask & 0x10 != 0 { _ = try opcText(field) }
            if mask & 0x20 != 0 { try skip(4, field) }
            if mask & 0x40 == 0 { return }
            depth &+= 1
        }
        throw DecodeError(field: field, offset: offset, needed: 0, available: remaining)
    }

    /// RequestHeader (Part 4, 7.33).
    mutating func opcRequestHeader() throws(DecodeError) {
        _ = try opcNodeID("authentication token")
        try skip(16, "request header")
        _ = try opcText("audit entry id")
        try skip(4, "timeout hint")
        _ = try opcExtension("additional header")
    }

    /// ResponseHeader (Part 4, 7.34); answers the service result.
    mutating func opcResponseHeader() throws(DecodeError) -> UInt32 {
        try skip(12, "response header")
        let result = try le32("service result")
        try opcSkipDiagnostics("service diagnostics")
        try opcSkipTexts("string table")
        _ = try opcExtension("additional header")
        return result
    }

    mutating func opcApplication() throws(DecodeError) -> OPCUAApplication {
        var application = OPCUAApplication()
        application.uri = try opcText("application uri")
        application.productURI = try opcText("product uri")
        application.name = try opcLocalizedText("application name")
        application.type = try le32("application type")
        _ = try opcText("gateway server uri")
        _ = try opcText("discovery profile uri")
        var left = try opcCount("discovery urls")
        var isFirst = true
        while left > 0 {
            let url = try opcText("discovery url")
            if isFirst { application.firstURL = url }
            isFirst = false
            left &-= 1
        }
        return application
    }
}
