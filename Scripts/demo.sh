#!/usr/bin/env bash
# The sample factory from capture to graded report: inventory, findings, interview answers, a reviewer's decisions, grades.
# Speaks Japanese where the environment does, English otherwise; OTSCAN_LANG=ja or en chooses.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${OTSCAN_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}}" in
ja*) language=ja suffix= plant="見本製作所 本社工場" ;;
*) language=en suffix=.en plant="Mihon Works, head plant" ;;
esac
otscan=.build/release/otscan
store=demo/plant.otscan
mkdir -p demo
rm -f "$store" "$store-wal" "$store-shm"

step() { printf '\n$ %s\n' "otscan $*"; "$otscan" "$@"; }

step init "$store" --plant "$plant" --lang "$language"
step ledger import Samples/ledger.csv "$store" --lang "$language"
step analyze Samples/factory.pcapng -o "$store" --lang "$language"
step assets "$store" --lang "$language"
step findings "$store" --lang "$language"
step answers import "Samples/assessments/factory-interview$suffix.yaml" "$store" --lang "$language"
step answers import "Samples/assessments/factory-review$suffix.yaml" "$store" --lang "$language"
step score "$store" --lang "$language"
step report "$store" -o demo/report.html --lang "$language"
printf '\nOpen demo/report.html in a browser. To go through the items, sign off and download the report pack:\n\n    %s review %s\n' "$otscan" "$store"
