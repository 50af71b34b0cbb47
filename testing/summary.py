#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Adds up the JUnit XML that the layers wrote and prints a table.

usage: summary.py RESULTS_DIR

RESULTS_DIR/layers has a line `NAME EXIT_STATUS SECONDS` for each layer that ran; RESULTS_DIR/NAME holds its *.xml files.
A layer that exits with another status than 0 and reports no failed test counts as one failed test; so does one that reports no test at all.
A suite may name the kernel it ran on in a property `kernel`.
"""

import platform
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count(layer_dir):
    """Passed, failed and skipped tests of a layer by kernel, the names of the failed and the reasons of the skipped."""
    by_kernel, failures, skips = {}, [], []
    for file in sorted(layer_dir.rglob("*.xml")):
        try:
            root = ElementTree.parse(file).getroot()
        except ElementTree.ParseError as error:
            failures.append(f"{file}: no well-formed XML ({error})")
            continue
        suites = root.iter("testsuite") if root.tag == "testsuites" else [root]
        for suite in suites:
            kernel = platform.release()
            for prop in suite.findall("./properties/property"):
                if prop.get("name") == "kernel":
                    kernel = prop.get("value")
            counts = by_kernel.setdefault(kernel, [0, 0, 0])
            for case in suite.findall("testcase"):
                name = f"{case.get('classname', '')} {case.get('name', '')}".strip()
                if case.find("failure") is not None or case.find("error") is not None:
                    counts[1] += 1
                    failures.append(name)
                elif case.find("skipped") is not None:
                    counts[2] += 1
                    reason = case.find("skipped").get("message") or (case.find("skipped").text or "")
                    skips.append(f"{name}: {reason.strip().splitlines()[0] if reason.strip() else 'no reason given'}")
                else:
                    counts[0] += 1
    return by_kernel, failures, skips


def main():
    results = Path(sys.argv[1])
    totals, rows, failed_names, skipped_names = [0, 0, 0], [], [], []
    for line in (results / "layers").read_text().splitlines():
        name, status, seconds = line.split()
        by_kernel, failures, skips = count(results / name)
        ran = sum(sum(counts) for counts in by_kernel.values())
        failed = sum(counts[1] for counts in by_kernel.values())
        if (status != "0" and failed == 0) or ran == 0:
            by_kernel.setdefault("-", [0, 0, 0])[1] += 1
            failures.append(f"the layer itself (exit status {status}, {ran} tests reported)")
        for kernel, counts in sorted(by_kernel.items()):
            rows.append((name, kernel, *counts, seconds))
            totals = [a + b for a, b in zip(totals, counts)]
        failed_names += [f"{name}: {failure}" for failure in failures]
        skipped_names += [f"{name}: {skip}" for skip in skips]

    for title, names in (("skipped", skipped_names), ("failed", failed_names)):
        for entry in names:
            print(f"{title}: {entry}")
    print(f"{'layer':<12} {'kernel':<28} {'passed':>7} {'failed':>7} {'skipped':>7} {'seconds':>8}")
    for name, kernel, passed, failed, skipped, seconds in rows:
        print(f"{name:<12} {kernel:<28} {passed:>7} {failed:>7} {skipped:>7} {seconds:>8}")
    print(f"tests: {totals[0]} passed, {totals[1]} failed, {totals[2]} skipped")
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main())
