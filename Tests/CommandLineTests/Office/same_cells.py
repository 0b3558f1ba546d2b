"""Compares two tables in CSV cell by cell: same_cells.py OURS.csv THEIRS.csv. Silent when they are the same."""
import csv
import sys


def cells(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


ours, theirs = cells(sys.argv[1]), cells(sys.argv[2])
if len(ours) != len(theirs):
    sys.exit(f"{len(ours)} rows against {len(theirs)}")
if len(ours) < 2:
    sys.exit("a table without rows shows nothing")
for row, (left, right) in enumerate(zip(ours, theirs), 1):
    if left != right:
        column, pair = next((n, p) for n, p in enumerate(zip(left + [None], right + [None]), 1) if p[0] != p[1])
        sys.exit(f"row {row} column {column}: {pair[0]!r} against {pair[1]!r}")
