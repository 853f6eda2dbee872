"""News for messages: of findings that strangers named, and of none that is out of the ordinary."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from histories import PROBE, REPLICAS, day, finding
from hypothesis import strategies as st

from compliance.model import Severity, Subject
from compliance.notify.message import News, news
from compliance.store.records import Comparison, Run, Saved, Tracked, Untold

CHANNEL = "operations"
REPORT = "https://reports.example.org/nightly?cluster=production"
HOSTILE = (
    '"}], "x": <script>*_~`@here <!channel> [a](http://evil.example) \\ {{ 7*7 }}'
    "\r\nBcc: a@evil.example\x00\x1b\u202e\ud800"
)


def told(*findings: Tracked, fixed: int = 0, gone: int = 0, gaps: int = 0, report_url: str | None = REPORT) -> News:
    """The news of night 5 for a channel that wants all of them."""
    counts = {severity: sum(each.finding.severity is severity for each in findings) for severity in Severity}
    run = Run(6, "production", day(5), "ab" * 32, counts, 0, gaps, whole=True)
    untold = Untold(CHANNEL, findings, tuple(range(len(findings))), tuple(range(fixed)), tuple(range(gone)))
    return news(untold, Saved(run, Comparison(day(4), (), (), (), (), ()), 0), Severity.LOW, report_url)


def tracked(name: str, rule: str = PROBE, *, since: int = 5, **changes: Any) -> Tracked:  # noqa: ANN401 - fields of Finding
    """A finding that is open since that night."""
    return Tracked(replace(finding(name, rule), **changes), day(since), day(5))


def usual() -> News:
    """Two new findings and an old one, some fixed, and something that could not be judged."""
    return told(
        tracked("web", severity=Severity.CRITICAL),
        tracked("api"),
        tracked("db", REPLICAS, since=2),
        fixed=4,
        gone=1,
        gaps=2,
    )


def hostile(text: str = HOSTILE) -> News:
    """A finding all of whose texts are somebody else's."""
    subject = Subject("ConfigMap", text, text, text)
    return told(tracked("web", subject=subject, message=text, owner=text, at=text))


def many(number: int) -> News:
    """So many findings with texts that are as long as they come, and grow where they are escaped."""
    name, message, owner = "web" * 200, "&" * 5000, "<" * 500
    return told(*(tracked(f"{name}-{index}", since=index % 6, message=message, owner=owner) for index in range(number)))


texts = st.one_of(st.just(HOSTILE), st.text(st.characters(codec=None), max_size=700))
