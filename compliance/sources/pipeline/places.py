"""Where the parts of a pipeline stand: their names, and the lines of the file, looked up only for findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compliance.model import Span
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.secret_text import masked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.kubernetes.yaml import Path
    from compliance.sources.pipeline.model import Spot

_MAX_NEEDLE = 100
_MAX_SEARCHED = 500_000  # lines of all searches together; thousands of commands may stand in one script
_LOOSE = re.compile(r"\s+|\$\{\{[^}]*(?:\}\})?|\*\*\*")


@dataclass(slots=True)
class Places:
    """Names, each with its spot and the text that is meant there.

    `of_yaml` knows the places of a YAML document, in which the pipeline is the object at path `root`.
    """

    data: bytes
    of_yaml: kubernetes_yaml.Places | None = None
    root: Path = ()
    spots: dict[str, tuple[Spot, str]] = field(default_factory=dict)
    secret_spots: list[Spot] = field(default_factory=list)
    _lines: Sequence[str] | None = None
    _hidden: set[int] | None = None
    _searched: int = 0

    def add(self, at: str, spot: Spot, text: str = "") -> str:
        """Note a name; the first holds where a name comes twice."""
        self.spots.setdefault(at, (spot, text))
        return at

    def locate(self, ats: Sequence[str]) -> list[Span | None]:
        """Find the place of each name, or of the nearest one around it."""
        found = [self._nearest(at) for at in ats]
        spans = self._spans([spot for spot, _ in found])
        return [self._narrowed(span, text) for span, (_, text) in zip(spans, found, strict=True)]

    def line(self, number: int) -> str | None:
        """The line with that number, from 1; None when there is none or it holds a secret."""
        lines = self._text()
        if self._hidden is None:
            spans = self._spans(self.secret_spots)
            self._hidden = {line for span in spans for line in range(span.line, (span.end_line or span.line) + 1)}
        if not 1 <= number <= len(lines) or number in self._hidden:
            return None
        line = lines[number - 1]
        return line if masked(line) == line else None

    def _nearest(self, at: str) -> tuple[Spot, str]:
        while at and at not in self.spots:
            at = at[: max(at.rfind("."), at.rfind("["), 0)]
        return self.spots[at]

    def _spans(self, spots: Sequence[Spot]) -> list[Span]:
        paths = {spot.path: (*self.root, *spot.path) for spot in spots if spot.lines is None}
        found = self.of_yaml.spans(set(paths.values())) if paths and self.of_yaml is not None else {}
        return [
            Span(spot.lines[0], 1, spot.lines[1]) if spot.lines else found.get(paths[spot.path], Span(1))
            for spot in spots
        ]

    def _narrowed(self, span: Span, text: str) -> Span:
        """The line within a span that holds the beginning of a command; else the span."""
        needle = text.partition("\\")[0].strip()[:_MAX_NEEDLE]
        if not needle:
            return span
        pattern = re.compile(r".*?".join(re.escape(part) for part in _LOOSE.split(needle) if part))
        lines = self._text()
        for number in range(span.line, min(span.end_line or span.line, len(lines)) + 1):
            self._searched += 1
            if self._searched > _MAX_SEARCHED:
                break
            if match := pattern.search(lines[number - 1]):
                return Span(number, match.start() + 1, number)
        return span

    def _text(self) -> Sequence[str]:
        if self._lines is None:
            self._lines = kubernetes_yaml.lines_of(self.data)
        return self._lines
