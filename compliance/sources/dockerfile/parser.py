"""The door to BuildKit's own parser: bounded, with the line of what it objects to, and never in a process it hangs in.

The parser only splits a file into instructions and these into words; it takes any word for an instruction.
"""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from compliance.errors import ReadError
from compliance.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

BEGIN = "begin with FROM and a base image"
CHECK = "`docker build --check .` explains what is wrong"

_SUSPECT = re.compile(r"\s*(?:onbuild\s+)?(?:env|label)\b|.*(?:<<|\[|--)", re.IGNORECASE)
_QUOTED = re.compile(r'".*"', re.DOTALL)
_MAX_LINES = 10_000
_MAX_LENGTH = 32_768
_MAX_SEARCHED_TEXT = 100_000
_MAX_SEARCHES = 64


def parse(text: str) -> Sequence[Any]:
    """The library's commands.

    Raises:
        ReadError: the parser objects; with the line where that can be told.
    """
    dockerfile = _library()
    lines = text.split("\n")
    _check_lengths(lines)
    try:
        parsed: Sequence[Any] = dockerfile.parse_string(text)
    except ValueError as error:
        why = _objection_text(error)
        if why == "file with no instructions":
            raise ReadError("it holds no instructions", remedy=BEGIN) from None
        told = _QUOTED.sub("a word", why)
        raise ReadError(f"BuildKit refuses the file: {told}", remedy=CHECK, span=_place(lines, why)) from None
    return parsed


def _check_lengths(lines: Sequence[str]) -> None:
    """Refuse what BuildKit's parser takes quadratic time for: many lines, and a long instruction over all its lines."""
    if len(lines) > _MAX_LINES:
        raise ReadError(
            f"it holds more than {_MAX_LINES} lines", remedy="move scripts and files out of it, and copy them"
        )
    start, length = 1, 0
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if length and (not text or text.startswith("#")):
            continue
        start = start if length else number
        length += len(text.encode())
        if length > _MAX_LENGTH:
            raise ReadError(
                f"an instruction is longer than {_MAX_LENGTH} bytes",
                remedy="move what it holds into a file and copy that",
                span=Span(start, 1, number),
            )
        length = length if text.endswith(("\\", "`")) else 0


def _library() -> ModuleType:
    """BuildKit's parser; it is written in Go, whose runtime hangs in a process that is forked after it was loaded."""
    import dockerfile  # noqa: PLC0415 - heavy import only when used

    if _loaded_by() != os.getpid():
        raise ReadError(
            "BuildKit's parser was loaded before this process was forked",
            remedy="start the process by spawn, or fork it before the first Dockerfile is read",
        )
    module: ModuleType = dockerfile
    return module


@cache
def _loaded_by() -> int:
    return os.getpid()


def _place(lines: Sequence[str], why: str) -> Span | None:
    """Find the instruction that the parser objects to: the last one without which the objection is gone.

    The library drops the line number. Only an ENV, a LABEL, a flag, a list or a here-document can be at fault.
    """
    if sum(map(len, lines)) > _MAX_SEARCHED_TEXT:
        return None
    suspects = [index for index, line in enumerate(lines) if _SUSPECT.match(line)]
    for index in suspects[: -_MAX_SEARCHES - 1 : -1]:
        if _objection("\n".join(lines[:index])) != why:
            return Span(index + 1)
    return None


def _objection(text: str) -> str | None:
    dockerfile = _library()
    try:
        dockerfile.parse_string(text)
    except ValueError as error:
        return _objection_text(error)
    return None


def _objection_text(error: ValueError) -> str:
    """What the parser objects to; it takes flags apart by bytes, which can leave halves of characters."""
    return "a flag holds characters that BuildKit cannot read" if isinstance(error, UnicodeError) else str(error)
