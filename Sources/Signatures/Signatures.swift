// The first room of Signatures is built next.
