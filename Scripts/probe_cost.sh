#!/bin/sh
# What the named protocols cost the frames of all others: instructions per frame (callgrind) with and without them, over a
# made-up plant in which none of them speaks. Fails when they cost more than 3 %.
# usage: Scripts/probe_cost.sh PROTOCOL…        needs valgrind; about three minutes after the build
set -eu
[ $# -gt 0 ] || { echo "usage: $0 PROTOCOL..." >&2; exit 64; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
swift build -c release --product probe-cost >&2
# Valgrind 3.19 cannot read the debugging information of this compiler.
strip -g -o "$work/probe-cost" .build/release/probe-cost
python3 Scripts/bench_capture.py "$work/plant.pcap" --frames 60000 --opening 30000 --conversations 4000 >&2

instructions() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$work/probe-cost" "$work/plant.pcap" "$@" 2>&1 >"$work/frames" |
        sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
with=$(instructions)
without=$(instructions "$@")
frames=$(cat "$work/frames")
awk -v a="$with" -v b="$without" -v n="$frames" 'BEGIN {
    printf "%d frames: %.1f instructions per frame with, %.1f without: %+.2f %%\n", n, a / n, b / n, (a - b) * 100 / b
    exit (a - b) * 100 > b * 3
}'
