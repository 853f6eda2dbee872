"""The engine in this process."""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compliance.engine import build
from compliance.engine.wasm import WasmEngine
from compliance.errors import DeadlineError, EngineError, EvaluationError, ExhaustedError
from compliance.private_cache import PrivateCache

if TYPE_CHECKING:
    from collections.abc import Callable

    from compliance.catalogue import Catalogue

    Document = Callable[..., bytes]

pytestmark = pytest.mark.real


def test_each_input_is_answered_in_order(wasm_engine: WasmEngine, document: Document) -> None:
    inputs = [document("demo.named", name=name) for name in ("web", None, "Zoë \u2028")]
    assert wasm_engine.evaluate("workload", inputs) == [
        {"demo.named": [{"msg": "name is web", "at": "name"}]},
        {"demo.named": []},
        {"demo.named": [{"msg": "name is Zoë \u2028", "at": "name"}]},
    ]


def test_only_the_rules_that_are_asked_for_answer(wasm_engine: WasmEngine, document: Document) -> None:
    (result,) = wasm_engine.evaluate("workload", [document("demo.many", "demo.named", name="a", items=[])])
    assert result == {"demo.named": [{"msg": "name is a", "at": "name"}], "demo.many": []}
    assert wasm_engine.evaluate("workload", [document(name="a")]) == [{}]


def test_denials_come_in_one_order(wasm_engine: WasmEngine, document: Document) -> None:
    names = [f"{number:03d}" for number in range(50)]
    (result,) = wasm_engine.evaluate("workload", [document("demo.many", items=names[::-1])])
    assert [denial["msg"] for denial in result["demo.many"]] == names


def test_parameters_reach_their_rule(wasm_engine: WasmEngine) -> None:
    inputs = [b'{"params": {"demo.params": {"limit": %d}}, "count": 5}' % limit for limit in (4, 5)]
    assert [len(result["demo.params"]) for result in wasm_engine.evaluate("workload", inputs)] == [1, 0]


def test_a_schema_without_rules_answers_and_an_unknown_one_is_an_error(
    wasm_engine: WasmEngine, document: Document
) -> None:
    assert wasm_engine.evaluate("namespace", [document()]) == [{}]
    with pytest.raises(EngineError, match="facts of schema nonsense"):
        wasm_engine.evaluate("nonsense", [document()])


def test_a_rule_without_deny_is_absent_so_that_it_becomes_a_gap(wasm_engine: WasmEngine, document: Document) -> None:
    assert wasm_engine.evaluate("workload", [document("demo.no_deny", "demo.unknown")]) == [{}]


@pytest.mark.parametrize("rubbish", [b"[", b"", b"null", b"[]", b"\xff\xfe", b'{"params": {"demo.named": {}'])
def test_an_input_that_is_no_object_satisfies_no_rule(wasm_engine: WasmEngine, rubbish: bytes) -> None:
    assert wasm_engine.evaluate("workload", [rubbish]) == [{}]


def test_a_conflict_costs_one_input_and_names_the_line(wasm_engine: WasmEngine, document: Document) -> None:
    good = document("demo.conflict", object={"a": True, "b": False})
    bad = document("demo.conflict", object={"a": True, "b": True})
    first, failed, last = wasm_engine.evaluate("workload", [good, bad, good])
    assert first == last == {"demo.conflict": [{"msg": "is an a", "at": "object"}]}
    assert isinstance(failed, EvaluationError)
    assert failed.message.endswith("/samples0/rules/demo/conflict/conflict.rego:5:1: var assignment conflict")


def test_a_runaway_rule_is_cut_and_the_next_input_answered(wasm_engine: WasmEngine, document: Document) -> None:
    begun = time.monotonic()
    cut, answered = wasm_engine.evaluate("workload", [document("demo.runaway", run=run) for run in (True, False)])
    assert isinstance(cut, EvaluationError)
    assert isinstance(cut, DeadlineError) or "memory" in cut.message
    assert answered == {"demo.runaway": []}
    assert time.monotonic() - begun < 10


def test_nesting_beyond_any_manifest_is_no_trouble(wasm_engine: WasmEngine) -> None:
    deep = b'{"params": {"demo.named": {}}, "name": null, "object": ' + b"[" * 500 + b"]" * 500 + b"}"
    assert wasm_engine.evaluate("workload", [deep]) == [{"demo.named": []}]


@pytest.mark.parametrize("depth", [10_000, 200_000])
def test_deep_nesting_is_an_error_of_that_input(wasm_engine: WasmEngine, depth: int) -> None:
    deep = b'{"params": {"demo.named": {}}, "name": "a", "object": ' + b"[" * depth + b"]" * depth + b"}"
    failed, answered = wasm_engine.evaluate("workload", [deep, b'{"params": {}}'])
    assert isinstance(failed, EvaluationError)
    assert failed.message == "recursed too deeply"
    assert answered == {}


def test_an_input_beyond_the_memory_cap_is_an_error_of_that_input(wasm_engine: WasmEngine) -> None:
    huge = b'{"params": {}, "text": "' + b"x" * (260 * 1024 * 1024) + b'"}'
    failed, answered = wasm_engine.evaluate("workload", [huge, b'{"params": {}}'])
    assert isinstance(failed, EvaluationError)
    assert answered == {}


def test_threads_evaluate_side_by_side(wasm_engine: WasmEngine, document: Document) -> None:
    def evaluate(number: int) -> list[str]:
        inputs = [document("demo.named", name=f"{number}-{index}") for index in range(50)]
        return [result["demo.named"][0]["msg"] for result in wasm_engine.evaluate("workload", inputs)]

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(evaluate, range(8)))
    assert answers == [[f"name is {number}-{index}" for index in range(50)] for number in range(8)]


