"""What needs attention in a set of waivers: invalid, expired, soon to expire, without use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from compliance.model import Waiver, WaiverReport, WaiverState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from compliance.waivers import ReadWaivers


class Attention(IntEnum):
    """Why somebody should look at a waiver; the most pressing first."""

    INVALID = 0
    EXPIRED = 1
    EXPIRING = 2
    UNUSED = 3
    NONE = 4


@dataclass(frozen=True, slots=True)
class Audited:
    """One waiver: `matched` is how many findings of the result it covers, None where no result tells."""

    waiver: Waiver
    attention: Attention
    matched: int | None
    why: str | None = None


def audit(
    read: ReadWaivers, reports: Sequence[WaiverReport] | None, *, now: datetime, within: int
) -> tuple[Audited, ...]:
    """Judge the waivers of a file, the most pressing first.

    `reports` are those of a saved result: they tell which waivers had a use, and add the inline ones. `within` is how
    many days ahead an end counts as near.
    """
    today = now.astimezone(UTC).date()
    risks, invalid = read
    matched = {_identity(report.waiver): report.matched for report in reports or ()}
    waivers = [risk.waiver for risk in risks]
    rows = [Audited(waiver, Attention.NONE, matched.get(_identity(waiver))) for waiver in waivers]
    rows += [Audited(report.waiver, Attention.INVALID, None, report.why) for report in invalid]
    rows += _only_in_result(reports or (), {_identity(row.waiver) for row in rows})
    weighed = [_weighed(row, today, within) for row in rows]
    return tuple(sorted(weighed, key=lambda row: (row.attention, row.waiver.expires or date.min)))


def needs_action(rows: Iterable[Audited]) -> bool:
    """Whether a waiver is invalid or expired."""
    return any(row.attention in {Attention.INVALID, Attention.EXPIRED} for row in rows)


def _identity(waiver: Waiver) -> tuple[object, ...]:
    """Tell waivers apart by what they say, because lines move and files are named in more than one way."""
    return (waiver.rule, waiver.subject, waiver.reason, waiver.approved_by, waiver.expires, waiver.ticket)


def _only_in_result(reports: Iterable[WaiverReport], known: set[tuple[object, ...]]) -> Iterable[Audited]:
    for report in reports:
        if _identity(report.waiver) not in known:
            invalid = report.state is WaiverState.INVALID
            attention = Attention.INVALID if invalid else Attention.NONE
            yield Audited(report.waiver, attention, None if invalid else report.matched, report.why)


def _weighed(row: Audited, today: date, within: int) -> Audited:
    expires = row.waiver.expires
    if row.attention is Attention.INVALID or expires is None:
        return row
    if expires < today:
        attention = Attention.EXPIRED
    elif (expires - today).days <= within:
        attention = Attention.EXPIRING
    else:
        attention = Attention.UNUSED if row.matched == 0 else Attention.NONE
    return Audited(row.waiver, attention, row.matched)
