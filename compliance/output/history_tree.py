"""What a history tells of an assessment, as part of `compliance/assessment/v1`, and back.

It stands apart from `result_tree`, because a history keeps what a run established and not how it compares: two equal
nights are equal pieces. Results that were saved before there was a history lack these keys, and are still read.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from compliance.model import Day, History, Seen, Severity
from compliance.output import result_tree

if TYPE_CHECKING:
    from compliance.model import Assessment, Finding
    from compliance.output.result_tree import Tree


def assessment(taken: Assessment) -> Tree:
    """Everything but the decision; `findings` is an iterator, as there may be very many."""
    history = _history(taken.history) if taken.history else None
    return {**result_tree.assessment(taken), "findings": map(_finding, taken.findings), "history": history}


def read_assessment(tree: Tree) -> Assessment:
    """The inverse of `assessment`."""
    history = tree.get("history")
    return replace(
        result_tree.read_assessment(tree),
        findings=tuple(map(_read_finding, tree["findings"])),
        history=_read_history(history) if history else None,
    )


def _seen(seen: Seen | None) -> Tree:
    if seen is None:
        return {"first_seen": None, "last_seen": None, "new": None}
    return {"first_seen": seen.first.isoformat(), "last_seen": seen.last.isoformat(), "new": seen.new}


def _finding(finding: Finding) -> Tree:
    return {**result_tree.finding(finding), **_seen(finding.seen)}


def _read_finding(tree: Tree) -> Finding:
    found = result_tree.read_finding(tree)
    first, last, new = (tree.get(key) for key in ("first_seen", "last_seen", "new"))
    if first is None or last is None or new is None:
        return found
    return replace(found, seen=Seen(datetime.fromisoformat(first), datetime.fromisoformat(last), new))


def _history(history: History) -> Tree:
    return {
        "scope": history.scope,
        "run": history.run,
        "previous": history.previous.isoformat() if history.previous else None,
        "new": history.new,
        "unchanged": history.unchanged,
        "fixed": [_finding(each) for each in history.fixed],
        "gone": [_finding(each) for each in history.gone],
        "unjudged": [_finding(each) for each in history.unjudged],
        "trend": [_day(day) for day in history.trend],
    }


def _read_history(tree: Tree) -> History:
    ended: dict[str, Any] = {name: tuple(map(_read_finding, tree[name])) for name in ("fixed", "gone", "unjudged")}
    previous = datetime.fromisoformat(tree["previous"]) if tree["previous"] else None
    return History(**{**tree, **ended, "previous": previous, "trend": tuple(map(_read_day, tree["trend"]))})


def _day(day: Day) -> Tree:
    return {
        "date": day.date.isoformat(),
        "findings": {severity.label: day.findings[severity] for severity in Severity},
        "waived": day.waived,
        "gaps": day.gaps,
    }


def _read_day(tree: Tree) -> Day:
    findings = {severity: tree["findings"][severity.label] for severity in Severity}
    return Day(date.fromisoformat(tree["date"]), findings, tree["waived"], tree["gaps"])
