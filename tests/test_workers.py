"""Several processes read side by side, and what they read comes in the order in which it was given."""

import subprocess
import sys
import textwrap

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_reports_come_in_the_order_of_the_units_however_long_each_takes() -> None:
    """In a process of its own, as a scan is: a fork of one that has threads may hang."""
    program = """
        import time
        from pathlib import Path
        from compliance.workers import Pool, Report

        class Slow:
            def read(self, units):
                time.sleep(0.3 if units[0] == 0 else 0)
                return Report(modules=[Path(str(units[0]))])

        with Pool.start(2, Slow) as pool:
            print(*(report.modules[0] for report in pool.read(range(160))))
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    ran = subprocess.run(command, capture_output=True, timeout=60, check=True)  # noqa: S603 - our own program
    assert ran.stdout.split() == [b"0", b"32", b"64", b"96", b"128"]
