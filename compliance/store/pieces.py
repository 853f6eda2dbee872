"""Pieces of content in the database: written once, found by digest, believed only when they fit it."""

from __future__ import annotations

import hashlib
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, insert, select

from compliance.errors import StoreError
from compliance.store.tables import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

_BATCH: Final = 500


def batches(items: Iterable[bytes]) -> Iterator[list[bytes]]:
    """Cut into lists short enough for one statement: SQLite takes 999 parameters in its oldest versions."""
    source = iter(items)
    while batch := list(islice(source, _BATCH)):
        yield batch


def add(connection: Connection, root: bytes, pieces: Mapping[bytes, bytes]) -> int:
    """Write those that are not there; how many that was. Where the root is, all that it needs is."""
    added = 0
    if connection.execute(select(PIECE.c.digest).where(PIECE.c.digest == root)).first():
        return added
    for batch in batches(pieces):
        there = set(connection.execute(select(PIECE.c.digest).where(PIECE.c.digest.in_(batch))).scalars())
        rows = [{"digest": digest, "body": pieces[digest]} for digest in batch if digest not in there]
        if rows:
            connection.execute(insert(PIECE), rows)
        added += len(rows)
    return added


class Reader:
    """Fetches pieces and checks them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, digests: Sequence[bytes]) -> dict[bytes, bytes]:
        """The bodies of all of these.

        Raises:
            StoreError: one is missing, or is not what its digest says.
        """
        found: dict[bytes, bytes] = {}
        for batch in batches(dict.fromkeys(digests)):
            rows = self._connection.execute(select(PIECE.c.digest, PIECE.c.body).where(PIECE.c.digest.in_(batch)))
            found.update((digest, body) for digest, body in rows if hashlib.sha256(body).digest() == digest)
        if missing := set(digests) - set(found):
            raise StoreError(
                f"the history is damaged: {len(missing)} pieces are missing or changed, such as {min(missing).hex()}",
                remedy="put the database back from a backup",
            )
        return found


def sweep(connection: Connection, kept: set[bytes]) -> int:
    """Delete every piece that is not among those; how many that was."""
    everything = connection.execute(select(PIECE.c.digest)).scalars().all()
    dropped = [digest for digest in everything if digest not in kept]
    for batch in batches(dropped):
        connection.execute(delete(PIECE).where(PIECE.c.digest.in_(batch)))
    return len(dropped)
