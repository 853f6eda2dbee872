"""Accepted risks: what a waiver covers, when it ends, and what makes one invalid."""

from __future__ import annotations

import pickle
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.catalogue import Catalogue
from compliance.errors import WaiverFileError
from compliance.model import Finding, Origin, Rule, Severity, Span, Subject, WaiverReport, WaiverState
from compliance.waivers import AcceptedRisk, Terms, accept, apply, load_waivers

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
HERE = Origin("waivers.yaml", Span(1))
GOOD = {
    "rule": "probes.missing_readiness",
    "subject": "Deployment/prod/web",
    "reason": "batch only",
    "approved_by": "Ada",
    "expires": "2026-12-31",
}


def rule(id_: str, *aliases: str) -> Rule:
    return Rule(id_, "title", "why", Severity.HIGH, ("workload",), "mend it", "sre", aliases=aliases)


RULES = (
    rule("probes.missing_liveness", "SHARED"),
    rule("probes.missing_readiness", "CKV_K8S_9", "SHARED"),
    rule("versioned_tags.floating_tag"),
)
CATALOGUE = Catalogue({each.id: each for each in RULES}, "digest", ())
TERMS = Terms(CATALOGUE, NOW)


def finding(name: str = "web", id_: str = "probes.missing_readiness", at: str = "", **place: str | None) -> Finding:
    subject = Subject("Deployment", name, place.get("namespace", "prod"), place.get("cluster"))
    return Finding(id_, Severity.HIGH, subject, "is wrong", at, Origin("a.yaml"), "sre")


def risk(**changes: str) -> AcceptedRisk:
    accepted = accept(GOOD | changes, HERE, TERMS)
    assert isinstance(accepted, AcceptedRisk)
    return accepted


def waived(one: Finding, *risks: AcceptedRisk, now: datetime = NOW) -> bool:
    ((marked,), _reports) = apply([one], risks, now=now)
    return marked.waiver is not None


def why(entry: object, terms: Terms = TERMS) -> str | None:
    report = accept(entry, HERE, terms)
    assert isinstance(report, WaiverReport)
    assert (report.state, report.matched) == (WaiverState.INVALID, 0)
    return report.why


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"rule": "CKV_K8S_9"},
        {"rule": "probes.*"},
        {"rule": "*"},
        {"subject": "Deployment/prod/*"},
        {"subject": "Deployment/**"},
        {"subject": "*/*/w?b"},
        {"at": "containers[*].image"},
    ],
)
def test_a_waiver_covers_what_its_patterns_mean(changes: dict[str, str]) -> None:
    assert waived(finding(at="containers[web].image"), risk(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"rule": "probes.missing_liveness"},
        {"rule": "versioned_tags.*"},
        {"subject": "Deployment/prod/we"},
        {"subject": "deployment/prod/web"},
        {"subject": "Deployment/*"},
        {"subject": "*/Deployment/prod/web"},
        {"at": "containers[web]"},
    ],
)
def test_a_waiver_covers_nothing_else(changes: dict[str, str]) -> None:
    assert not waived(finding(at="containers[web].image"), risk(**changes))


def test_a_subject_without_a_cluster_means_every_cluster() -> None:
    live = finding(cluster="east")
    assert waived(live, risk(subject="Deployment/prod/web"))
    assert waived(live, risk(subject="east/Deployment/prod/web"))
    assert not waived(live, risk(subject="west/Deployment/prod/web"))
    assert not waived(finding(), risk(subject="east/Deployment/prod/web"))


def test_the_last_day_counts_and_the_next_does_not() -> None:
    last = risk(expires="2026-06-15")
    assert waived(finding(), last, now=datetime(2026, 6, 15, 23, 59, 59, tzinfo=UTC))
    assert not waived(finding(), last, now=datetime(2026, 6, 16, tzinfo=UTC))


def test_days_are_those_of_utc() -> None:
    west = timezone(timedelta(hours=-5))
    assert not waived(finding(), risk(expires="2026-06-15"), now=datetime(2026, 6, 15, 20, tzinfo=west))


def test_an_expired_waiver_is_named_by_the_finding_and_reported() -> None:
    old = risk(expires="2026-06-14")
    (marked,), (report,) = apply([finding()], [old], now=NOW)
    assert (marked.waiver, marked.expired_waiver) == (None, old.waiver)
    assert (report.state, report.matched) == (WaiverState.EXPIRED, 1)
    assert marked.counts


def test_the_first_waiver_that_holds_decides_and_all_count() -> None:
    old, first, second, other = risk(expires="2026-01-01"), risk(ticket="1"), risk(ticket="2"), risk(subject="x/y")
    (marked,), reports = apply([finding()], [old, first, second, other], now=NOW)
    assert (marked.waiver, marked.expired_waiver) == (first.waiver, None)
    assert [(report.state, report.matched) for report in reports] == [
        (WaiverState.EXPIRED, 1),
        (WaiverState.USED, 1),
        (WaiverState.USED, 1),
        (WaiverState.UNUSED, 0),
    ]


