// Every reader and writer here takes a `FileText` and throws a `FileError`: whoever imports this module has both.
@_exported public import Documents
