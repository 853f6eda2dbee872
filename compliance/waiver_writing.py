"""Adding a waiver to its file without touching what stands there, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import yaml

from compliance import positioned_yaml
from compliance.errors import ConfigurationError, UsageError, WaiverFileError
from compliance.model import Origin, WaiverReport
from compliance.waivers import accept

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from compliance.positioned_yaml import Document
    from compliance.waivers import Terms

HEADER: Final = "# Accepted risks. `compliance waivers audit` lists those that need attention.\n"
_NO_LIMIT: Final = 1_000_000


def add(path: Path, entry: Mapping[str, str], terms: Terms) -> None:
    """Append one waiver; the file is made when it does not exist.

    Raises:
        UsageError: the waiver is not valid, or has expired already.
        WaiverFileError: the file cannot be read or written, or is written in a style that nothing can be appended to.
    """
    file = positioned_yaml.shown(path)
    accepted = accept(dict(entry), Origin(file), terms)
    if isinstance(accepted, WaiverReport):
        raise UsageError(f"this waiver would cover nothing: {accepted.why}")
    if accepted.waiver.expires is None or accepted.waiver.expires < terms.today:
        raise UsageError(f"this waiver would cover nothing: it expired on {entry['expires']}")
    try:
        before = _content(path)
        addition = appendix(before, entry, file)
        with path.open("ab") as stream:
            stream.write(addition if stream.tell() else before + addition)
    except OSError as error:
        raise WaiverFileError(f"cannot be extended: {error.strerror}", origin=Origin(file)) from error


def appendix(before: bytes, entry: Mapping[str, str], file: str) -> bytes:
    """Return what to append to a waiver file so that it holds one more entry and is otherwise the same.

    Raises:
        WaiverFileError: there is no such text, for example after a list in brackets.
    """
    old = _parsed(before, file)
    text = "\n".join(_lines(entry, _indent(before, old))) + "\n"
    if before and not before.endswith(b"\n"):
        text = f"\n{text}"
    addition = text.replace("\n", "\r\n").encode() if b"\r\n" in before else text.encode()
    try:
        new = _parsed(before + addition, file).value
    except WaiverFileError:
        new = None
    if new != [*(old.value or []), dict(entry)]:
        why = "cannot be appended to as it is written"
        raise WaiverFileError(why, remedy=f"add by hand:\n{text}", origin=Origin(file))
    return addition


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(positioned_yaml.MAX_BYTES + 1)
    except FileNotFoundError:
        return HEADER.encode()


def _parsed(content: bytes, file: str) -> Document:
    try:
        return positioned_yaml.parse(content, file)
    except ConfigurationError as error:
        raise WaiverFileError(error.message, remedy=error.remedy, origin=error.origin) from error


def _indent(content: bytes, document: Document) -> str:
    """Return the white space before the first entry's dash."""
    span = document.spans.get((0,))
    line = content.decode("utf-8-sig").splitlines()[span.line - 1] if span else ""
    return line[: len(line) - len(line.lstrip())]


def _lines(entry: Mapping[str, str], indent: str) -> list[str]:
    pairs = [f"{key}: {_quoted(value)}" for key, value in entry.items()]
    return [f"{indent}{'  ' if position else '- '}{pair}" for position, pair in enumerate(pairs)]


def _quoted(value: str) -> str:
    return yaml.safe_dump(value, default_style='"', allow_unicode=True, width=_NO_LIMIT).strip()
