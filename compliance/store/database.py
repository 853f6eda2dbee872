"""Transactions: each is whole or did not happen, is tried again where the connection broke, and fails as StoreError.

No connection outlives its transaction, so that nothing is shared with processes that are forked in between.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Engine

    from compliance.errors import StoreError
    from compliance.store.records import Holder

Result = TypeVar("Result")
WRITES: Final = "compliance_writes"
_FIRST_PAUSE: Final = 0.1
_LONGEST_PAUSE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Failure:
    """What a driver's error means, and whether the same may well succeed a moment later."""

    error: StoreError
    passing: bool = False


class ScopeLock(Protocol):
    """The lock of one scope. It is let go when its owner's process or connection ends, however that happens."""

    def take(self, holder: Holder) -> None:
        """Take it, without waiting.

        Raises:
            ScopeLocked: somebody else has it.
            StoreError: it cannot be asked for.
        """

    def ensure(self) -> None:
        """Take it again if the connection that held it was lost; raises as `take` does."""

    def release(self) -> None:
        """Let it go."""


class Backend(Protocol):
    """What differs between databases."""

    @property
    def engine(self) -> Engine:
        """Opens connections; `WRITES` among a connection's execution options says that it will write."""
        ...

    @property
    def place(self) -> str:
        """Which database this is, for people; without secrets."""
        ...

    def prepare(self, connection: Connection) -> None:
        """Begin a writing transaction: wait, not for ever, until no other is writing."""

    def verify(self, connection: Connection, *, thorough: bool) -> tuple[str, ...]:
        """What is wrong with the database as such; empty when nothing is."""
        ...

    def reclaim(self) -> None:
        """Give back the room of what was deleted, where the database does not see to that."""

    def explain(self, error: DBAPIError) -> Failure:
        """Translate a driver's error."""
        ...

    def lock(self, scope: str) -> ScopeLock:
        """Make the lock of a scope; nobody holds it yet."""
        ...


class Database:
    """Runs transactions."""

    def __init__(self, backend: Backend, *, patience: float) -> None:
        """`patience` is how long, in seconds, a broken connection is tried again."""
        self.backend = backend
        self._patience = patience

    @property
    def place(self) -> str:
        """Which database this is."""
        return self.backend.place

    def read(self, work: Callable[[Connection], Result]) -> Result:
        """Do the work in a transaction that sees one state of the database.

        Raises:
            StoreError: it failed, and nothing was written.
        """
        return self._persistently(lambda: self._transaction(work, writes=False))

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Do the work in a transaction, alone among writers. It may run again, after it failed or even succeeded.

        Raises:
            StoreError: it failed, and nothing was written.
        """
        return self._persistently(lambda: self._transaction(work, writes=True))

    def _transaction(self, work: Callable[[Connection], Result], *, writes: bool) -> Result:
        engine = self.backend.engine.execution_options(**{WRITES: writes})
        with engine.begin() as connection:
            if writes:
                self.backend.prepare(connection)
            return work(connection)

    def _persistently(self, attempt: Callable[[], Result]) -> Result:
        deadline = time.monotonic() + self._patience
        pause = _FIRST_PAUSE
        while True:
            try:
                return attempt()
            except DBAPIError as error:
                failure = self.backend.explain(error)
            if not failure.passing or time.monotonic() + pause > deadline:
                raise failure.error from None
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
