# SPDX-License-Identifier: Apache-2.0
"""How long the prompt takes to come back after Ctrl-C: from the signal to the end of the process, as its parent sees it."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from measurement import FULL_PATH, SLOW_PATH, Load, OutputFile, Tracer, median, tracers

SECONDS_BEFORE = 2


def stop_ms(work, output, command, flat_out):
    """One run: the tracer is ended while its load opens files at full speed, or now and then."""
    with Load(work) as load:
        load.slow()
        tracer = Tracer(command, load.pid, output, pinned=False)
        tracer.wait_for_events()
        load.process.stdin.write(f"run {FULL_PATH if flat_out else SLOW_PATH} {SECONDS_BEFORE + 3} {0 if flat_out else 100}\n")
        time.sleep(SECONDS_BEFORE)
        began = time.monotonic()
        os.kill(tracer.process.pid, signal.SIGINT)
        status = tracer.process.wait(timeout=30)
        took = (time.monotonic() - began) * 1e3
        tracer.output.close()
        load.process.stdout.readline()
    return took, status


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=Path)
    parser.add_argument("--stops", type=int, default=5)
    parser.add_argument("--tracers", default="ig,opensnoop,bpftrace")
    options = parser.parse_args()
    print(f"Ctrl-C to the end of the process, ms, median of {options.stops} (largest)")
    print(f"{'':<12}{'idle':>16}{'full speed':>16}")
    failed = False
    with OutputFile(options.work / "output", 0) as output:
        for name, command in tracers(options.tracers.split(",")).items():
            cells = []
            for flat_out in (False, True):
                runs = [stop_ms(options.work, output, command, flat_out) for _ in range(options.stops)]
                failed |= name == "ig" and any(status != 0 for _, status in runs)
                took = [ms for ms, _ in runs]
                cells.append(f"{median(took):.0f} ({max(took):.0f})")
            print(f"{name:<12}" + "".join(f"{cell:>16}" for cell in cells))
    if failed:
        print("ig ended with a status other than 0", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
