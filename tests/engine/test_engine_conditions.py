"""Conditions of policies: what holds, what does not, and what nobody can judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.engine.conditions import ConditionJudge
from compliance.private_cache import PrivateCache
from compliance.supply_chain.verification import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

STATEMENT = {"predicate": {"result": "PASSED", "passedTests": ["a", "b"], "metadata": {"a b": 1}}}


@pytest.fixture
def judge(tmp_path: Path) -> Iterator[ConditionJudge]:
    made = ConditionJudge(PrivateCache(tmp_path / "cache"), deadline=1.0)
    yield made
    made.close()


def real_opa(test: Callable[..., None]) -> Callable[..., None]:
    """Mark a test that compiles with OPA."""
    return pytest.mark.real(pytest.mark.usefixtures("opa_on_path")(test))


@real_opa
@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ('input.predicate.result == "PASSED"', True),
        ('input.predicate.result == "FAILED"', False),
        ("input.predicate.nothing", False),
        ("not input.predicate.nothing", True),
        ('some test in input.predicate.passedTests\ntest == "b"', True),
        ("count(input.predicate.passedTests) == 2 # both", True),
        ('input.predicate.metadata["a b"] == 1', True),
        ('sprintf("%d", [count(input.predicate.passedTests)]) == "2"', True),
    ],
)
def test_a_condition_is_the_body_of_a_rule(judge: ConditionJudge, condition: str, holds: bool) -> None:  # noqa: FBT001 - what is expected
    assert judge([condition], STATEMENT) == (Outcome(condition, holds),)


@real_opa
def test_each_is_judged_for_itself(judge: ConditionJudge) -> None:
    texts = ["input.predicate.nothing", 'input.predicate.result == "PASSED"', "false", "true"]
    assert [outcome.holds for outcome in judge(texts, STATEMENT)] == [False, True, False, True]


@real_opa
@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ("input.predicate.result ==", "at its end: rego_parse_error"),
        ("true\ninput.predicate.result = =", "line 2: rego_parse_error"),
        ("unknown_function(1)", "undefined function unknown_function"),
        ("time.now_ns() > 0", "time.now_ns is not available to rules"),
        ('http.send({"url": "http://127.0.0.1"})', "http.send is not available to rules"),
    ],
)
def test_one_that_does_not_compile_is_not_judged_and_spoils_no_other(
    judge: ConditionJudge, condition: str, why: str
) -> None:
    wrong, right = judge([condition, 'input.predicate.result == "PASSED"'], STATEMENT)
    assert right == Outcome('input.predicate.result == "PASSED"', holds=True)
    assert not wrong.holds
    assert why in (wrong.unjudged or "")


@real_opa
def test_one_that_runs_away_is_stopped(judge: ConditionJudge) -> None:
    loops = "; ".join(f"some {name} in numbers.range(1, 400)" for name in "abc")
    (outcome,) = judge([f"{loops}; a + b + c == -1"], STATEMENT)
    # Which bound is met first depends on how quick the machine is.
    assert outcome.unjudged in (
        "its evaluation took longer than 1 s",
        "its evaluation needs more than 256 MiB of memory",
    )


@real_opa
def test_what_was_compiled_once_needs_no_opa(
    judge: ConditionJudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert judge(["true"], STATEMENT)[0].holds
    monkeypatch.setenv("PATH", str(tmp_path))
    later = ConditionJudge(PrivateCache(tmp_path / "cache"), deadline=1.0)
    assert later(["true"], STATEMENT)[0].holds
    later.close()


def test_without_opa_nothing_holds_and_the_remedy_says_how_to_get_it(
    judge: ConditionJudge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (outcome,) = judge(["true"], STATEMENT)
    assert (outcome.holds, outcome.unjudged) == (False, "opa is not on PATH")
    assert "an OPA server holds rules, and is given no others to run; install opa" in outcome.remedy
