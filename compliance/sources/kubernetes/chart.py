"""A Helm chart's own facts: which charts it takes in, and in which versions (`rules/schemas/chart.json`).

Format: Helm documentation, "The Chart.yaml File"; Chart.lock fixes the versions that `helm dependency build` takes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ReadError
from compliance.model import Facts, Origin, Span, Subject
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.fields import mapping, sequence, text
from compliance.sources.kubernetes.paths import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_MAX_BYTES: Final = 1024 * 1024
_EXACT: Final = re.compile(r"=?\s*v?\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?")


def read(data: bytes, name: str, *, locked: bool) -> Facts:
    """Tell the chart whose Chart.yaml, `name`, holds `data`; `locked` says that a Chart.lock lies beside it.

    Raises:
        ReadError: it is no YAML, or larger than 1 MiB.
    """
    if len(data) > _MAX_BYTES:
        raise ReadError(f"{name} is larger than {_MAX_BYTES} bytes", remedy="make it smaller")
    document = _document(data)
    value = {} if document is None else mapping(document.value)
    return Facts(
        schema="chart",
        subject=Subject("Chart", name),
        body=_body(value, locked=locked),
        origin=Origin(name, Span(1)),
        locate=_locator(document, value),
        lines=_liner(data),
    )


def _document(data: bytes) -> kubernetes_yaml.Document | None:
    """The first document; a later one that cannot be read spoils the file all the same."""
    found: list[kubernetes_yaml.Document] = []
    for document in kubernetes_yaml.load(data):
        if isinstance(document, ReadError):
            raise document
        found.append(document)
    return found[0] if found else None


def _body(value: dict[str, Any], *, locked: bool) -> dict[str, Any]:
    return {
        "name": text(value.get("name")),
        "version": text(value.get("version")),
        "app_version": text(value.get("appVersion")),
        "type": text(value.get("type")) or "application",
        "locked": locked,
        "dependencies": [
            _dependency(mapping(one), number) for number, one in enumerate(sequence(value.get("dependencies")))
        ],
    }


def _dependency(raw: dict[str, Any], number: int) -> dict[str, Any]:
    version, repository = text(raw.get("version")), text(raw.get("repository"))
    name = text(raw.get("alias")) or text(raw.get("name"))
    return {
        "name": name,
        "version": version,
        "repository": repository,
        "local": not repository or repository.startswith("file://"),
        "exact": version is not None and _EXACT.fullmatch(version) is not None,
        "at": f"dependencies[{name or number}]",
    }


def _locator(
    document: kubernetes_yaml.Document | None, value: dict[str, Any]
) -> Callable[[Sequence[str]], list[Span | None]]:
    aliases = {
        f"dependencies[{alias}]": ("dependencies", index)
        for index, one in enumerate(sequence(value.get("dependencies")))
        if (alias := text(mapping(one).get("alias"))) is not None
    }

    def locate(ats: Sequence[str]) -> list[Span | None]:
        if document is None:
            return [Span(1) for _ in ats]
        paths = [path_of(at, value, aliases) for at in ats]
        spans = document.places.spans(paths)
        return [spans.get(path) for path in paths]

    return locate


def _liner(data: bytes) -> Callable[[int], str | None]:
    lines = kubernetes_yaml.lines_of(data)
    return lambda number: lines[number - 1] if 0 < number <= len(lines) else None
