#!/usr/bin/env python3
"""The highest rate of frames without a drop: tcpdump -w, otscan capture, and otscan capture -w, side by side.

Usage: bench_live.py FOLDER-OF-PROGRAMS [--seconds S] [--budget PERCENT …] [--buffer KIB]

Each reader listens in a network namespace of its own at one end of a cable; at the other end live-helper sends frames of
60 octets. For each budget (per cent of one processor that a reader and all its processes may use; 0 for all there is) the
rate is halved and doubled until the highest is found at which nothing is lost, once the sender's own top rate is known.
Before that it measures what a frame costs each reader's processes at one and the same rate, which says more than the rates
where the machine is shared: the budget divided by the cost is what a reader can bear for ever, and what it bears beyond that
for some seconds it keeps in memory to read later. The work of the kernel that brings a frame to a reader's buffer is the
sender's here, in the figures of no reader.
Needs root, ip and tcpdump; the budgets need the kernel's cgroups.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

class Budget:
    """A control group whose members may use so many per cent of one processor."""

    def __init__(self, percent):
        self.percent = percent
        self.folder = None
        if not percent:
            return
        name = f"otsbench{os.getpid()}"
        if Path("/sys/fs/cgroup/cgroup.controllers").exists():
            self.folder, self.file = Path("/sys/fs/cgroup") / name, "cpu.max"
        else:
            self.folder, self.file = Path("/sys/fs/cgroup/cpu") / name, "cpu.cfs_quota_us"
        self.folder.mkdir()
        self.limit(True)

    def limit(self, on):
        if not self.folder:
            return
        quota = self.percent * 1000 if on else ("max" if self.file == "cpu.max" else -1)
        (self.folder / self.file).write_text(f"{quota}\n")

    def enter(self):
        if self.folder:
            (self.folder / "cgroup.procs").write_text(f"{os.getpid()}\n")

    def close(self):
        if self.folder:
            self.folder.rmdir()


def processes(root):
    """Nanoseconds of processor time that a process and its descendants had so far, by what each is."""
    used, waiting = {}, [root]
    while waiting:
        process = Path("/proc") / str(waiting.pop())
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            name = Path(words[0].decode()).name
            for word, role in ((b"live-analyser", "analyser"), (b"live-deriver", "deriver"), (b"capture", "supervisor")):
                if word in words[:2]:
                    name = role
            for task in (process / "task").iterdir():
                used[name] = used.get(name, 0) + int((task / "schedstat").read_text().split()[0])
                waiting += (task / "children").read_text().split()
        except OSError:
            continue
    return used


class Bench:
    def __init__(self, programs, seconds, buffer):
        self.programs, self.seconds, self.buffer = programs, seconds, str(buffer)
        self.cost = {}
        self.work = Path(tempfile.mkdtemp())
        self.sender, self.watcher = f"otsb{os.getpid()}a", f"otsb{os.getpid()}b"
        for name in (self.sender, self.watcher):
            subprocess.run(["ip", "netns", "add", name], check=True)
            subprocess.run(
                ["ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                 "net.ipv6.conf.default.disable_ipv6=1"], check=True)
        subprocess.run(
            ["ip", "link", "add", "wirea", "netns", self.sender, "type", "veth", "peer", "name", "wireb", "netns",
             self.watcher], check=True)
        subprocess.run(["ip", "-n", self.sender, "link", "set", "wirea", "up"], check=True)
        subprocess.run(["ip", "-n", self.watcher, "link", "set", "wireb", "up"], check=True)

    def close(self):
        for name in (self.sender, self.watcher):
            subprocess.run(["ip", "netns", "del", name], check=False)
        shutil.rmtree(self.work)

    def send(self, rate):
        """Sends for some seconds, as fast as can be where rate is 0: frames sent, and the rate reached."""
        count = int((rate or 500_000) * self.seconds)
        out = subprocess.run(
            ["ip", "netns", "exec", self.sender, str(self.programs / "live-helper"), "send", "wirea", str(count), "plain",
             str(rate)], check=True, capture_output=True, text=True).stdout
        sent, took = re.match(r"sent (\d+) in (\S+) s", out).groups()
        return int(sent), int(int(sent) / float(took))

    def run(self, command, rate, budget, end):
        """Runs a reader beside the sender: frames sent, the rate reached, and what the reader printed."""
        with open(self.work / "out", "w+") as out, open(self.work / "err", "w+") as err:
            reader = subprocess.Popen(
                ["ip", "netns", "exec", self.watcher] + command, stdout=out, stderr=err, cwd=self.work,
                preexec_fn=budget.enter)
            time.sleep(2)
            before = processes(reader.pid)
            sent, reached = self.send(rate)
            time.sleep(1)
            self.cost = {name: (used - before.get(name, 0)) / max(sent, 1) for name, used in processes(reader.pid).items()}
            # What it has in memory by then is not lost; reading that is not what is measured.
            budget.limit(False)
            reader.send_signal(end)
            reader.wait()
            budget.limit(True)
            for file in (out, err):
                file.seek(0)
            return sent, reached, out.read(), err.read()

    def tcpdump(self, rate, budget):
        sent, reached, _, text = self.run(
            ["tcpdump", "-i", "wireb", "-B", self.buffer, "-w", "raw.pcap"], rate, budget, signal.SIGINT)
        (self.work / "raw.pcap").unlink()
        got = int(re.search(r"(\d+) packets captured", text).group(1))
        return sent, reached, got, {}

    def otscan(self, rate, budget, *options):
        sent, reached, text, messages = self.run(
            [str(self.programs / "otscan"), "capture", "-i", "wireb", "-B", self.buffer, "-o", "plant.otscan", "--json",
             "-q", *options], rate, budget, signal.SIGTERM)
        for file in self.work.iterdir():
            if file.name not in ("out", "err"):
                file.unlink()
        if not text:
            raise SystemExit(f"otscan capture failed: {messages}")
        summary = json.loads(text)
        drops = {name: count for name, count in summary["drops"].items() if count}
        if summary.get("unwritten"):
            drops["unwritten"] = summary["unwritten"]
        return sent, reached, summary["analysed"] - summary.get("unwritten", 0), drops

    def otscan_raw(self, rate, budget):
        return self.otscan(rate, budget, "-w", "raw.pcapng")


def highest(name, read, budget, steps=5):
    """The highest rate without a drop, by bisection below the sender's own highest; prints every step."""

    def loses(rate):
        sent, reached, got, drops = read(rate, budget)
        words = " ".join(f"{key} {count:,}" for key, count in drops.items())
        print(f"  {name:17} {reached:>9,}/s: sent {sent:,}, lost {sent - got:,} {words}", flush=True)
        return sent != got, reached

    lossy, reached = loses(0)
    if not lossy:
        return reached, True
    low, high = 0, reached
    for _ in range(steps):
        middle = (low + high) // 2
        lossy, reached = loses(middle)
        if lossy:
            high = middle
        else:
            low = max(low, reached)
    return low, False


