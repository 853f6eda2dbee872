"""The variables that an instruction of a Dockerfile sees, and the image references that they make.

Reference: https://docs.docker.com/reference/dockerfile/, "Understand how ARG and FROM interact", "Scope" and
"Automatic platform ARGs in the global scope".
"""

from __future__ import annotations

import re
from collections import ChainMap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from compliance import image_reference
from compliance.errors import ReadError
from compliance.sources.dockerfile.words import WordError, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from compliance.sources.dockerfile.instructions import Instruction
    from compliance.sources.dockerfile.words import Expansion

    SourceReader = Callable[[str], dict[str, Any]]

_PLATFORM = {"PLATFORM": "linux/amd64", "OS": "linux", "ARCH": "amd64", "VARIANT": ""}
_MAX_SHOWN = 60
_MAX_GROWTH = 4 * 1024 * 1024
_BARE_NAME = re.compile(r"[^/:@]+")


class GlobalScope:
    """ARGs above the first FROM, which FROM sees, and the platform's, with the values of linux/amd64."""

    def __init__(self, escape: str) -> None:
        self._escape = escape
        self._growth = 0
        self._values = {f"{side}{part}": value for side in ("TARGET", "BUILD") for part, value in _PLATFORM.items()}

    @property
    def windows(self) -> bool:
        """Whether the file escapes by a backtick, as files for Windows do."""
        return self._escape == "`"

    def declare(self, name: str, raw: str | None) -> str | None:
        """Note an ARG, and return its default.

        Raises:
            WordError: the default cannot be read.
        """
        if raw is not None:
            self._values[name] = self.expand(raw, self._values, unset="").text or ""
        return self.default(name)

    def default(self, name: str) -> str | None:
        """The default that a stage's `ARG name` takes over; None when there is none."""
        return self._values.get(name)

    def expand(self, word: str, values: Mapping[str, str | None], *, unset: str | None) -> Expansion:
        """Expand a word, as long as the file's variables do not blow it up.

        Raises:
            ReadError: they do.
            WordError: BuildKit refuses the word.
        """
        expansion = expand(word, values, self._escape, unset=unset)
        self._growth += max(0, len(expansion.text or "") - len(word))
        if self._growth > _MAX_GROWTH:
            raise ReadError(f"its variables grow to more than {_MAX_GROWTH} characters", remedy="use fewer of them")
        return expansion

    def read_base(self, instruction: Instruction, stages: Collection[str]) -> dict[str, Any]:
        """Facts of what a FROM builds on; `stages` are the names of the stages above it.

        Raises:
            ReadError: the reference is none, and no variable is to blame.
        """
        written = instruction.words[0]
        try:
            expansion = self.expand(written, self._values, unset="")
        except WordError as error:
            raise instruction.refuse(str(error)) from None
        text = expansion.text or ""
        stage = text if text in stages else None
        image = image_facts(text) if stage is None and text != "scratch" else None
        unresolved = stage is None and image is None and text != "scratch"
        if unresolved and not expansion.unset:
            shown = text if len(text) <= _MAX_SHOWN else f"{text[:_MAX_SHOWN]}…"
            raise instruction.refuse(f"{shown!r} is no image reference", "write registry/repository:tag, in lower case")
        kind = "stage" if stage is not None else "image" if image else "unknown" if unresolved else "scratch"
        return {
            "text": written,
            "resolved": None if unresolved else text,
            "unresolved": unresolved,
            "unset": sorted(set(expansion.unset)),
            "kind": kind,
            "stage": stage,
            "image": image,
        }


@dataclass(slots=True)
class StageScope:
    """ENV and ARG of one stage, with those of the stage that it builds on; ENV wins over ARG.

    `workdir` is the absolute WORKDIR in effect (None: the base image's), `settings` those of package managers that RUNs
    wrote into files, `declared` the names of its ARGs.
    """

    outer: GlobalScope
    env: dict[str, str | None]
    args: dict[str, str | None]
    workdir: str | None = None
    settings: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()

    def child(self) -> StageScope:
        """The scope that a stage which builds on this one begins with."""
        return StageScope(self.outer, dict(self.env), dict(self.args), self.workdir, self.settings, self.declared)

    def knows(self, name: str) -> bool:
        """Whether the file has set the variable so far."""
        return name in self.env or name in self.declared

    def declare(self, name: str, raw: str | None) -> str | None:
        """Note an ARG, and return its default when it has one that is known."""
        self.declared |= {name}
        value = self.outer.default(name) if raw is None else self.expand(raw)
        if raw is not None or value is not None:
            self.args[name] = value
        return value

    def expand(self, word: str) -> str | None:
        """The word's value; None when it is unknown: the base image may set any variable that the file does not."""
        values: Mapping[str, str | None] = ChainMap(self.env, self.args)
        try:
            return self.outer.expand(word, values, unset=None).text
        except WordError:
            return None

    def text(self, word: str) -> str:
        """The word's value, or the word as written when that is unknown."""
        value = self.expand(word)
        return word if value is None else value


def image_facts(text: str) -> dict[str, Any] | None:
    """Facts of an image reference, or None when the text is none."""
    try:
        reference = image_reference.parse(text)
    except ValueError:
        return None
    return {
        "text": text,
        "registry": reference.registry,
        "repository": reference.repository,
        "name": reference.name,
        "tag": reference.tag,
        "digest": reference.digest,
        "normalised": reference.normalised,
    }


def source_facts(text: str, stages: Mapping[str, str], numbered: Mapping[str, str]) -> dict[str, Any]:
    """Facts of what `--from` names: a stage above by name or number, an image, or a bare name that is neither.

    BuildKit takes a bare name for an image or for a build context of that name, so a mistyped stage is one too.
    """
    stage = stages.get(text.lower(), numbered.get(text))
    image = None if stage is not None or _BARE_NAME.fullmatch(text) else image_facts(text)
    kind = "stage" if stage is not None else "image" if image else "name"
    return {"text": text, "kind": kind, "stage": stage, "image": image}
