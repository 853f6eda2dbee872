"""What a channel is told, whatever it is: plain values, cut to lengths that every kind of channel can take.

Names and messages come from clusters and manifests, so each is one line without control characters. How a channel
writes them is its module's business.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from compliance.model import Finding, Origin, Severity, Subject
from compliance.output.tally import MOST_SEVERE_FIRST, counted
from compliance.output.text import one_line, without_surrogates
from compliance.store.records import Tracked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from compliance.store.records import Saved, Untold

MOST_ITEMS: Final = 100
LONGEST_NAME: Final = 253
LONGEST_SUBJECT: Final = 300
LONGEST_MESSAGE: Final = 500
_CUT: Final = "…"


@dataclass(frozen=True, slots=True)
class Item:
    """One finding; `is_new` when this run was the first to see it. `fingerprint` is the finding's."""

    severity: Severity
    rule: str
    subject: str
    at: str
    message: str
    owner: str
    first_seen: datetime
    is_new: bool
    fingerprint: str


@dataclass(frozen=True, slots=True)
class News:
    """What a channel has not been told of a scope yet.

    `id` is the same for the same news, 32 hexadecimal digits, so that a receiver can tell a repetition. `counts` are of
    all findings that are told, of which `items` are the most severe and `new` were first seen by this run. `fixed` and
    `gone` count what the channel was told of before. `open` counts all findings of the run without a waiver.
    """

    id: str
    channel: str
    scope: str
    taken_at: datetime
    at_least: Severity
    counts: Mapping[Severity, int]
    new: int
    items: tuple[Item, ...]
    fixed: int
    gone: int
    open: Mapping[Severity, int]
    gaps: int
    report_url: str | None = None
    is_test: bool = False

    @property
    def total(self) -> int:
        """How many findings are told."""
        return sum(self.counts.values())


def news(untold: Untold, saved: Saved, at_least: Severity, report_url: str | None) -> News:
    """Put together what a channel is told after a run was saved."""
    run = saved.run
    return News(
        id=_identity(untold, run.scope),
        channel=untold.channel,
        scope=run.scope,
        taken_at=run.taken_at,
        at_least=at_least,
        counts=_by_severity(tracked.finding for tracked in untold.findings),
        new=sum(tracked.first_seen == run.taken_at for tracked in untold.findings),
        items=_items(untold.findings, run.taken_at),
        fixed=len(untold.fixed),
        gone=len(untold.gone),
        open=dict(run.findings),
        gaps=run.gaps,
        report_url=report_url,
    )


def example(channel: str, now: datetime, at_least: Severity, report_url: str | None) -> News:
    """Put together a message that shows what one looks like, and says that it is only a test."""
    subject = Subject("Deployment", "example", "default", "example")
    words = "this is a test: no finding, and nothing to do"
    finding = Finding("example.test_message", at_least, subject, words, "containers[web]", Origin("-"), "nobody")
    return News(
        id=hashlib.sha256(f"test {channel} {now.isoformat()}".encode()).hexdigest()[:32],
        channel=channel,
        scope="example",
        taken_at=now,
        at_least=at_least,
        counts=_by_severity([finding]),
        new=1,
        items=_items([Tracked(finding, now, now)], now),
        fixed=0,
        gone=0,
        open=_by_severity([finding]),
        gaps=0,
        report_url=report_url,
        is_test=True,
    )


def headline(said: News) -> str:
    """One line: how many findings, where, how severe."""
    severities = ", ".join(f"{number} {severity.label}" for severity, number in said.counts.items() if number)
    fresh = "new " if said.new == said.total else ""
    line = f"{counted(said.total, f'{fresh}finding')} in {said.scope}: {severities}"
    return f"[test] {line}" if said.is_test else line


def remarks(said: News) -> tuple[str, ...]:
    """Sentences below the headline: what of it is older, what else is open, fixed, or was not judged."""
    lines = []
    if said.new < said.total:
        lines.append(f"{said.new} of them are new, the others are open since earlier runs.")
    everything = ", ".join(f"{said.open[severity]} {severity.label}" for severity in MOST_SEVERE_FIRST)
    lines.append(f"Open in all: {everything}.")
    if said.fixed or said.gone:
        lines.append(f"Since the last message {said.fixed} were fixed, {said.gone} are gone with their subjects.")
    if said.gaps:
        lines.append(f"Not everything could be judged: {counted(said.gaps, 'gap')}.")
    return tuple(lines)


def left_out(said: News, shown: int) -> str:
    """Say how many findings a message does not show; empty when there are none."""
    more = said.total - shown
    return f"and {counted(more, 'more finding')}" if more else ""


def clipped(text: str, longest: int) -> str:
    """One line of at most so many characters, without control characters."""
    line = without_surrogates(one_line(text)).strip()
    return line if len(line) <= longest else line[: longest - 1] + _CUT


def _items(findings: Iterable[Tracked], taken_at: datetime) -> tuple[Item, ...]:
    shown = heapq.nsmallest(MOST_ITEMS, findings, key=_rank)
    return tuple(_item(tracked, taken_at) for tracked in shown)


def _rank(tracked: Tracked) -> tuple[int, str, str, str]:
    finding = tracked.finding
    return (-finding.severity, finding.rule, str(finding.subject), finding.at)


def _item(tracked: Tracked, taken_at: datetime) -> Item:
    finding = tracked.finding
    return Item(
        severity=finding.severity,
        rule=clipped(finding.rule, LONGEST_NAME),
        subject=clipped(str(finding.subject), LONGEST_SUBJECT),
        at=clipped(finding.at, LONGEST_SUBJECT),
        message=clipped(finding.message, LONGEST_MESSAGE),
        owner=clipped(finding.owner, LONGEST_NAME),
        first_seen=tracked.first_seen,
        is_new=tracked.first_seen == taken_at,
        fingerprint=finding.fingerprint,
    )


def _by_severity(findings: Iterable[Finding]) -> dict[Severity, int]:
    counts = Counter(finding.severity for finding in findings)
    return {severity: counts[severity] for severity in MOST_SEVERE_FIRST}


def _identity(untold: Untold, scope: str) -> str:
    """A digest of what is told: the same findings, open since the same time, are the same news."""
    told = sorted(f"{each.finding.fingerprint} {each.first_seen.isoformat()}" for each in untold.findings)
    return hashlib.sha256("\0".join((scope, untold.channel, *told)).encode()).hexdigest()[:32]
