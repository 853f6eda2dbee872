"""Openings in the database: read those of a scope, and write what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from compliance.store.comparing import End, Opening
from compliance.store.recalling import Past
from compliance.store.tables import OPENING, to_moment, to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from compliance.store.comparing import Changes

_CHANGE: Final = (
    update(OPENING)
    .where(OPENING.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("content", "waived", "last_seen")})
)
_END: Final = (
    update(OPENING)
    .where(OPENING.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in ("last_seen", "ended_at", "ending")})
)


def read(connection: Connection, scope: int) -> list[Opening]:
    """Those of a scope that have not ended."""
    rows = connection.execute(
        select(OPENING).where(OPENING.c.scope == scope, OPENING.c.ended_at.is_(None)).order_by(OPENING.c.id)
    )
    return [_opening(row) for row in rows]


def read_past(connection: Connection, scope: int) -> list[Past]:
    """All of a scope that are known, those that have ended too."""
    rows = connection.execute(select(OPENING).where(OPENING.c.scope == scope).order_by(OPENING.c.id))
    return [
        Past(
            _opening(row),
            to_moment(row.ended_at) if row.ended_at else None,
            End(row.ending) if row.ending else None,
        )
        for row in rows
    ]


def _opening(row: Row[Any]) -> Opening:
    return Opening(
        fingerprint=row.fingerprint,
        ordinal=row.ordinal,
        content=row.content,
        waived=bool(row.waived),
        first_seen=to_moment(row.first_seen),
        last_seen=to_moment(row.last_seen) if row.last_seen else None,
        row=row.id,
    )


def write(connection: Connection, scope: int, changes: Changes, now: datetime) -> None:
    """Write what changed; what ends goes first, because it may begin anew."""
    ended = [
        {
            "row": each.opening.row,
            "new_last_seen": _text(each.opening.last_seen),
            "new_ended_at": to_text(now),
            "new_ending": each.end.value,
        }
        for each in changes.ended
    ]
    changed = [
        {"row": each.row, **{f"new_{key}": value for key, value in _seen(each).items()}} for each in changes.changed
    ]
    begun = [_begun(scope, each) for each in changes.begun]
    for statement, rows in ((_END, ended), (_CHANGE, changed), (insert(OPENING), begun)):
        if rows:
            connection.execute(statement, rows)


def _begun(scope: int, opening: Opening) -> dict[str, Any]:
    return {
        "scope": scope,
        "fingerprint": opening.fingerprint,
        "ordinal": opening.ordinal,
        "first_seen": to_text(opening.first_seen),
        **_seen(opening),
    }


def _seen(opening: Opening) -> dict[str, Any]:
    return {"content": opening.content, "waived": opening.waived, "last_seen": _text(opening.last_seen)}


def _text(moment: datetime | None) -> str | None:
    return to_text(moment) if moment else None
