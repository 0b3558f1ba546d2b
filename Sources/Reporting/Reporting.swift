// The first room of Reporting is built next.
