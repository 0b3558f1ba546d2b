package import Documents
package import Model

/// A declaration of either kind, told apart by what its `format` says.
package enum DeclarationFile {
    case zones(DeclaredZones)
    case remote(DeclaredRemoteAccess)

    package init(_ file: FileText) throws(FileError) {
        var reader = try MappingReader(try DocumentNode.read(file), file: file.name, path: "")
        let place = reader.peek("format")
        switch try reader.text("format") {
        case ZonesFile.format: self = .zones(try ZonesFile.read(file))
        case RemoteFile.format: self = .remote(try RemoteFile.read(file))
        case let found:
            guard let place else { throw reader.missing("format") }
            throw reader.error(
                place, "format",
                "expected \(ZonesFile.format) or \(RemoteFile.format), found \(FileError.quoted(found))")
        }
    }
}
