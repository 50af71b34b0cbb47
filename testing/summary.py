#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the JUnit XML that the layers wrote and prints two tables: results by layer, and kernel tests with a column for each kernel.

usage: summary.py RESULTS_DIR

RESULTS_DIR/layers has a line `NAME EXIT_STATUS SECONDS` for each layer that ran; RESULTS_DIR/NAME holds its *.xml files.
A layer that exits with another status than 0 and reports no failed test counts as one failed test; so does one that reports no test at all.
A suite may name the kernel it ran on in a property `kernel`.
A test that was skipped on every kernel because of what it needs (its reason is `needs THING: …`) counts as failed, once all kernels had their turn.
"""

import platform
import re
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

# The layers whose tests run on several kernels; together they are all of them.
KERNEL_LAYERS = ("kernel", "scenario", "kernels")
NEED = re.compile(r"\bneeds ([\w/.-]+): ")


@dataclass(frozen=True)
class Result:
    """One test on one kernel."""

    name: str
    group: str
    kernel: str
    verdict: str  # passed, failed or skipped
    reason: str

    @property
    def need(self):
        """What the kernel lacked for a skipped test, empty if it was skipped for something else."""
        found = NEED.search(self.reason) if self.verdict == "skipped" else None
        return found.group(1) if found else ""


def names_of(case):
    """Name and group of a test. The console launcher numbers dynamic tests, so that a name means another test wherever others are chosen; what
    it shows is unique."""
    classname = case.get("classname", "")
    shown = re.search(r"^display-name: (.*)$", case.findtext("system-out", ""), re.MULTILINE)
    if not shown:
        return f"{classname} {case.get('name', '')}".strip(), classname
    parts = shown.group(1).split(" > ")[1:]
    of_gadget = len(parts) == 3 and re.match(r"[a-z0-9]+_[a-z0-9_]+(?= )", parts[2])
    return " > ".join(parts), parts[0] + (f" {of_gadget.group(0)}" if of_gadget else "")


def results_of(layer_dir):
    """The results of a layer, and the names of its files that are no XML."""
    results, broken = [], []
    for file in sorted(layer_dir.rglob("*.xml")):
        try:
            root = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            broken.append(f"{file}: no well-formed XML ({error})")
            continue
        for suite in root.iter("testsuite") if root.tag == "testsuites" else [root]:
            kernel = platform.release()
            for prop in suite.findall("./properties/property"):
                if prop.get("name") == "kernel":
                    kernel = prop.get("value")
            results += [result_of(case, kernel) for case in suite.findall("testcase")]
    return results, broken


def result_of(case, kernel):
    name, group = names_of(case)
    if case.find("failure") is not None or case.find("error") is not None:
        return Result(name, group, kernel, "failed", "")
    skipped = case.find("skipped")
    if skipped is None:
        return Result(name, group, kernel, "passed", "")
    reason = (skipped.get("message") or skipped.text or "").strip()
    return Result(name, group, kernel, "skipped", reason.splitlines()[0] if reason else "no reason given")


def run_nowhere(results):
    """The tests that no kernel could run, with what they need."""
    by_name = {}
    for result in results:
        by_name.setdefault(result.name, []).append(result)
    return [f"{name}: no kernel has what it needs ({', '.join(sorted({r.need for r in runs}))})"
            for name, runs in by_name.items() if all(r.need for r in runs)]


def count(results):
    return [sum(result.verdict == verdict for result in results) for verdict in ("passed", "failed", "skipped")]


def by_kernel(results):
    kernels = {}
    for result in results:
        kernels.setdefault(result.kernel, []).append(result)
    return kernels


def version_key(release):
    return [int(number) for number in re.findall(r"\d+", release)[:3]]


def cell(results):
    """What a group of tests did on a kernel, shortly."""
    passed, failed, skipped = count(results)
    parts = [str(passed)] if passed or not (failed or skipped) else []
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{skipped} skipped"] if skipped else []
    return ", ".join(parts) if results else "-"


def print_table(header, rows, left):
    """Columns as wide as their content; the first `left` to the left, the others to the right."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    for row in [header, *rows]:
        print("  ".join(str(text).ljust(width) if i < left else str(text).rjust(width)
                        for i, (text, width) in enumerate(zip(row, widths))).rstrip())


def print_kernels(results):
    """A row for each group of tests, a column for each kernel."""
    kernels = sorted(by_kernel(results), key=version_key)
    short = [".".join(map(str, version_key(kernel)[:2])) for kernel in kernels]
    header = ["tests by kernel", *(short if len(set(short)) == len(short) else kernels)]
    groups = sorted({result.group for result in results})
    rows = [[group, *(cell([r for r in results if r.group == group and r.kernel == k]) for k in kernels)] for group in groups]
    rows.append(["all", *(cell([r for r in results if r.kernel == kernel]) for kernel in kernels)])
    print_table(header, rows, 1)


def main():
    directory = Path(sys.argv[1])
    totals, rows, failed, skipped, of_kernels, layers = [0, 0, 0], [], [], [], [], []

    def add_row(layer, kernel, counts, seconds):
        rows.append((layer, kernel, *counts, seconds))
        totals[:] = [a + b for a, b in zip(totals, counts)]

    for line in (directory / "layers").read_text().splitlines():
        layer, status, seconds = line.split()
        layers.append(layer)
        results, broken = results_of(directory / layer)
        of_kernels += results if layer in KERNEL_LAYERS else []
        failures = [*broken, *(f"{r.name} (on {r.kernel})" for r in results if r.verdict == "failed")]
        skipped += [f"{layer}: {r.name} (on {r.kernel}): {r.reason}" for r in results if r.verdict == "skipped"]
        for kernel, ran in sorted(by_kernel(results).items()):
            add_row(layer, kernel, count(ran), seconds)
        if broken:
            add_row(layer, "-", [0, len(broken), 0], seconds)
        elif not results or (status != "0" and not failures):
            failures.append(f"the layer itself (exit status {status}, {len(results)} tests reported)")
            add_row(layer, "-", [0, 1, 0], seconds)
        failed += [f"{layer}: {failure}" for failure in failures]
    nowhere = run_nowhere(of_kernels) if set(KERNEL_LAYERS) <= set(layers) else []
    if nowhere:
        failed += nowhere
        add_row("on no kernel", "all", [0, len(nowhere), 0], "0")

    for title, names in (("skipped", skipped), ("failed", failed)):
        for entry in names:
            print(f"{title}: {entry}")
    if of_kernels:
        print_kernels(of_kernels)
    print_table(("layer", "kernel", "passed", "failed", "skipped", "seconds"), rows, 2)
    print(f"tests: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
