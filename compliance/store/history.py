"""The history itself: what a caller may do with it. Every method is one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import update

from compliance.errors import StoreError
from compliance.store import checking, content, migrations, notices, openings, pieces, recalling, retention, runs, trend
from compliance.store.comparing import Before, Sight, compare, nowhere
from compliance.store.locking import this_process
from compliance.store.records import Saved, Untold
from compliance.store.tables import RUN, SCHEMA, SCOPE, to_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from types import TracebackType

    from sqlalchemy import Connection

    from compliance.baseline import Coverage
    from compliance.model import Assessment, Day, Finding, Severity, Subject
    from compliance.store.database import Database, ScopeLock
    from compliance.store.records import Checked, Comparison, Retained, Run

_MOST_RUNS: Final = 1000
_MOST_OF_A_TREND: Final = 10_000


class Store:
    """Assessments of every scope, a scope being the name of a cluster or repository.

    Every method may raise StoreError: the database cannot be reached, is full, busy for too long, or damaged. What was
    saved before is then as it was. A scope that is no name raises UsageError.
    """

    def __init__(self, database: Database) -> None:
        """Check the database as such and bring its schema up to date; use `open_store`.

        Raises:
            StoreError: it is damaged, another program's, or made by a newer version.
        """
        self._database = database
        self._locks: dict[str, ScopeLock] = {}
        checking.check_database(database, thorough=False)
        migrations.migrate(database)

    @property
    def place(self) -> str:
        """Which database this is, for people; without secrets."""
        return self._database.place

    def try_writing(self) -> None:
        """Write what is there already: a full disk, a read-only database or missing rights show before any work."""
        unchanged = update(SCHEMA).values(version=SCHEMA.c.version)
        self._database.write(lambda connection: connection.execute(unchanged))

    def save(
        self,
        assessment: Assessment,
        *,
        scope: str,
        coverage: Coverage,
        whole: bool = False,
        looked_for: Callable[[Subject], bool] = nowhere,
    ) -> Saved:
        """Save a run as the newest of its scope, and say how it compares with what was open before.

        `coverage` and `whole` as in `compare`; findings of subjects that were `looked_for` and not met are gone even
        where the run is not whole or has gaps. Saving the same run again changes nothing, so it may be retried. Where
        this store holds the scope's lock and the server has lost it, it is taken again first.

        Raises:
            ScopeLocked: another run has taken a lock that was lost.
        """
        packed = content.pack(assessment)
        sight = Sight(assessment, packed.findings, coverage, whole, looked_for)
        before: list[Saved] = []

        def work(connection: Connection) -> Saved:
            if lock := self._locks.get(scope):
                lock.ensure()
            saved = _save(connection, sight, runs.named(scope), packed)
            if saved.existed and before:  # the connection broke after the commit and before its answer
                return before[-1]
            before.append(saved)
            return saved

        return self._database.write(work)

    def compare(self, assessment: Assessment, scope: str, coverage: Coverage, *, whole: bool = False) -> Comparison:
        """Say how a run compares with what is open in a scope, and save nothing.

        `coverage` is what the run judged: a finding is fixed only where its rule judged its subject again. `whole` says
        that the run looked at everything in the scope, so that findings of subjects that it did not meet are gone; a
        gap in collecting makes that untrue.
        """
        packed = content.pack(assessment)
        sight = Sight(assessment, packed.findings, coverage, whole)
        return self._database.read(lambda connection: compare(_before(connection, _known(connection, scope)), sight)[0])

    def latest(self, scope: str) -> Assessment | None:
        """The assessment of a scope that was saved last; None when there is none."""

        def work(connection: Connection) -> Assessment | None:
            number = _known(connection, scope)
            run = None if number is None else runs.newest(connection, number)
            return None if run is None else _read(connection, run)

        return self._database.read(work)

    def history(self, scope: str, *, since: datetime | None = None, limit: int = _MOST_RUNS) -> tuple[Run, ...]:
        """The runs of a scope, the newest first, at most `limit`; with `since` those taken then or later."""

        def work(connection: Connection) -> tuple[Run, ...]:
            selected = runs.runs().where(RUN.c.scope == _known(connection, scope)).limit(limit)
            if since is not None:
                selected = selected.where(RUN.c.taken_at >= to_text(since))
            return tuple(runs.read(connection, selected))

        return self._database.read(work)

    def read(self, run: Run) -> Assessment:
        """The whole assessment of a run; StoreError when it has been removed meanwhile."""
        return self._database.read(lambda connection: _read(connection, run))

    def trend(self, run: Run) -> tuple[Day, ...]:
        """One row for each of the 90 days up to a run that has one of the whole scope, the oldest first.

        What a clock that was ahead took later than this run belongs to none of them.
        """
        times = (to_text(run.taken_at - timedelta(days=trend.DAYS)), to_text(run.taken_at))
        until = (SCOPE.c.name == run.scope, RUN.c.id <= run.number, RUN.c.taken_at.between(*times), RUN.c.whole)
        selected = runs.runs().where(*until).limit(_MOST_OF_A_TREND)
        return trend.per_day(self._database.read(lambda connection: tuple(runs.read(connection, selected))))

    def find(self, number: int) -> Run | None:
        """The run of that number; None where there is none, or no longer."""
        chosen = runs.runs().where(RUN.c.id == number)
        return self._database.read(lambda connection: next(runs.read(connection, chosen), None))

    def recall(self, run: Run) -> tuple[Assessment, Comparison]:
        """The whole assessment of a run, and how it compared with what was open before it.

        For the newest run of a scope that is what saving it said. For an older one it is as much as is still known:
        retention forgets what ended long ago.
        """
        return self._database.read(lambda connection: _recall(connection, run))

    def untold(self, scope: str, channel: str, at_least: Severity) -> Untold:
        """What a channel has not been told of a scope, and would want to know.

        Those are findings of this severity and above that are open and not waived, however old they are.
        """

        def work(connection: Connection) -> Untold:
            number = _known(connection, scope)
            return Untold(channel, (), ()) if number is None else notices.untold(connection, number, channel, at_least)

        return self._database.read(work)

    def mark_told(self, said: Untold, *, at: datetime) -> None:
        """Remember that its channel was told all of this, at that time; doing so twice changes nothing."""
        self._database.write(lambda connection: notices.mark_told(connection, said, at))

    def scopes(self) -> tuple[str, ...]:
        """The names under which something was saved, sorted."""
        return self._database.read(runs.scopes)

    def retain(self, *, now: datetime, runs: int | None = None, days: int | None = None) -> Retained:
        """Remove old runs of every scope.

        The newest `runs` of a scope are kept, those of the last `days`, and always the newest one. Findings that ended
        or were last seen before the oldest run that is kept are forgotten; how long the others have been open is not.

        Raises:
            UsageError: neither number is given, or one is not positive.
        """
        rule = retention.Rule(now, runs, days)
        retained = self._database.write(lambda connection: retention.retain(connection, rule))
        self._database.backend.reclaim()
        return retained

    def check(self) -> Checked:
        """Go through everything: the database's own structure, and that all content is there and unchanged.

        Raises:
            StoreError: something is not as it was written; the message says what.
        """
        checking.check_database(self._database, thorough=True)
        return self._database.read(checking.check_content)

    @contextmanager
    def lock(self, scope: str) -> Iterator[None]:
        """Hold a scope for the length of a block, so that two audits of it do not overlap; does not wait.

        Raises:
            ScopeLocked: another run has it; the message says who, and since when.
        """
        lock = self._database.backend.lock(runs.named(scope))
        lock.take(this_process())
        self._locks[scope] = lock
        try:
            yield
        finally:
            del self._locks[scope]
            lock.release()

    def close(self) -> None:
        """Let go of locks that are still held. Nothing else is open between two calls."""
        for lock in self._locks.values():
            lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _known(connection: Connection, scope: str) -> int | None:
    return runs.find_scope(connection, runs.named(scope))


def _save(connection: Connection, sight: Sight, name: str, packed: content.Packed) -> Saved:
    scope = runs.make_scope(connection, name)
    comparison, changes = compare(_before(connection, scope), sight)
    taken = sight.taken
    if existing := runs.find(connection, scope, taken.taken_at, packed.root):
        return Saved(existing, comparison, 0, existed=True)
    added = pieces.add(connection, packed.root, packed.pieces)
    runs.add(connection, scope, taken, packed.root, whole=sight.whole)
    openings.write(connection, scope, changes, taken.taken_at)
    run = runs.newest(connection, scope)
    if run is None:
        raise LookupError(f"a run of {name!r} was written and is not there")
    return Saved(run, comparison, added)


def _recall(connection: Connection, run: Run) -> tuple[Assessment, Comparison]:
    scope = _known(connection, run.scope)
    taken, previous = _read(connection, run), runs.before(connection, run)
    if scope is None:
        raise StoreError(f"{run.scope!r} is no longer in the history")
    waived = recalling.waived(_read(connection, previous)) if previous and previous.waived else frozenset()
    numbers = runs.numbers(connection, scope)
    recorded = recalling.Recorded(run, taken, previous, waived, numbers, _findings(connection))
    return taken, recalling.recall(recorded, openings.read_past(connection, scope))


def _findings(connection: Connection) -> Callable[[Sequence[bytes]], Mapping[bytes, Finding]]:
    reader = pieces.Reader(connection)
    return lambda digests: {digest: content.read_finding(body) for digest, body in reader(digests).items()}


def _before(connection: Connection, scope: int | None) -> Before:
    find = _findings(connection)
    if scope is None:
        return Before((), None, find)
    newest = runs.newest(connection, scope)
    return Before(openings.read(connection, scope), newest.taken_at if newest else None, find)


def _read(connection: Connection, run: Run) -> Assessment:
    if next(runs.read(connection, runs.runs().where(RUN.c.id == run.number)), None) is None:
        raise StoreError(f"run {run.number} of {run.scope!r} is no longer in the history")
    return content.unpack(bytes.fromhex(run.digest), run.taken_at, pieces.Reader(connection))
