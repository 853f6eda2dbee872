"""Names for the parts of a Dockerfile (`stages[builder].runs[apk add curl]`), and where each of them stands.

A name holds what the part says, never its position, so that an instruction keeps its name when others move.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.model import Span
from compliance.sources.secret_names import without_credentials

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines of an instruction, and the text in them that is meant (all of it when empty)."""

    start: int
    end: int
    text: str


class Places:
    """What stands where in one text; filled while it is read, asked only for findings."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._places: dict[str, _Place] = {}
        self._hidden: set[int] = set()

    def add(self, at: str, start: int, end: int, text: str = "") -> str:
        """Note a place; of several with one name the last holds, as it does for BuildKit."""
        self._places[at] = _Place(start, end, text)
        return at

    def hide(self, start: int, end: int) -> None:
        """Keep lines out of every report, because a secret stands in them."""
        self._hidden.update(range(start, end + 1))

    def locate(self, ats: Sequence[str]) -> list[Span | None]:
        """Find the place of each name, or the nearest one around it."""
        return [self._locate(at) for at in ats]

    def _locate(self, at: str) -> Span | None:
        borders = (match.start() for match in re.finditer(r"[.[]", at))
        names = [at, *(at[:border] for border in reversed(list(borders)))]
        place = next((self._places[name] for name in names if name in self._places), None)
        return self._span(place) if place else None

    def line(self, number: int) -> str | None:
        """The line with that number, from 1; None when there is none or it is hidden."""
        if number in self._hidden or not 1 <= number <= len(self._lines):
            return None
        return without_credentials(self._lines[number - 1])

    def _span(self, place: _Place) -> Span:
        for number in range(place.start, place.end + 1) if place.text else ():
            column = self._lines[number - 1].find(place.text)
            if column >= 0:
                return Span(number, column + 1, number)
        first = self._lines[place.start - 1]
        return Span(place.start, len(first) - len(first.lstrip()) + 1, place.end)
