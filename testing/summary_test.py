#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of summary.py: it counts what the layers wrote and misses nothing that did not run."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SUMMARY = Path(__file__).with_name("summary.py")


def case(name, inside="", classname="a.FirstTest"):
    shown = f"display-name: JUnit Jupiter &gt; {name}"
    return f'<testcase classname="{classname}" name="x()[1]">{inside}<system-out>unique-id: u\n{shown}\n</system-out></testcase>'


def skipped(reason):
    return f"<skipped><![CDATA[{reason}]]></skipped>"


def suite(kernel, *cases):
    return f'<testsuite><properties><property name="kernel" value="{kernel}"/></properties>{"".join(cases)}</testsuite>'


class SummaryTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.layers = []

    def layer(self, name, *suites, status=0):
        directory = Path(self.folder.name, name)
        directory.mkdir()
        for number, text in enumerate(suites):
            (directory / f"{number}.xml").write_text(text)
        self.layers.append(f"{name} {status} 7")

    def summary(self):
        Path(self.folder.name, "layers").write_text("\n".join(self.layers) + "\n")
        done = subprocess.run([sys.executable, SUMMARY, self.folder.name], capture_output=True, text=True, check=False)
        self.assertEqual("", done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(done.returncode, 0 if " 0 failed" in lines[-1] else 1)
        return lines

    def kernels(self, on_host, on_guests):
        """One test on the host's kernel and on two others."""
        self.layer("kernel", suite("6.18.1", case("FirstTest > a()", on_host)))
        self.layer("scenario", suite("6.18.1", case("SecondTest > b()")))
        self.layer("kernels", *(suite(kernel, case("FirstTest > a()", on_guests)) for kernel in ("6.1.0-5", "6.12.2-x")))

    def test_a_column_for_each_kernel(self):
        self.kernels(skipped("needs kprobe: this kernel has no kprobes"), "")
        lines = self.summary()
        self.assertIn(["tests", "by", "kernel", "6.1", "6.12", "6.18"], [line.split() for line in lines])
        self.assertIn(["FirstTest", "1", "1", "1", "skipped"], [line.split() for line in lines])
        self.assertIn(["SecondTest", "-", "-", "1"], [line.split() for line in lines])
        self.assertIn(["kernels", "6.12.2-x", "1", "0", "0", "7"], [line.split() for line in lines])
        self.assertEqual("tests: 3 passed, 0 failed, 1 skipped", lines[-1])

    def test_what_runs_on_no_kernel_has_failed(self):
        self.kernels(skipped("needs fentry: none"), skipped("org.opentest4j.TestAbortedException: Assumption failed: needs fentry: none"))
        lines = self.summary()
        self.assertIn("failed: FirstTest > a(): no kernel has what it needs (fentry)", lines)
        self.assertEqual("tests: 1 passed, 1 failed, 3 skipped", lines[-1])

    def test_other_reasons_to_skip_are_no_failure(self):
        self.kernels(skipped("fish is not installed"), skipped("fish is not installed"))
        self.assertEqual("tests: 1 passed, 0 failed, 3 skipped", self.summary()[-1])

    def test_one_layer_alone_is_not_judged(self):
        self.layer("kernel", suite("6.18.1", case("FirstTest > a()", skipped("needs kprobe: none")), case("FirstTest > b()")))
        self.assertEqual("tests: 1 passed, 0 failed, 1 skipped", self.summary()[-1])

    def test_dynamic_tests_are_told_apart_by_what_they_show(self):
        need = skipped("needs block-device: none")
        self.layer("kernel", suite("6.18.1", case("FirstTest > c()")))
        self.layer("scenario", suite("6.18.1", case("SecondTest > all() > top_it one", need), case("SecondTest > all() > top_it two")))
        self.layer("kernels", suite("6.1.0", case("SecondTest > all() > top_it one", need)))
        lines = self.summary()
        self.assertIn("failed: SecondTest > all() > top_it one: no kernel has what it needs (block-device)", lines)
        self.assertIn(["SecondTest", "top_it", "1", "skipped", "1,", "1", "skipped"], [line.split() for line in lines])

    def test_a_failed_test_is_named_with_its_kernel(self):
        self.layer("kernels", suite("6.1.0", case("FirstTest > a()", "<failure>why</failure>")), status=1)
        lines = self.summary()
        self.assertIn("failed: kernels: FirstTest > a() (on 6.1.0)", lines)
        self.assertEqual("tests: 0 passed, 1 failed, 0 skipped", lines[-1])

    def test_a_layer_that_ends_badly_or_tells_nothing_has_failed(self):
        self.layer("cli", suite("6.18.1", case("CliTest > a()")), status=124)
        self.layer("bench")
        self.layer("unit", "<testsuite><testcase")
        self.assertEqual("tests: 1 passed, 3 failed, 0 skipped", self.summary()[-1])


if __name__ == "__main__":
    unittest.main()
