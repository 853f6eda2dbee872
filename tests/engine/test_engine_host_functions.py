"""Functions that a compiled module asks its host for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.engine import build, refused
from compliance.engine.wasm import WasmEngine
from compliance.errors import EngineError, EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from compliance.catalogue import Catalogue
    from compliance.private_cache import PrivateCache

    Open = Callable[[str], WasmEngine]
    Document = Callable[..., bytes]

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("opa_on_path")]

RULE = '\ndeny contains {"msg": sprintf("%%v", [answer]), "at": "x"} if answer := %s\n'


@pytest.fixture
def open_rule(
    source: Callable[[dict[str, str]], build.Source], sample_catalogue: Catalogue, native_cache: PrivateCache
) -> Iterator[Open]:
    opened: list[WasmEngine] = []

    def make(call: str) -> WasmEngine:
        module = build.compile_wasm(source({"host.rule": RULE % call}))
        opened.append(WasmEngine(module, sample_catalogue, deadline=5, cache=native_cache))
        return opened[-1]

    yield make
    for engine in opened:
        engine.close()


def test_an_answer_of_the_host_comes_back_whole(open_rule: Open, document: Document) -> None:
    engine = open_rule("yaml.unmarshal(input.text)")
    (result,) = engine.evaluate("workload", [document("host.rule", text="a: [1.50, 'Zoë', {b: ~}]")])
    assert result == {"host.rule": [{"msg": '{"a": [1.5, "Zoë", {"b": null}]}', "at": "x"}]}


@pytest.mark.parametrize("text", [None, 1, "not: [yaml", {}])
def test_a_call_that_errs_is_undefined(open_rule: Open, document: Document, text: object) -> None:
    engine = open_rule("yaml.unmarshal(input.text)")
    assert engine.evaluate("workload", [document("host.rule", text=text)]) == [{"host.rule": []}]


def test_a_call_that_is_given_up_is_an_error_and_no_silence(open_rule: Open, document: Document) -> None:
    engine = open_rule("net.cidr_expand(input.network)")
    inputs = [document("host.rule", network=network) for network in ("10.0.0.0/8", "10.0.0.0/31")]
    failed, answered = engine.evaluate("workload", inputs)
    assert isinstance(failed, EvaluationError)
    assert failed.message == "net.cidr_expand gave up: 10.0.0.0/8 has too many addresses"
    assert answered == {"host.rule": [{"msg": '{"10.0.0.0", "10.0.0.1"}', "at": "x"}]}


def test_a_function_that_nobody_answers_is_refused_when_the_rules_are_loaded(
    open_rule: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refused, "NOT_IN_WASM", frozenset())
    with pytest.raises(EngineError, match=r"regex\.split is not available in the wasm engine") as refusal:
        open_rule('regex.split("a", input.text)')
    assert "--engine opa" in refusal.value.remedy


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("[a-z]+", "one two", '["one", "two"]'),
        ("a*", "baaac", '["", "aaa", ""]'),
        (r"\bZ\pL", "Zoë Za", '["Zo", "Za"]'),
        ("x", "abc", "[]"),
    ],
)
def test_text_is_searched_by_the_modules_own_regular_expressions(
    open_rule: Open, document: Document, pattern: str, text: str, found: str
) -> None:
    engine = open_rule("regex.find_n(input.pattern, input.text, -1)")
    (result,) = engine.evaluate("workload", [document("host.rule", pattern=pattern, text=text)])
    assert result == {"host.rule": [{"msg": found, "at": "x"}]}


@pytest.mark.parametrize("pattern", ["(", None, 1, ["a"]])
def test_a_search_that_cannot_be_is_undefined(open_rule: Open, document: Document, pattern: object) -> None:
    engine = open_rule("regex.find_n(input.pattern, input.text, -1)")
    assert engine.evaluate("workload", [document("host.rule", pattern=pattern, text="a")]) == [{"host.rule": []}]


def test_a_search_does_not_backtrack_without_end(open_rule: Open, document: Document) -> None:
    engine = open_rule("count(regex.find_n(input.pattern, input.text, -1))")
    (result,) = engine.evaluate("workload", [document("host.rule", pattern="(a+)+$", text="a" * 5000 + "b")])
    assert result == {"host.rule": [{"msg": "0", "at": "x"}]}
