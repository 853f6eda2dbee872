"""The saved result: the published schema, the way there and back, and what a bad one is answered with."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, timedelta, timezone
from importlib import resources
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import model
from compliance.errors import ConfigurationError
from compliance.output import json_result

TEXT = st.text(max_size=12)
OPTIONAL_TEXT = st.none() | TEXT
COUNT = st.integers(0, 2**53 - 1)
LINE = st.integers(1, 2**31)
ZONES = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)


def _tuples(items: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(items, max_size=2).map(tuple)


SPAN = st.builds(model.Span, LINE, LINE, st.none() | LINE)
ORIGIN = st.builds(model.Origin, TEXT, st.none() | SPAN, OPTIONAL_TEXT, st.booleans())
SUBJECT = st.builds(model.Subject, TEXT, TEXT, OPTIONAL_TEXT, OPTIONAL_TEXT)
WAIVER = st.builds(model.Waiver, TEXT, TEXT, TEXT, TEXT, st.none() | st.dates(), OPTIONAL_TEXT, ORIGIN)
SEEN = st.builds(model.Seen, st.datetimes(timezones=ZONES), st.datetimes(timezones=ZONES), st.booleans())
FINDING = st.builds(
    model.Finding,
    rule=TEXT,
    severity=st.sampled_from(model.Severity),
    subject=SUBJECT,
    message=TEXT,
    at=TEXT,
    origin=ORIGIN,
    owner=TEXT,
    excerpt=st.none() | st.builds(model.Excerpt, LINE, LINE, _tuples(TEXT)),
    waiver=st.none() | WAIVER,
    expired_waiver=st.none() | WAIVER,
    standing=st.none() | st.sampled_from(model.Standing),
    enforced=st.booleans(),
    seen=st.none() | SEEN,
)
DAY = st.builds(model.Day, st.dates(), st.fixed_dictionaries(dict.fromkeys(model.Severity, COUNT)), COUNT, COUNT)
HISTORY = st.builds(
    model.History,
    scope=TEXT,
    run=COUNT,
    previous=st.none() | st.datetimes(timezones=ZONES),
    new=COUNT,
    unchanged=COUNT,
    fixed=_tuples(FINDING),
    gone=_tuples(FINDING),
    unjudged=_tuples(FINDING),
    trend=_tuples(DAY),
)
RULE = st.builds(
    model.Rule,
    id=TEXT,
    title=TEXT,
    description=TEXT,
    severity=st.sampled_from(model.Severity),
    applies_to=_tuples(TEXT),
    remediation=TEXT,
    owner=TEXT,
    frameworks=st.dictionaries(TEXT, _tuples(TEXT), max_size=2),
    aliases=_tuples(TEXT),
    params=st.dictionaries(TEXT, JSON, max_size=2),
    enforced_from=st.none() | st.dates(),
    builtin=st.booleans(),
)
ASSESSMENT = st.builds(
    model.Assessment,
    taken_at=st.datetimes(timezones=ZONES),
    tool_version=TEXT,
    rules_digest=TEXT,
    engine=TEXT,
    targets=_tuples(st.builds(model.Target, TEXT, TEXT)),
    inputs=_tuples(st.builds(model.Input, TEXT, TEXT, TEXT, COUNT)),
    subjects=COUNT,
    judged=st.dictionaries(TEXT, COUNT, max_size=2),
    findings=_tuples(FINDING),
    gaps=_tuples(
        st.builds(model.Gap, st.sampled_from(model.Stage), TEXT, TEXT, TEXT, OPTIONAL_TEXT, st.none() | ORIGIN)
    ),
    passed_over=_tuples(st.builds(model.PassedOver, TEXT, TEXT)),
    rules=st.dictionaries(TEXT, RULE, max_size=2),
    waivers=_tuples(st.builds(model.WaiverReport, WAIVER, st.sampled_from(model.WaiverState), COUNT, OPTIONAL_TEXT)),
    baseline=st.none() | st.builds(model.BaselineReport, COUNT, COUNT, _tuples(TEXT)),
    scanners=_tuples(
        st.builds(model.Scanner, TEXT, OPTIONAL_TEXT, st.none() | st.datetimes(timezones=ZONES), st.none() | COUNT)
    ),
    history=st.none() | HISTORY,
)
DECISION = st.builds(model.Decision, st.sampled_from(model.ExitCode), _tuples(TEXT))


def _schema() -> Any:  # noqa: ANN401 - any JSON
    return json.loads(resources.files("compliance").joinpath("schemas", "assessment-v1.json").read_text("utf-8"))


@settings(max_examples=60)
@given(ASSESSMENT, DECISION)
def test_a_result_comes_back_as_it_was(assessment: model.Assessment, decision: model.Decision) -> None:
    written = json_result.render(assessment, decision)
    assert json_result.read(written) == (assessment, decision)
    assert json_result.render(*json_result.read(written)) == written


def test_the_published_schema_is_one_and_results_fit_it(assessment: model.Assessment, decision: model.Decision) -> None:
    schema = _schema()
    assert jsonschema_rs.meta.is_valid(schema)
    jsonschema_rs.Draft202012Validator(schema).validate(json.loads(json_result.render(assessment, decision)))


ADDED_SINCE = {"history", "first_seen", "last_seen", "new"}


def test_the_published_schema_requires_every_key_but_those_added_since_and_allows_no_other() -> None:
    schema = _schema()
    for name, noun in [("assessment", schema), *schema["$defs"].items()]:
        if "properties" in noun:
            added = ADDED_SINCE if name in {"assessment", "finding"} else set[str]()
            assert set(noun["required"]) == set(noun["properties"]) - added
            assert noun["additionalProperties"] is False


def test_a_result_from_before_there_was_a_history_is_still_read(
    assessment: model.Assessment, decision: model.Decision
) -> None:
    tree = json.loads(json_result.render(assessment, decision))
    del tree["history"]
    for finding in tree["findings"]:
        for key in ("first_seen", "last_seen", "new"):
            del finding[key]
    assert json_result.read(json.dumps(tree)) == json_result.read(json_result.render(assessment, decision))


def test_equal_results_are_equal_bytes(assessment: model.Assessment, decision: model.Decision) -> None:
    turned = replace(assessment, rules=dict(reversed(list(assessment.rules.items()))))
    assert json_result.render(turned, decision) == json_result.render(assessment, decision)


def test_severity_state_and_dates_are_words_a_reader_knows(
    assessment: model.Assessment, decision: model.Decision
) -> None:
    tree = json.loads(json_result.render(assessment, decision))
    first = tree["findings"][0]
    assert (first["severity"], first["standing"], tree["waivers"][1]["state"]) == ("high", "new", "expired")
    assert tree["taken_at"] == "2026-11-23T10:30:05.123456+00:00"
    assert tree["findings"][2]["waiver"]["expires"] == "2026-12-31"
    assert tree["decision"]["exit_code"] == 1


def test_a_name_that_is_not_utf_8_on_disk_keeps_its_fingerprint(
    assessment: model.Assessment, decision: model.Decision
) -> None:
    subject = model.Subject("Dockerfile", "caf\udce9/Dockerfile")
    finding = replace(assessment.findings[0], subject=subject)
    written = json_result.render(replace(assessment, findings=(finding,)), decision)
    read, _ = json_result.read(written)
    assert read.findings[0].subject.name == "caf\\udce9/Dockerfile"
    assert read.findings[0].fingerprint == finding.fingerprint


def test_a_parameter_too_large_for_64_bits_does_not_stop_the_result(
    assessment: model.Assessment, decision: model.Decision
) -> None:
    rule = replace(next(iter(assessment.rules.values())), params={"limit": {"default": 2**70, "minimum": -(10**400)}})
    written = json_result.render(replace(assessment, rules={rule.id: rule}), decision)
    assert json.loads(written)["rules"][rule.id]["params"]["limit"]["default"] == 2**70


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "result.json:1:1: it is no JSON"),
        ('{"schema":\n  nul}', "result.json:2:3: it is no JSON"),
        ("[]", "result.json: no compliance/assessment/v1 result: it names no schema"),
        ('{"schema": 1}', "it names no schema"),
        ('{"schema": "compliance/assessment/v2"}', "its schema is 'compliance/assessment/v2'"),
        ('{"schema": "compliance/assessment/v1"}', "the result: "),
        ("[" * 100_000, "it is no JSON"),
    ],
)
def test_what_is_no_result_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        json_result.read(text, source="result.json")
    assert told in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("findings", 0, "severity"), "terrible", "findings[0].severity: "),
        (("findings", 0, "origin", "span", "line"), 0, "findings[0].origin.span"),
        (("gaps", 1, "stage"), None, "gaps[1].stage: "),
        (("judged", "probes.silent"), -1, "judged.probes.silent: "),
        (("decision", "exit_code"), 9, "decision.exit_code: "),
        (("surprise",), 1, "the result: "),
        (("taken_at",), "2026-11-23T10:30:05", "taken_at: "),
        (("taken_at",), "2026-11-23T25:30:05+00:00", "out of range"),
        (("waivers", 0, "waiver", "expires"), "0000-01-01", "out of range"),
    ],
)
def test_a_result_with_one_wrong_value_is_refused_with_the_path_to_it(
    assessment: model.Assessment, decision: model.Decision, path: tuple[str | int, ...], value: object, told: str
) -> None:
    tree = json.loads(json_result.render(assessment, decision))
    parent = tree
    for part in path[:-1]:
        parent = parent[part]
    parent[path[-1]] = value
    with pytest.raises(ConfigurationError) as caught:
        json_result.read(json.dumps(tree), source="result.json")
    assert told in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_result_that_is_too_long_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_result, "MAX_CHARACTERS", 10)
    with pytest.raises(ConfigurationError, match="longer than 10 characters"):
        json_result.read("[1, 2, 3, 4, 5]")


def test_an_assessment_without_anything_makes_the_round(
    nothing: tuple[model.Assessment, model.Decision],
) -> None:
    empty = (replace(nothing[0], rules={}, targets=(), taken_at=nothing[0].taken_at.astimezone(UTC)), nothing[1])
    assert json_result.read(json_result.render(*empty)) == empty
