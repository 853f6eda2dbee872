"""The `scan` object of rules/schemas/image.json."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date
from typing import TYPE_CHECKING, Any

from compliance.sources.vulnerabilities.databases import MAX_COUNT, whole_days
from compliance.sources.vulnerabilities.merging import merged
from compliance.sources.vulnerabilities.report_fields import package_url
from compliance.sources.vulnerabilities.vex import CLOSED, ruling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from compliance.sources.vulnerabilities.merging import Vulnerability
    from compliance.sources.vulnerabilities.records import ImageContent, Outcome
    from compliance.sources.vulnerabilities.vex import Statement


def scan_facts(
    content: ImageContent,
    outcomes: Sequence[Outcome],
    statements: Sequence[Statement],
    exploited: frozenset[str] | None,
    now: datetime,
) -> dict[str, Any]:
    """Make the object; `exploited` is the list that was given, in upper case, None where there is none."""
    found = merged(outcomes)
    places = _places(found)
    totals = [sum(seen.packages for seen in each.report.seen) for each in outcomes if each.report]
    return {
        "scanners": [_scanner(outcome, now) for outcome in outcomes],
        "distribution": _distribution(outcomes, now),
        "packages": min(max(totals), MAX_COUNT) if totals else None,
        "vulnerabilities": [
            _vulnerability(one, at, content, statements, exploited, now) for one, at in zip(found, places, strict=True)
        ],
    }


def _scanner(outcome: Outcome, now: datetime) -> dict[str, Any]:
    built_at = outcome.built_at
    database = None
    if outcome.failed is None:
        database = {
            "built_at": _rfc3339(built_at) if built_at else None,
            "age_days": whole_days(built_at, now) if built_at else None,
        }
    return {
        "name": outcome.scanner,
        "version": outcome.version,
        "failed": outcome.failed,
        "database": database,
    }


def _distribution(outcomes: Sequence[Outcome], now: datetime) -> dict[str, Any] | None:
    """As the first scanner that knows it says; when it ends, as any says."""
    said = [each.report.distribution for each in outcomes if each.report and each.report.distribution]
    if not said:
        return None
    ends = next((each.end_of_life for each in said if each.end_of_life), None)
    told = {each.ended for each in said} | ({date.fromisoformat(ends) < now.astimezone(UTC).date()} if ends else set())
    return {
        "name": said[0].name,
        "version": said[0].version,
        "end_of_life": ends,
        "ended": True if True in told else False if False in told else None,
    }


def _places(found: Sequence[Vulnerability]) -> list[str]:
    """`vulnerabilities[ID PACKAGE]`, with the version, and then the ecosystem, where that names several."""
    names = [[one.id, one.package, one.version, one.ecosystem] for one in found]
    counts = [Counter(tuple(parts[:size]) for parts in names) for size in (2, 3)]
    places = []
    for parts in names:
        size = next((2 + more for more, count in enumerate(counts) if count[tuple(parts[: 2 + more])] == 1), 4)
        places.append(f"vulnerabilities[{' '.join(parts[:size])}]")
    return places


def _vulnerability(
    one: Vulnerability,
    at: str,
    content: ImageContent,
    statements: Sequence[Statement],
    exploited: frozenset[str] | None,
    now: datetime,
) -> dict[str, Any]:
    urls = [url for said in one.package_urls if (url := package_url(said))]
    statement = ruling(statements, one, urls, content)
    return {
        "at": at,
        "id": one.id,
        "aliases": list(one.aliases),
        "package": one.package,
        "version": one.version,
        "ecosystem": one.ecosystem,
        "fixed_version": ", ".join(one.fixed_versions) or None,
        "severity": one.severity,
        "seen_by": list(one.seen_by),
        "not_seen_by": list(one.not_seen_by),
        "known_exploited": _known_exploited(one, exploited),
        "age_days": whole_days(one.published, now) if one.published else None,
        "fix_age_days": whole_days(one.fixed_at, now) if one.fixed_at else None,
        "vex": _vex(statement),
        "open": statement is None or statement.status not in CLOSED,
    }


def _known_exploited(one: Vulnerability, exploited: frozenset[str] | None) -> bool | None:
    listed = None if exploited is None else any(name.upper() in exploited for name in one.ids)
    answers = {listed, one.known_exploited}
    return True if True in answers else False if False in answers else None


def _vex(statement: Statement | None) -> Mapping[str, str | None] | None:
    if statement is None:
        return None
    return {"status": statement.status, "justification": statement.justification, "author": statement.author}


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
