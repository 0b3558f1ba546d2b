#!/usr/bin/env python3
"""Measures `otscan analyze` beside other programs that read captures, on made-up captures of a plant.

usage: bench.py OTSCAN [--folder DIR] [--rounds N] [--frames N] [--parts speed,memory,start]

speed    CPU seconds (user and system), frames a second and peak memory of the whole of `otscan analyze`, its store
         written to a temporary file, next to tcpdump, ndpiReader and tshark (this on a shorter head). All programs run in
         turn, several rounds; the medians and their ratios are shown. Compare ratios, never seconds of different runs.
memory   peak memory on captures of 1, 2 and 4 times the length with the same hosts and conversations.
start    time to the help text.
Captures are kept in DIR (default: otscan-bench in the temporary folder) and made only when they are missing.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TSHARK_FRAMES = 300_000


def capture(folder, mix, frames, opening=None):
    opening = opening or frames * 19 // 20
    path = os.path.join(folder, f"{mix}-{frames}-{opening}.pcap")
    if not os.path.exists(path):
        subprocess.run(
            [sys.executable, os.path.join(HERE, "bench_capture.py"), path + ".part", "--mix", mix, "--frames",
             str(frames), "--opening", str(opening)], check=True, stdout=subprocess.DEVNULL)
        os.rename(path + ".part", path)
    return path


def head(path, frames):
    """The first `frames` records of a capture that bench_capture.py wrote."""
    target = path.replace(".pcap", f"-head{frames}.pcap")
    if not os.path.exists(target):
        with open(path, "rb") as source, open(target + ".part", "wb") as out:
            out.write(source.read(24))
            for _ in range(frames):
                record = source.read(16)
                if len(record) < 16:
                    break
                out.write(record)
                out.write(source.read(int.from_bytes(record[8:12], "little")))
        os.rename(target + ".part", target)
    return target


def run(command):
    """CPU seconds, wall seconds and peak MiB of one run; None when it failed."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        return None
    return usage.ru_utime + usage.ru_stime, time.monotonic() - begin, usage.ru_maxrss / 1024


def analyze(otscan, path, store):
    for name in (store, store + "-wal", store + "-shm"):
        if os.path.exists(name):
            os.remove(name)
    return run([otscan, "analyze", path, "--output", store])


def medians(samples):
    return [statistics.median(sample[index] for sample in samples) for index in range(3)]


def speed(options, folder):
    for mix in ("small", "big"):
        path = capture(folder, mix, options.frames)
        short = head(path, TSHARK_FRAMES)
        others = {
            "tcpdump -w /dev/null": (["tcpdump", "-r", path, "-w", "/dev/null"], options.frames),
            "ndpiReader -q": (["ndpiReader", "-q", "-i", path], options.frames),
            f"tshark conv,ip ({TSHARK_FRAMES // 1000} k)": (
                ["tshark", "-q", "-z", "conv,ip", "-r", short], min(TSHARK_FRAMES, options.frames)),
        }
        results = {"otscan analyze": []}
        for name, (command, _) in others.items():
            if shutil.which(command[0]):
                results[name] = []
        for turn in range(options.rounds + 1):
            for name in results:
                if name == "otscan analyze":
                    sample = analyze(options.otscan, path, os.path.join(folder, "bench.otscan"))
                else:
                    sample = run(others[name][0])
                if sample is None:
                    sys.exit(f"bench: {name} failed on {path}")
                # The first round only warms the caches.
                if turn > 0 or options.rounds == 0:
                    results[name].append(sample)
        size = os.path.getsize(path)
        print(f"\n{mix}: {options.frames} frames, {size / options.frames - 16:.0f} bytes a frame, "
              f"medians of {max(1, options.rounds)} rounds in turn")
        print(f"{'':24}{'CPU s':>8}{'ns/frame':>10}{'M frames/s':>12}{'peak MiB':>10}{'x tcpdump':>11}{'x ndpiReader':>14}")
        table = {name: medians(samples) for name, samples in results.items()}
        frames = {name: others[name][1] if name in others else options.frames for name in table}
        for name, (cpu, wall, memory) in table.items():
            cost = cpu / frames[name]
            line = f"{name:24}{cpu:8.3f}{cost * 1e9:10.0f}{frames[name] / wall / 1e6:12.2f}{memory:10.1f}"
            for other, width in (("tcpdump -w /dev/null", 11), ("ndpiReader -q", 14)):
                if other in table:
                    line += f"{cost / (table[other][0] / frames[other]):{width}.2f}"
                else:
                    line += f"{'-':>{width}}"
            print(line)
        for name in others:
            if name not in table:
                print(f"{name:24}absent: {others[name][0][0]} is not installed")


def memory(options, folder):
    print("\nmemory: the same hosts and conversations, more frames")
    opening = options.frames * 19 // 20
    for times in (1, 2, 4):
        path = capture(folder, "small", options.frames * times, opening)
        peaks = [analyze(options.otscan, path, os.path.join(folder, "bench.otscan")) for _ in range(3)]
        if None in peaks:
            sys.exit(f"bench: otscan failed on {path}")
        print(f"{options.frames * times:>12} frames {statistics.median(peak[2] for peak in peaks):8.1f} MiB")


def start(options, _):
    samples = [run([options.otscan, "--help"]) for _ in range(11)]
    cpu, wall, peak = medians([sample for sample in samples[1:] if sample])
    print(f"\nstart: {wall * 1000:.1f} ms to the help text, {cpu * 1000:.1f} ms CPU, {peak:.1f} MiB")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("otscan")
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "otscan-bench"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=2_000_000)
    parser.add_argument("--parts", default="speed,memory,start")
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for part in options.parts.split(","):
        {"speed": speed, "memory": memory, "start": start}[part](options, options.folder)


main()
