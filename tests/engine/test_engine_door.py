"""Opening an engine by its name."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from compliance import catalogue
from compliance.engine import DEADLINE, open_engine, prepare
from compliance.errors import EngineError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("choice", ["auto", "wasm"])
def test_the_built_in_rules_run_without_any_tool(choice: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = open_engine(choice, catalogue.load(), deadline=DEADLINE)
    assert engine.name == "wasm"
    assert engine.evaluate("workload", [b'{"params": {}}']) == [{}]
    engine.close()


def test_a_url_makes_auto_a_server() -> None:
    with pytest.raises(EngineError, match=r"http://127\.0\.0\.1:1 does not answer"):
        open_engine("auto", catalogue.load(), opa_url="http://127.0.0.1:1")


def test_a_url_does_not_matter_when_wasm_is_asked_for() -> None:
    open_engine("wasm", catalogue.load(), opa_url="http://127.0.0.1:1").close()


def test_an_unknown_choice_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="no engine 'rego'") as refusal:
        open_engine("rego", catalogue.load())
    assert refusal.value.remedy == "use one of auto, wasm, opa"


def test_a_server_of_our_own_needs_opa(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="opa is not on PATH") as refusal:
        open_engine("opa", catalogue.load())
    assert "--opa-url" in refusal.value.remedy


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="only elsewhere XDG_CACHE_HOME says where the cache is")
def test_what_is_prepared_ahead_is_compiled_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    known = catalogue.load()
    prepare("auto", known)
    (native,) = (tmp_path / "compliance").glob("*.native")
    made = native.stat().st_mtime_ns

    prepare("wasm", known)
    open_engine("wasm", known).close()
    assert [file.stat().st_mtime_ns for file in (tmp_path / "compliance").iterdir()] == [made]


def test_nothing_is_prepared_for_a_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    prepare("auto", catalogue.load(), opa_url="http://127.0.0.1:1")
    assert list(tmp_path.iterdir()) == []


def test_importing_the_door_loads_no_engine() -> None:
    heavy = "'wasmtime', 'opa_client', 'requests', 'yaml', 'decimal', 'zoneinfo', 'compliance.engine.builtins'"
    # Measuring coverage loads modules of its own before ours.
    loaded = "before = set(sys.modules); import compliance.engine; new = sys.modules.keys() - before"
    script = f"import sys; {loaded}; sys.exit(bool({{{heavy}}} & new))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0  # noqa: S603 - a fixed script
