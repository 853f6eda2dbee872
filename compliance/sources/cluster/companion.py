"""What looks at a cluster's objects beside the rules of manifests, while they are read once for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from compliance.model import Facts, Gap, Input, PassedOver
    from compliance.sources.cluster.discovery import Discovered
    from compliance.sources.cluster.kinds import Kind
    from compliance.sources.cluster.walk import Failures

Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Noted:
    """What a companion has to say beside its facts: what it could not tell, left out on purpose, and read besides."""

    gaps: Sequence[Gap] = ()
    passed_over: Sequence[PassedOver] = ()
    inputs: Sequence[Input] = ()


class Companion(Protocol):
    """What looks at live objects beside us and has facts of its own to be judged with the rest, such as drift."""

    def start(self, served: Discovered, failures: Failures) -> Collection[Kind]:
        """Learn what is served, and where it is noted what cannot be read; return the kinds that are to be read."""

    def applied(self) -> Collection[Kind]:
        """The kinds whose objects it would apply as dry runs, known once it has started."""

    def see(self, value: Object) -> None:
        """Look at an object as the server holds it (values of Secrets apart); copies too, owners first."""

    def facts(self, namespace: str | None) -> Iterable[Facts]:
        """The facts of what was seen in a namespace, or, for None, of what belongs to none."""

    def noted(self) -> Noted:
        """What there is to say of it in all, when the facts have been taken."""
