"""A stream of documents: its bytes become text, its documents are read one by one, and a broken one hides no other."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from yaml import MarkedYAMLError, YAMLError
from yaml.events import DocumentStartEvent

from compliance.errors import ReadError
from compliance.sources.kubernetes.yaml import json_stream
from compliance.sources.kubernetes.yaml.builder import Builder
from compliance.sources.kubernetes.yaml.events import Extent, events_of, is_empty
from compliance.sources.kubernetes.yaml.limits import MAX_DOCUMENTS, MAX_SIZE
from compliance.sources.kubernetes.yaml.problems import BYTE_ORDER_MARK, LINE_BREAK, explained, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.model import Span
    from compliance.sources.kubernetes.yaml.places import Path, Places

_SEPARATOR: Final = re.compile("^---(?=[ \t\r\n\x85\u2028\u2029]|\\Z)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Document:
    """One document: its value in JSON's types, the line of its first key or item, and where its entries stand.

    What an alias stands for is the very object that its anchor names, so a value is for reading only.
    `duplicate_keys` has the path and place of each key that its mapping has already; the last one is in force.
    """

    value: Any
    first_line: int
    places: Places = field(repr=False, compare=False)
    duplicate_keys: tuple[tuple[Path, Span], ...] = ()


def text_of(data: bytes) -> str:
    """A stream as text, without a byte order mark; a byte that is not UTF-8 becomes a lone surrogate.

    Raises:
        ReadError: it is too large, or no text at all.
    """
    if len(data) > MAX_SIZE:
        why = f"is larger than {MAX_SIZE // 2**20} MiB"
        raise ReadError(why, remedy="split it, or exclude it if it is no manifest")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ReadError(f"is broken UTF-16: {error.reason}", remedy="save the file as UTF-8") from None
    if b"\0" in data:
        remedy = "exclude it if it is no manifest, or save it as UTF-8 text"
        raise ReadError("has a NUL byte: this is no text file", remedy=remedy)
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def lines_of(data: bytes) -> tuple[str, ...]:
    """The lines of a stream, to be shown: a byte that is not UTF-8 becomes a question mark.

    Raises:
        ReadError: as for `text_of`.
    """
    return tuple(text_of(data).encode(errors="replace").decode().splitlines())


def documents(text: str) -> Iterator[Document | ReadError]:
    """The documents of a text in their order; empty ones are left out."""
    for number, document in enumerate(_json_documents(text) or _documents(text)):
        if number == MAX_DOCUMENTS:
            yield ReadError(f"the stream has more than {MAX_DOCUMENTS} documents", remedy="split it into files")
            return
        if document is not None:
            yield document


def _json_documents(text: str) -> list[Document]:
    return [Document(value, places.line, places) for value, places in json_stream.objects(text)]


def _documents(text: str) -> Iterator[Document | ReadError | None]:
    """The stream in one go; after a problem, part by part. None stands for an empty document."""
    part = _Part(text, Extent(0, len(text), 1))
    yield from part
    if part.problem is None:
        return
    if not part.again:
        yield part.problem
    for extent in _parts(text, part.resume):
        part = _Part(text, extent)
        yield from part
        if part.problem is not None:
            yield part.problem


def _parts(text: str, begin: int) -> Iterator[Extent]:
    """What stands between separators; `---` at the start of a line is one wherever it is, even in quotes."""
    starts = [begin, *(match.start() for match in _SEPARATOR.finditer(text, begin + 1))]
    line, counted = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += len(LINE_BREAK.findall(text, counted, start))
        counted = start
        yield Extent(start, end, line)


class _Part:
    """The documents of a part of a text, up to its end or the first problem, which is kept for the caller.

    After a problem `resume` is where the next document begins. `again` says that libyaml met a character that it
    refuses: as it reads ahead, it may have hidden a good document by that, so `resume` lies before that document.
    """

    def __init__(self, text: str, extent: Extent) -> None:
        self.problem: ReadError | None = None
        self.again = False
        self._text = text
        self._extent = extent
        self._done = self._begun = extent.start

    @property
    def resume(self) -> int:
        if self.again:
            return self._done
        following = _SEPARATOR.search(self._text, self._begun)
        return following.start() if following else len(self._text)

    def __iter__(self) -> Iterator[Document | None]:
        part, line = self._extent.of(self._text), self._extent.line
        if BYTE_ORDER_MARK in part and (problem := unreadable(part, line)) is not None:
            self.problem, self.again = problem, True
            return
        try:
            next_event = events_of(part)
            for event in iter(next_event, None):
                if event.__class__ is DocumentStartEvent:
                    yield self._document(event, next_event, part)
        except ReadError as error:
            self.problem = error
        except (YAMLError, UnicodeEncodeError) as error:
            self.problem = explained(error, part, line)
            self.again = not isinstance(error, MarkedYAMLError)

    def _document(self, opening: Any, next_event: Callable[[], Any], part: str) -> Document | None:  # noqa: ANN401 - an event
        origin, line = self._extent.start, self._extent.line
        self._begun = origin + opening.end_mark.index
        root = next_event()
        builder = Builder(part, line)
        value = builder.build(root, next_event)
        closing = next_event()
        self._done = self._begun = origin + closing.end_mark.index
        if is_empty(root):
            return None
        repeated = builder.places.repeated_keys() if builder.repeated_keys else ()
        return Document(value, line + root.start_mark.line, builder.places, repeated)