def test_threads_that_fail_together_each_hear_their_own_reason(wasm_engine: WasmEngine, document: Document) -> None:
    bad = [document("demo.conflict", object={"a": True, "b": True}), document("demo.named", name="a")] * 20
    with ThreadPoolExecutor(4) as pool:
        for results in pool.map(wasm_engine.evaluate, ["workload"] * 8, [bad] * 8):
            assert all("var assignment conflict" in result.message for result in results[::2])
            assert all("demo.named" in result for result in results[1::2])


def test_rules_other_than_the_catalogues_are_refused(module: bytes, sample_catalogue: Catalogue) -> None:
    with pytest.raises(EngineError, match="not those of the catalogue") as refusal:
        WasmEngine(module, replace(sample_catalogue, digest="other"), deadline=1, cache=PrivateCache(None))
    assert "compliance rules build" in refusal.value.remedy


@pytest.mark.parametrize("broken", [b"", b"\0asm", b"no module at all"])
def test_a_damaged_module_is_refused(broken: bytes, sample_catalogue: Catalogue) -> None:
    with pytest.raises(EngineError, match="no Wasm module"):
        WasmEngine(broken, sample_catalogue, deadline=1, cache=PrivateCache(None))


def test_a_module_that_opa_did_not_make_is_refused(sample_catalogue: Catalogue) -> None:
    with pytest.raises(EngineError, match="have no function opa_eval"):
        WasmEngine(b"\0asm\1\0\0\0", sample_catalogue, deadline=1, cache=PrivateCache(None))


def test_native_code_is_kept_and_used_again(module: bytes, sample_catalogue: Catalogue, tmp_path: Path) -> None:
    cache = _Watched(tmp_path / "cache")
    for _ in range(2):
        WasmEngine(module, sample_catalogue, deadline=1, cache=cache).close()
    assert [hit is not None for hit in cache.gets] == [False, True]
    assert len(cache.puts) == 1


def test_native_code_of_another_wasmtime_is_compiled_anew(
    module: bytes, sample_catalogue: Catalogue, tmp_path: Path
) -> None:
    cache = _Watched(tmp_path / "cache")
    WasmEngine(module, sample_catalogue, deadline=1, cache=cache).close()
    cache.put(cache.puts[0], b"code of quite another version")
    engine = WasmEngine(module, sample_catalogue, deadline=1, cache=cache)
    assert engine.evaluate("namespace", [b'{"params": {}}']) == [{}]
    assert len(cache.puts) == 3
    engine.close()


def test_a_closed_engine_says_so_and_its_thread_ends(module: bytes, sample_catalogue: Catalogue) -> None:
    engine = WasmEngine(module, sample_catalogue, deadline=1, cache=PrivateCache(None))
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.evaluate("workload", [b"{}"])
    until = time.monotonic() + 5
    while any(thread.name == "wasm-deadlines" for thread in threading.enumerate()) and time.monotonic() < until:
        time.sleep(0.01)
    assert not [thread for thread in threading.enumerate() if thread.name == "wasm-deadlines"]


@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "darwin", reason="where processes are forked")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_may_not_use_its_parents_engine(wasm_engine: WasmEngine) -> None:
    child = os.fork()
    if child == 0:
        try:
            wasm_engine.evaluate("namespace", [b"{}"])
        except EngineError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


class _Watched(PrivateCache):
    """A cache that remembers what it was asked."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.gets: list[bytes | None] = []
        self.puts: list[str] = []

    def get(self, name: str) -> bytes | None:
        self.gets.append(super().get(name))
        return self.gets[-1]

    def put(self, name: str, blob: bytes | bytearray) -> None:
        self.puts.append(name)
        super().put(name, blob)


GREEDY = """
deny contains {"msg": "m", "at": "a"} if {
	all := {[a, b] | some a in numbers.range(1, 2000); some b in numbers.range(1, 2000)}
	count(all) == 0
}
"""


@pytest.mark.untraced
@pytest.mark.usefixtures("opa_on_path")
@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
def test_failed_evaluations_give_their_memory_back(
    source: Callable[[dict[str, str]], build.Source], sample_catalogue: Catalogue, native_cache: PrivateCache
) -> None:
    module = build.compile_wasm(source({"demo.greedy": GREEDY}))
    engine = WasmEngine(module, sample_catalogue, deadline=30, cache=native_cache)
    before = _resident()
    gc.disable()
    try:
        for _ in range(4):
            (failed,) = engine.evaluate("workload", [b'{"params": {"demo.greedy": {}}}'])
            assert type(failed) is ExhaustedError
        assert _resident() - before < 600 * 1024 * 1024
    finally:
        gc.enable()
        engine.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads memory from /proc")
def test_a_closed_engine_gives_its_memory_back_at_once(
    module: bytes, sample_catalogue: Catalogue, native_cache: PrivateCache
) -> None:
    before = _mapped()
    gc.disable()
    try:
        for _ in range(4):
            engine = WasmEngine(module, sample_catalogue, deadline=1, cache=native_cache)
            assert engine.evaluate("namespace", [b'{"params": {}}']) == [{}]
            engine.close()
        assert _mapped() - before < 1024**3  # an open one reserves more than this, though it uses little
    finally:
        gc.enable()


def _resident() -> int:
    return _statm()[1]


def _mapped() -> int:
    return _statm()[0]


def _statm() -> list[int]:
    return [int(pages) * os.sysconf("SC_PAGE_SIZE") for pages in Path("/proc/self/statm").read_text().split()]
