# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: the load, the tracers under test, and how a finished process is accounted for."""

import os
import select
import signal
import statistics
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOAD_CPU, TRACER_CPU = (1, 0) if (os.cpu_count() or 1) > 1 else (0, 0)
SLOW_PATH, FULL_PATH = "/dev/zero", "/dev/null"
START_LIMIT_S = 30
# A tracer's programs may run on for a moment after its end, until the kernel has detached them, and hold up whoever attaches meanwhile.
DETACH_S = 1


class Load:
    """The open loop on its core; a context manager."""

    def __init__(self, work):
        self.process = subprocess.Popen([str(work / "open_loop"), str(LOAD_CPU)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.pid = int(self.process.stdout.readline().split()[1])

    def slow(self):
        self.process.stdin.write(f"slow {SLOW_PATH}\n")

    def run(self, seconds, rate=0):
        """Returns how often the file was opened, and in how many seconds."""
        self.process.stdin.write(f"run {FULL_PATH} {seconds} {rate}\n")
        count, nanoseconds = self.process.stdout.readline().split()
        return int(count), int(nanoseconds) / 1e9

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.process.stdin.write("quit\n")
        self.process.stdin.close()
        self.process.wait(timeout=10)


# Whoever is started in the background of a script ignores this signal, and so do its children; tracers are ended by it, also before they have a handler of their own.
signal.signal(signal.SIGINT, signal.default_int_handler)


def tracers(names):
    """The commands under test by name; {pid} stands for the process to trace."""
    known = {
        "ig": [str(ROOT / "ig"), "trace", "open", "--host", "--pid", "{pid}", "-o", "json"],
        "opensnoop": ["opensnoop", "-p", "{pid}"],
        "bpftrace": ["bpftrace", "-e", 'tracepoint:syscalls:sys_enter_openat /pid == {pid}/ { printf("%d %s %s\\n", pid, comm, str(args->filename)); }'],
    }
    return {name: known[name] for name in names}


class Tracer:
    """A running tracer. Its output goes to a file in memory, or to a pipe if no file is given."""

    def __init__(self, command, pid, output=None, pinned=True):
        argv = [word.replace("{pid}", str(pid)) for word in command]
        self.started = time.monotonic()
        self.output = open(output, "wb") if output else None
        self.process = subprocess.Popen(
            (["taskset", "-c", str(TRACER_CPU)] if pinned else []) + argv, stdout=self.output or subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def first_line_s(self):
        """Seconds from fork to the first whole line that names the slowly opened file, read from the pipe."""
        text = b""
        fd = self.process.stdout.fileno()
        while time.monotonic() - self.started < START_LIMIT_S:
            if select.select([fd], [], [], 1)[0]:
                chunk = os.read(fd, 65536)
                if not chunk:
                    break
                text += chunk
                if any(SLOW_PATH.encode() in line for line in text.split(b"\n")[:-1]):
                    return time.monotonic() - self.started
        raise RuntimeError(f"no event within {START_LIMIT_S} s: {self.process.args}: {self.stop()}")

    def wait_for_events(self, path):
        """Returns once the file holds an event; the tracer then surely traces."""
        while time.monotonic() - self.started < START_LIMIT_S:
            if os.path.getsize(path) > 0 and SLOW_PATH.encode() in Path(path).read_bytes():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        raise RuntimeError(f"no event within {START_LIMIT_S} s: {self.process.args}: {self.stop()}")

    def cpu_s(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        """Ends it as Ctrl-C would; returns CPU seconds, peak resident MB, and what it wrote to standard error."""
        if self.process.returncode is None:
            os.kill(self.process.pid, signal.SIGINT)
        errors = self.process.stderr.read().decode(errors="replace")
        _, _, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = 0
        if self.output:
            self.output.close()
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, errors


def count_lines(path, needle):
    with open(path, "rb") as file:
        return sum(needle in line for line in file)


def median(values):
    return statistics.median(values) if values else float("nan")
