"""From facts to findings, with an engine whose answers are given: what a rule may say, and what becomes of the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest

from compliance.errors import DeadlineError, EvaluationError
from compliance.judging import Judge, Judged, Terms
from compliance.model import Facts, Origin, Rule, Severity, Span, Subject
from compliance.rule_settings import EffectiveRule

TODAY = date(2026, 11, 23)
LINES = ["one", "two", "three", "four"]


def rule(id_: str, **changes: Any) -> EffectiveRule:  # noqa: ANN401 - fields of Rule
    plain = Rule(id_, "Title", "Why", Severity.HIGH, ("workload",), "Do it", "development")
    return EffectiveRule(replace(plain, **changes), Severity.HIGH, {})


def workload(name: str = "web") -> Facts:
    return Facts(
        schema="workload",
        subject=Subject("Deployment", name),
        body={"name": name},
        origin=Origin("app.yaml"),
        locate=lambda ats: [Span(2, 3) for _ in ats],
        lines=lambda number: LINES[number - 1] if number <= len(LINES) else None,
    )


class Answering:
    """An engine that answers each document from a function of its name and the rules it is asked for."""

    name = "answering"

    def __init__(self, answers: Mapping[str, object]) -> None:
        self.answers = answers
        self.asked: list[frozenset[str]] = []

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Mapping[str, object] | EvaluationError]:
        """Answer every document."""
        assert schema == "workload"
        return [self._answer(orjson.loads(document)) for document in inputs]

    def _answer(self, document: dict[str, Any]) -> Mapping[str, object] | EvaluationError:
        asked = frozenset(document["params"])
        self.asked.append(asked)
        answers = {id_: self.answers[id_] for id_ in sorted(asked) if id_ in self.answers}
        return next((one for one in answers.values() if isinstance(one, EvaluationError)), answers)

    def close(self) -> None:
        """Nothing is held."""


def judged(answers: Mapping[str, object], *facts: Facts, rules: Sequence[EffectiveRule] | None = None) -> Judged:
    known = {one.rule.id: one for one in rules or [rule(id_) for id_ in answers]}
    terms = Terms(known, TODAY, lambda owner, _facts: owner, lambda _facts: ((), ()))
    return _together(Judge(terms, Answering(answers)).judge(facts or [workload()]))


def _together(batches: Iterable[Judged]) -> Judged:
    whole = Judged()
    for batch in batches:
        whole.findings += batch.findings
        whole.gaps += batch.gaps
        whole.judged += batch.judged
    return whole


def test_a_denial_becomes_a_finding_with_its_place_and_excerpt() -> None:
    batch = judged({"p.a": [{"msg": "is wrong", "at": "containers[web]"}]})
    (finding,) = batch.findings
    assert (finding.rule, finding.message, str(finding.origin)) == ("p.a", "is wrong", "app.yaml:2:3")
    assert finding.excerpt is not None
    assert (finding.excerpt.first, finding.excerpt.marked, finding.excerpt.lines) == (
        1,
        2,
        ("one", "two", "three", "four"),
    )


def test_silence_is_a_judgement() -> None:
    batch = judged({"p.a": []})
    assert (batch.findings, batch.gaps, dict(batch.judged)) == ([], [], {"p.a": 1})


def test_an_undefined_rule_is_a_gap_and_no_pass() -> None:
    batch = judged({"p.a": []}, rules=[rule("p.a"), rule("p.missing")])
    assert [(gap.rule, gap.about) for gap in batch.gaps] == [("p.missing", "Deployment/web")]
    assert dict(batch.judged) == {"p.a": 1}


@pytest.mark.parametrize(
    "rubbish",
    [
        "text",
        {"msg": "m", "at": "a"},
        [1],
        [{"msg": "m"}],
        [{"msg": "m", "at": None}],
        [{"msg": "m", "at": "a", "extra": 1}],
        [{"msg": str(number), "at": "a"} for number in range(10_001)],
    ],
)
def test_rubbish_is_a_gap_and_the_other_rules_are_heard(rubbish: object) -> None:
    batch = judged({"p.a": rubbish, "p.b": [{"msg": "m", "at": "a"}]})
    assert [gap.rule for gap in batch.gaps] == ["p.a"]
    assert [finding.rule for finding in batch.findings] == ["p.b"]


def test_a_failing_rule_is_named_and_the_others_are_heard() -> None:
    batch = judged({"p.a": EvaluationError("conflict"), "p.b": [{"msg": "m", "at": "a"}]})
    assert [(gap.rule, gap.why) for gap in batch.gaps] == [("p.a", "conflict")]
    assert [finding.rule for finding in batch.findings] == ["p.b"]


@pytest.mark.parametrize(
    ("error", "heard"), [(DeadlineError("took longer than 5 s"), 3), (EvaluationError("conflict"), 24)]
)
def test_a_rule_that_fails_too_often_is_not_asked_again_but_stays_a_gap(error: EvaluationError, heard: int) -> None:
    batch = judged({"p.bad": error, "p.b": []}, *[workload(f"w{number}") for number in range(40)])
    assert [gap.rule for gap in batch.gaps] == ["p.bad"] * 40
    assert sum("not asked any more" in gap.why for gap in batch.gaps) == 40 - heard
    assert dict(batch.judged) == {"p.b": 40}


def test_a_rule_that_runs_away_holds_up_one_subject_at_a_time() -> None:
    engine = Answering({"p.slow": DeadlineError("took longer than 5 s")})
    terms = Terms({"p.slow": rule("p.slow")}, TODAY, lambda owner, _facts: owner, lambda _facts: ((), ()))
    list(Judge(terms, engine).judge(workload(f"w{number}") for number in range(200)))
    assert len(engine.asked) == 6


def test_a_rule_is_asked_only_about_what_it_applies_to() -> None:
    batch = judged({"p.a": []}, rules=[rule("p.a"), rule("p.other", applies_to=("namespace",))])
    assert (dict(batch.judged), batch.gaps) == ({"p.a": 1}, [])


@pytest.mark.parametrize(("from_day", "enforced"), [(date(2026, 11, 23), True), (date(2026, 11, 24), False)])
def test_a_rule_warns_until_its_day_comes(from_day: date, *, enforced: bool) -> None:
    batch = judged({"p.a": [{"msg": "m", "at": "a"}]}, rules=[rule("p.a", enforced_from=from_day)])
    assert [finding.enforced for finding in batch.findings] == [enforced]


def test_a_hidden_line_keeps_its_place_in_the_excerpt() -> None:
    secret = replace(workload(), lines=lambda number: None if number == 2 else LINES[number - 1])
    (finding,) = judged({"p.a": [{"msg": "m", "at": "a"}]}, secret).findings
    assert finding.excerpt is not None
    assert finding.excerpt.lines == ("one", "(not shown)", "three", "four")


@pytest.mark.parametrize(
    ("at", "gap"),
    [("storage_encrypted", True), ("tags.Version", True), ("tags[Owner]", True), ("tag", False), ("engine", False)],
)
def test_an_objection_to_what_is_not_known_yet_is_a_gap_and_no_finding(at: str, *, gap: bool) -> None:
    unknown = replace(workload(), body={"name": "db", "unknown": ["storage_encrypted", "tags"]})
    batch = judged({"p.a": [{"msg": "it is open", "at": at}]}, unknown)
    assert (len(batch.gaps), len(batch.findings), batch.judged["p.a"]) == ((1, 0, 0) if gap else (0, 1, 1))


def test_a_secret_is_told_neither_by_message_nor_place_nor_excerpt() -> None:
    lines = ["one", "curl --token hunter2-hunter2 x", "three"]
    facts = replace(workload(), lines=lambda number: lines[number - 1] if number <= len(lines) else None)
    denial = {"msg": "runs curl --token hunter2-hunter2 x", "at": "runs[curl --token hunter2-hunter2 x]"}
    (finding,) = judged({"p.a": [denial]}, facts).findings
    assert (finding.message, finding.at) == ("runs curl --token *** x", "runs[curl --token *** x]")
    assert finding.excerpt is not None
    assert finding.excerpt.lines == ("one", "(not shown)", "three")


def test_a_rule_that_looks_at_what_was_not_read_is_not_asked_and_every_subject_is_a_gap() -> None:
    rules = {id_: rule(id_) for id_ in ("a.blind", "a.sees", "a.unknown")}
    looks = {"a.blind": frozenset({"services"}), "a.sees": frozenset({"containers"}), "a.unknown": None}
    engine = Answering({id_: [] for id_ in rules})
    terms = Terms(rules, TODAY, lambda owner, _facts: owner, lambda _facts: ((), ()), looks.__getitem__)
    lacking = [replace(workload(name), unread=frozenset({"services"})) for name in ("a", "b")]

    found = _together(Judge(terms, engine).judge([workload("whole"), *lacking]))

    assert sorted((gap.about, gap.rule) for gap in found.gaps) == [
        (f"Deployment/{name}", id_) for name in "ab" for id_ in ("a.blind", "a.unknown")
    ]
    assert found.judged == {"a.blind": 1, "a.sees": 3, "a.unknown": 1}
    assert {*engine.asked} == {frozenset(rules), frozenset({"a.sees"})}
    assert "looks at what could not be read: services" in found.gaps[0].why
