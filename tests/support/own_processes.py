"""Runs our commands as processes of their own, to be sent signals, and finds the processes that they start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DEADLINE = 60.0
_MAIN = "from compliance.cli{} import main; main({!r})"


# Whoever runs the tests in the background of a shell has its children ignore SIGINT.
_AS_IN_FRONT: Final = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"


@dataclass(slots=True)
class Running:
    """A command that runs; its standard error goes to a file."""

    process: subprocess.Popen[bytes]
    errors: Path

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.process.send_signal(number)

    def ended(self) -> int:
        """Wait for its end; its return code, which is negative for a signal."""
        return self.process.wait(DEADLINE)

    def events(self) -> list[dict[str, Any]]:
        """The lines of its log; the last one may be on its way."""
        lines = self.errors.read_text().splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def descendants(self) -> set[int]:
        """The processes that it has started, and theirs."""
        return _descendants(self.process.pid)


def command(program: str, arguments: Sequence[str], before: str = "") -> list[str]:
    """A command line that runs `compliance` or `compliance-scanner`; `before` is Python that is run first."""
    module = ".scanner" if program == "compliance-scanner" else ""
    return [sys.executable, "-c", f"{_AS_IN_FRONT}\n{before}\n{_MAIN.format(module, list(arguments))}"]


@contextmanager
def started(argv: Sequence[str], folder: Path, env: Mapping[str, str]) -> Iterator[Running]:
    """Start a command for the length of a block."""
    errors = folder / "stderr"
    with errors.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - the tests' own command
            list(argv),
            cwd=folder,
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )
    try:
        yield Running(process, errors)
    finally:
        process.kill()
        process.wait(DEADLINE)


def wait_until(holds: Callable[[], object], what: str) -> None:
    """Ask again and again until it holds, for a minute at most."""
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about in {DEADLINE:g} s"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | _descendants(child)
    return found
