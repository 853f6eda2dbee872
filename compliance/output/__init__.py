"""Outputs tell: an assessment and its decision as text for people and for other tools.

The door: `FORMATS` names the formats, `render` gives one as text, `write` puts it where it belongs. A
format's module is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from compliance import atomic_write
from compliance.errors import UsageError
from compliance.model import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compliance.model import Assessment, Decision

FORMATS: Final = {
    "console": "compliance.output.console",
    "json": "compliance.output.json_result",
    "sarif": "compliance.output.sarif",
    "junit": "compliance.output.junit",
    "gitlab": "compliance.output.gitlab",
    "github": "compliance.output.github",
    "html": "compliance.output.html",
    "prometheus": "compliance.output.prometheus",
    "policyreport": "compliance.output.policy_report",
    "openreports": "compliance.output.open_reports",
}
STDOUT: Final = "-"
_STEP_SUMMARY: Final = "GITHUB_STEP_SUMMARY"


def render(format_name: str, assessment: Assessment, decision: Decision) -> str:
    """The whole text of one output.

    Raises:
        UsageError: there is no such format; the remedy lists those there are.
    """
    return "".join(_pieces(format_name, assessment, decision))


def _pieces(format_name: str, assessment: Assessment, decision: Decision) -> Iterable[str]:
    """The text as its format gives it: as a whole, or piece by piece where it grows with all that was found."""
    name = FORMATS.get(format_name)
    if name is None:
        raise UsageError(f"there is no output format {format_name!r}", remedy=f"use one of {', '.join(FORMATS)}")
    module = importlib.import_module(name)
    if hasattr(module, "pieces"):
        return cast("Iterable[str]", module.pieces(assessment, decision))
    return (cast("str", module.render(assessment, decision)),)


def write(format_name: str, path: str | Path, assessment: Assessment, decision: Decision) -> None:
    """Write one output to `path` (its folder is made when missing), or to standard output for `-`.

    The format `github` also appends its job summary to the file that `$GITHUB_STEP_SUMMARY` names, when it is set.

    Raises:
        UsageError: there is no such format, or the text cannot be written.
        BrokenPipeError: whoever read standard output has gone.
    """
    _put(_pieces(format_name, assessment, decision), str(path))
    if format_name == "github" and (summary_file := os.environ.get(_STEP_SUMMARY)):
        from compliance.output.github import summary  # noqa: PLC0415 - one format among many

        put(summary(assessment, decision), summary_file, append=True)


def put(text: str, path: str, *, append: bool = False) -> None:
    """Write a text to `path` (its folder is made when missing), or to standard output for `-`; raises as `write`.

    A file that is not appended to is replaced as a whole: nobody reads a part of it.
    """
    _put((text,), path, append=append)


def _put(text: Iterable[str], path: str, *, append: bool = False) -> None:
    content = (piece.encode("utf-8", "backslashreplace") for piece in text)
    try:
        if path == STDOUT:
            sys.stdout.flush()
            sys.stdout.buffer.writelines(content)
            sys.stdout.buffer.flush()
            return
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        if append:
            with Path(path).open("ab") as file:
                file.writelines(content)
        else:
            atomic_write.write(Path(path), content)
    except BrokenPipeError:
        raise  # nobody reads any more: nothing to say, and nobody to say it to
    except OSError as error:
        raise UsageError(
            f"the output cannot be written: {error.strerror}",
            remedy="name a file that can be written, or - for standard output",
            origin=Origin(path),
        ) from error
