"""Which runs are kept, and what goes with the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, or_, select

from compliance.errors import UsageError
from compliance.store import pieces
from compliance.store.content import reached
from compliance.store.records import Retained
from compliance.store.tables import OPENING, RUN, SCOPE, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_MOST_DAYS: Final = 365 * 1000


@dataclass(frozen=True, slots=True)
class Rule:
    """How many runs of each scope are kept, and for how many days before `now`; a run stays when either says so."""

    now: datetime
    runs: int | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        numbers = [number for number in (self.runs, self.days) if number is not None]
        if not numbers or min(numbers) < 1 or (self.days or 0) > _MOST_DAYS:
            raise UsageError(
                "retention wants a number of runs or days, 1 or more", remedy="say how many runs or days to keep"
            )

    def keeps(self, position: int, taken_at: str) -> bool:
        """Whether a run stays: 0 is the position of the newest, which always does."""
        oldest = to_text(self.now - timedelta(days=self.days)) if self.days is not None else None
        return position < (self.runs or 1) or (oldest is not None and taken_at >= oldest)


def retain(connection: Connection, rule: Rule) -> Retained:
    """Remove what the rule does not keep, and all content that nothing refers to any more."""
    removed = sum(_scope(connection, rule, scope) for scope in connection.execute(select(SCOPE.c.id)).scalars().all())
    kept: set[bytes] = set(connection.execute(select(OPENING.c.content)).scalars())
    reader = pieces.Reader(connection)
    for root in connection.execute(select(RUN.c.root).distinct()).scalars().all():
        kept.update(reached(root, reader))
    return Retained(removed, pieces.sweep(connection, kept))


def _scope(connection: Connection, rule: Rule, scope: int) -> int:
    rows = connection.execute(
        select(RUN.c.id, RUN.c.taken_at).where(RUN.c.scope == scope).order_by(RUN.c.id.desc())
    ).all()
    stays = [rule.keeps(position, row.taken_at) for position, row in enumerate(rows)]
    old = [row.id for row, kept in zip(rows, stays, strict=True) if not kept]
    for number in old:
        connection.execute(delete(RUN).where(RUN.c.id == number))
    if old:
        _forget(connection, scope, min(row.taken_at for row, kept in zip(rows, stays, strict=True) if kept))
    return len(old)


def _forget(connection: Connection, scope: int, oldest: str) -> None:
    """Delete the openings that ended, or were last seen and never judged again, before the oldest run."""
    past = or_(OPENING.c.ended_at < oldest, OPENING.c.last_seen < oldest)
    connection.execute(delete(OPENING).where(OPENING.c.scope == scope, past))
