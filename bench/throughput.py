#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Throughput, loss, CPU, memory and start of `ig trace open` beside its peers, interleaved in one run.

usage: throughput.py WORK_DIR [--seconds S] [--runs N] [--starts N] [--rate R] [--tracers a,b,c] [--smoke]

Prints medians and the ratios of ours to each peer.
"""

import argparse
import sys
import time
from pathlib import Path

from measurement import DETACH_S, FULL_PATH, Load, OutputFile, Tracer, median, tracers


# What any of the tracers writes in a second at the highest rate, with room to spare.
OUTPUT_BYTES_A_SECOND = 170_000_000


def measure(work, output, command, seconds, rate):
    """One run: rate of the loop without and with the tracer, events lost, CPU and memory of the tracer."""
    time.sleep(DETACH_S)
    with Load(work) as load:
        untraced_count, untraced_s = load.run(min(seconds, 2), rate)
        load.slow()
        tracer = Tracer(command, load.pid, output)
        tracer.wait_for_events()
        count, taken_s = load.run(seconds, rate)
        load.slow()
        time.sleep(0.2)
        cpu_s, peak_mb, errors = tracer.stop()
    written = output.lines_with(FULL_PATH.encode(), tracer.written)
    return {
        "kept": (count / taken_s) / (untraced_count / untraced_s),
        "lost": count - written,
        "lost_share": (count - written) / count,
        "written_per_s": written / taken_s,
        "cpu_us": cpu_s * 1e6 / max(1, written),
        "peak_mb": peak_mb,
        "bytes": tracer.written / max(1, written),
        "errors": errors,
    }


def idle(work, output, command):
    """Share of one core that a tracer uses while nothing happens."""
    time.sleep(DETACH_S)
    with Load(work) as load:
        load.slow()
        tracer = Tracer(command, load.pid, output)
        tracer.wait_for_events()
        load.run(0.01, 0)
        time.sleep(1)
        before, begun = tracer.cpu_s(), time.monotonic()
        time.sleep(3)
        share = (tracer.cpu_s() - before) / (time.monotonic() - begun)
        tracer.stop()
    return share


def start_ms(work, command):
    time.sleep(DETACH_S)
    with Load(work) as load:
        load.slow()
        # The load is light, and a start may use both cores as it would anywhere.
        tracer = Tracer(command, load.pid, pinned=False)
        try:
            return tracer.first_line_s() * 1e3
        finally:
            tracer.process.stdout.close()
            tracer.stop()


def table(title, names, rows, figures):
    print(f"\n{title}")
    print(f"{'':<12}" + "".join(f"{heading:>16}" for heading, _, _ in figures))
    for name in names:
        cells = []
        for heading, key, form in figures:
            of_runs = max if heading.startswith("most ") else median
            cells.append(form.format(of_runs([run[key] for run in rows[name]])))
        print(f"{name:<12}" + "".join(f"{cell:>16}" for cell in cells))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--runs", type=int, default=5, help="0: how long starts take only")
    parser.add_argument("--starts", type=int, default=10)
    parser.add_argument("--rate", type=int, default=10_000)
    parser.add_argument("--tracers", default="ig,opensnoop,bpftrace")
    parser.add_argument("--smoke", action="store_true", help="one short run of each: shows that the benchmark works, not how fast anything is")
    options = parser.parse_args()
    if options.smoke:
        options.seconds, options.runs, options.starts = 1, 1, 1
    commands = tracers(options.tracers.split(","))

    full = {name: [] for name in commands}
    paced = {name: [] for name in commands}
    starts = {name: [] for name in commands}
    with OutputFile(options.work / "output", int(OUTPUT_BYTES_A_SECOND * options.seconds) if options.runs else 0) as output:
        for run in range(options.runs):
            for name, command in commands.items():
                print(f"run {run + 1} of {options.runs}: {name}", file=sys.stderr)
                full[name].append(measure(options.work, output, command, options.seconds, 0))
                paced[name].append(measure(options.work, output, command, options.seconds, options.rate))
        for run in range(options.starts):
            for name, command in commands.items():
                starts[name].append({"start_ms": start_ms(options.work, command)})
        idles = {name: [{"idle": idle(options.work, output, command)}] for name, command in commands.items()}

    figures = [("loop keeps", "kept", "{:.1%}"), ("lost", "lost", "{:.0f}"), ("most lost", "lost", "{:.0f}"), ("lost share", "lost_share", "{:.2%}"), ("written/s", "written_per_s", "{:.0f}"),
               ("CPU us/event", "cpu_us", "{:.2f}"), ("peak MB", "peak_mb", "{:.0f}"), ("bytes/event", "bytes", "{:.0f}")]
    if options.runs:
        table(f"full speed, medians of {options.runs} runs of {options.seconds:g} s", commands, full, figures)
        table(f"{options.rate} opens a second, medians of {options.runs} runs of {options.seconds:g} s", commands, paced, figures)
    table(f"fork to first line, median of {options.starts}; idle", commands, {name: [{**s, **idles[name][0]} for s in starts[name]] for name in commands},
          [("start ms", "start_ms", "{:.0f}"), ("idle CPU", "idle", "{:.2%}")])

    if not options.runs:
        return 0
    print("\nours to peers")
    for peer in [name for name in commands if name != "ig"]:
        def ratio(rows, key):
            return median([run[key] for run in rows["ig"]]) / median([run[key] for run in rows[peer]])
        print(f"ig / {peer}: CPU per event {ratio(full, 'cpu_us'):.2f} at full speed, {ratio(paced, 'cpu_us'):.2f} at {options.rate}/s; "
              f"loop keeps {ratio(full, 'kept'):.2f}; peak memory {ratio(full, 'peak_mb'):.2f}; start {ratio(starts, 'start_ms'):.2f}")
    if options.smoke and any(run["written_per_s"] == 0 for rows in full.values() for run in rows):
        print("a tracer wrote no event", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
