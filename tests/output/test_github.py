"""GitHub Actions: annotations that cannot be forged, GitHub's limits, and the job summary."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from compliance.model import Assessment, Decision, ExitCode, Severity
from compliance.output import github

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from syrupy.assertion import SnapshotAssertion

COMMAND = re.compile(r"::(error|warning|notice) ((?:[a-z]+=[^:,\r\n]*,?)+)::([^\r\n]*)")


def _types(text: str) -> list[str]:
    return [line[2:].partition(" ")[0] for line in text.splitlines()]


def test_annotations_read_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert github.render(assessment, decision).encode("utf-8", "backslashreplace").decode() == snapshot


def test_every_line_is_one_whole_command(assessment: Assessment, decision: Decision) -> None:
    text = github.render(assessment, decision)
    assert len(text.splitlines()) == 9
    assert all(COMMAND.fullmatch(line) for line in text.splitlines())


def test_percent_line_ends_colons_and_commas_are_escaped(assessment: Assessment, decision: Decision) -> None:
    finding = replace(assessment.findings[0], message="100% sure\nof: it", rule="unknown.rule")
    origin = replace(finding.origin, file="a,b:c%.yaml")
    text = github.render(replace(assessment, findings=(replace(finding, origin=origin),), gaps=()), decision)
    assert text == (
        "::error col=9,file=a%2Cb%3Ac%25.yaml,line=12,title=high%3A unknown.rule"
        "::Deployment/shop/web: 100%25 sure%0Aof: it\n"
    )


def test_rendered_output_and_standard_input_have_no_line_of_a_file(assessment: Assessment, decision: Decision) -> None:
    lines = github.render(assessment, decision).splitlines()
    rendered = next(line for line in lines if "StatefulSet" in line)
    stdin = next(line for line in lines if "Dockerfile" in line)
    assert "file=charts/db," in rendered
    assert "line=" not in rendered
    assert "file=" not in stdin


def test_a_finding_that_only_warns_is_no_error(assessment: Assessment, decision: Decision) -> None:
    lines = github.render(assessment, decision).splitlines()
    assert next(line for line in lines if "1 replica only" in line).startswith("::warning ")


def test_ten_of_a_type_are_shown_the_most_severe_and_the_rest_is_counted(
    many: Callable[[int], Assessment], decision: Decision
) -> None:
    text = github.render(many(100), decision)
    assert _types(text) == ["error"] * 10 + ["warning"] * 10 + ["notice"] * 10
    assert all("title=critical" in line for line in text.splitlines()[:10])
    assert text.splitlines()[-1].endswith("71 more annotations left out: GitHub shows 10 of a type in a step")


def test_nothing_judged_is_an_error(nothing: tuple[Assessment, Decision]) -> None:
    assert github.render(*nothing).startswith("::error title=could not be judged::")


def test_a_clean_run_makes_no_annotation(clean: tuple[Assessment, Decision]) -> None:
    assert github.render(*clean) == ""


def test_the_summary_reads_like_this(assessment: Assessment, decision: Decision, snapshot: SnapshotAssertion) -> None:
    assert github.summary(assessment, decision).encode("utf-8", "backslashreplace").decode() == snapshot


def test_the_summary_cuts_long_tables_and_says_so(many: Callable[[int], Assessment], decision: Decision) -> None:
    text = github.summary(many(500), decision)
    assert text.count("| critical |") == 101
    assert text.count("| high |") == 101
    assert "300 more are in the full result." in text


def test_the_summary_stays_within_its_limit(
    many: Callable[[int], Assessment], decision: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "MAX_SUMMARY", 8_000)
    text = github.summary(many(500), decision)
    assert len(text.encode()) <= 8_000
    assert text.endswith("The rest is left out: a job summary may be 1 MiB.\n")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126) | st.sampled_from("é東\n\t"), min_size=1))
def test_a_message_in_the_summary_shows_as_itself_and_starts_no_markup(message: str) -> None:
    html = MarkdownIt("js-default", {"html": True}).render(github.summary(*_with_reason(message)))
    assert set(re.findall(r"</?([a-z0-9]+)", html)) <= {"h2", "p", "br"}


def _with_reason(reason: str) -> tuple[Assessment, Decision]:
    empty = Assessment(datetime(2026, 1, 1, tzinfo=UTC), "1", "", "wasm", (), (), 1, {}, (), (), (), {})
    return empty, Decision(ExitCode.CLEAN, (reason,))


def test_hostile_names_make_neither_link_nor_image_nor_html(assessment: Assessment, decision: Decision) -> None:
    forged = "![x](http://evil.example/p.png) <img src=x> @team https://evil.example www.evil.example | `"
    finding = replace(assessment.findings[0], message=forged, severity=Severity.LOW)
    text = github.summary(replace(assessment, findings=(finding,)), decision)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(text)
    assert not re.search(r"<(img|a|script)\b", html)
    assert "&lt;img src=x&gt; @team" in html
