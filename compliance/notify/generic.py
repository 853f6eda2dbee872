"""A message for any server that takes JSON: `compliance/notification/v1`, which templates see as well.

Its published form is `schemas/notification-v1.json`. Keys are always there, times are ISO 8601 in UTC, an unknown
value is null.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from compliance.notify.message import headline, remarks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from compliance.model import Severity
    from compliance.notify.message import Item, News

SCHEMA: Final = "compliance/notification/v1"


def payload(said: News) -> dict[str, Any]:
    """The JSON to post; `findings` are the most severe of `total`."""
    return {
        "schema": SCHEMA,
        "id": said.id,
        "test": said.is_test,
        "channel": said.channel,
        "scope": said.scope,
        "taken_at": _time(said.taken_at),
        "at_least": said.at_least.label,
        "headline": headline(said),
        "remarks": list(remarks(said)),
        "total": said.total,
        "new": said.new,
        "counts": _counts(said.counts),
        "fixed": said.fixed,
        "gone": said.gone,
        "open": _counts(said.open),
        "gaps": said.gaps,
        "report_url": said.report_url,
        "findings": [_finding(item) for item in said.items],
        "left_out": said.total - len(said.items),
    }


def _finding(item: Item) -> dict[str, Any]:
    return {
        "fingerprint": item.fingerprint,
        "severity": item.severity.label,
        "rule": item.rule,
        "subject": item.subject,
        "at": item.at,
        "message": item.message,
        "owner": item.owner,
        "first_seen": _time(item.first_seen),
        "new": item.is_new,
    }


def _counts(counts: Mapping[Severity, int]) -> dict[str, int]:
    return {severity.label: number for severity, number in counts.items()}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
