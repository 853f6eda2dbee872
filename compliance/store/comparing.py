"""A run against what was open before it: pure, so that it can be held against a model.

An opening is a finding from its first sight until it is fixed or gone. Findings with one fingerprint are numbered, as
a baseline counts them, those with a waiver last. While an opening was seen by the newest run its `last_seen` is None:
a night without changes changes no opening.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from compliance.model import Stage
from compliance.store.records import Comparison, Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from compliance.baseline import Coverage
    from compliance.model import Assessment, Finding, Subject

Key: TypeAlias = tuple[str, int]
T = TypeVar("T")


class End(StrEnum):
    """How an opening ended."""

    FIXED = "fixed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening as it is stored; `content` is the digest of the finding as it was last seen, `row` its number."""

    fingerprint: str
    ordinal: int
    content: bytes
    waived: bool
    first_seen: datetime
    last_seen: datetime | None = None
    row: int | None = None

    @property
    def key(self) -> Key:
        """What is unique among the openings of a scope that have not ended."""
        return self.fingerprint, self.ordinal


@dataclass(frozen=True, slots=True)
class Ended:
    """An opening that ends with this run, and how."""

    opening: Opening
    end: End


@dataclass(slots=True)
class Changes:
    """What is to be written: openings that begin (without a row), differ (with theirs) or end."""

    begun: list[Opening] = field(default_factory=list)
    changed: list[Opening] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Before:
    """What the history knows of a scope: the openings that have not ended, the time of the newest run.

    `find` returns the findings of some digests.
    """

    openings: Sequence[Opening]
    taken_at: datetime | None
    find: Callable[[Sequence[bytes]], Mapping[bytes, Finding]]


def nowhere(_subject: Subject) -> bool:
    """Where a run looked of which nothing more is known."""
    return False


@dataclass(frozen=True, slots=True)
class Sight:
    """What this run saw: its assessment, the digest of each finding, and what was judged.

    `whole` says that it looked at everything in the scope, so that a subject which it did not meet is gone. A gap in
    collecting makes that untrue, but for subjects that `looked_for` says would have been met if they were there.
    """

    taken: Assessment
    contents: Sequence[bytes]
    coverage: Coverage
    whole: bool = False
    looked_for: Callable[[Subject], bool] = nowhere

    def is_gone(self, subject: Subject) -> bool:
        """Tell whether a subject is not there."""
        if self.coverage.met(str(subject)):
            return False
        misses_nothing = self.whole and all(gap.stage is not Stage.COLLECT for gap in self.taken.gaps)
        return misses_nothing or self.looked_for(subject)


def numbered(found: Iterable[tuple[Finding, T]]) -> Iterator[tuple[Key, Finding, T]]:
    """Each finding under its key, and what stands beside it."""
    seen: Counter[str] = Counter()
    for finding, beside in sorted(found, key=lambda pair: pair[0].waiver is not None):
        fingerprint = finding.fingerprint
        yield (fingerprint, seen[fingerprint]), finding, beside
        seen[fingerprint] += 1


def compare(before: Before, sight: Sight) -> tuple[Comparison, Changes]:
    """Say what is new, unchanged, fixed, gone or unjudged, and what that changes."""
    left = {opening.key: opening for opening in before.openings}
    changes = Changes()
    new: list[Tracked] = []
    unchanged: list[Tracked] = []
    seen: Counter[str] = Counter()
    now = sight.taken.taken_at
    for key, finding, content in numbered(zip(sight.taken.findings, sight.contents, strict=True)):
        seen[key[0]] += 1
        known = left.pop(key, None)
        opening = _opening(key, finding, content, known, now)
        if known is None:
            changes.begun.append(opening)
        elif opening is not known:
            changes.changed.append(opening)
        if not opening.waived:
            was_open = known is not None and not known.waived
            (unchanged if was_open else new).append(Tracked(finding, opening.first_seen, now))
    missing = _Missing(before, sight, changes)
    missing.settle(left, seen)
    return Comparison(
        previous=before.taken_at,
        new=tuple(new),
        unchanged=tuple(unchanged),
        fixed=tuple(missing.fixed),
        gone=tuple(missing.gone),
        unjudged=tuple(missing.unjudged),
    ), changes


def _opening(key: Key, finding: Finding, content: bytes, known: Opening | None, now: datetime) -> Opening:
    waived = finding.waiver is not None
    if known is None:
        return Opening(*key, content, waived, now)
    if (known.content, known.waived, known.last_seen) == (content, waived, None):
        return known
    return replace(known, content=content, waived=waived, last_seen=None)


class _Missing:
    """The openings that this run did not see."""

    def __init__(self, before: Before, sight: Sight, changes: Changes) -> None:
        self._before = before
        self._sight = sight
        self._changes = changes
        self.fixed: list[Tracked] = []
        self.gone: list[Tracked] = []
        self.unjudged: list[Tracked] = []

    def settle(self, left: Mapping[Key, Opening], seen: Counter[str]) -> None:
        """Sort them; of several with one fingerprint, the last ones end first."""
        findings = self._before.find([opening.content for opening in left.values()])
        clean: dict[str, int] = {}
        for key in sorted(left, reverse=True):
            opening, finding = left[key], findings[left[key].content]
            fingerprint, subject = opening.fingerprint, str(finding.subject)
            judged = clean.setdefault(
                fingerprint, self._sight.coverage.judged(finding.rule, subject) - seen[fingerprint]
            )
            clean[fingerprint] -= 1
            if judged > 0:
                self._end(opening, finding, End.FIXED)
            elif self._sight.is_gone(finding.subject):
                self._end(opening, finding, End.GONE)
            else:
                self._keep(opening, finding)

    def _end(self, opening: Opening, finding: Finding, end: End) -> None:
        opening = self._unseen(opening)
        self._changes.ended.append(Ended(opening, end))
        self._tell(self.fixed if end is End.FIXED else self.gone, opening, finding)

    def _keep(self, opening: Opening, finding: Finding) -> None:
        unseen = self._unseen(opening)
        if unseen != opening:
            self._changes.changed.append(unseen)
        self._tell(self.unjudged, unseen, finding)

    def _unseen(self, opening: Opening) -> Opening:
        return opening if opening.last_seen else replace(opening, last_seen=self._before.taken_at)

    @staticmethod
    def _tell(told: list[Tracked], opening: Opening, finding: Finding) -> None:
        if not opening.waived:
            told.append(Tracked(finding, opening.first_seen, opening.last_seen or opening.first_seen))
