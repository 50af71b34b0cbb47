#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a process pays that is not selected: ns per open and close with nothing attached, with an empty program on the same hook, and with `ig trace open` for another container.

usage: unselected.py WORK_DIR [--rounds N] [--seconds S]

Rounds are interleaved; the figure of each is its minimum and its median over the rounds, and what ours costs above the empty program is the median of
the differences within a round, because a machine may change its pace between rounds.
"""

import argparse
import signal
import subprocess
import sys
import time
from pathlib import Path

from measurement import DETACH_S, ROOT, START_LIMIT_S, TRACER_CPU, Load, median, started

# bpftrace says "Attaching" just before it does.
SETTLE_S = 0.5


def pair_ns(load, seconds):
    count, taken_s = load.run(seconds)
    return taken_s * 1e9 / count


def with_empty_program(load, seconds):
    """bpftrace attaches a program that does nothing to the tracepoint that trace_open uses."""
    process = started(["taskset", "-c", str(TRACER_CPU), "bpftrace", "-e", "tracepoint:syscalls:sys_exit_openat { }"],
                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return measured(process, process.stdout, "Attaching", load, seconds)


def measured(process, stream, sign, load, seconds, figure=pair_ns):
    """The figure while `process` traces; it does once a line of its stream holds the sign."""
    try:
        for line in stream:
            if sign in line:
                time.sleep(SETTLE_S)
                return figure(load, seconds)
        raise RuntimeError(f"{process.args} ended before it was attached")
    finally:
        process.send_signal(signal.SIGINT)
        stream.close()
        process.wait(timeout=START_LIMIT_S)
        time.sleep(DETACH_S)


def with_ig(load, seconds):
    process = started(["taskset", "-c", str(TRACER_CPU), str(ROOT / "ig"), "trace", "open", "-v", "-c", "no-container-of-this-name"],
                      stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return measured(process, process.stderr, "running...", load, seconds)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.5)
    options = parser.parse_args()
    figures = {"nothing": [], "empty program": [], "ig, not selected": []}
    with Load(options.work) as load:
        for _ in range(options.rounds):
            figures["nothing"].append(pair_ns(load, options.seconds))
            figures["empty program"].append(with_empty_program(load, options.seconds))
            figures["ig, not selected"].append(with_ig(load, options.seconds))
    print(f"ns per open and close, {options.rounds} interleaved rounds of {options.seconds:g} s")
    for name, values in figures.items():
        print(f"{name:<20} minimum {min(values):8.0f}   median {median(values):8.0f}")
    floor = figures["empty program"]
    ours = figures["ig, not selected"]
    print(f"ours above the empty program: minimum {min(ours) - min(floor):.0f} ns, median within a round {median([o - f for o, f in zip(ours, floor)]):.0f} ns")
    return 0


if __name__ == "__main__":
    sys.exit(main())
