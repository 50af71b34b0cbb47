#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts of containers under `ig trace open`: whether each is seen under its own name, and what its start pays.

usage: starts.py WORK_DIR [--containers N] [--at-once N,N] [--births MECHANISM,MECHANISM] [--block N] [--blocks N]

1. N containers that live for a millisecond, each of which opens one file of its own name, as fast as runc makes them: how many are seen, and how many under the right
   name, with each of the two mechanisms that notice births alone, and with both; and what is left of them in the end: marks, file descriptors, entries of maps.
2. `runc run`, one at a time, in interleaved blocks without and with ig: the delay at the median and at the 99th percentile.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measurement import ROOT, START_LIMIT_S, started

PREFIX = f"igbench{os.getpid()}-"
GATE = "ig-gate"
# An ended container is remembered for two seconds; until then its descriptors are no leak.
SETTLE_S = 20
BOUNDED_MAPS = ("gadget_mntns_ne", "gadget_mntns_fi", "lineages", "commands")


def config(rootfs, name):
    return json.dumps({
        "ociVersion": "1.0.2",
        "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/one_open", f"/only-{name}"], "env": ["PATH=/"], "cwd": "/"},
        "root": {"path": str(rootfs)}, "hostname": "bench",
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}, {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
        "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "uts", "ipc")]},
    })


def make_root(work):
    """The root directory of all containers: the program that they run and nothing else."""
    for folder in ("proc", "dev"):
        (work / "rootfs" / folder).mkdir(parents=True, exist_ok=True)
    shutil.copy(work / "one_open", work / "rootfs" / "one_open")


def bundle(work, name):
    folder = work / "bundles" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(config(work / "rootfs", name))
    return folder


