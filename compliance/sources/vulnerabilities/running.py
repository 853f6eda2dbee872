"""Runs a scanner: from an empty folder, with none of its own settings from outside, and only for what it prints."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from compliance import tools
from compliance.errors import ReadError, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_OUTPUT: Final = 128 * 1024 * 1024
_SHOWN: Final = 300
_HEARD: Final = 64 * 1024
_SETTINGS: Final = ("TRIVY_", "GRYPE_", "SYFT_")
_GRAVE: Final = re.compile("FATAL|ERROR")
_LEVEL: Final = re.compile("FATAL|ERROR|WARN|INFO|DEBUG")


@contextmanager
def empty_folder() -> Iterator[Path]:
    """A folder to run in: a `.trivyignore` or `.grype.yaml` of the working folder would hide findings."""
    with tempfile.TemporaryDirectory(prefix="compliance-scan-") as folder:
        yield Path(folder)


def run(
    argv: Sequence[str | Path],
    *,
    folder: Path,
    deadline: float,
    env: Mapping[str, str] | None = None,
    own_home: bool = True,
) -> tools.Completed:
    """Run a scanner; variables of the environment that would change what it judges are taken away.

    So is the user's home: Trivy loads every module in `~/.trivy/modules`, and one may drop findings. What fetches may
    need the credentials there (`own_home` False).

    Raises:
        ReadError: it cannot be started, or printed or took more than allowed.
    """
    changed: dict[str, str | None] = {name: None for name in os.environ if name.startswith(_SETTINGS)}
    if own_home:
        changed |= {"HOME": str(folder), "XDG_CONFIG_HOME": None, "XDG_DATA_HOME": None}
    try:
        return tools.run(argv, deadline=deadline, max_output=MAX_OUTPUT, cwd=folder, env={**changed, **(env or {})})
    except ToolError as error:
        remedy = (
            error.remedy or "raise images.vulnerabilities.deadline, or scan the image by itself to see what it does"
        )
        raise ReadError(error.message, remedy=remedy) from error


def unprepared(scanner: str, error: OSError) -> ReadError:
    """What to say where the disk is full, or the temporary folder cannot be written."""
    return ReadError(f"{scanner} cannot be prepared: {error}", remedy="see that TMPDIR names a folder with room")


def complaint(done: tools.Completed) -> str:
    """The last thing that a scanner complained about, on one line and in a length that can be shown.

    Lines without a level of their own, such as a list of causes, belong to the line before.
    """
    said: list[str] = []
    for line in filter(str.strip, done.stderr[-_HEARD:].decode("utf-8", "replace").splitlines()):
        if said and not _LEVEL.search(line):
            said[-1] += f" {line}"
        else:
            said.append(line)
    grave = [each for each in said if _GRAVE.search(each)]
    last = " ".join((grave or said or ["it said nothing"])[-1].split())
    # The cause stands at the end of a chain of errors.
    return last if len(last) <= _SHOWN else f"…{last[-_SHOWN:]}"
