"""Which channel was told of which opening: the memory that tells each finding once.

A notice is written after its message was accepted. An opening without one is told by the next run, whatever became of
this one. A notice of an opening that has ended is told as fixed or gone, once, and removed by that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, bindparam, delete, exists, literal, select, text

from compliance.store.comparing import End
from compliance.store.content import read_finding
from compliance.store.pieces import Reader
from compliance.store.records import Tracked, Untold
from compliance.store.tables import NOTICE, OPENING, to_moment, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from compliance.model import Severity

_TELL: Final = text(
    """
    INSERT INTO compliance_notice (opening, channel, told_at)
    SELECT id, :channel, :told_at FROM compliance_opening WHERE id = :opening
    ON CONFLICT (opening, channel) DO NOTHING
    """
)

_FORGET: Final = delete(NOTICE).where(NOTICE.c.opening == bindparam("ended"), NOTICE.c.channel == bindparam("whom"))


def untold(connection: Connection, scope: int, channel: str, at_least: Severity) -> Untold:
    """What a channel has not been told of a scope."""
    rows = connection.execute(_without_notice(scope, channel)).all()
    bodies = Reader(connection)([row.content for row in rows])
    found = [(row.id, _tracked(row, bodies[row.content])) for row in rows]
    told = [(number, tracked) for number, tracked in found if tracked.finding.severity >= at_least]
    ended = connection.execute(_ended(scope, channel)).all()
    return Untold(
        channel=channel,
        findings=tuple(tracked for _, tracked in told),
        openings=tuple(number for number, _ in told),
        fixed=tuple(row.id for row in ended if row.ending == End.FIXED),
        gone=tuple(row.id for row in ended if row.ending == End.GONE),
    )


def _without_notice(scope: int, channel: str) -> Select[Any]:
    notice = and_(NOTICE.c.opening == OPENING.c.id, NOTICE.c.channel == channel)
    return (
        select(OPENING)
        .where(OPENING.c.scope == scope, OPENING.c.ended_at.is_(None), OPENING.c.waived.is_(False))
        .where(~exists(select(literal(1)).where(notice)))
        .order_by(OPENING.c.id)
    )


def _ended(scope: int, channel: str) -> Select[Any]:
    return (
        select(OPENING.c.id, OPENING.c.ending)
        .join(NOTICE, NOTICE.c.opening == OPENING.c.id)
        .where(OPENING.c.scope == scope, OPENING.c.ended_at.is_not(None), NOTICE.c.channel == channel)
        .order_by(OPENING.c.id)
    )


def _tracked(row: Row[Any], body: bytes) -> Tracked:
    first = to_moment(row.first_seen)
    return Tracked(read_finding(body), first, to_moment(row.last_seen) if row.last_seen else first)


def mark_told(connection: Connection, said: Untold, at: datetime) -> None:
    """Write that a channel was told; doing it again changes nothing, and what retention removed stays so."""
    told = [{"opening": number, "channel": said.channel, "told_at": to_text(at)} for number in said.openings]
    ended = [{"ended": number, "whom": said.channel} for number in (*said.fixed, *said.gone)]
    if told:
        connection.execute(_TELL, told)
    if ended:
        connection.execute(_FORGET, ended)
