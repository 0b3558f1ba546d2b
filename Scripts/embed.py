#!/usr/bin/env python3
"""Packs what otscan carries inside its binary. Needs the Python 3 standard library only.

    Scripts/embed.py archive
        Signatures/ and Sources/Review/Assets/ -> Sources/CEmbedded/archive.bin
    Scripts/embed.py oui FILE --origin TEXT --date YYYY-MM-DD
        an IEEE registry (oui.csv, oui.txt, or a manuf list) -> Sources/CEmbedded/oui.bin

The same input gives the same bytes. Sources/CEmbedded/README.md draws both layouts.
"""
import argparse
import csv
import os
import re
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OUTPUT = os.path.join(ROOT, "Sources", "CEmbedded")
# Folder in the repository, name in the archive.
FOLDERS = [("Signatures", "Signatures"), (os.path.join("Sources", "Review", "Assets"), "Review")]


# ---- archive

def archive_members():
    members = []
    for folder, name in FOLDERS:
        top = os.path.join(ROOT, folder)
        for path, folders, files in os.walk(top):
            folders[:] = [f for f in folders if not f.startswith(".")]
            for file in files:
                if file.startswith("."):
                    continue
                full = os.path.join(path, file)
                inside = os.path.relpath(full, top).replace(os.sep, "/")
                with open(full, "rb") as handle:
                    members.append((f"{name}/{inside}".encode("utf-8"), handle.read()))
    members.sort()
    return members


def pack_archive(members):
    header = 12
    names = bytearray()
    contents = bytearray()
    index = bytearray()
    names_at = header + 16 * len(members)
    contents_at = names_at + sum(len(name) for name, _ in members)
    for name, content in members:
        index += struct.pack(
            "<IIII", names_at + len(names), len(name), contents_at + len(contents), len(content))
        names += name
        contents += content
    return b"OTSARC1\0" + struct.pack("<I", len(members)) + bytes(index + names + contents)


# ---- registry of MAC address blocks

# Legal forms say nothing about who made a device.
LEGAL_FORM = re.compile(
    r"""[\s,.;]+(?:
        inc|incorporated|corp|corporation|corporate|co|company|ltd|ltd[ ]?a|limited|llc|l\.l\.c|lp|llp|plc|
        gmbh|mbh|ag|kg|kgaa|e\.?k|ohg|gmbh[ ]?&[ ]?co\.?[ ]?kg|&[ ]?co|
        s\.?a|s\.?a\.?s|s\.?a\.?u|sarl|s\.?l|s\.?l\.?u|s\.?p\.?a|s\.?r\.?l|
        b\.?v|n\.?v|bvba|ab|a/s|aps|as|oy|oyj|k\.?k|pty|pte|pvt|sdn|bhd|
        s\.?r\.?o|a\.?s|d\.?o\.?o|kft|zrt|sp\.?[ ]?z[ ]?o\.?o|jsc|ooo
    )[.,]*$""", re.IGNORECASE | re.VERBOSE)
MAXIMUM_NAME = 64


def shorten(name):
    name = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    # "Co.,Ltd." and "Moxa.Inc" hide the boundary that the expression looks for.
    name = re.sub(r"[.,]+\s*(?=(?:ltd|limited|inc|kg)\b)", ", ", name, flags=re.IGNORECASE)
    while True:
        shorter = LEGAL_FORM.sub("", name).rstrip(" ,.;&-")
        if shorter == name or len(shorter) < 2:
            break
        name = shorter
    while len(name.encode("utf-8")) > MAXIMUM_NAME:
        name = name[:-1].rstrip()
    return name


def parse_registry(path):
    """Yields (prefix as integer, prefix length in bits, organisation)."""
    with open(path, encoding="utf-8", errors="replace", newline="") as handle:
        text = handle.read()
    first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if first.startswith("Registry,"):
        for row in csv.DictReader(text.splitlines(keepends=True)):
            digits = row["Assignment"].strip()
            yield int(digits, 16), 4 * len(digits), row["Organization Name"].strip()
        return
    manuf = re.compile(r"^([0-9A-Fa-f:.-]+)(?:/(\d+))?\t([^\t]*)(?:\t(.*))?$")
    listing = re.compile(r"^([0-9A-Fa-f]{2}-[0-9A-Fa-f]{2}-[0-9A-Fa-f]{2})\s+\(hex\)\s+(.*)$")
    for line in text.splitlines():
        found = listing.match(line)
        if found:
            yield int(found[1].replace("-", ""), 16), 24, found[2].strip()
            continue
        if line.startswith("#"):
            continue
        found = manuf.match("\t".join(part.strip() for part in line.split("\t")))
        if found:
            digits = re.sub("[:.-]", "", found[1])
            bits = int(found[2]) if found[2] else 4 * len(digits)
            value = int(digits, 16)
            yield value >> (4 * len(digits) - bits), bits, (found[4] or found[3]).strip()


def pack_registry(entries, origin, date):
    blocks = {24: {}, 28: {}, 36: {}}
    for prefix, bits, name in entries:
        # A block that the IEEE gave out again in smaller ones names nobody; a remark is not a name.
        if bits not in blocks or not name or name.lower().startswith("ieee registration authority"):
            continue
        name = re.sub(r"^officially ([^,]+),.*$", r"\1", name, flags=re.IGNORECASE)
        blocks[bits][prefix] = shorten(name)
    if not blocks[24]:
        sys.exit("no 24-bit blocks found: is this oui.csv, oui.txt or a manuf list?")
    # One spelling for each name: the most used one.
    spellings = {}
    for table in blocks.values():
        for name in table.values():
            counts = spellings.setdefault(name.casefold(), {})
            counts[name] = counts.get(name, 0) + 1
    chosen = {
        key: min(counts, key=lambda name: (-counts[name], name)) for key, counts in spellings.items()}
    names = bytearray()
    place = {}
    for name in sorted(set(chosen.values())):
        place[name] = len(names)
        encoded = name.encode("utf-8")
        names += bytes([len(encoded)]) + encoded
    if len(names) >= 1 << 24:
        sys.exit("names do not fit into 24-bit offsets")
    note = f"{date}\t{origin}".encode("utf-8")
    note += b"\0" * (-len(note) % 8)
    packed = b"OTSOUI1\0" + struct.pack(
        "<IIIIII", len(note), len(blocks[24]), len(blocks[28]), len(blocks[36]), len(names), 0)
    packed += note
    for bits in (24, 28, 36):
        for prefix in sorted(blocks[bits]):
            packed += struct.pack("<Q", prefix << 24 | place[chosen[blocks[bits][prefix].casefold()]])
    return packed + bytes(names)


def write(name, content):
    path = os.path.join(OUTPUT, name)
    try:
        with open(path, "rb") as handle:
            if handle.read() == content:
                print(f"{name}: unchanged, {len(content):,} bytes")
                return
    except FileNotFoundError:
        pass
    with open(path, "wb") as handle:
        handle.write(content)
    print(f"{name}: {len(content):,} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("archive")
    oui = commands.add_parser("oui")
    oui.add_argument("file")
    oui.add_argument("--origin", required=True, help="where the registry copy comes from")
    oui.add_argument("--date", required=True, help="date of the registry copy, YYYY-MM-DD")
    arguments = parser.parse_args()
    if arguments.command == "archive":
        write("archive.bin", pack_archive(archive_members()))
    else:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", arguments.date):
            parser.error("--date wants YYYY-MM-DD")
        write("oui.bin", pack_registry(parse_registry(arguments.file), arguments.origin, arguments.date))


if __name__ == "__main__":
    main()
