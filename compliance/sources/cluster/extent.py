"""How far a reading of a cluster went: of what it did not meet, what is not there, and what was only not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compliance.model import Subject


@dataclass(frozen=True, slots=True)
class Extent:
    """What was read to its end, and judged.

    `namespaces` are those that were read, `kinds` the names of the kinds that were judged, `unread` kinds and the
    namespaces (None: all) in which their list failed. `named`: only namespaces that were named. `known`: all that the
    server serves is known.
    """

    namespaces: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    unread: frozenset[tuple[str, str | None]] = frozenset()
    named: bool = False
    known: bool = False

    def covers(self, subject: Subject) -> bool:
        """Whether a subject would have been met if it were there, and had to be judged by itself."""
        if not self.known or subject.kind not in self.kinds:
            return False
        if {(subject.kind, None), (subject.kind, subject.namespace)} & self.unread:
            return False
        if subject.namespace is not None:
            return subject.namespace in self.namespaces
        return subject.name in self.namespaces if subject.kind == "Namespace" else not self.named
