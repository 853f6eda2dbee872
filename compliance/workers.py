"""Use every core: the same reading and judging in several processes, one step after the other.

Step one reads the units; what objects are joined by travels back and is put together; step two judges with the whole
inventory. Results travel as plain tuples, because pickling many small objects would cost more than judging them.
Processes are forked, before any thread is started and before the engine is loaded; where that is not safe, one
process does it all.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, Self

from compliance.errors import ComplianceError
from compliance.judging import Judged
from compliance.model import Excerpt, Finding, Gap, Input, Origin, PassedOver, Severity, Span, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from pathlib import Path

    from compliance.sources.discovery import Unit
    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory

_CHUNK = 32
_MAX_PROCESSES = 8
_WORTH_A_PROCESS = 150
_THREADED = frozenset({"dockerfile", "wasmtime"})
_SEVERITIES = tuple(Severity)
_STOPPED = "a worker process ended before its time"


@dataclass(slots=True)
class Report:
    """What reading some units told, apart from what is kept for judging."""

    entries: list[Entry] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    modules: list[Path] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known when all is read: the inventory, and Terraform folders that are judged where they are called."""

    inventory: Inventory
    modules: frozenset[Path] = frozenset()


class Labour(Protocol):
    """What one process does."""

    def read(self, units: Sequence[Unit]) -> Report:
        """Read units and keep what they hold."""

    def judge(self, surroundings: Surroundings) -> Iterator[Judged]:
        """Judge what was kept."""

    def close(self) -> None:
        """Let go of the engine."""


