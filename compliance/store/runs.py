"""Runs and scopes in the database."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from compliance.errors import UsageError
from compliance.model import Severity
from compliance.store.records import Run
from compliance.store.tables import COUNTS, RUN, SCOPE, to_moment, to_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from compliance.model import Assessment

_LONGEST_NAME: Final = 253


def named(scope: str) -> str:
    """Check the name of a scope.

    Raises:
        UsageError: it is empty, longer than 253 characters, or has characters that cannot be printed.
    """
    if not scope or len(scope) > _LONGEST_NAME or not scope.isprintable():
        raise UsageError(
            f"{scope[:_LONGEST_NAME]!r} cannot name a scope of the history",
            remedy=f"use the name of a cluster or repository: 1 to {_LONGEST_NAME} printable characters",
        )
    return scope


def find_scope(connection: Connection, name: str) -> int | None:
    """The number of a scope, None where nothing was saved under that name."""
    found: int | None = connection.execute(select(SCOPE.c.id).where(SCOPE.c.name == name)).scalar_one_or_none()
    return found


def make_scope(connection: Connection, name: str) -> int:
    """The number of a scope, which is made where there is none; for the one writer at a time."""
    found = find_scope(connection, name)
    if found is None:
        connection.execute(insert(SCOPE).values(name=name))
        found = find_scope(connection, name)
    if found is None:
        raise LookupError(f"{name!r} was written and is not there")
    return found


def counts(taken: Assessment) -> dict[str, int]:
    """Findings without a waiver by severity, those with one, and gaps."""
    found = Counter("waived" if finding.waiver else finding.severity.label for finding in taken.findings)
    return {name: found[name] for name in COUNTS} | {"gaps": len(taken.gaps)}


def add(connection: Connection, scope: int, taken: Assessment, root: bytes, *, whole: bool) -> None:
    """Write a run, which is the newest from now on."""
    row: dict[str, Any] = {"scope": scope, "taken_at": to_text(taken.taken_at), "root": root, **counts(taken)}
    connection.execute(insert(RUN).values(whole=whole, **row))


def find(connection: Connection, scope: int, taken_at: datetime, root: bytes) -> Run | None:
    """The run that was saved with this time and content."""
    same = runs().where(RUN.c.scope == scope, RUN.c.taken_at == to_text(taken_at), RUN.c.root == root)
    return next(read(connection, same), None)


def numbers(connection: Connection, scope: int) -> dict[datetime, int]:
    """The numbers of a scope's runs, by their times."""
    rows = connection.execute(select(RUN.c.taken_at, RUN.c.id).where(RUN.c.scope == scope).order_by(RUN.c.id))
    return {to_moment(row.taken_at): row.id for row in rows}


def before(connection: Connection, run: Run) -> Run | None:
    """The run of the same scope that was saved before a run."""
    earlier = runs().where(SCOPE.c.name == run.scope, RUN.c.id < run.number).limit(1)
    return next(read(connection, earlier), None)


def newest(connection: Connection, scope: int) -> Run | None:
    """The run of a scope that was saved last."""
    return next(read(connection, runs().where(RUN.c.scope == scope).limit(1)), None)


def runs() -> Select[Any]:
    """All runs with the names of their scopes, the newest first."""
    return select(RUN, SCOPE.c.name).join(SCOPE, SCOPE.c.id == RUN.c.scope).order_by(RUN.c.id.desc())


def read(connection: Connection, selected: Select[Any]) -> Iterator[Run]:
    """Those that were selected from `runs`."""
    return map(_run, connection.execute(selected).all())


def _run(row: Row[Any]) -> Run:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    return Run(
        number=row.id,
        scope=row.name,
        taken_at=to_moment(row.taken_at),
        digest=row.root.hex(),
        findings={severity: found[severity.label] for severity in Severity},
        waived=row.waived,
        gaps=row.gaps,
        whole=bool(row.whole),
    )


def scopes(connection: Connection) -> tuple[str, ...]:
    """The names of all scopes, sorted."""
    return tuple(sorted(connection.execute(select(SCOPE.c.name)).scalars()))
