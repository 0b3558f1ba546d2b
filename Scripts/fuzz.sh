#!/bin/sh
# Fuzzes one target with libFuzzer: Scripts/fuzz.sh TARGET [SECONDS]
# TARGET is a protocol's registry name, `all`, `frames` (every link type), `captures` (pcap and pcapng), `live` (between
# the processes of a capture), `each` (every
# protocol, SECONDS each), or `seeds` (writes the seeds from the captures in OTSCAN_CAPTURES anew).
# What makes the target trap is left in .build/fuzz/findings/TARGET; a minimal one belongs into Tests/ProtocolsTests/Cases.
set -eu
cd "$(dirname "$0")/.."
target=${1:?usage: Scripts/fuzz.sh TARGET [SECONDS]}
seconds=${2:-60}
work=$PWD/.build/fuzz
seeds=$work/seeds
export OTSCAN_FUZZ=1 SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0
export OTSCAN_CAPTURES="${OTSCAN_CAPTURES:-../shared/captures}" OTSCAN_FUZZ_SEEDS="$seeds"

# The compiler takes only the last -sanitize, so both go in one.
swift build -c release --product Fuzz --scratch-path "$work/build" --sanitize fuzzer --sanitize address \
    -Xswiftc -sanitize=fuzzer,address >&2
program=$work/build/release/Fuzz
if [ "$target" = seeds ] || [ ! -d "$seeds" ]; then
    OTSCAN_FUZZ_PROTOCOL=seeds "$program"
    [ "$target" != seeds ] || exit 0
fi

# Runs one target; fails when it trapped, hung or took memory by the gigabyte.
run() {
    mkdir -p "$work/corpus/$1" "$work/findings/$1" "$seeds/$1"
    OTSCAN_FUZZ_PROTOCOL=$1 "$program" "$work/corpus/$1" "$seeds/$1" -dict=Tests/Fuzz/words.dict \
        -max_len=8192 -timeout=10 -rss_limit_mb=2048 -malloc_limit_mb=256 -max_total_time="$seconds" \
        -artifact_prefix="$work/findings/$1/" -detect_leaks=0 -print_final_stats=1
}

[ "$target" = each ] || { run "$target"; exit; }
failed=
for name in $(OTSCAN_FUZZ_PROTOCOL=list "$program"); do
    run "$name" 2>"$work/$name.log" || failed="$failed $name"
    echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$name.log") runs"
done
[ -z "$failed" ] || { echo "findings:$failed" >&2; exit 1; }
