// The first room of Protocols is built next.
