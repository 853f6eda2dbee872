"""`WWW-Authenticate`: what a server wants before it answers (RFC 9110, section 11.6.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_HEADER: Final = 8 * 1024
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - RFC 9110's word for it
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER: Final = re.compile(rf"({_TOKEN})[ \t]*=[ \t]*({_TOKEN}|{_QUOTED})(?=[ \t]*(?:,|$))", re.DOTALL)
_SCHEME: Final = re.compile(rf"({_TOKEN})(?:[ \t]+([A-Za-z0-9._~+/-]+=*)(?=[ \t]*(?:,|$))|(?=[ \t,]|$))")
_SPACE: Final = re.compile(r"[ \t,]*")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One way to authenticate; scheme and names of parameters in lower case."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict, hash=False)


def parse(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read all challenges of a response, in order; from the first place on that does not fit the grammar, nothing."""
    return tuple(challenge for header in headers for challenge in _parse(header[:MAX_HEADER]))


def _parse(text: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    at = _end(text, 0)
    while at < len(text):
        if found and (match := _PARAMETER.match(text, at)):
            # A parameter that comes twice has one meaning: the first.
            found[-1][1].setdefault(match[1].lower(), _unquoted(match[2]))
        elif match := _SCHEME.match(text, at):
            found.append((match[1].lower(), {}))
        else:
            break
        at = _end(text, match.end())
    return [Challenge(scheme, parameters) for scheme, parameters in found]


def _end(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
