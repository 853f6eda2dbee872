"""Waivers in annotations and comments."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.catalogue import Catalogue
from compliance.inline_waivers import from_annotations, from_comments
from compliance.model import Finding, Origin, Rule, Severity, Span, Subject, WaiverState
from compliance.waivers import Terms, apply

NOW = datetime(2026, 6, 15, tzinfo=UTC)
RULE = Rule("dockerfile.missing_user", "t", "d", Severity.HIGH, ("dockerfile",), "r", "sre", aliases=("DL3002",))
CATALOGUE = Catalogue({RULE.id: RULE}, "digest", ())
TERMS = Terms(CATALOGUE, NOW)
SUBJECT = Subject("Deployment", "w*b", "prod")
ORIGIN = Origin("a.yaml", Span(3))
KEY = "compliance.waiver/dockerfile.missing_user"
SAID = "init only; approved_by=Ada Lovelace; expires=2026-12-31; ticket=OPS-7"


def annotated_why(key: str, said: str, terms: Terms = TERMS) -> str | None:
    risks, (report,) = from_annotations({key: said}, SUBJECT, ORIGIN, terms)
    assert risks == ()
    assert report.state is WaiverState.INVALID
    return report.why


def finding(name: str) -> Finding:
    subject = Subject("Deployment", name, "prod")
    return Finding(RULE.id, Severity.HIGH, subject, "m", "user", Origin("a.yaml"), "sre")


def test_an_annotation_is_a_waiver() -> None:
    (risk,), invalid = from_annotations({"other": "x", KEY: SAID}, SUBJECT, ORIGIN, TERMS, lambda _at: Span(9, 5))
    waiver = risk.waiver
    assert invalid == ()
    assert (waiver.rule, waiver.subject, waiver.reason) == (RULE.id, "Deployment/prod/w*b", "init only")
    assert (waiver.approved_by, str(waiver.expires), waiver.ticket) == ("Ada Lovelace", "2026-12-31", "OPS-7")
    assert waiver.origin == Origin("a.yaml", Span(9, 5))


def test_the_annotation_is_what_is_located() -> None:
    places = {f"metadata.annotations[{KEY}]": Span(7)}
    (risk,), _invalid = from_annotations({"other": "x", KEY: SAID}, SUBJECT, ORIGIN, TERMS, places.get)
    assert risk.waiver.origin == Origin("a.yaml", Span(7))


def test_it_covers_that_very_subject_even_when_its_name_looks_like_a_pattern() -> None:
    risks, _invalid = from_annotations({KEY: SAID}, SUBJECT, ORIGIN, TERMS)
    marked, (report,) = apply([finding("w*b"), finding("web")], risks, now=NOW)
    assert [each.waiver is not None for each in marked] == [True, False]
    assert report.matched == 1


@pytest.mark.parametrize(
    ("key", "said", "why"),
    [
        (KEY, "init only", "approved_by is missing; expires is missing"),
        (KEY, "init only; approved_by=Ada; expires=2026-02-30", "expires: there is no day 2026-02-30"),
        (KEY, "init only; approved_by=Ada; expire=2026-12-31", "'expire' is no key of an inline waiver"),
        (KEY, "init only; approved_by=Ada; approved_by=Bob; expires=2026-12-31", "'approved_by' is given twice"),
        (KEY, "init only; subject=*; approved_by=Ada; expires=2026-12-31", "'subject' is no key of an inline waiver"),
        (KEY, "init; only; approved_by=Ada; expires=2026-12-31", "'only' is no KEY=VALUE"),
        (KEY, "; approved_by=Ada; expires=2026-12-31", "reason does not fit: ''"),
        (KEY, "x" * 5000, "is longer than 4096 characters"),
        ("compliance.waiver/dockerfile.*", SAID, "an inline waiver names one rule"),
        ("compliance.waiver/", SAID, "rule "),
        ("compliance.waiver/dockerfile.missing_usr", SAID, "rule: there is no rule 'dockerfile.missing_usr'; did you"),
    ],
)
def test_what_is_wrong_with_an_annotation_is_said(key: str, said: str, why: str) -> None:
    assert (annotated_why(key, said) or "").startswith(why)


def test_forbidden_waivers_are_listed_with_what_they_say() -> None:
    forbidden = Terms(CATALOGUE, NOW, inline=False)
    assert annotated_why(KEY, SAID, forbidden) == "inline waivers are forbidden here"
    _risks, (report,) = from_annotations({KEY: SAID}, SUBJECT, ORIGIN, forbidden)
    assert (report.waiver.reason, report.waiver.approved_by) == ("init only", "Ada Lovelace")
    _risks, (comment,) = from_comments(["# compliance: waive DL3002"], SUBJECT, "Dockerfile", forbidden)
    assert comment.why == "inline waivers are forbidden here"


def test_a_far_end_is_as_invalid_as_in_the_file() -> None:
    near = Terms(CATALOGUE, NOW, max_days=30)
    assert annotated_why(KEY, SAID, near) == "expires: lies 199 days ahead, and waiver_max_days allows 30"


@pytest.mark.parametrize("lead", ["# ", "#", "   # ", "// "])
def test_a_comment_is_a_waiver(lead: str) -> None:
    said = f'{lead}compliance: waive DL3002 reason="init, only" approved_by="Ada L." expires=2026-12-31 ticket=7'
    (risk,), invalid = from_comments(["FROM x", said], SUBJECT, "Dockerfile", TERMS)
    waiver = risk.waiver
    assert invalid == ()
    assert (waiver.rule, waiver.reason, waiver.approved_by) == ("DL3002", "init, only", "Ada L.")
    assert waiver.origin == Origin("Dockerfile", Span(2))


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("# compliance: waive", "approved_by is missing"),
        ('# compliance: waive DL3002 reason="open', "No closing quotation"),
        ("# compliance: waive DL3002 because approved_by=a", "'because' is no KEY=VALUE"),
        ("# compliance: waive * reason=r approved_by=a expires=2026-12-31", "an inline waiver names one rule"),
    ],
)
def test_what_is_wrong_with_a_comment_is_said(said: str, why: str) -> None:
    risks, (report,) = from_comments([said], SUBJECT, "Dockerfile", TERMS)
    assert risks == ()
    assert (report.why or "").startswith(why)


@pytest.mark.parametrize("line", ["", "# a comment", "RUN echo # compliance: waive x", "# compliance: waiver x"])
def test_other_lines_are_none(line: str) -> None:
    assert from_comments([line], SUBJECT, "Dockerfile", TERMS) == ((), ())


@given(st.text(max_size=100))
def test_any_text_is_accepted_or_reported(said: str) -> None:
    risks, invalid = from_annotations({KEY: said}, SUBJECT, ORIGIN, TERMS)
    assert len(risks) + len(invalid) == 1
    comment = f"# compliance: waive DL3002 {said}"
    risks, invalid = from_comments([comment], SUBJECT, "Dockerfile", TERMS)
    assert len(risks) + len(invalid) == 1
