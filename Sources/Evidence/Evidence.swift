// The first room of Evidence is built next.
