#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What running containers cost `ig`: how long a list of them takes from the start of the process, and how much memory each one adds.

usage: containers.py WORK_DIR [--count N] [--rounds N]

Starts the containers with runc, lists them without and with, and looks at the resident memory of a watching process without and with.
"""

import argparse
import json
import os
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path

from measurement import ROOT, START_LIMIT_S, median

PREFIX = f"igbench-{os.getpid()}-"
SETTLE_S = 1.0


def make_bundle(work):
    root = work / "rootfs"
    for folder in ("bin", "proc"):
        (root / folder).mkdir(parents=True)
    shutil.copy("/bin/busybox", root / "bin/busybox")
    namespaces = [{"type": kind} for kind in ("pid", "mount", "uts", "ipc", "network")]
    config = {
        "ociVersion": "1.0.2",
        "process": {"terminal": False, "user": {"uid": 0, "gid": 0}, "args": ["/bin/busybox", "sleep", "100000"], "cwd": "/"},
        "root": {"path": str(root)},
        "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}],
        "linux": {"namespaces": namespaces},
    }
    (work / "config.json").write_text(json.dumps(config))


def start(work, count):
    for number in range(count):
        subprocess.run(["runc", "run", "--detach", "--bundle", str(work), f"{PREFIX}{number}"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def delete(count):
    for number in range(count):
        subprocess.run(["runc", "delete", "--force", f"{PREFIX}{number}"], check=False, stderr=subprocess.DEVNULL)


def list_s(expected):
    """Seconds from the start of the process to the end of its list, which must name all of them."""
    started = time.monotonic()
    names = subprocess.run([str(ROOT / "ig"), "list-containers", "-o", "names"], check=True, capture_output=True, text=True).stdout.split()
    taken = time.monotonic() - started
    ours = [name for name in names if name.startswith(PREFIX)]
    if len(ours) != expected:
        raise RuntimeError(f"{len(ours)} of {expected} containers were listed")
    return taken


def resident_kb(expected):
    """Resident memory of a process that watches, once it has told of all of them."""
    process = subprocess.Popen([str(ROOT / "ig"), "list-containers", "-w", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        read_changes(process, expected)
        time.sleep(SETTLE_S)
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise RuntimeError("the watching process has ended")
    finally:
        process.send_signal(signal.SIGINT)
        process.stdout.close()
        process.wait(timeout=START_LIMIT_S)


def read_changes(process, expected):
    text = b""
    deadline = time.monotonic() + START_LIMIT_S
    while sum(PREFIX.encode() in line for line in text.split(b"\n")[:-1]) < expected and time.monotonic() < deadline:
        if select.select([process.stdout], [], [], 0.1)[0]:
            text += os.read(process.stdout.fileno(), 1 << 20)
    told = sum(PREFIX.encode() in line for line in text.split(b"\n"))
    if told < expected:
        raise RuntimeError(f"{told} of {expected} containers were told")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    work = options.work / "containers"
    work.mkdir()
    make_bundle(work)
    list_s(0)
    empty_s = [list_s(0) for _ in range(options.rounds)]
    empty_kb = [resident_kb(0) for _ in range(options.rounds)]
    try:
        start(work, options.count)
        full_s = [list_s(options.count) for _ in range(options.rounds)]
        full_kb = [resident_kb(options.count) for _ in range(options.rounds)]
    finally:
        delete(options.count)
    print(f"list of {options.count} containers from the start of the process, median of {options.rounds}: {median(full_s) * 1e3:.0f} ms (none running: {median(empty_s) * 1e3:.0f} ms)")
    growth = (median(full_kb) - median(empty_kb)) / options.count
    print(f"resident memory of a watching process: {median(full_kb) / 1024:.1f} MB, {growth:.1f} KB for each container")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
