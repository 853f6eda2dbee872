"""The history in an image configuration, read back into the instructions that it was built by.

OCI image specification, config.md, `history`; how builders spell `created_by` is written nowhere: BuildKit says
`RUN |1 VERSION=1 /bin/sh -c make # buildkit`, Docker's classic builder and buildah `|1 VERSION=1 /bin/sh -c make` and
`/bin/sh -c #(nop)  ENV A=b`. What fits neither is kept as text and judged by nobody.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.sources.secret_text import masked
from compliance.supply_chain import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.images.limits import Limits

_BUILDKIT: Final = " # buildkit"
_NO_OPERATION: Final = re.compile(r"/bin/sh -c #\(nop\)\s+")
_RUN: Final = re.compile(
    r"(?:RUN\s+)?(?:\|(?P<count>[0-9]{1,4}) (?P<args>.*?) ?)?"
    r"/bin/(?:ba|a|da)?sh(?: -[a-z]+(?: pipefail)?){0,4}? -[a-z]*c (?P<script>.*)",
    re.DOTALL,
)
_ARGUMENT: Final = re.compile(r"(?:^| )([A-Za-z_]\w*)=")
_FILE: Final = re.compile(r"\b(?:file|dir|multi):[0-9a-f]{64} in ")
_MAX_SHOWN: Final = 60
_KEYS: Final = frozenset({"created", "created_by", "author", "comment", "empty_layer"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its number from 1, `script` of a RUN (None of anything else), the build arguments that RUN saw.

    `layer` is the number of the layer that it made, from 0; None where it made none.
    """

    number: int
    text: str
    script: str | None
    arguments: Mapping[str, str]
    layer: int | None

    @property
    def shown(self) -> str:
        """The first words, without secrets."""
        text = _FILE.sub("", f"RUN {self.script}" if self.script is not None else self.text)
        text = " ".join(masked(text).split())
        return text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"


def read_history(value: object, limits: Limits) -> list[Entry]:
    """Read the `history` of a configuration; a missing one is an empty one.

    Raises:
        ContentError: it is no list of objects, or longer than allowed.
    """
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ContentError("the history in the image configuration is no list of objects")
    if len(value) > limits.history:
        raise ContentError(f"the history in the image configuration has more than {limits.history} entries")
    return list(_entries(value, limits))


def _entries(value: list[dict[str, Any]], limits: Limits) -> Iterator[Entry]:
    layer = 0
    for number, each in enumerate(value, 1):
        strict_json.as_spelled(each, _KEYS, f"entry {number} of the history")
        made = each.get("empty_layer") is not True
        yield _entry(number, each.get("created_by"), layer if made else None, limits)
        layer += made


def _entry(number: int, created_by: object, layer: int | None, limits: Limits) -> Entry:
    text = created_by if isinstance(created_by, str) else ""
    if len(text) > limits.instruction:
        raise ContentError(f"entry {number} of the history is longer than {limits.instruction} characters")
    text = text.removesuffix(_BUILDKIT)
    stripped = _NO_OPERATION.sub("", text, count=1)
    run = _RUN.fullmatch(text) if stripped == text else None
    if run is None:
        return Entry(number, stripped.strip(), None, {}, layer)
    return Entry(number, text, run["script"], _arguments(run["args"] or ""), layer)


def _arguments(text: str) -> dict[str, str]:
    """Build arguments as the builder joined them, by blanks; a value may have blanks too."""
    borders = list(_ARGUMENT.finditer(text))
    ends = [found.start() for found in borders[1:]] + [len(text)] * bool(borders)
    return {found[1]: text[found.end() : end] for found, end in zip(borders, ends, strict=True)}
