"""Where the entries of a document stand in its text; walked only for documents that have something to show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from yaml import YAMLError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from compliance.model import Span
from compliance.sources.kubernetes.yaml import scalars
from compliance.sources.kubernetes.yaml.events import Extent, events_of, is_empty
from compliance.sources.kubernetes.yaml.problems import LINE_BREAK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from yaml.events import Event

Path = tuple[str | int, ...]

_STARTS: Final = frozenset((MappingStartEvent, SequenceStartEvent))
_ENDS: Final = frozenset((MappingEndEvent, SequenceEndEvent))
_MAX_REPEATED: Final = 1_000
_BLOCK_STYLES: Final = frozenset("|>")
_NOWHERE: Final = -1  # the step through `<<` or a key that is not known here; no list has such an index


def spans(text: str, extent: Extent, paths: Collection[Path]) -> Mapping[Path, Span]:
    """The place of each path in a part of a text, or of the nearest thing around it that is written there."""
    around = {path[:length] for path in paths for length in range(len(path))}
    wanted = around.union(paths)
    found: dict[Path, Span] = {}
    try:
        for path, start, walk in Walk(extent.of(text), around.__contains__):
            if path in wanted:
                found[path] = Span(extent.line + start.line, start.column + 1, extent.line + walk.last_line(start))
    except YAMLError:
        pass  # JSON that libyaml cannot read to its end: what was found until then stands
    return {path: _nearest(path, found, Span(extent.line, extent.column + 1)) for path in paths}


def repeated_keys(text: str, extent: Extent) -> tuple[tuple[Path, Span], ...]:
    """Each key that its mapping has already (the first thousand of them), and where it stands again."""
    walk = Walk(extent.of(text), lambda _: True)
    for _ in walk:
        pass
    first = walk.repeated[:_MAX_REPEATED]
    return tuple((path, Span(extent.line + mark.line, mark.column + 1)) for path, mark in first)


def items(text: str, extent: Extent) -> Mapping[Path, Extent]:
    """The items of the lists at the top of a document, such as the objects of a `List`."""
    offset = extent.start - extent.column
    return {
        path: Extent(offset + start.index, offset + walk.end(start), extent.line + start.line, start.column)
        for path, start, walk in Walk(extent.of(text), lambda path: len(path) < 2)  # noqa: PLR2004 - key, then index
        if len(path) == 2 and isinstance(path[1], int)  # noqa: PLR2004 - likewise
    }


def _nearest(path: Path, found: Mapping[Path, Span], root: Span) -> Span:
    """Going inwards until the path ends, or goes on only in an earlier mapping that a repeated key has replaced."""
    nearest = found.get((), root)
    for length in range(1, len(path) + 1):
        span = found.get(path[:length])
        if span is None or (span.line, span.column) < (nearest.line, nearest.column):
            break
        nearest = span
    return nearest


class _Frame:
    """A collection that is open, and the entry in it that is being read; `keys` is None in a list."""

    __slots__ = ("entry", "index", "keys", "path", "start")

    def __init__(self, path: Path, keys: set[str | int] | None) -> None:
        self.path = path
        self.keys = keys
        self.entry: Path | None = None
        self.start: Any = None
        self.index = 0

    def begun(self, event: Event) -> Path:
        """The path of the entry whose value begins; an item of a list begins with it."""
        if self.entry is None:
            self.entry, self.start = (*self.path, self.index), event.start_mark
            self.index += 1
        return self.entry


class Walk:
    """The entries of a text's first document, each after those inside it: its path, its start mark, and the walk.

    `enter` says of the path of a collection whether to go into it. While an entry is at hand, `last_line` and `end` say
    where it ends. `repeated` gathers the keys that their mapping has already, with their marks.
    """

    def __init__(self, text: str, enter: Callable[[Path], bool]) -> None:
        self.repeated: list[tuple[Path, Any]] = []
        self._text = text
        self._enter = enter
        self._next_event = events_of(text)
        self._anchored: dict[str, ScalarEvent] = {}
        self._last: Any = None

    def __iter__(self) -> Iterator[tuple[Path, Any, Walk]]:
        next_event, stack = self._next_event, list[_Frame]()
        event = _root(next_event)
        frame = _Frame((), None)
        frame.entry, frame.start = (), event.start_mark
        while True:
            kind = event.__class__
            if kind in _STARTS and self._enter(frame.begun(event)):
                stack.append(frame)
                frame = _Frame(frame.begun(event), set() if kind is MappingStartEvent else None)
            elif frame.entry is None and frame.keys is not None and kind not in _ENDS:
                self._key(frame, event)
            else:
                self._pass(event)
                if kind in _ENDS:
                    frame = stack.pop()
                yield frame.begun(event), frame.start, self
                if not stack:
                    return
                frame.entry = None
            event = next_event()

    def last_line(self, start: Any) -> int:  # noqa: ANN401 - libyaml's events have marks, their types leave them open
        """The last line of the entry at hand, from 0; one that is not written at all ends where it starts."""
        return max(int(start.line), self._written_to()[0])

    def end(self, start: Any) -> int:  # noqa: ANN401 - likewise
        """The index of the character after the entry at hand."""
        return max(int(start.index), self._written_to()[1])

    def _written_to(self) -> tuple[int, int]:
        """The line and index where the last written text ends; a block scalar's mark may be many empty lines later."""
        if self._last is None:
            return 0, 0
        start, end = self._last.start_mark, self._last.end_mark
        if not (isinstance(self._last, ScalarEvent) and self._last.style in _BLOCK_STYLES):
            return end.line, end.index
        written = self._text[start.index : end.index].rstrip()
        return start.line + len(LINE_BREAK.findall(written)), start.index + len(written)

    def _key(self, frame: _Frame, event: Any) -> None:  # noqa: ANN401 - likewise
        """Take a scalar as the key of the entry that begins; an alias means the scalar that it names."""
        self._pass(event)
        scalar: ScalarEvent | None = self._anchored.get(event.anchor or "") if event.__class__ is AliasEvent else event
        step = _NOWHERE if scalar is None or (scalar is event and scalars.is_merge(scalar)) else scalars.key_of(scalar)
        frame.entry, frame.start = (*frame.path, step), event.start_mark
        if frame.keys is not None and step != _NOWHERE:
            if step in frame.keys:
                self.repeated.append((frame.entry, event.start_mark))
            frame.keys.add(step)

    def _pass(self, event: Any) -> None:  # noqa: ANN401 - likewise
        """Go past a node, or past the end of one, and keep the last event that stands for written text."""
        depth = 0
        while True:
            kind = event.__class__
            if kind is ScalarEvent:
                if event.value:
                    self._last = event
                if event.anchor is not None:
                    self._anchored[event.anchor] = event
            elif kind in _STARTS:
                depth += 1
            else:
                depth -= kind in _ENDS
                if event.end_mark.index > event.start_mark.index:
                    self._last = event
            if depth <= 0:
                return
            event = self._next_event()


def _root(next_event: Callable[[], Any]) -> Any:  # noqa: ANN401 - likewise
    """The first event of the first document that is not empty."""
    for event in iter(next_event, None):
        if isinstance(event, NodeEvent) and not is_empty(event):
            return event
    raise YAMLError("there is no document")
