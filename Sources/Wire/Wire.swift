// The first room of Wire is built next.
