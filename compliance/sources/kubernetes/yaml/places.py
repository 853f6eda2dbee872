"""Where the entries of a document stand: told by the builder as it reads, in a few numbers an entry."""

from __future__ import annotations

from array import array
from sys import intern
from typing import TYPE_CHECKING, Any, Final, Protocol

from yaml.events import ScalarEvent

from compliance.model import Span
from compliance.sources.kubernetes.yaml.problems import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

Path = tuple[str | int, ...]

NOWHERE: Final = -1
"""The step through `<<` and through what was not read to its end; no list has such an index."""

_MAX_REPEATED: Final = 1_000
_WIDE: Final = 32  # entries of a collection from which on they are not looked through for each path anew
_NUMBERS: Final = 4
_BLOCK_STYLES: Final = frozenset("|>")


class Places(Protocol):
    """Knows where the entries of one document stand.

    An entry of a mapping begins at its key, an item of a list at its value; both end with their last line.
    """

    def spans(self, paths: Collection[Path]) -> Mapping[Path, Span]:
        """Find where paths stand.

        A path that is not written there (a missing key, or one that an alias or a merge brings in) has the place of
        the nearest thing around it that is.
        """


class Entries:
    """The entries of one document: pairs of a mapping, items of a list, and the root, which is the last.

    An entry stands after those inside it. Each has its step (the key or index), and four numbers: line (from 0) and
    column where it begins, its last line, and the first of the entries inside it (its own number when there is none).
    """

    __slots__ = ("_last", "_line", "_numbers", "_root", "_steps", "_text", "_wide")

    def __init__(self, text: str, line: int, column: int = 0) -> None:
        """Begin with none; the text's first line is number `line` (from 1), and the document begins at `column`."""
        self._text = text
        self._line = line
        self._root = Span(line, column + 1)
        self._steps: list[object] = []
        self._numbers = array("I")
        self._last = 0
        self._wide: dict[int, dict[object, int]] = {}

    def __len__(self) -> int:
        """How many entries there are so far: the number of the next one."""
        return len(self._steps)

    def add(self, step: object, opening: Any, closing: Any, first: int | None) -> None:  # noqa: ANN401 - libyaml's events
        """Take in an entry when its value has been read.

        Args:
            step: its key or index; anything else is a key that no path leads through.
            opening: the event of its key, or the first of an item.
            closing: the last event of its value.
            first: the first entry inside it, if its value is a collection.
        """
        start, end = opening.start_mark, closing.end_mark
        if closing.__class__ is ScalarEvent and closing.value and closing.style not in _BLOCK_STYLES:
            self._last = end.line
        elif self._last <= start.line or end.index > closing.start_mark.index:
            self._last = max(self._written_to(opening), self._written_to(closing))
        self._steps.append(intern(step) if step.__class__ is str else step)
        line, last, append = start.line, self._last, self._numbers.append
        append(line)
        append(start.column)
        append(last if last > line else line)  # noqa: FURB136 - a call of max would double its time
        append(len(self._steps) - 1 if first is None else first)

    def close(self, unfinished: Iterable[tuple[Any, int]]) -> None:
        """Let go of the text; entries that were not read to their end, from the inmost on, are known as such."""
        for opening, first in unfinished:
            self.add(NOWHERE, opening, opening, first)
        self._text = ""

    def spans(self, paths: Collection[Path]) -> Mapping[Path, Span]:
        """As `Places` says."""
        return {path: self._nearest(path) for path in paths}

    def repeated_keys(self) -> tuple[tuple[Path, Span], ...]:
        """Each key that its mapping has already (the first thousand of them), and where it stands again."""
        found = [(path, Span(span.line, span.column)) for path, span in self._repeated()]
        return tuple(sorted(found, key=lambda one: (one[1].line, one[1].column))[:_MAX_REPEATED])

    def _written_to(self, event: Any) -> int:  # noqa: ANN401 - likewise
        """The last line with something written; a block scalar's mark may be many empty lines later."""
        start, end = event.start_mark, event.end_mark
        if not (event.value if isinstance(event, ScalarEvent) else end.index > start.index):
            return self._last
        if not (isinstance(event, ScalarEvent) and event.style in _BLOCK_STYLES):
            return int(end.line)
        written = self._text[start.index : end.index]
        return int(end.line) - len(LINE_BREAK.findall(written, len(written.rstrip())))

    def _nearest(self, path: Path) -> Span:
        entry = len(self._steps) - 1
        for step in path:
            inside = self._inside(entry, step) if entry >= 0 else None
            if inside is None:
                break
            entry = inside
        return self._root if entry < 0 or self._steps[entry] == NOWHERE else self._span(entry)

    def _inside(self, entry: int, step: str | int) -> int | None:
        """The entry with that step in another one; of a repeated key the last one, which is in force."""
        known = self._wide.get(entry)
        if known is not None:
            return known.get(step)
        steps = self._steps
        passed: dict[object, int] = {}
        for inside in self._backwards(entry):
            if steps[inside] == step and len(passed) < _WIDE:
                return inside
            passed.setdefault(steps[inside], inside)
        if len(passed) >= _WIDE:
            self._wide[entry] = passed
        return passed.get(step)

    def _backwards(self, entry: int) -> Iterator[int]:
        numbers = self._numbers
        first, inside = numbers[entry * _NUMBERS + 3], entry - 1
        while inside >= first:
            yield inside
            inside = numbers[inside * _NUMBERS + 3] - 1

    def _span(self, entry: int) -> Span:
        line, column, last, _ = self._numbers[entry * _NUMBERS : (entry + 1) * _NUMBERS]
        return Span(self._line + line, column + 1, self._line + last)

    def _repeated(self) -> Iterator[tuple[Path, Span]]:
        pending: list[tuple[int, Path]] = [(len(self._steps) - 1, ())]
        while pending:
            entry, path = pending.pop()
            seen: set[object] = set()
            for inside in reversed(list(self._backwards(entry))):
                step = self._steps[inside]
                inner = (*path, step if isinstance(step, str | int) else NOWHERE)
                if step in seen and isinstance(step, str):
                    yield inner, self._span(inside)
                seen.add(step)
                pending.append((inside, inner))
