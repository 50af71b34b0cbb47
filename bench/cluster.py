# SPDX-License-Identifier: Apache-2.0
"""cluster.py PROGRAM NAMESPACE [--starts N] [--seconds N]: called by bench/cluster. A pod in the namespace opens files all the time."""

import argparse
import json
import signal
import statistics
import subprocess
import time

from measurement import started

LIMIT_S = 60


def start(program, namespace):
    return started(
        [program, "trace", "open", "-n", namespace, "-o", "json", "--fields", "timestamp_raw"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def stop(process):
    """Ctrl-C; returns what it said beside the events."""
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=LIMIT_S)
    if process.returncode != 0:
        raise SystemExit(f"{process.args[0]} ended with status {process.returncode}: {messages}")
    return messages


def first_row_s(program, namespace):
    begun = time.monotonic()
    process = start(program, namespace)
    if not process.stdout.readline():
        raise SystemExit(f"no row: {process.stderr.read()}")
    elapsed = time.monotonic() - begun
    stop(process)
    return elapsed


def delays_ms(program, namespace, seconds):
    """Delays of the events of some seconds, the first two of which are left out; and what was said."""
    process = start(program, namespace)
    if not process.stdout.readline():
        raise SystemExit(f"no row: {process.stderr.read()}")
    warm = time.monotonic() + 2
    end = warm + seconds
    delays = []
    while time.monotonic() < end:
        line = process.stdout.readline()
        now = time.time_ns()
        if time.monotonic() >= warm:
            delays.append((now - json.loads(line)["timestamp_raw"]) / 1e6)
    return delays, stop(process)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("namespace")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    starts = [first_row_s(options.program, options.namespace) for _ in range(options.starts)]
    print(f"start to first row: median {statistics.median(starts):.2f} s, worst {max(starts):.2f} s, of {len(starts)}")
    delays, messages = delays_ms(options.program, options.namespace, options.seconds)
    delays.sort()
    print(
        f"event to laptop: median {statistics.median(delays):.1f} ms, p99 {delays[int(len(delays) * 0.99)]:.1f} ms,"
        f" {len(delays) / options.seconds:.0f} events a second"
    )
    print(f"lost: {messages.strip() or 'nothing'}")


main()
