// The first room of Captures is built next.
