"""What every output tells of a history: new, fixed, gone, not judged again, and for how long the rest has been open."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from compliance.model import History, Seen
from compliance.output import console, github, history_words, html, json_result, junit

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize(
    ("ago", "told"),
    [
        (timedelta(days=12, hours=5), "12 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=59), "less than an hour"),
        (timedelta(days=-3), "less than an hour"),
    ],
)
def test_an_age_is_said_in_words_and_never_negative(ago: timedelta, told: str) -> None:
    assert history_words.age(NOON - ago, NOON) == told


def test_an_open_finding_is_new_or_open_for_a_time_or_both(remembered: Assessment) -> None:
    told = {each.rule: history_words.notes(each) for each in remembered.findings if each.seen}
    assert told["probes.missing_readiness"] == ("new",)
    assert told["probes.missing_liveness"] == ("new", "open 10 days")
    assert told["availability.single_replica"] == ("open 40 days",)


def test_the_line_says_what_changed_since_when(remembered: Assessment) -> None:
    assert history_words.line(remembered) == (
        "since 2026-11-22 02:00 UTC: 2 new, 1 fixed, 1 gone, 8 open, of which 1 not judged again; "
        "the oldest for 40 days"
    )


def test_the_first_run_has_nothing_to_be_compared_with(remembered: Assessment) -> None:
    first = replace(remembered, history=History("prod", 1, None, 7, 0))
    assert history_words.line(first) == "the first run of prod in the history: all of this is new"


def test_without_a_history_nothing_is_said_of_one(assessment: Assessment, decision: Decision) -> None:
    assert history_words.line(assessment) == ""
    assert "Fixed" not in console.render(assessment, decision)
    assert "history" not in html.render(assessment, decision).lower()
    assert json.loads(json_result.render(assessment, decision))["history"] is None


def test_the_terminal_marks_what_is_new_and_lists_what_is_fixed(
    remembered: Assessment, decision: Decision, snapshot: SnapshotAssertion
) -> None:
    assert _printable(console.render(remembered, decision)) == snapshot


def test_the_job_summary_lists_what_is_fixed(
    remembered: Assessment, decision: Decision, snapshot: SnapshotAssertion
) -> None:
    assert _printable(github.summary(remembered, decision)) == snapshot


def test_the_result_tells_all_and_comes_back_as_it_was(remembered: Assessment, decision: Decision) -> None:
    plain = replace(remembered, findings=remembered.findings[:2])
    ended = replace(plain, history=replace(remembered.history or History("", 0, None, 0, 0), gone=()))
    tree = json.loads(json_result.render(ended, decision))

    assert [(each["first_seen"], each["new"]) for each in tree["findings"]] == [
        ("2026-11-23T10:30:05.123456+00:00", True),
        ("2026-11-13T02:00:00+00:00", True),
    ]
    (fixed,) = tree["history"]["fixed"]
    assert fixed["subject"]["name"] == "api"
    assert {"rule", "at", "message", "severity"} <= set(fixed)
    assert fixed["last_seen"] == tree["history"]["previous"]
    assert tree["history"]["trend"][0] == {
        "date": "2026-11-20",
        "findings": {"info": 1, "low": 2, "medium": 0, "high": 3, "critical": 1},
        "waived": 0,
        "gaps": 0,
    }
    assert json_result.read(json.dumps(tree)) == (ended, decision)


def test_junit_says_it_beside_each_suite_and_in_each_failure(remembered: Assessment, decision: Decision) -> None:
    root = ET.fromstring(junit.render(remembered, decision))  # noqa: S314 - our own text
    told = {one.attrib["value"] for one in root.iter("property") if one.attrib["name"] == "history"}
    failures = [failure.text or "" for failure in root.iter("failure")]

    assert told == {history_words.line(remembered)}
    assert any("\nopen 12 days" in text for text in failures)


def test_a_clock_that_went_back_makes_no_negative_age(remembered: Assessment, decision: Decision) -> None:
    later = remembered.taken_at + timedelta(days=2)
    finding = replace(remembered.findings[0], seen=Seen(later, remembered.taken_at))
    text = console.render(replace(remembered, findings=(finding,)), decision)
    assert "open less than an hour" in text
