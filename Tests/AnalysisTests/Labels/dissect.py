#!/usr/bin/env python3
"""Writes dissected.tsv: what tshark 4 makes of each conversation with ports in the corpus of captures, by transport and lower
port. Usage: dissect.py CORPUS > dissected.tsv (about ten minutes)."""
import collections
import subprocess
import sys

SILENT = {"-", "", "data", "data-text-lines", "mptcp", "_ws.malformed", "_ws.short", "tcp.segments", "vssmonitoring"}
FIELDS = ["frame.protocols", "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport"]


def conversations(path):
    command = ["tshark", "-n", "-r", path, "-T", "fields", "-E", "occurrence=l"]
    for field in FIELDS:
        command += ["-e", field]
    try:
        output = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=120).stdout
    except subprocess.TimeoutExpired:
        return {}
    found = collections.defaultdict(set)
    for line in output.splitlines():
        columns = line.split("\t")
        if len(columns) < len(FIELDS):
            continue
        layers = columns[0].split(":")
        # The innermost transport, unless an ICMP error only quotes it.
        last = max((index for index, layer in enumerate(layers) if layer in ("tcp", "udp")), default=-1)
        if last < 0 or any(layer.startswith("icmp") for layer in layers[:last]) or last + 1 >= len(layers):
            continue
        source, destination = columns[1:3] if layers[last] == "tcp" else columns[3:5]
        if source and destination and layers[last + 1] not in SILENT:
            found[f"{layers[last]}/{min(int(source), int(destination))}"].add(layers[last + 1])
    return found


def main():
    corpus = sys.argv[1].rstrip("/")
    print("capture\tconversations")
    for line in open(f"{corpus}/MANIFEST.tsv").read().splitlines()[1:]:
        path = line.split("\t")[0]
        found = conversations(f"{corpus}/{path}")
        if found:
            print(path + "\t" + " ".join(f"{key}={'+'.join(sorted(names))}" for key, names in sorted(found.items())))


main()
