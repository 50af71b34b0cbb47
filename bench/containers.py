#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What running containers cost `ig`: how long a list of them takes from the start of the process, how much memory each one adds, and how soon the end of one is told.

usage: containers.py WORK_DIR [--count N] [--rounds N]

Starts the containers with runc, lists them without and with, and looks at the resident memory of a watching process without and with. Then kills some, one at a time, and at
last all at once: from each kill to the line that a watching process prints.
"""

import argparse
import json
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

from measurement import ROOT, START_LIMIT_S, median, started

PREFIX = f"igbench-{os.getpid()}-"
SETTLE_S = 1.0
ONE_AT_A_TIME = 20


def make_bundle(work):
    root = work / "rootfs"
    for folder in ("bin", "proc"):
        (root / folder).mkdir(parents=True, exist_ok=True)
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


def start(work, numbers):
    for number in numbers:
        subprocess.run(["runc", "run", "--detach", "--bundle", str(work), f"{PREFIX}{number}"], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def delete(numbers):
    for number in numbers:
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
    process = started([str(ROOT / "ig"), "list-containers", "-w", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
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


class EndsWatch:
    """A watching process, whose lines a thread of this one reads as they come."""

    def __init__(self, expected):
        self.process = started([str(ROOT / "ig"), "list-containers", "-w", "-c", PREFIX + "*", "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.pids = {}
        self.ended_at = {}
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.read)
        self.thread.start()
        self.wait(lambda: len(self.pids) >= expected, f"{expected} containers")

    def read(self):
        for line in self.process.stdout:
            now = time.monotonic()
            row = json.loads(line)
            name = row["runtime"]["containerName"]
            with self.changed:
                if row["event"] == "DELETED":
                    self.ended_at[name] = now
                else:
                    self.pids[name] = row["runtime"]["containerPid"]
                self.changed.notify()

    def wait(self, condition, what):
        with self.changed:
            if not self.changed.wait_for(condition, START_LIMIT_S):
                raise RuntimeError(f"waiting for {what}: {len(self.pids)} were told, of which {len(self.ended_at)} ended")

    def kill_s(self, names):
        """Kills these, and says for each how many seconds later its end was told."""
        killed_at = {}
        for name in names:
            killed_at[name] = time.monotonic()
            os.kill(self.pids[name], signal.SIGKILL)
        self.wait(lambda: all(name in self.ended_at for name in names), "the end of those that were killed")
        return [self.ended_at[name] - killed_at[name] for name in names]

    def close(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=START_LIMIT_S)
        self.thread.join()
        self.process.stdout.close()


def print_notices(count):
    """Of the ends of the containers that run: first of those beyond the count, one at a time."""
    watch = EndsWatch(count + ONE_AT_A_TIME)
    try:
        single_s = [watch.kill_s([f"{PREFIX}{number}"])[0] for number in range(count, count + ONE_AT_A_TIME)]
        many_s = watch.kill_s([f"{PREFIX}{number}" for number in range(count)])
    finally:
        watch.close()
    for what, notices_s in ((f"one at a time, {ONE_AT_A_TIME} times", single_s), (f"{count} at once", many_s)):
        print(f"from the kill of a container to the line that tells its end, {what}: median {median(notices_s) * 1e3:.1f} ms, most {max(notices_s) * 1e3:.1f} ms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    work = options.work / "containers"
    work.mkdir(parents=True, exist_ok=True)
    make_bundle(work)
    list_s(0)
    empty_s = [list_s(0) for _ in range(options.rounds)]
    empty_kb = [resident_kb(0) for _ in range(options.rounds)]
    everybody = range(options.count + ONE_AT_A_TIME)
    try:
        start(work, everybody[: options.count])
        full_s = [list_s(options.count) for _ in range(options.rounds)]
        full_kb = [resident_kb(options.count) for _ in range(options.rounds)]
        start(work, everybody[options.count :])
        print_notices(options.count)
    finally:
        delete(everybody)
    print(f"list of {options.count} containers from the start of the process, median of {options.rounds}: {median(full_s) * 1e3:.0f} ms (none running: {median(empty_s) * 1e3:.0f} ms)")
    growth = (median(full_kb) - median(empty_kb)) / options.count
    print(f"resident memory of a watching process: {median(full_kb) / 1024:.1f} MB, {growth:.1f} KB for each container")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
