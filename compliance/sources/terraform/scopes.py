"""What an evaluation may ask: what a name stands for, and what a file holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.sources.terraform.values import Value


class Scope(Protocol):
    """What names stand for."""

    def resolve(self, name: str) -> Value:
        """What a name stands for; UNKNOWN when that cannot be known."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A scope with some more names."""

    names: Mapping[str, Value]
    outer: Scope

    def resolve(self, name: str) -> Value:
        """Look here first."""
        return self.names[name] if name in self.names else self.outer.resolve(name)


class Files(Protocol):
    """The files that a configuration may read."""

    def read(self, path: str) -> str | None:
        """The text of a file; None when it is not there or may not be read."""
