// The first room of Assessment is built next.
