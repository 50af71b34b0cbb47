#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Containers of a millisecond that come and go at full speed under `ig trace open`: whether ig grows.

usage: churn.py WORK_DIR [--seconds N] [--every N] [--at-once N] [--births MECHANISM]

Samples resident memory, file descriptors, threads and the entries of the kernel's maps, and compares the medians of the first and the last quarter of the time.
"""

import argparse
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from measurement import median
from starts import PREFIX, Ig, make_root, map_entries, runc_run_s

# Code that is compiled and classes that are loaded on the way make some growth, which ends; a leak of 100 bytes a container would be more than this.
GROWTH_MAX = 1.10
COLUMNS = ("resident MB", "anonymous MB", "descriptors", "threads", "map entries")


def sample(ig):
    status = dict(line.split(":", 1) for line in Path(f"/proc/{ig.process.pid}/status").read_text().splitlines())
    megabytes = [int(status[name].split()[0]) / 1024 for name in ("VmRSS", "RssAnon")]
    return *megabytes, ig.descriptors(), int(status["Threads"]), map_entries(ig.process.pid)


def churn(work, at_once, stopped, done):
    """Starts containers until told to stop; counts them in `done`."""
    numbers = iter(range(sys.maxsize))
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


def samples(ig, options):
    taken = []
    stopped, done = threading.Event(), []
    thread = threading.Thread(target=churn, args=(options.work, options.at_once, stopped, done))
    began = time.monotonic()
    thread.start()
    try:
        while time.monotonic() - began < options.seconds and thread.is_alive():
            time.sleep(options.every)
            taken.append(sample(ig))
    finally:
        stopped.set()
        thread.join()
    return taken, done, time.monotonic() - began


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--births", default="lineage")
    options = parser.parse_args()
    make_root(options.work)
    with Ig(options.births) as ig:
        taken, done, took = samples(ig, options)
        left = ig.left()
        pairs = ig.seen()
        complaints = ig.complaints[ig.complaints_before:]
    named = len({name for container, name in pairs if container == name})
    print(f"{len(done)} containers of a millisecond in {took:.0f} s, {options.at_once} at a time, noticed by {options.births}: {named} rightly named, "
          f"{sum(container != name for container, name in pairs)} wrongly")
    quarter = max(1, len(taken) // 4)
    print(f"{'median of':14}{'first quarter':>16}{'last quarter':>16}{'ratio':>8}")
    for column, name in enumerate(COLUMNS):
        first, last = (median([row[column] for row in rows]) for rows in (taken[:quarter], taken[-quarter:]))
        print(f"{name:14}{first:>16.1f}{last:>16.1f}{last / first if first else float('nan'):>8.2f}")
    print(f"left in the end: {left[0]} marks, {left[1]} descriptors, {left[2]} map entries")
    print("".join(complaints), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
