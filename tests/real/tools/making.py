"""Runs the compilers and package managers that make programs."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

DEADLINE = 1800.0


class InstallError(Exception):
    """A program could not be installed; the message says why."""


def run(
    program: str,
    arguments: Sequence[str],
    origin: str,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    deadline: float = DEADLINE,
) -> str:
    """Run a program to its end; its output.

    Raises:
        InstallError: it is not there (`origin` says whose it is), fails or takes longer than `deadline` seconds.
    """
    found = shutil.which(program)
    if found is None:
        raise InstallError(f"it needs {origin}: {program} is not on PATH")
    try:
        done = subprocess.run(  # noqa: S603 - our own table's arguments
            [found, *arguments],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=deadline,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InstallError(f"{program} ran longer than {deadline:g} s") from None
    if done.returncode:
        raise InstallError("\n".join(done.stderr.strip().splitlines()[-5:]))
    return done.stdout
