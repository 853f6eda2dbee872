"""Starts a server on loopback for tests, waits until it tells its port, and ends it by its own process group."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_START_DEADLINE = 20.0
_END_DEADLINE = 5.0
_LOOK_EVERY = 0.01


class NotStartedError(Exception):
    """The server ended or was silent before it told its port; the message holds the end of its log."""


@contextmanager
def running(command: Sequence[str | Path], log: Path, port_line: str) -> Iterator[int]:
    """Run a server for the length of a block; its port, which group 1 of `port_line` finds in what it writes to `log`.

    Its standard input is a pipe, which closes when this process ends: our own servers end then too.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the tests' own commands
            list(command),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _port(process, log, re.compile(port_line, re.MULTILINE))
    finally:
        _end(process)


def _port(process: subprocess.Popen[bytes], log: Path, port_line: re.Pattern[str]) -> int:
    deadline = time.monotonic() + _START_DEADLINE
    while time.monotonic() < deadline:
        ended = process.poll() is not None
        text = log.read_text(errors="replace")
        if found := port_line.search(text):
            return int(found.group(1))
        if ended:
            break
        time.sleep(_LOOK_EVERY)
    raise NotStartedError(f"{process.args!r} told no port:\n{log.read_text(errors='replace')[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    for wish in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, wish)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_END_DEADLINE)
            return
