"""How a run that was saved compared with what was open before it: pure, from the openings that are still known.

A run's place in the order is its number, whatever its clock said. Of a time that no run has any more, all that is known
is that it lies before the runs that were kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.store.comparing import End, numbered
from compliance.store.records import Comparison, Tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from compliance.model import Assessment, Finding
    from compliance.store.comparing import Key, Opening
    from compliance.store.records import Run


@dataclass(frozen=True, slots=True)
class Past:
    """An opening, and when and how it ended; None while it has not."""

    opening: Opening
    ended_at: datetime | None
    end: End | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is known of a run: what it found, the one before it, and what that one had under a waiver.

    `numbers` are those of the scope's runs by their times. `find` returns the findings of some digests.
    """

    run: Run
    taken: Assessment
    previous: Run | None
    waived_before: frozenset[Key]
    numbers: Mapping[datetime, int]
    find: Callable[[Sequence[bytes]], Mapping[bytes, Finding]]


def waived(taken: Assessment) -> frozenset[Key]:
    """The keys of what has a waiver."""
    return frozenset(key for key, finding, _ in numbered((each, None) for each in taken.findings) if finding.waiver)


def recall(recorded: Recorded, known: Iterable[Past]) -> Comparison:
    """Say what was new, unchanged, fixed, gone or unjudged in a run, as far as it is still known."""
    number, numbers = recorded.run.number, recorded.numbers
    at_the_time: dict[Key, Opening] = {}
    ended: dict[End, list[Opening]] = {End.FIXED: [], End.GONE: []}
    for past in known:
        last = number + 1 if past.ended_at is None else numbers.get(past.ended_at, 0)
        if past.end is not None and last == number:
            ended[past.end].append(past.opening)
        elif numbers.get(past.opening.first_seen, 0) <= number < last:
            at_the_time[past.opening.key] = past.opening
    new, unchanged = _seen(recorded, at_the_time)
    return Comparison(
        previous=recorded.previous.taken_at if recorded.previous else None,
        new=new,
        unchanged=unchanged,
        fixed=_tracked(recorded, ended[End.FIXED]),
        gone=_tracked(recorded, ended[End.GONE]),
        unjudged=_tracked(recorded, at_the_time.values()),
    )


def _seen(recorded: Recorded, openings: dict[Key, Opening]) -> tuple[tuple[Tracked, ...], tuple[Tracked, ...]]:
    """What the run found, new and unchanged; takes from the openings what it found."""
    now = recorded.run.taken_at
    new, unchanged = list[Tracked](), list[Tracked]()
    for key, finding, _ in numbered((each, None) for each in recorded.taken.findings):
        opening = openings.pop(key, None)
        if finding.waiver is None:
            first = opening.first_seen if opening else now
            begun = recorded.numbers.get(first, 0) == recorded.run.number or key in recorded.waived_before
            (new if begun else unchanged).append(Tracked(finding, first, now))
    return tuple(new), tuple(unchanged)


def _tracked(recorded: Recorded, openings: Iterable[Opening]) -> tuple[Tracked, ...]:
    chosen = [each for each in openings if not each.waived]
    findings = recorded.find([each.content for each in chosen])
    before = recorded.previous.taken_at if recorded.previous else recorded.run.taken_at
    return tuple(Tracked(findings[each.content], each.first_seen, each.last_seen or before) for each in chosen)
