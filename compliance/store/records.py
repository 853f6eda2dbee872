"""What the history tells: runs, and findings with the time that they have been open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from compliance.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Run:
    """One saved assessment.

    `number` grows with every run that is saved, whatever the clock said. `digest` is the SHA-256, in hexadecimal, of
    all that was found: runs with one digest differ in nothing but their time. `findings` counts those without a
    waiver, by severity; `waived` are the others. `whole` says that the run looked at everything in its scope.
    """

    number: int
    scope: str
    taken_at: datetime
    digest: str
    findings: Mapping[Severity, int]
    waived: int
    gaps: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Tracked:
    """A finding and when it was seen: first since it was last fixed, and last, which is this run or one before it."""

    finding: Finding
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against the history of its scope; findings with a waiver take no part.

    `fixed` were judged again and are no longer found; `gone` are those of subjects that no longer exist; `unjudged`
    are open still, because nothing was learned of them this time. `previous` is the time of the run before, None when
    there was none.
    """

    previous: datetime | None
    new: tuple[Tracked, ...]
    unchanged: tuple[Tracked, ...]
    fixed: tuple[Tracked, ...]
    gone: tuple[Tracked, ...]
    unjudged: tuple[Tracked, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the run, how it compares, and how many pieces of content the history did not have yet.

    `existed` says that this very run had been saved before, so that nothing was written.
    """

    run: Run
    comparison: Comparison
    pieces: int
    existed: bool = False


@dataclass(frozen=True, slots=True)
class Untold:
    """What a channel has not been told of a scope yet.

    `findings` are open, not waived and severe enough for it, each an opening by its number in `openings`. `fixed` and
    `gone` are the numbers of openings that it was told of and that have ended since its last message.
    """

    channel: str
    findings: tuple[Tracked, ...]
    openings: tuple[int, ...]
    fixed: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Retained:
    """What retention removed: runs, and pieces of content that only they held."""

    runs: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check went through without finding fault: runs, and pieces of content."""

    runs: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lock of a scope: user, machine and process as one text; and since when."""

    who: str
    since: datetime

    def __str__(self) -> str:
        return f"{self.who} since {self.since.isoformat(sep=' ', timespec='seconds')}"
