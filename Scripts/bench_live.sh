#!/usr/bin/env bash
# The highest rate of frames at which nothing is dropped, of otscan capture and of tcpdump -w, in turn in one run.
# Usage: bench_live.sh FOLDER-OF-PROGRAMS [SECONDS-PER-STEP]. Needs root, ip and tcpdump.
set -euo pipefail
programs=$(realpath "$1")
seconds=${2:-5}
work=$(mktemp -d)
a=otsbench$$a
b=otsbench$$b
trap 'ip netns del $a 2>/dev/null; ip netns del $b 2>/dev/null; rm -rf "$work"' EXIT
[ "$(id -u)" -eq 0 ] || { echo "skipped: needs root"; exit 0; }
command -v tcpdump >/dev/null || { echo "skipped: needs tcpdump"; exit 0; }
ip netns add $a
ip netns add $b
for n in $a $b; do
    ip netns exec $n sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
done
ip link add wirea netns $a type veth peer name wireb netns $b
ip -n $a link set wirea up
ip -n $b link set wireb up

send() { # RATE, 0 for as fast as can be: prints frames sent and the rate reached
    local count=$(($1 > 0 ? $1 * seconds : 300000 * seconds))
    ip netns exec $a "$programs/live-helper" send wirea $count plain $1 | awk '{printf "%d %d\n", $2, $2 / $4}'
}

tcpdump_run() { # RATE
    ip netns exec $b tcpdump -i wireb -B 16384 -w "$work/t.pcap" 2> "$work/t.err" &
    local pid=$!
    sleep 1
    sent=($(send "$1"))
    sleep 1
    kill -INT $pid
    wait $pid || true
    local got
    got=$(awk '/packets captured/ {print $1}' "$work/t.err")
    echo "tcpdump -w        ${sent[1]}/s: sent ${sent[0]}, captured $got, dropped $((sent[0] - got))"
    rm -f "$work/t.pcap"
}

otscan_run() { # RATE [OPTIONS…]
    local rate=$1 name=$2
    shift 2
    rm -f "$work"/p.otscan*
    # `ip netns exec` becomes the program, so this is the program's own number.
    ip netns exec $b "$programs/otscan" capture -i wireb -o "$work/p.otscan" --json -q "$@" > "$work/o.json" 2> "$work/o.err" &
    local pid=$!
    sleep 2
    sent=($(send "$rate"))
    sleep 1
    kill -TERM $pid
    wait $pid || true
    python3 - "$work/o.json" "${sent[0]}" "${sent[1]}" "$name" <<'PYTHON'
import json, sys
d = json.load(open(sys.argv[1]))
sent = int(sys.argv[2])
drops = {k: v for k, v in d["drops"].items() if v}
print(f"{sys.argv[4]:<17} {sys.argv[3]}/s: sent {sent}, analysed {d['analysed']}, dropped {sent - d['analysed']} {drops or ''}")
PYTHON
}

for rate in 50000 100000 200000 300000 0; do
    tcpdump_run $rate
    otscan_run $rate "otscan"
    otscan_run $rate "otscan -w" -w "$work/raw.pcapng"
    rm -f "$work"/raw.pcapng
done