def processes_for(units: int, wanted: int | None = None) -> int:
    """How many processes are worth their start, unless a number is wanted; one where forking is not safe."""
    if not _can_fork():
        return 1
    return wanted or max(1, min(os.cpu_count() or 1, _MAX_PROCESSES, units // _WORTH_A_PROCESS))


@dataclass(slots=True)
class Pool:
    """Processes that share one scan's work; a context manager, so that none outlives the scan."""

    connections: list[Connection] = field(default_factory=list)
    processes: list[Any] = field(default_factory=list)

    @classmethod
    def start(cls, count: int, make: Callable[[], Labour]) -> Pool:
        """Fork processes that each make their own labour; only where `processes_for` found it safe."""
        context = multiprocessing.get_context("fork")
        pool = cls()
        for _ in range(count):
            ours, theirs = context.Pipe()
            pool.connections.append(ours)
            process = context.Process(target=_serve, args=(theirs, make, pool.connections), daemon=True)
            process.start()
            theirs.close()
            pool.processes.append(process)
        return pool

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self.connections:
            connection.close()
        for process in self.processes:
            process.join(timeout=1)
            if process.is_alive():
                process.kill()
                process.join()

    def read(self, units: Sequence[Unit]) -> Iterator[Report]:
        """Read all units, a chunk at a time to whoever is free; reports come in the order of the units.

        Of objects of one name the first counts, and which that is must not depend on who was faster.
        """
        chunks = enumerate(units[start : start + _CHUNK] for start in range(0, len(units), _CHUNK))
        busy = {
            connection: number for connection in self.connections if (number := _give(connection, chunks)) is not None
        }
        done: dict[int, Report] = {}
        due = 0
        while busy:
            for connection in _ready([*busy]):
                done[busy.pop(connection)] = _answer(connection)
                if (number := _give(connection, chunks)) is not None:
                    busy[connection] = number
            while due in done:
                yield done.pop(due)
                due += 1

    def judge(self, surroundings: Surroundings) -> Iterator[Judged]:
        """Let every process judge what it has read."""
        for connection in self.connections:
            connection.send(surroundings)
        busy = list(self.connections)
        while busy:
            for connection in _ready(busy):
                packed = _answer(connection)
                if packed is None:
                    busy.remove(connection)
                else:
                    yield unpack(packed)


def _can_fork() -> bool:
    """Whether a copy of this process would work: threads, and libraries with threads of their own, do not survive."""
    return sys.platform == "linux" and threading.active_count() == 1 and not _THREADED & sys.modules.keys()


def _ready(busy: Sequence[Connection]) -> list[Connection]:
    ready = multiprocessing.connection.wait(busy)
    return [connection for connection in busy if connection in ready]


def _give(connection: Connection, chunks: Iterator[tuple[int, Sequence[Unit]]]) -> int | None:
    """Send the next chunk, and return its number; None when there is none."""
    number, chunk = next(chunks, (None, ()))
    if number is not None:
        connection.send(chunk)
    return number


def _answer(connection: Connection) -> Any:  # noqa: ANN401 - whatever the process was asked for
    try:
        answer = connection.recv()
    except (EOFError, ConnectionResetError):
        raise ComplianceError(_STOPPED, remedy="perhaps for want of memory: try --jobs 1") from None
    if isinstance(answer, ComplianceError):
        raise answer
    return answer


def _serve(connection: Connection, make: Callable[[], Labour], others: Sequence[Connection]) -> None:
    """The life of a process: read chunks until the inventory comes, then judge; an end of the pipe ends it.

    `others` are the parent's ends that a fork copies; kept open here, they would hide from us that the parent is gone.
    """
    for other in others:
        other.close()
    try:
        labour = make()
        while not isinstance(asked := connection.recv(), Surroundings):
            connection.send(labour.read(asked))
        for judged in labour.judge(asked):
            connection.send(pack(judged))
        connection.send(None)
        labour.close()
    except ComplianceError as error:
        connection.send(error)
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return


def pack(judged: Judged) -> tuple[Any, ...]:
    """Findings as rows of plain values, those at one place with one tuple for it; what is rare travels as it is."""
    packed: dict[tuple[int, int], tuple[Any, ...]] = {}
    rows = []
    for finding in judged.findings:
        key = (id(finding.origin), id(finding.excerpt))
        place = packed.get(key) or packed.setdefault(key, _place(finding))
        row = (finding.rule, int(finding.severity), place, finding.message, finding.at, finding.owner, finding.enforced)
        rows.append(row)
    return rows, judged.gaps, dict(judged.judged), judged.subjects, judged.risks, judged.waivers


def _place(finding: Finding) -> tuple[Any, ...]:
    subject, origin, excerpt = finding.subject, finding.origin, finding.excerpt
    return (
        (subject.kind, subject.name, subject.namespace, subject.cluster),
        (origin.file, _tuple(origin.span), origin.rendered_by),
        None if excerpt is None else (excerpt.first, excerpt.marked, excerpt.lines),
    )


def _tuple(span: Span | None) -> tuple[int, int, int | None] | None:
    return None if span is None else (span.line, span.column, span.end_line)


def unpack(packed: tuple[Any, ...]) -> Judged:
    """The inverse of `pack`; equal subjects become one object, and so does what is at one place."""
    rows, gaps, judged, subjects, risks, waivers = packed
    known: dict[tuple[Any, ...], Subject] = {}
    places: dict[int, tuple[Subject, Origin, Excerpt | None]] = {}
    findings = []
    for rule, severity, place, message, at, owner, enforced in rows:
        found = places.get(id(place)) or places.setdefault(id(place), _unpacked(place, known))
        subject, origin, excerpt = found
        findings.append(
            Finding(
                rule=rule,
                severity=_SEVERITIES[severity],
                subject=subject,
                message=message,
                at=at,
                origin=origin,
                owner=owner,
                excerpt=excerpt,
                enforced=enforced,
            )
        )
    return Judged(findings, gaps, Counter(judged), subjects, risks, waivers)


def _unpacked(place: tuple[Any, ...], known: dict[tuple[Any, ...], Subject]) -> tuple[Subject, Origin, Excerpt | None]:
    subject, (file, span, rendered_by), excerpt = place
    return (
        known.setdefault(subject, Subject(*subject)),
        Origin(file, Span(*span) if span else None, rendered_by),
        Excerpt(*excerpt) if excerpt else None,
    )
