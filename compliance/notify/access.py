"""What it takes to reach a channel: its secrets, and whom TLS trusts. No secret ever stands in an error."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from compliance import bounded_files
from compliance.errors import ConfigurationError
from compliance.notify.message import clipped
from compliance.output.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from compliance.notification_settings import SecretPlace

LONGEST_SECRET: Final = 8192
LONGEST_SAID: Final = 200
_SHORTEST_PART: Final = 6
_PART: Final = re.compile(r"[^\s/?&=;,:@]+")


def secret(place: SecretPlace, what: str) -> str:
    """The secret that is there, without the white space around it; `what` names it in errors.

    Raises:
        ConfigurationError: there is none, or one that is no line of printable ASCII.
    """
    text = _of_file(place.file, what) if place.file else os.environ.get(place.env or "", "")
    text = text.strip()
    if not text:
        raise ConfigurationError(f"{what} should be in {place}, which is empty", remedy=f"put {what} there")
    if len(text) > LONGEST_SECRET or not (text.isascii() and text.isprintable()):
        remedy = f"put one line of at most {LONGEST_SECRET} printable ASCII characters there"
        raise ConfigurationError(f"{what} in {place} is not usable", remedy=remedy)
    return text


def _of_file(file: Path, what: str) -> str:
    try:
        return bounded_files.read(file, LONGEST_SECRET).decode("latin-1")
    except OSError as error:
        raise ConfigurationError(f"{what} cannot be read from {file}: {error.strerror}", remedy="mend it") from None


def redacted(said: str, secrets: Iterable[str]) -> str:
    """One short line of what a server said, without any part of a secret that it may have repeated."""
    parts = {part for text in secrets for part in (text, *_PART.findall(text)) if len(part) >= _SHORTEST_PART}
    said = one_line(said)
    for part in sorted(parts, key=len, reverse=True):
        said = said.replace(part, "***")
    return clipped(said, LONGEST_SAID)
