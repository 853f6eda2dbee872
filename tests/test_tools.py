"""The door to other programs: deadlines, caps, and no hanging."""

import sys
import time

import pytest

from compliance import tools
from compliance.errors import ToolMissing, ToolOverflow, ToolTimeout

PYTHON = sys.executable


def test_output_and_status_come_back() -> None:
    done = tools.run(
        [PYTHON, "-c", "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"], deadline=30
    )
    assert (done.returncode, done.stdout.split(), done.stderr.split()) == (3, [b"out"], [b"err"])


def test_standard_input_is_given() -> None:
    done = tools.run([PYTHON, "-c", "import sys; print(len(sys.stdin.read()))"], deadline=30, stdin=b"x" * 100_000)
    assert done.stdout.strip() == b"100000"


def test_the_environment_gains_and_loses_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEPT", "1")
    monkeypatch.setenv("LOST", "1")
    code = "import os; print(*(os.environ.get(name) for name in ('KEPT', 'LOST', 'NEW')))"
    done = tools.run([PYTHON, "-c", code], deadline=30, env={"LOST": None, "NEW": "2"})
    assert done.stdout.split() == [b"1", b"None", b"2"]


def test_a_megabyte_on_stderr_does_not_hang() -> None:
    code = "import sys; sys.stderr.write('e' * 1_000_000); sys.stdout.write('o' * 1_000_000)"
    done = tools.run([PYTHON, "-c", code], deadline=30)
    assert (len(done.stdout), len(done.stderr)) == (1_000_000, 1_000_000)


def test_a_program_that_runs_too_long_is_ended_with_its_children() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    started = time.monotonic()
    with pytest.raises(ToolTimeout, match="longer than 1 s"):
        tools.run([PYTHON, "-c", code], deadline=1)
    assert time.monotonic() - started < 20


def test_a_program_that_prints_too_much_is_ended() -> None:
    with pytest.raises(ToolOverflow, match="more than 1000 bytes"):
        tools.run([PYTHON, "-c", "while True: print('x' * 1000)"], deadline=30, max_output=1000)


def test_a_missing_program_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ToolMissing) as caught:
        tools.find("helm")
    assert "install helm" in caught.value.remedy


def test_a_program_that_ends_before_it_is_found_to_print_too_much_is_no_trouble() -> None:
    for _ in range(20):
        with pytest.raises(ToolOverflow):
            tools.run(["sh", "-c", "head -c 60000 /dev/zero"], deadline=10, max_output=10)
