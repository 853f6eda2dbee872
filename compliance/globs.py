"""Patterns in waivers: `*` and `?` stay within a part between slashes, `**` as a part of its own crosses them.

Letter case counts. Brackets mean themselves, because names such as `aws_instance.web["a"]` are full of them. No pattern
can be made slow: a `*` never gives back what it has taken, save the last of its part.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MAX_LENGTH: Final = 512
MAX_CROSSINGS: Final = 3


def over_path(pattern: str) -> re.Pattern[str]:
    """Compile a pattern over a subject; `**` is any number of parts, but at the end at least one.

    Raises:
        ValueError: it is longer than 512 characters or holds more than three `**`.
    """
    _check_length(pattern)
    *parts, last = pattern.split("/")
    if [*parts, last].count("**") > MAX_CROSSINGS:
        raise ValueError(f"holds more than {MAX_CROSSINGS} `**`")
    begin = "".join("(?:.+/)?" if part == "**" else _stars(part, "[^/]") + "/" for part in parts)
    end = ".+" if last == "**" else _stars(last, "[^/]")
    return re.compile(begin + end, re.DOTALL)


@lru_cache(maxsize=2048)
def over_text(pattern: str) -> re.Pattern[str]:
    """Compile a pattern in which `*` and `?` stand for slashes too; a pattern is compiled once.

    Raises:
        ValueError: it is longer than 512 characters.
    """
    _check_length(pattern)
    return re.compile(_stars(pattern, "."), re.DOTALL)


def fits_text(pattern: str, text: str) -> bool:
    """Whether a text is what such a pattern stands for; raises as `over_text`."""
    return over_text(pattern).fullmatch(text) is not None


def _check_length(pattern: str) -> None:
    if len(pattern) > MAX_LENGTH:
        raise ValueError(f"is longer than {MAX_LENGTH} characters")


def _stars(text: str, anything: str) -> str:
    """Translate one part; the first place where a piece fits is always the best one (hence the atomic groups)."""
    first, *others = (_piece(piece, anything) for piece in re.split(r"\*+", text))
    if not others:
        return first
    *middle, last = others
    return first + "".join(f"(?>{anything}*?{piece})" for piece in middle) + f"{anything}*{last}"


def _piece(text: str, anything: str) -> str:
    return "".join(anything if character == "?" else re.escape(character) for character in text)
