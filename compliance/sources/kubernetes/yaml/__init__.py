"""YAML and JSON as Kubernetes reads them: every scalar has the type that the API server would see.

The reader follows sigs.k8s.io/yaml, which kubectl and the API server use: libyaml's grammar, the scalars of YAML 1.1 in
go-yaml's dialect (`scalars`), anchors, aliases and merge keys (`builder`), JSON read as JSON (`json_stream`). A stream
is read document by document, and what cannot be read is a value among the documents (`stream`). Everything has a limit
(`limits`). Where each entry stands is kept beside its document (`places`).

It differs from kubectl in what it refuses, not in what a value means. It accepts more: the documents around a broken
one and those after `...`, `--- {a: 1}`, `%YAML 1.2`, `?` inside a flow scalar, an escaped slash. It refuses more: what
passes a limit, the tag `!!timestamp`, a tag without a value, a colon before a closing bracket, a byte order mark at the
start of a later line, and an infinity even where a later key replaces it. Of keys that are equal only as text (`1` and
`"1"`) go-yaml keeps one by chance; here it is the last. A number of more than 4096 characters is text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance.errors import ReadError
from compliance.sources.kubernetes.yaml.limits import MAX_DEPTH, MAX_DOCUMENTS, MAX_NODES, MAX_SIZE
from compliance.sources.kubernetes.yaml.places import Path, Places
from compliance.sources.kubernetes.yaml.stream import Document, documents, lines_of, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "MAX_DEPTH",
    "MAX_DOCUMENTS",
    "MAX_NODES",
    "MAX_SIZE",
    "Document",
    "Path",
    "Places",
    "lines_of",
    "load",
    "text_of",
]


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
