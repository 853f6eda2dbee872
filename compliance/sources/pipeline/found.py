"""One thing that a command or an action does."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Found:
    """An act before its surroundings are known: `kind` as in the facts, `image` as written.

    `gates`: whether its failure fails the step, by its own options. `copied`: what is published lies in a registry
    already. `report`: the file that a scan writes.
    """

    kind: str
    tool: str
    image: str | None
    gates: bool | None = True
    changes: bool = False
    copied: bool = False
    options: tuple[str, ...] = ()
    report: str | None = None

    def with_gates(self, gates: bool | None) -> Found:  # noqa: FBT001 - a value, no switch
        """The same with another answer."""
        return replace(self, gates=gates)
