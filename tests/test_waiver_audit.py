"""Which waivers need attention."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from compliance.globs import over_path
from compliance.model import Origin, Waiver, WaiverReport, WaiverState
from compliance.waiver_audit import Attention, Audited, audit, needs_action
from compliance.waivers import AcceptedRisk, ReadWaivers

NOW = datetime(2026, 6, 15, 23, tzinfo=UTC)


def waiver(expires: date | None = date(2027, 1, 1), reason: str = "r", file: str = "w.yaml") -> Waiver:
    return Waiver("probes.a", "**", reason, "Ada", expires, None, Origin(file))


def holding(*waivers: Waiver) -> ReadWaivers:
    return tuple(AcceptedRisk(each, frozenset({"probes.a"}), over_path("**")) for each in waivers), ()


def attention(read: ReadWaivers, reports: list[WaiverReport] | None = None, within: int = 30) -> list[Attention]:
    return [row.attention for row in audit(read, reports, now=NOW, within=within)]


@pytest.mark.parametrize(
    ("expires", "expected"),
    [
        (date(2026, 6, 14), Attention.EXPIRED),
        (date(2026, 6, 15), Attention.EXPIRING),
        (date(2026, 7, 15), Attention.EXPIRING),
        (date(2026, 7, 16), Attention.NONE),
    ],
)
def test_ends_are_told_by_the_day(expires: date, expected: Attention) -> None:
    assert attention(holding(waiver(expires))) == [expected]


def test_the_end_of_the_calendar_is_no_crash() -> None:
    assert attention(holding(waiver(date.max)), within=36500) == [Attention.NONE]
    late = datetime(9999, 12, 31, tzinfo=UTC)
    assert audit(holding(waiver(date.max)), None, now=late, within=36500)[0].attention is Attention.EXPIRING


def test_a_result_tells_which_have_no_use() -> None:
    used, unused = waiver(reason="used"), waiver(reason="unused")
    reports = [WaiverReport(used, WaiverState.USED, 2), WaiverReport(unused, WaiverState.UNUSED, 0)]
    rows = audit(holding(used, unused), reports, now=NOW, within=30)
    assert rows == (Audited(unused, Attention.UNUSED, 0), Audited(used, Attention.NONE, 2))


def test_without_a_result_nothing_is_called_unused() -> None:
    (row,) = audit(holding(waiver()), None, now=NOW, within=30)
    assert (row.attention, row.matched) == (Attention.NONE, None)


def test_a_waiver_written_since_the_result_is_not_called_unused() -> None:
    assert attention(holding(waiver()), []) == [Attention.NONE]


def test_a_waiver_is_recognised_wherever_its_file_was_named_from() -> None:
    reports = [WaiverReport(waiver(file="elsewhere/w.yaml"), WaiverState.UNUSED, 0)]
    assert attention(holding(waiver()), reports) == [Attention.UNUSED]


def test_inline_waivers_come_from_the_result_and_expire_by_today() -> None:
    old = waiver(date(2026, 6, 1), reason="inline")
    wrong = waiver(None, reason="wrong")
    reports = [
        WaiverReport(old, WaiverState.USED, 1),
        WaiverReport(wrong, WaiverState.INVALID, 0, "reason is missing"),
    ]
    rows = audit(((), ()), reports, now=NOW, within=30)
    assert rows == (Audited(wrong, Attention.INVALID, None, "reason is missing"), Audited(old, Attention.EXPIRED, 1))


def test_an_invalid_one_is_told_once() -> None:
    report = WaiverReport(waiver(None), WaiverState.INVALID, 0, "why")
    assert attention(((), (report,)), [report]) == [Attention.INVALID]


@pytest.mark.parametrize("expected", Attention)
def test_invalid_and_expired_call_for_action(expected: Attention) -> None:
    rows = [Audited(waiver(), Attention.NONE, 1), Audited(waiver(), expected, None)]
    assert needs_action(rows) is (expected in {Attention.INVALID, Attention.EXPIRED})
