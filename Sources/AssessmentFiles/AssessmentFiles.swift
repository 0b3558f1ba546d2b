// The first room of AssessmentFiles is built next.
