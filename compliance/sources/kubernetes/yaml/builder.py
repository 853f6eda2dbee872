"""From libyaml's events to plain Python values, on a stack of our own: depth costs memory, never a crash.

Everything between a collection's start and end is gathered in one flat list. A sequence is that list; a mapping takes
its keys and values from it in turn. What is rare (anchors, tags, merges, repeated keys) has its own functions, so that
the loop that every scalar passes through stays short. It tells `places` of each entry when its value ends.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from compliance.sources.kubernetes.yaml import scalars
from compliance.sources.kubernetes.yaml.limits import MAX_DEPTH, MAX_NODES, MAX_SIZE
from compliance.sources.kubernetes.yaml.places import Entries
from compliance.sources.kubernetes.yaml.problems import refused
from compliance.sources.secret_text import shown_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml.events import CollectionStartEvent, Event

    from compliance.errors import ReadError
    from compliance.sources.kubernetes.yaml.problems import AnyMark

_MAX_EVENTS: Final = 2 * MAX_NODES  # a collection has two, its start and its end
_QUOTES: Final = frozenset("'\"")
_MERGE: Final = object()  # stands for the key `<<`


class _Anchor:
    """A node with a name: what it holds, and how much that is when written out."""

    __slots__ = ("closed", "event", "nodes", "size", "value")

    def __init__(self, event: ScalarEvent | CollectionStartEvent, nodes: int, size: int) -> None:
        self.event = event
        self.nodes = nodes
        self.size = size
        self.value: Any = None
        self.closed = False


class Builder:
    """Builds one document of a text; `repeated_keys` says afterwards whether a mapping held a key twice.

    `places` has each entry; after an error, each that was read to its end.
    """

    def __init__(self, text: str, line: int, column: int = 0) -> None:
        self.repeated_keys = False
        self.places = Entries(text, line, column)
        self._line = line
        self._anchors: dict[str, _Anchor] = {}
        self._stack: list[tuple[list[Any], bool, _Anchor | None, Any, Any, int]] = []
        self._nodes = 0
        self._expanded = 0

    def build(self, event: Any, next_event: Callable[[], Any]) -> Any:  # noqa: ANN401 - events in, JSON values out
        """Consume the events of the node that `event` begins, and no more.

        Raises:
            ReadError: Kubernetes would not read it, or a limit is passed.
            yaml.YAMLError: `next_event` raises it.
        """
        try:
            return self._build(event, islice(iter(next_event, None), _MAX_EVENTS).__next__)
        except StopIteration:
            raise self._too_many(event) from None
        finally:
            self.places.close((opening, first) for *_, opening, first in reversed(self._stack))

    def _build(self, event: Any, next_event: Callable[[], Any]) -> Any:  # noqa: ANN401 - likewise
        root: list[Any] = []
        items, in_mapping, anchor = root, False, None
        step: Any = 0
        opening = event  # of the entry at hand: its key, or the first event of an item
        stack, places, words, numeric = self._stack, self.places, scalars.WORDS, scalars.NUMERIC
        while True:
            kind, first = event.__class__, None
            if not in_mapping:
                step, opening = len(items), event
            if kind is ScalarEvent:
                value = event.value
                special = (value[:1] in numeric or value in words) and event.implicit[0]
                if special or event.tag is not None or event.anchor is not None:
                    value = self._scalar(event, is_key=in_mapping and not len(items) & 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                stack.append((items, in_mapping, anchor, step, opening, len(places)))
                anchor = self._opened(event, is_key=in_mapping and not len(items) & 1)
                items, in_mapping = [], kind is MappingStartEvent
                event = next_event()
                continue
            elif kind is AliasEvent:
                value = self._alias(event, items, in_mapping=in_mapping)
            else:
                value = self._mapping(items, event) if in_mapping else items
                self._closed(len(items), anchor, value, event)
                items, in_mapping, anchor, step, opening, first = stack.pop()
            items.append(value)
            if in_mapping and len(items) & 1:
                step, opening = value, event
            else:
                places.add(step, opening, event, first)
                if items is root:
                    return value
            event = next_event()

    def _refused(self, event: Event, message: str, remedy: str) -> ReadError:
        return refused(event.start_mark, self._line, message, remedy)

    def _too_many(self, event: Event) -> ReadError:
        return self._refused(event, f"has more than {MAX_NODES} keys and values", "split the document")

    def _scalar(self, event: ScalarEvent, *, is_key: bool) -> object:
        if event.anchor is not None:
            anchor = self._anchors[event.anchor] = _Anchor(event, 1, len(event.value))
            anchor.closed = True
        if is_key and scalars.is_merge(event):
            return _MERGE
        if event.tag is not None and not event.value and event.style not in _QUOTES:
            # `{a: !tag, b}`: to libyaml the comma ends the tag, to Kubernetes it belongs to it
            raise self._refused(event, f"a tag ({event.tag[:40]}) stands without a value", "write the value, or no tag")
        return self._typed(event, event, is_key=is_key)

    def _typed(self, scalar: ScalarEvent, there: Event, *, is_key: bool) -> scalars.Scalar:
        try:
            return scalars.key_of(scalar) if is_key else scalars.value_of(scalar)
        except ValueError as error:
            raise self._refused(
                there, f"{shown_word(scalar.value)[:40]!r} {error}", "put it in quotes if text is meant"
            ) from None

    def _opened(self, event: CollectionStartEvent, *, is_key: bool) -> _Anchor | None:
        if is_key:
            raise self._no_key(event)
        if len(self._stack) > MAX_DEPTH:
            raise self._refused(event, f"is nested deeper than {MAX_DEPTH} levels", "flatten the document")
        if event.anchor is None:
            return None
        anchor = self._anchors[event.anchor] = _Anchor(event, self._nodes, self._expanded)
        return anchor

    def _closed(self, count: int, anchor: _Anchor | None, value: object, event: Event) -> None:
        self._nodes += count
        if self._nodes > MAX_NODES:
            raise self._too_many(event)
        if anchor is not None:
            start: AnyMark | None = anchor.event.start_mark
            length = event.end_mark.index - start.index if event.end_mark and start else 0
            anchor.nodes = self._nodes - anchor.nodes
            anchor.size = self._expanded - anchor.size + length
            anchor.value, anchor.closed = value, True

    def _alias(self, event: AliasEvent, items: list[Any], *, in_mapping: bool) -> object:
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            raise self._refused(event, f"anchor {shown_word(name)[:40]} is not defined", "define it before it is used")
        if not anchor.closed:
            raise self._refused(event, f"anchor {shown_word(name)[:40]} contains itself", "write out what is meant")
        self._nodes += anchor.nodes
        self._expanded += anchor.size
        if self._nodes > MAX_NODES or self._expanded > MAX_SIZE:
            why = f"aliases stand for more than {MAX_NODES} keys and values or {MAX_SIZE} characters"
            raise self._refused(event, why, "write out what is meant, or split the document")
        is_key = in_mapping and not len(items) & 1
        if isinstance(anchor.event, ScalarEvent) and items[-1:] != [_MERGE]:
            return self._typed(anchor.event, event, is_key=is_key)
        if is_key:
            raise self._no_key(event)
        if items[-1:] == [_MERGE] and not isinstance(anchor.value, dict):
            raise self._no_merge(event)
        return anchor.value

    def _no_key(self, event: Event) -> ReadError:
        remedy = "write the key as text, in quotes; if {{ }} here is a template, render it first"
        return self._refused(event, "a mapping or a list cannot be a key", remedy)

    def _no_merge(self, event: Event) -> ReadError:
        return self._refused(event, "<< wants a mapping or a list of mappings", "put << in quotes if text is meant")

    def _mapping(self, items: list[Any], event: Event) -> dict[str, Any]:
        pairs = iter(items)
        mapping = dict(zip(pairs, pairs, strict=False))
        if len(mapping) * 2 == len(items) and _MERGE not in mapping:
            return mapping
        return self._in_order(items, event)

    def _in_order(self, items: list[Any], event: Event) -> dict[str, Any]:
        """Entry by entry, as go-yaml does: what comes later wins, be it an entry or a merge."""
        mapping: dict[str, Any] = {}
        written: set[str] = set()
        for key, value in zip(items[::2], items[1::2], strict=True):
            if key is _MERGE:
                for merged in self._merged(value, event):
                    mapping.update(merged)
                continue
            self.repeated_keys |= key in written
            written.add(key)
            mapping[key] = value
        return mapping

    def _merged(self, value: object, event: Event) -> Iterator[dict[str, Any]]:
        """The mappings to merge; the first of a list wins, so it comes last."""
        for mapping in reversed(value) if isinstance(value, list) else (value,):
            if not isinstance(mapping, dict):
                raise self._no_merge(event)
            yield mapping
