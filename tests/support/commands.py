"""Runs a real tool in a test: no input, a deadline, and its whole output in the failure."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_DEADLINE = 60.0


class CommandFailedError(AssertionError):
    """The tool exited with another status than 0; the message holds what it printed."""


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str:
    """Run a tool that must succeed; its standard output. `env` is added to the environment.

    Raises:
        CommandFailedError: it failed.
    """
    done = attempt(command, env=env)
    if done.returncode:
        words = " ".join(map(str, command))
        raise CommandFailedError(f"exit status {done.returncode} of {words}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def attempt(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a tool that may fail."""
    return subprocess.run(  # noqa: S603 - the tests' own commands
        list(command),
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_DEADLINE,
        check=False,
    )
