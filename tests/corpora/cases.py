"""What a corpus says: this input, held against this rule, is refused or accepted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Case:
    """One expectation; `rules` are ids or aliases, of which any may refuse.

    The input is a file or folder of the checkout (`path`), or a `text` that is judged under the name `file`. Only
    findings about the object called `subject` count, when one is named. `kubernetes_minor` is 25 for Kubernetes 1.25.
    """

    name: str
    rules: tuple[str, ...]
    refused: bool
    path: Path | None = None
    text: str | None = field(default=None, repr=False)
    file: str = "manifest.yaml"
    subject: str | None = None
    kubernetes_minor: int | None = None
    params: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_index(index: Path, folder: Path) -> Iterator[Case]:
    """Read expectations as JSON lines: `{"path": "a.yaml", "rule": "CKV_K8S_8", "expect": "fail"}`.

    Optional are `subject`, `kubernetes_minor` and `params` (`{"rule.id": {...}}`); `text` and `file` may stand in
    place of `path`, which is relative to `folder`.

    Raises:
        ValueError: a line is not as described, with its number.
    """
    for number, line in enumerate(index.read_bytes().splitlines(), start=1):
        try:
            row = orjson.loads(line)
            place = {"path": folder / row["path"]} if "path" in row else {"text": row["text"], "file": row["file"]}
            optional = {key: row[key] for key in ("subject", "kubernetes_minor", "params") if key in row}
            refused = {"fail": True, "pass": False}[row["expect"]]
            about = f"{row.get('path', row.get('name', number))}{'#' + row['subject'] if 'subject' in row else ''}"
            yield Case(f"{about} {row['rule']}", (row["rule"],), refused, **place, **optional)
        except (KeyError, TypeError, orjson.JSONDecodeError) as error:
            raise ValueError(f"{index}:{number}: not an expectation: {error!r}") from error
