"""jq in its process: what a filter cannot do there even if nobody had refused it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from compliance.errors import EvaluationError, ToolMissing
from compliance.interop import jq_running
from compliance.interop.jq_filters import Filter
from compliance.interop.jq_running import Limits, run

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def texts(program: str) -> list[str]:
    return [told["text"] for told in run([Filter(program, slurp=False, at=0)], b"{}", [], Limits(), NOW)]


def test_there_is_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s")
    assert texts("$ENV | length") == ["0"]


@pytest.mark.parametrize(
    "program",
    [
        "env",
        "halt",
        "halt_error",
        "halt_error(1)",
        "input",
        "[inputs]",
        "input_filename",
        "now | localtime",
        'now | strflocaltime("%H")',
        "get_search_list",
        "1) | env | (2",
        "def f: halt; f",
    ],
)
def test_what_was_overlooked_fails(program: str) -> None:
    with pytest.raises(EvaluationError):
        texts(program)


def test_no_module_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.jq").write_text("def f: 1;")
    directive = f'import "m" as m {{"search": "{tmp_path}"}}; m::f'
    assert jq_running.check([(directive, {})], Limits()) != [None]
    with pytest.raises(EvaluationError):
        texts(directive)


def test_a_missing_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(ToolMissing) as missing:
        texts(".")
    assert missing.value.remedy == "pip install 'immutable-compliance[audit]'"


def test_an_error_is_told_for_each_program() -> None:
    first, second, third = jq_running.check([(".a", {}), (".a |", {}), ("$x", {"x": 1})], Limits())
    assert (first, third) == (None, None)
    assert second is not None
    assert "line 1" in second
