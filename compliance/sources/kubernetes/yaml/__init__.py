"""YAML and JSON as Kubernetes reads them: every scalar has the type that the API server would see.

The reader follows sigs.k8s.io/yaml, which kubectl and the API server use: libyaml's grammar, the scalars of YAML 1.1 in
go-yaml's dialect (`scalars`), anchors, aliases and merge keys (`builder`), JSON read as JSON (`json_stream`). A stream
is read document by document, and what cannot be read is a value among the documents (`stream`). Everything has a limit
(`limits`). Places are found again from the text when they are wanted (`places`).

It differs from kubectl in what it refuses, not in what a value means. It accepts more: the documents around a broken
one and those after `...`, `--- {a: 1}`, `%YAML 1.2`, `?` inside a flow scalar, an escaped slash. It refuses more: what
passes a limit, the tag `!!timestamp`, a tag without a value, a colon before a closing bracket, a byte order mark at the
start of a later line, and an infinity even where a later key replaces it. Of keys that are equal only as text (`1` and
`"1"`) go-yaml keeps one by chance; here it is the last. A number of more than 4096 characters is text.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from compliance.errors import ReadError
from compliance.sources.kubernetes.yaml import places
from compliance.sources.kubernetes.yaml.events import Extent
from compliance.sources.kubernetes.yaml.limits import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_SIZE
from compliance.sources.kubernetes.yaml.places import Path
from compliance.sources.kubernetes.yaml.stream import Document, documents, lines_of, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from compliance.model import Span

__all__ = [
    "MAX_DEPTH",
    "MAX_DOCUMENTS",
    "MAX_NODES",
    "MAX_SIZE",
    "Document",
    "Path",
    "lines_of",
    "load",
    "locate",
    "text_of",
]

_LARGE = 64 * 1024  # characters of a document from which on the items of its lists are looked up one by one


def load(data: bytes) -> Iterator[Document | ReadError]:
    """Read the documents of a stream one by one, in their order; empty ones are left out.

    A document that cannot be read comes as a ReadError with its place and a remedy, and hides no other. UTF-8 and
    UTF-16 with their marks, CRLF, and JSON objects one after another are understood.

    Raises:
        ToolMissing: PyYAML was built without libyaml.
    """
    try:
        text = text_of(data)
    except ReadError as error:
        yield error
    else:
        yield from documents(text)


def locate(data: bytes, index: int, paths: Collection[Path]) -> Mapping[Path, Span]:
    """Find where paths stand in the document that `load(data)` gives at `index`.

    An entry of a mapping begins at its key, an item of a list at its value; both end with their last line. A path that
    is not written there (a missing key, or one that an alias or a merge brings in) has the place of the nearest thing
    around it that is.
    """
    text, extent = _document(data, index)
    if extent.end - extent.start < _LARGE:
        return places.spans(text, extent, paths)
    return _in_large(text, extent, paths)


def _document(data: bytes, index: int) -> tuple[str, Extent]:
    """A document's place in its stream; a small stream of one document need not be read again for that."""
    if index == 0 and len(data) < _LARGE and b"\n---" not in data:
        text = text_of(data)
        return text, Extent(0, len(text), 1)
    text, extents = _extents(data)
    return text, extents[index] or Extent(0, len(text), 1)


@lru_cache(maxsize=4)
def _extents(data: bytes) -> tuple[str, tuple[Extent | None, ...]]:
    text = text_of(data)
    return text, tuple(None if isinstance(found, ReadError) else found.extent for found in documents(text))


@lru_cache(maxsize=4)
def _items(text: str, extent: Extent) -> Mapping[Path, Extent]:
    return places.items(text, extent)


def _in_large(text: str, extent: Extent, paths: Collection[Path]) -> Mapping[Path, Span]:
    """Each path is looked up in the item that it leads through, so that a `List` of n objects takes n steps, not n².

    Paths that lead through no item are looked up together, for each lookup reads the whole document.
    """
    items = _items(text, extent)
    by_head: dict[Path, list[Path]] = {}
    for path in paths:
        by_head.setdefault(path[:2] if path[:2] in items else (), []).append(path)
    found: dict[Path, Span] = {}
    for head, wanted in by_head.items():
        spans = places.spans(text, items.get(head, extent), [path[len(head) :] for path in wanted])
        found.update({path: spans[path[len(head) :]] for path in wanted})
    return found
