# SPDX-License-Identifier: Apache-2.0
"""What the benchmarks share: the load, the tracers under test, and how a finished process is accounted for."""

import ctypes
import os
import select
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOAD_CPU, TRACER_CPU = (1, 0) if (os.cpu_count() or 1) > 1 else (0, 0)
SLOW_PATH, FULL_PATH = "/dev/zero", "/dev/null"
START_LIMIT_S = 30
# A tracer's programs may run on for a moment after its end, until the kernel has detached them, and hold up whoever attaches meanwhile.
DETACH_S = 1
PAGES = bytes(1 << 20)


class Load:
    """The open loop on its core; a context manager."""

    def __init__(self, work):
        self.process = started([str(work / "open_loop"), str(LOAD_CPU)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
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
# What a benchmark has begun it also ends when it is told to end itself.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def started(command, **options):
    """As subprocess.Popen, but of a process that the kernel kills when the benchmark ends, however it does: a tracer that is left over slows all that are measured later."""
    return subprocess.Popen(command, preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL), **options)


def tracers(names):
    """The commands under test by name; {pid} stands for the process to trace."""
    known = {
        "ig": [str(ROOT / "ig"), "trace", "open", "--host", "--pid", "{pid}", "-o", "json"],
        "opensnoop": ["opensnoop", "-p", "{pid}"],
        "bpftrace": ["bpftrace", "-e", 'tracepoint:syscalls:sys_enter_openat /pid == {pid}/ { printf("%d %s %s\\n", pid, comm, str(args->filename)); }'],
    }
    return {name: known[name] for name in names}


class OutputFile:
    """What one tracer after the other writes over. Its memory is there before they start: a virtual machine that has to get a page from its host first
    pays up to 6 us for it, which is the machine's price and not the tracer's. A context manager."""

    def __init__(self, path, size):
        self.path = path
        with open(path, "wb") as file:
            for _ in range(size // len(PAGES)):
                file.write(PAGES)

    def opened(self):
        """For a tracer to write to, from the beginning on."""
        return open(self.path, "r+b")

    def text(self, size):
        """The first bytes."""
        with open(self.path, "rb") as file:
            return file.read(size)

    def lines_with(self, needle, size):
        """How many lines of the first bytes hold these."""
        with open(self.path, "rb") as file:
            lines = 0
            while size > 0 and (line := file.readline(size)):
                lines += needle in line
                size -= len(line)
            return lines

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.path.unlink()


class Tracer:
    """A running tracer. Its output goes to a file in memory, or to a pipe if no file is given."""

    def __init__(self, command, pid, output=None, pinned=True):
        argv = [word.replace("{pid}", str(pid)) for word in command]
        self.started = time.monotonic()
        self.file = output
        self.output = output.opened() if output else None
        self.process = started(
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

    def written_bytes(self):
        """How much it has written to its file so far. The place in the file is the same for whoever got the descriptor."""
        return os.lseek(self.output.fileno(), 0, os.SEEK_CUR)

    def wait_for_events(self):
        """Returns once the file holds an event; the tracer then surely traces."""
        while time.monotonic() - self.started < START_LIMIT_S:
            if SLOW_PATH.encode() in self.file.text(self.written_bytes()):
                return
            if self.process.poll() is not None:
                errors = self.process.stderr.read().decode(errors="replace")
                raise RuntimeError(f"ended with {self.process.returncode} before an event: {self.process.args}: {errors}")
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
            self.written = self.written_bytes()
            self.output.close()
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, errors


def median(values):
    return statistics.median(values) if values else float("nan")
