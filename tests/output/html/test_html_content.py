"""The HTML report: what it tells, in which order, and how much of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from compliance.model import Target
from compliance.output import html, html_view

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from compliance.model import Assessment, Decision

Parse = Callable[[str], Any]


def _page(parse_html: Parse, assessment: Assessment, decision: Decision) -> Any:  # noqa: ANN401 - the fixture's tree
    return parse_html(html.render(assessment, decision))


def _section(page: Any, key: str) -> str:  # noqa: ANN401 - likewise
    element = next(element for element in page.all() if element.attributes.get("id") == key)
    return re.sub(r"\s+", " ", element.text())


def test_the_page_reads_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    text = html.render(assessment, decision).encode("utf-8", "backslashreplace").decode()
    assert re.sub(r"<style>.*</style>|sha256-[^']*", "", text, flags=re.DOTALL) == snapshot


def test_the_verdict_comes_first_with_its_reasons(
    parse_html: Parse, assessment: Assessment, decision: Decision
) -> None:
    page = _page(parse_html, assessment, decision)
    assert [
        element.attributes["id"] for element in page.all() if element.name == "section" and "id" in element.attributes
    ] == [
        "verdict",
        "coverage",
        "summary",
        "findings",
        "gaps",
        "waivers",
        "evidence",
    ]
    verdict = _section(page, "verdict")
    assert "Verdict: refused" in verdict
    assert all(reason in verdict for reason in decision.reasons)
    assert "Exit code 1." in verdict


def test_findings_come_by_severity_and_pack_with_remedy_and_marked_line(
    parse_html: Parse, assessment: Assessment, decision: Decision
) -> None:
    page = _page(parse_html, assessment, decision)
    headings = [re.sub(r"\s+", " ", heading.text()).strip() for heading in page.all("h3")]
    assert headings == [
        "◆ critical, pack infrastructure (1)",
        "✖ high, pack availability (1)",
        "✖ high, pack probes (1)",
        "✖ high, pack versioned_tags (1)",
        "▲ medium, pack dockerfile (1)",
        "● low, pack probes (1)",
        "· info, pack versioned_tags (1)",
    ]
    assert page.all("mark")[0].text() == ">    12 |       - name: web"
    assert any("readinessProbe:\n  httpGet" in pre.text() for pre in page.all("pre"))


def test_waivers_tell_state_reason_approver_and_days_left(
    parse_html: Parse, assessment: Assessment, decision: Decision
) -> None:
    waivers = _section(_page(parse_html, assessment, decision), "waivers")
    assert "Ada Lovelace, OPS-7" in waivers
    assert "2026-12-31, 38 days left" in waivers
    assert "2026-01-31, expired 296 days ago" in waivers
    assert "invalid: there is no rule no.rule" in waivers
    assert "image web:latest can change" in waivers


@pytest.mark.parametrize(
    ("expires", "told"),
    [
        (None, "does not expire"),
        (date(2026, 11, 23), "last day"),
        (date(2026, 11, 24), "1 day left"),
        (date(2026, 11, 22), "expired 1 day ago"),
    ],
)
def test_days_left_are_words(expires: date | None, told: str) -> None:
    assert html_view.days_left(expires, date(2026, 11, 23)) == told


def test_the_evidence_says_how_to_do_it_again(parse_html: Parse, assessment: Assessment, decision: Decision) -> None:
    page = _page(parse_html, assessment, decision)
    evidence = _section(page, "evidence")
    assert "compliance scan shop 'my terraform' -" in evidence
    assert "01" * 32 in evidence
    assert assessment.rules_digest in evidence


def test_commands_are_by_kind_of_target_and_quoted() -> None:
    targets = (Target("path", "a; rm -rf /"), Target("image", "web:1"), Target("cluster", "prod"))
    assert html_view.command(targets) == "compliance scan 'a; rm -rf /'\ncompliance image web:1\ncompliance audit prod"


def test_nothing_judged_is_said(parse_html: Parse, nothing: tuple[Assessment, Decision]) -> None:
    page = _page(parse_html, *nothing)
    assert "Verdict: not judged" in _section(page, "verdict")
    assert "nothing was found to judge" in _section(page, "gaps")


def test_a_clean_page_has_no_empty_tables(parse_html: Parse, clean: tuple[Assessment, Decision]) -> None:
    page = _page(parse_html, *clean)
    assert "There are no open findings." in _section(page, "findings")
    assert "Everything that was found could be judged." in _section(page, "gaps")
    assert all(table.all("td") for table in page.all("table"))


def test_a_very_large_result_is_cut_by_severity_and_says_what_is_cut(
    parse_html: Parse, many: Callable[[int], Assessment], decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(html_view, "MAX_FINDINGS", 30)
    monkeypatch.setattr(html_view, "MAX_ROWS", 2)
    page = _page(parse_html, many(100), decision)
    findings = _section(page, "findings")
    assert findings.count("no readiness probe") == 30
    assert "shows the 30 most severe of 100 open findings" in findings
    assert "probes.missing_readiness70" in findings
    assert "1 more texts are left out" in _section(page, "evidence")
