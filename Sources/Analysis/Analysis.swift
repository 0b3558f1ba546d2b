// The first room of Analysis is built next.
