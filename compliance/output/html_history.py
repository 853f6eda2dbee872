"""The history as the HTML report shows it: what changed, what is open the longest, and how the days compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compliance.output import history_words
from compliance.output.tally import MOST_SEVERE_FIRST, counted, ranked

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from compliance.model import Assessment, Day, Finding, Severity

MAX_ROWS: Final = 200
WIDTH: Final = 720
HEIGHT: Final = 180
_PLOT: Final = 130
_TOP: Final = 20
_WIDEST: Final = 28.0
_FEWEST_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One finding, since when it is or was open, and for how long in words."""

    finding: Finding
    since: datetime
    age: str


@dataclass(frozen=True, slots=True)
class Table:
    """Findings with one fate; `more` are left out."""

    key: str
    caption: str
    age: str
    rows: tuple[Row, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: the findings of one severity. Places are in units of the drawing, from its upper left."""

    severity: Severity
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One day; `unjudged` says that not all could be judged, so that fewer findings may mean less knowledge."""

    x: float
    width: float
    pieces: tuple[Piece, ...]
    title: str
    unjudged: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Open findings by day, as stacked bars: `top` is how many the highest has, `base` where they stand."""

    bars: tuple[Bar, ...]
    top: int
    first: date
    last: date
    base: int = _TOP + _PLOT
    above: int = _TOP
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class View:
    """Everything that the section shows; `days` has the newest first."""

    line: str
    numbers: tuple[tuple[str, int], ...]
    tables: tuple[Table, ...]
    chart: Chart | None
    days: tuple[Day, ...]


def view(taken: Assessment) -> View | None:
    """What there is to show; None without a history."""
    history = taken.history
    if history is None:
        return None
    numbers = [("New", history.new), ("Fixed", len(history.fixed)), ("Gone with their subjects", len(history.gone))]
    numbers += [("Unchanged", history.unchanged), ("Open, not judged again", len(history.unjudged))]
    return View(
        history_words.line(taken),
        tuple(numbers),
        tuple(table for table in _tables(taken) if table.rows) if history.previous else (),
        _chart(history.trend),
        tuple(reversed(history.trend)),
    )


def _tables(taken: Assessment) -> Iterable[Table]:
    history, now = taken.history, taken.taken_at
    if history is None:
        return
    new = [each for each in taken.findings if each.seen and each.seen.new]
    known = [each for each in taken.findings if each.seen and not each.seen.new]
    yield _table("new", "New, the most severe first", "Open for", ranked(new), now)
    yield _table("fixed", "Fixed: judged again, and no longer found", "Was open for", ranked(history.fixed), now)
    yield _table("gone", "Gone: what they were about no longer exists", "Was open for", ranked(history.gone), now)
    yield _table(
        "unjudged", "Open still, because they were not judged again", "Open for", ranked(history.unjudged), now
    )
    yield _table("unchanged", "Unchanged, those that are open the longest first", "Open for", _oldest(known), now)


def _oldest(findings: Iterable[Finding]) -> list[Finding]:
    """Those that are open the longest first; of equal age the most severe."""
    aged = [(each.seen.first, each) for each in ranked(findings) if each.seen]
    return [each for _, each in sorted(aged, key=lambda pair: pair[0])]


def _table(key: str, caption: str, age: str, findings: Sequence[Finding], now: datetime) -> Table:
    shown = [(each, each.seen.first) for each in findings[:MAX_ROWS] if each.seen]
    rows = tuple(Row(each, first, history_words.age(first, now)) for each, first in shown)
    return Table(key, caption, age, rows, len(findings) - len(rows))


def _chart(trend: Sequence[Day]) -> Chart | None:
    if len(trend) < _FEWEST_DAYS:
        return None
    first, last = trend[0].date, trend[-1].date
    top = max(1, *(sum(day.findings.values()) for day in trend))
    step = WIDTH / ((last - first).days + 1)
    return Chart(tuple(_bar(day, (day.date - first).days * step, step, top) for day in trend), top, first, last)


def _bar(day: Day, left: float, step: float, top: int) -> Bar:
    width = min(step * 0.8, _WIDEST)
    return Bar(
        x=round(left + (step - width) / 2, 1),
        width=round(width, 1),
        pieces=tuple(_pieces(day, _PLOT / top)),
        title=_title(day),
        unjudged=day.gaps > 0,
    )


def _pieces(day: Day, scale: float) -> Iterable[Piece]:
    """From the bottom up, the most severe first: it is what should be seen to shrink."""
    y = float(_TOP + _PLOT)
    for severity in MOST_SEVERE_FIRST:
        if number := day.findings[severity]:
            y -= number * scale
            yield Piece(severity, round(y, 1), round(number * scale, 1))


def _title(day: Day) -> str:
    by_severity = ", ".join(
        f"{day.findings[severity]} {severity.label}" for severity in MOST_SEVERE_FIRST if day.findings[severity]
    )
    said = counted(sum(day.findings.values()), "open finding")
    gaps = f"; {day.gaps} not judged" if day.gaps else ""
    return f"{day.date}: {said}" + (f" ({by_severity})" if by_severity else "") + gaps