def runc_run_s(work, name):
    """Seconds that one container took from the start of its runtime to its end. Its bundle is gone then, as that of an engine's container."""
    folder = bundle(work, name)
    began = time.perf_counter()
    subprocess.run(["runc", "run", "--bundle", str(folder), name], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    took = time.perf_counter() - began
    shutil.rmtree(folder)
    return took


def children(pid, name):
    """The children of a process that have this short name."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            if Path(f"/proc/{child}/comm").read_text().strip() == name:
                found.append(int(child))
    return found


def descriptors_said(pid):
    """What the kernel says of each descriptor of a process: its number, and the lines of its fdinfo."""
    for info in Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            yield info.name, info.read_text().splitlines()
        except FileNotFoundError:
            continue  # closed a moment ago


def marks(gate):
    return sum(line.startswith("fanotify ino:") for _, lines in descriptors_said(gate) for line in lines)


def link(path):
    try:
        return os.readlink(path)
    except OSError:
        return ""  # its process, or the descriptor, is gone


def descriptors_of_nobody(pid):
    """How many descriptors of ig belong to no container that runs. It holds two for each that does: the process, and the mount namespace; and others than ours may come and go."""
    processes = {number: line.split()[1] for number, lines in descriptors_said(pid) for line in lines if line.startswith("Pid:")}
    living = {number for number, process in processes.items() if process not in ("-1", "0")}
    namespaces = {link(f"/proc/{processes[number]}/ns/mnt") for number in living} - {""}
    return sum(number not in living and link(f"/proc/{pid}/fd/{number}") not in namespaces for number in os.listdir(f"/proc/{pid}/fd"))


def map_entries(pid):
    """How many entries those maps of a process hold in which every container has some while it lives. The kernel keeps 15 letters of a map's name."""
    ids = {int(line.split()[1]) for _, lines in descriptors_said(pid) for line in lines if line.startswith("map_id:")}
    entries = 0
    for number in ids:
        shown = json.loads(subprocess.run(["bpftool", "-j", "map", "show", "id", str(number)], check=True, capture_output=True, text=True).stdout)
        if shown.get("name") in BOUNDED_MAPS:
            entries += len(json.loads(subprocess.run(["bpftool", "-j", "map", "dump", "id", str(number)], check=True, capture_output=True, text=True).stdout))
    return entries


class Ig:
    """A running `ig trace open` for the containers of this benchmark; a context manager."""

    def __init__(self, births):
        environment = dict(os.environ, IG_BIRTHS=births)
        self.process = started(
            [str(ROOT / "ig"), "trace", "open", "-v", "-c", PREFIX + "*", "-o", "json", "--fields", "runtime.containerName,fname"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True)
        self.lines, self.complaints = [], []
        self.ready = threading.Event()
        for stream, kept in ((self.process.stdout, self.lines), (self.process.stderr, self.complaints)):
            threading.Thread(target=self.keep, args=(stream, kept), daemon=True).start()
        if not self.ready.wait(START_LIMIT_S):
            raise RuntimeError(f"ig was not ready within {START_LIMIT_S} s: {self.complaints}")
        self.gate = None if births == "lineage" else self.wait_for_gate()
        self.before = self.held()
        self.complaints_before = len(self.complaints)

    def keep(self, stream, kept):
        for line in stream:
            kept.append(line)
            if "running..." in line:
                self.ready.set()

    def wait_for_gate(self):
        limit = time.monotonic() + START_LIMIT_S
        while time.monotonic() < limit:
            for gate in children(self.process.pid, GATE):
                if marks(gate) > 0:
                    return gate
            time.sleep(0.02)
        raise RuntimeError(f"no start is held within {START_LIMIT_S} s: {self.complaints}")

    def held(self):
        """Marks, file descriptors and map entries at this moment."""
        return marks(self.gate) if self.gate else 0, self.descriptors(), map_entries(self.process.pid)

    def descriptors(self):
        return descriptors_of_nobody(self.process.pid)

    def left(self):
        """How many more than at the start, once no more of them go away."""
        limit = time.monotonic() + SETTLE_S
        while True:
            more = [now - before for before, now in zip(self.before, self.held())]
            if all(number <= 0 for number in more) or time.monotonic() >= limit:
                return more
            time.sleep(0.2)

    def seen(self):
        """Pairs of the container's name and the name of the file that it opened."""
        events = [json.loads(line) for line in self.lines]
        return [(event.get("runtime", {}).get("containerName", ""), event["fname"].removeprefix("/only-"))
                for event in events if event["fname"].startswith("/only-")]

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=START_LIMIT_S)


def names(work, options, at_once):
    print(f"{options.containers} containers of a millisecond, {at_once} at a time")
    print(f"{'noticed by':12}{'seen':>8}{'rightly named':>16}{'wrongly':>9}{'per second':>12}{'marks left':>12}{'fds left':>10}{'entries left':>14}")
    for births in options.births.split(","):
        wanted = [f"{PREFIX}{births}-{at_once}-{i}" for i in range(options.containers)]
        with Ig(births) as ig:
            began = time.monotonic()
            with ThreadPoolExecutor(at_once) as pool:
                list(pool.map(lambda name: runc_run_s(work, name), wanted))
            took = time.monotonic() - began
            left = ig.left()
            pairs = ig.seen()
            right = {name for container, name in pairs if container == name}
            wrong = sum(container != name for container, name in pairs)
            print(f"{births:12}{len({name for _, name in pairs}):>8}{len(right):>16}{wrong:>9}{len(wanted) / took:>12.0f}" + "".join(
                f"{number:>{width}}" for number, width in zip(left, (12, 10, 14))), flush=True)
        print("".join(line for line in ig.complaints[ig.complaints_before:]), end="")


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def delays(work, options):
    without, within = [], []
    for block in range(options.blocks):
        without += [runc_run_s(work, f"{PREFIX}a{block}-{i}") for i in range(options.block)]
        with Ig("both"):
            within += [runc_run_s(work, f"{PREFIX}b{block}-{i}") for i in range(options.block)]
    print(f"\nrunc run of a container of a millisecond, one at a time, {options.blocks} x {options.block} interleaved; ms")
    print(f"{'':12}{'p50':>8}{'p90':>8}{'p99':>8}")
    figures = {name: [percentile(values, share) * 1e3 for share in (0.5, 0.9, 0.99)] for name, values in (("without", without), ("with ig", within))}
    for name, row in figures.items():
        print(f"{name:12}" + "".join(f"{value:>8.2f}" for value in row))
    print(f"{'more':12}" + "".join(f"{b - a:>8.2f}" for a, b in zip(figures["without"], figures["with ig"])))
    print(f"{'ratio':12}" + "".join(f"{b / a:>8.2f}" for a, b in zip(figures["without"], figures["with ig"])))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--containers", type=int, default=1000)
    parser.add_argument("--at-once", default="1,4")
    parser.add_argument("--births", default="lineage,held,both")
    parser.add_argument("--block", type=int, default=100)
    parser.add_argument("--blocks", type=int, default=3)
    options = parser.parse_args()
    make_root(options.work)
    for at_once in options.at_once.split(","):
        names(options.work, options, int(at_once))
    if options.blocks > 0:
        delays(options.work, options)


if __name__ == "__main__":
    main()
