#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whether the cost of a process that is not selected grows with the number of selected containers: ns per open and close with 1, 1,000 and 50,000 entries in the filter map of one running `ig trace open`.

usage: filter_size.py WORK_DIR [--rounds N] [--seconds S]

The entries are written into the map from outside, under numbers that no namespace has. Each round starts ig once and measures all sizes; the figures are medians over the rounds.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from measurement import ROOT, TRACER_CPU, Load, median, started
from unselected import measured, pair_ns

SIZES = (1, 1_000, 50_000)
FIRST_NUMBER = 1 << 33
# The kernel keeps 15 characters of a map's name.
MAP_NAME = "gadget_mntns_filter_map"[:15]


def filter_map(pid):
    """The id of the filter map that the process holds."""
    held = set()
    for descriptor in Path(f"/proc/{pid}/fdinfo").iterdir():
        held.update(int(line.split()[1]) for line in descriptor.read_text().splitlines() if line.startswith("map_id:"))
    maps = json.loads(subprocess.run(["bpftool", "--json", "map", "show"], check=True, capture_output=True, text=True).stdout)
    ours = [entry["id"] for entry in maps if entry.get("name") == MAP_NAME and entry["id"] in held]
    if len(ours) != 1:
        raise RuntimeError(f"{len(ours)} filter maps of process {pid}, not one")
    return ours[0]


def fill(work, map_id, begin, end):
    def hexadecimal(number, size):
        return " ".join(f"{byte:02x}" for byte in number.to_bytes(size, sys.byteorder))

    lines = [f"map update id {map_id} key hex {hexadecimal(FIRST_NUMBER + number, 8)} value hex {hexadecimal(1, 4)}" for number in range(begin, end)]
    batch = work / "entries"
    batch.write_text("\n".join(lines) + "\n")
    subprocess.run(["bpftool", "batch", "file", str(batch)], check=True, stdout=subprocess.DEVNULL)


def figures(work, pid, load, seconds):
    map_id, filled, found = filter_map(pid), 0, {}
    for size in SIZES:
        fill(work, map_id, filled, size)
        filled = size
        found[size] = pair_ns(load, seconds)
    return found


def one_round(work, load, seconds):
    command = ["taskset", "-c", str(TRACER_CPU), str(ROOT / "ig"), "trace", "open", "-v", "-c", "no-container-of-this-name"]
    process = started(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return measured(process, process.stderr, "running...", load, seconds, lambda load, seconds: figures(work, process.pid, load, seconds))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=0.5)
    options = parser.parse_args()
    with Load(options.work) as load:
        rounds = [one_round(options.work, load, options.seconds) for _ in range(options.rounds)]
    print(f"ns per open and close of a process that is not selected, median of {options.rounds} rounds of {options.seconds:g} s")
    for size in SIZES:
        print(f"{size:>7,} entries {median([found[size] for found in rounds]):8.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