def test_findings_keep_their_order() -> None:
    findings = [finding(name) for name in "abc"]
    marked, _reports = apply(findings, [risk(subject="Deployment/prod/b")], now=NOW)
    assert [each.subject.name for each in marked] == ["a", "b", "c"]
    assert [each.waiver is not None for each in marked] == [False, True, False]


def test_invalid_waivers_say_why(snapshot: SnapshotAssertion) -> None:
    entries: list[Any] = [
        *({key: value for key, value in GOOD.items() if key != left_out} for left_out in GOOD),
        GOOD | {"reason": "  "},
        GOOD | {"subject": ""},
        GOOD | {"expires": "2026-02-30"},
        GOOD | {"expires": "31.12.2026"},
        GOOD | {"expires": None},
        GOOD | {"expires": 20261231},
        GOOD | {"rule": "probes.mising_readiness"},
        GOOD | {"rule": "nothing.*"},
        GOOD | {"rule": "SHARED"},
        GOOD | {"rule": "*", "subject": "**"},
        GOOD | {"rule": "*.*", "subject": "*/*/*"},
        GOOD | {"aproved_by": "Ada"},
        GOOD | {"subject": "**/a/**/b/**/c/**"},
        "just text",
        None,
        [],
    ]
    assert "\n".join(f"{entry}\n-> {why(entry)}\n" for entry in entries) == snapshot


def test_a_far_end_is_invalid_when_the_configuration_says_so() -> None:
    near = Terms(CATALOGUE, NOW, max_days=30)
    assert isinstance(accept(GOOD | {"expires": "2026-07-15"}, HERE, near), AcceptedRisk)
    assert why(GOOD | {"expires": "2026-07-16"}, near) == "expires: lies 31 days ahead, and waiver_max_days allows 30"


def test_an_invalid_entry_leaves_the_others_working(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(
        "- rule: CKV_K8S_9\n  subject: Deployment/**\n  reason: r\n  approved_by: a\n  expires: 2026-12-31\n"
        "- rule: CKV_K8S_9\n  subject: Deployment/**\n  approved_by: a\n  expires: 2026-12-31\n"
    )
    (good,), (bad,) = load_waivers(file, TERMS)
    assert good.waiver.origin == Origin(file.as_posix(), Span(1, 3))
    assert (bad.waiver.origin, bad.why) == (
        Origin(file.as_posix(), Span(6, 3)),
        "reason is missing",
    )


@pytest.mark.parametrize("text", ["", "# none\n", "[]\n"])
def test_a_file_without_entries_is_fine(tmp_path: Path, text: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text)
    assert load_waivers(file, TERMS) == ((), ())


@pytest.mark.parametrize("text", ["waivers: []\n", "text\n", "- [\n"])
def test_a_file_that_is_no_list_is_an_error_with_its_place(tmp_path: Path, text: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(text)
    with pytest.raises(WaiverFileError) as caught:
        load_waivers(file, TERMS)
    assert caught.value.origin is not None
    assert caught.value.origin.file == file.as_posix()


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WaiverFileError, match="cannot be read"):
        load_waivers(tmp_path / "missing.yaml", TERMS)


def test_a_risk_travels_between_processes() -> None:
    sent = risk(subject="Deployment/*/web", at="containers[*]")
    assert pickle.loads(pickle.dumps(sent)) == sent  # noqa: S301 - our own bytes


def test_many_findings_and_waivers_take_little_time() -> None:
    findings = [finding(f"web-{number}", RULES[number % 3].id) for number in range(20_000)]
    risks = [risk(subject=f"Deployment/*/web-{number}*x") for number in range(200)]
    began = time.process_time()
    apply(findings, risks, now=NOW)
    assert time.process_time() - began < 5


words = st.text("Deploymnt/prdwb*?", min_size=1, max_size=12)


@given(words, words, st.sampled_from(["*", "probes.*", "CKV_K8S_9"]))
def test_more_waivers_never_uncover_a_finding(subject: str, name: str, id_: str) -> None:
    extra = accept(GOOD | {"subject": subject, "rule": id_}, HERE, TERMS)
    risks = [risk(subject="Deployment/prod/web"), *([extra] if isinstance(extra, AcceptedRisk) else [])]
    before, _reports = apply([finding(), finding(name)], risks[:1], now=NOW)
    after, _more = apply([finding(), finding(name)], risks, now=NOW)
    assert {each.subject for each in before if each.waiver} <= {each.subject for each in after if each.waiver}


@given(st.dictionaries(st.sampled_from([*GOOD, "at", "ticket", "x"]), st.none() | st.integers() | st.text(max_size=20)))
def test_any_entry_is_accepted_or_reported(changes: dict[str, object]) -> None:
    accepted = accept(GOOD | changes, HERE, TERMS)
    if isinstance(accepted, AcceptedRisk):
        apply([finding()], [accepted], now=NOW)
