#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Containers of a millisecond that come and go at full speed under `ig trace open`: whether ig grows.

usage: churn.py WORK_DIR [--seconds N] [--rounds N] [--at-once N] [--births MECHANISM]

The containers come in rounds. After each, when all of its containers are forgotten, resident memory, file descriptors, threads and the entries of the kernel's maps are read: at
rest, because ig remembers an ended container for two seconds, so that what it holds at work says how fast they come. The second round is the one that the others are compared with: in the first, code is compiled and classes are loaded.
"""

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from starts import PREFIX, Ig, make_root, map_entries, runc_run_s

# Code that is compiled later makes some growth, which ends; a leak of 100 bytes a container would be more than this.
GROWTH_MAX = 1.10
# Of fewer nothing can be said.
ROUNDS_MIN = 4
COLUMNS = ("resident MB", "anonymous MB", "descriptors", "threads", "map entries")


def sample(ig):
    status = dict(line.split(":", 1) for line in Path(f"/proc/{ig.process.pid}/status").read_text().splitlines())
    megabytes = [int(status[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")]
    return *megabytes, ig.descriptors(), int(status["Threads"]), map_entries(ig.process.pid)


def churn(work, at_once, stopped, done):
    """Starts containers until told to stop; counts them in `done`."""
    numbers = iter(range(len(done), sys.maxsize))
    lock = threading.Lock()

    def starter():
        while not stopped.is_set():
            with lock:
                number = next(numbers)
            runc_run_s(work, f"{PREFIX}{number}")
            with lock:
                done.append(number)

    with ThreadPoolExecutor(at_once) as pool:
        for future in [pool.submit(starter) for _ in range(at_once)]:
            future.result()


def rounds(ig, options):
    """What ig holds after each round, how many containers there were until then, and how long all of it took."""
    taken, done = [], []
    began = time.monotonic()
    for _ in range(options.rounds):
        stopped = threading.Event()
        timer = threading.Timer(options.seconds / options.rounds, stopped.set)
        timer.start()
        try:
            churn(options.work, options.at_once, stopped, done)
        finally:
            timer.cancel()
        ig.left()
        taken.append((len(done), *sample(ig)))
    return taken, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--births", default="lineage")
    options = parser.parse_args()
    if options.rounds < 2:
        parser.error("--rounds: at least 2, of which the second and the last are compared")
    make_root(options.work)
    with Ig(options.births) as ig:
        taken, took = rounds(ig, options)
        left = ig.left()
        pairs = ig.seen()
        complaints = ig.complaints[ig.complaints_before:]
    named = {name for container, name in pairs if container == name}
    missed = sorted({f"{PREFIX}{number}" for number in range(taken[-1][0])} - named)
    print(f"{taken[-1][0]} containers of a millisecond in {took:.0f} s, {options.at_once} at a time, noticed by {options.births}: {len(named)} rightly named, "
          f"{sum(container != name for container, name in pairs)} wrongly")
    if missed:
        print(f"missed: {' '.join(missed)}")
    print(f"{'containers':>14}" + "".join(f"{name:>15}" for name in COLUMNS))
    for row in taken:
        print(f"{row[0]:>14}" + "".join(f"{value:>15.1f}" for value in row[1:]))
    ratios = [last / first if first else 1 for first, last in zip(taken[1][1:], taken[-1][1:])]
    print(f"{'last / second':>14}" + "".join(f"{ratio:>15.2f}" for ratio in ratios))
    print(f"left in the end: {left[0]} marks, {left[1]} descriptors, {left[2]} map entries")
    print("".join(complaints), end="")
    # Entries of maps are few, and those of others' containers are among them.
    grown = [name for name, ratio in zip(COLUMNS[:-1], ratios) if ratio > GROWTH_MAX]
    if grown and len(taken) > ROUNDS_MIN:
        print(f"grown by more than {GROWTH_MAX - 1:.0%}: {', '.join(grown)}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
