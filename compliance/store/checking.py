"""Is everything there, and as it was written?"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from compliance.errors import StoreError
from compliance.store.content import reached, unpack
from compliance.store.pieces import Reader
from compliance.store.records import Checked
from compliance.store.tables import OPENING, PIECE, RUN, to_moment

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from compliance.store.database import Database

_REMEDY = "put the database back from a backup, or name another place"


def check_database(database: Database, *, thorough: bool) -> None:
    """Ask the database about itself.

    Raises:
        StoreError: it is damaged or another program's.
    """
    problems = database.read(lambda connection: database.backend.verify(connection, thorough=thorough))
    if problems:
        raise StoreError(f"{database.place}: {'; '.join(problems)}", remedy=_REMEDY)


def check_content(connection: Connection) -> Checked:
    """Hash every piece, follow every reference, and read the newest run of each scope.

    Raises:
        StoreError: a piece is missing, changed or not to be read.
    """
    there = set(_sound(connection))
    needed = set(connection.execute(select(OPENING.c.content)).scalars())
    reader = Reader(connection)
    for root in connection.execute(select(RUN.c.root).distinct()).scalars().all():
        needed.update(reached(root, reader))
    if missing := needed - there:
        raise StoreError(f"the history is damaged: {len(missing)} pieces are missing", remedy=_REMEDY)
    newest = select(func.max(RUN.c.id)).group_by(RUN.c.scope)
    for row in connection.execute(select(RUN).where(RUN.c.id.in_(newest))).all():
        unpack(row.root, to_moment(row.taken_at), reader)
    return Checked(connection.execute(select(func.count()).select_from(RUN)).scalar_one(), len(there))


def _sound(connection: Connection) -> list[bytes]:
    """Digests of all pieces, each of which is what its digest says."""
    found = []
    with connection.execute(select(PIECE.c.digest, PIECE.c.body).execution_options(yield_per=1000)) as rows:
        for digest, body in rows:
            if hashlib.sha256(body).digest() != digest:
                raise StoreError(f"the history is damaged: piece {digest.hex()} was changed", remedy=_REMEDY)
            found.append(digest)
    return found