def costs(readers, rate, budget, rounds=3):
    """Nanoseconds a frame of each process of each reader, at one rate: the least of some rounds, readers taking turns."""
    least = {}
    for _ in range(rounds):
        for name, (bench, read) in readers.items():
            sent, _, got, _ = read(rate, budget)
            total = sum(bench.cost.values())
            if sent == got and (name not in least or total < least[name][0]):
                least[name] = (total, dict(bench.cost))
    return least


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("programs", type=lambda text: Path(text).resolve())
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--budget", type=int, nargs="*", default=[0, 10, 5])
    parser.add_argument("--cost-rate", type=int, default=200_000, help="frames a second at which costs are measured; 0: not")
    parser.add_argument("--buffer", type=int, default=16_384, help="KiB of the kernel's memory, for every reader")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        return print("skipped: needs root")
    if not shutil.which("tcpdump"):
        return print("skipped: needs tcpdump")
    bench = Bench(arguments.programs, arguments.seconds, arguments.buffer)
    readers = {"tcpdump -w": bench.tcpdump, "otscan": bench.otscan, "otscan -w": bench.otscan_raw}
    table, cost = [], {}
    try:
        if arguments.cost_rate:
            cost = costs({name: (bench, read) for name, read in readers.items()}, arguments.cost_rate, Budget(0))
        for percent in arguments.budget:
            try:
                budget = Budget(percent)
            except OSError as error:
                print(f"skipped: no budget of processor time here: {error}")
                continue
            try:
                print(f"budget {percent} % of one processor" if percent else "all processors", flush=True)
                table.append((percent, {name: highest(name, read, budget) for name, read in readers.items()}))
            finally:
                budget.close()
    finally:
        bench.close()
    show(table, cost, list(readers), arguments)


def show(table, cost, names, arguments):
    if cost:
        print(f"\nprocessor time a frame at {arguments.cost_rate:,} frames/s, nanoseconds")
        for name, (total, parts) in cost.items():
            words = ", ".join(f"{part} {value:.0f}" for part, value in sorted(parts.items()) if value >= 0.5)
            print(f"  {name:12} {total:6.0f}  ({words})")
    print(f"\nhighest rate without a drop over {arguments.seconds:g} s, frames a second (≥: the sender's own limit)")
    print(f"  {'budget':>10}" + "".join(f"{name:>14}" for name in names))
    for percent, rates in table:
        cells = "".join(f"{('≥ ' if limit else '') + f'{rate:,}':>14}" for rate, limit in (rates[name] for name in names))
        print(f"  {f'{percent} %' if percent else 'all':>10}" + cells)
    for percent, rates in table:
        if percent and cost:
            cells = "".join(f"{int(percent * 1e7 / cost[name][0]) if name in cost else 0:>14,}" for name in names)
            print(f"  {f'{percent} %':>10}" + cells + "  for ever, by the cost of a frame")


if __name__ == "__main__":
    sys.exit(main())
