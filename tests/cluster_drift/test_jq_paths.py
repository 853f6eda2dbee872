"""jq paths: what they select, for many objects in one process, and what they may not do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from compliance import tools
from compliance.cluster_drift import jq_paths
from compliance.cluster_drift.jq_paths import JqPaths, check
from compliance.errors import ConfigurationError, ReadError
from compliance.interop.jq_running import Limits
from compliance.model import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest.importorskip("jq")

_NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
_POD = {"spec": {"containers": [{"name": "web", "image": "a"}, {"name": "proxy", "image": "b"}]}}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many processes were started."""
    count, run = [0], tools.run

    def counted(*words: object, **options: object) -> tools.Completed:
        count[0] += 1
        return run(*words, **options)  # type: ignore[arg-type] # passed on as they are

    monkeypatch.setattr("compliance.interop.jq_running.tools.run", counted)
    return count


def test_paths_are_keys_and_numbers() -> None:
    paths = JqPaths(_NOW)
    image = ("spec", "containers", 1, "image")
    assert paths(".spec.containers[1].image", _POD) == (image,)
    assert paths('.spec.containers[] | select(.name == "proxy") | .image # a remark', _POD) == (image,)
    assert paths(".spec.nothing[]?", _POD) == ()


def test_many_objects_are_one_process(started: list[int]) -> None:
    paths = JqPaths(_NOW)
    values = [{"a": {str(number): number}} for number in range(100)]
    paths.ahead((".a[]", value) for value in values)
    assert [paths(".a[]", value) for value in values] == [(("a", str(number)),) for number in range(100)]
    assert started == [1]


def test_what_fails_on_one_object_is_followed_in_the_others() -> None:
    paths = JqPaths(_NOW)
    paths.ahead([(".a[]", {"a": [1]}), (".a[]", {"a": 5})])
    assert paths(".a[]", {"a": [1]}) == (("a", 0),)
    with pytest.raises(ReadError, match=r"'\.a\[\]' cannot be followed: Cannot iterate over number"):
        paths(".a[]", {"a": 5})


@pytest.mark.parametrize("expression", ["def f: f; f", "[range(1e9)]", ".a + 1", '"text"'])
def test_what_is_no_path_or_runs_away_is_an_error_and_no_more(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jq_paths, "_LIMITS", Limits(deadline=2.0, memory=256 * 1024 * 1024))
    with pytest.raises(ReadError, match="cannot be followed"):
        JqPaths(_NOW)(expression, {"a": 1})


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (".spec[", "no path in jq's language"),
        ("env", "jq's env is not allowed here"),
        ("input", "jq's input is not allowed here"),
        ("$ENV.HOME", r"\$ENV is not allowed here"),
        ("$nothing", "no path in jq's language"),
        ('.x | [kubectl get pods -n $n -o json | jq ".items"] | .[0]', "it asks for other objects"),
    ],
)
def test_a_wrong_expression_is_named_with_its_place(expression: str, said: str) -> None:
    def locate(*place: object) -> Origin:
        return Origin(f"compliance.yaml {place}")

    with pytest.raises(ConfigurationError, match=said) as caught:
        check([(".spec", ("drift", 0)), (expression, ("drift", 1))], _NOW, locate)
    assert str(caught.value).startswith("compliance.yaml ('drift', 1)")
