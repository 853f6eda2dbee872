"""Small rule folders, and engines that hold them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from compliance.catalogue import Catalogue
from compliance.engine import build, entry
from compliance.engine.wasm import WasmEngine
from compliance.model import Rule, Severity
from compliance.private_cache import PrivateCache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SAMPLES = {
    "demo.named": """
deny contains {"msg": concat(" ", ["name is", input.name]), "at": "name"} if input.name != null
""",
    "demo.many": """
deny contains {"msg": item, "at": concat("", ["items[", item, "]"])} if some item in input.items
""",
    "demo.conflict": """
_kind(object) := "a" if object.a

_kind(object) := "b" if object.b

deny contains {"msg": "is an a", "at": "object"} if _kind(input.object) == "a"
""",
    "demo.runaway": """
_spin(n) := n if {
	some i in numbers.range(1, 300)
	some j in numbers.range(1, 300)
	some k in numbers.range(1, 300)
	(i + j) + k == -n
}

deny contains {"msg": "m", "at": "run"} if {
	input.run == true
	_spin(1) == 1
}
""",
    "demo.no_set": """
deny := input.answer if input.answer != null
""",
    "demo.no_deny": """
allow := true
""",
    "demo.params": """
deny contains {"msg": "over the limit", "at": "count"} if input.count > input.params["demo.params"].limit
""",
}


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what engines keep out of the user's own cache, but for all tests of a run together."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def rule_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write a rules folder: ids and the Rego below `package`."""

    def write(rules: dict[str, str], name: str = "rules") -> Path:
        return write_rules(tmp_path / name, rules)

    return write


def write_rules(folder: Path, rules: dict[str, str]) -> Path:
    for id_, body in rules.items():
        place = folder.joinpath(*id_.split("."))
        place.mkdir(parents=True)
        (place / f"{place.name}.rego").write_text(f"package rules.{id_}\n{body}", encoding="utf-8")
    return folder


@pytest.fixture
def source(rule_folder: Callable[..., Path]) -> Callable[[dict[str, str]], build.Source]:
    """What a build needs for rules that all judge workloads."""

    def make(rules: dict[str, str]) -> build.Source:
        return source_of(rule_folder(rules), sorted(rules))

    return make


def source_of(folder: Path, ids: list[str]) -> build.Source:
    draft = build.source([folder], "", ["workload", "namespace"])
    text = entry.render({"workload": ids, "namespace": []}, DIGEST, finds=draft.finds)
    return build.source([folder], text, draft.schemas)


DIGEST = "d" * 64


@pytest.fixture
def catalogue(rule_folder: Callable[..., Path]) -> Callable[[dict[str, str]], Catalogue]:
    """A catalogue of users' rules that all judge workloads."""

    def make(rules: dict[str, str]) -> Catalogue:
        found = {id_: _rule(id_) for id_ in sorted(rules)}
        return Catalogue(found, DIGEST, (rule_folder(rules),))

    return make


def _rule(id_: str) -> Rule:
    return Rule(id_, "t", "d", Severity.LOW, ("workload",), "r", "sre", builtin=False)


@pytest.fixture
def document() -> Callable[..., bytes]:
    """A JSON document with `params` for the rules that are to run."""

    def make(*ids: str, **facts: object) -> bytes:
        return json.dumps({"params": {id_: {} for id_ in ids}, **facts}).encode()

    return make


@pytest.fixture
def opa_on_path(opa: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`opa`, where the product looks for it."""
    monkeypatch.setenv("PATH", str(opa.parent), prepend=":")
    return opa


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> build.Source:
    """The sample rules as a source."""
    return source_of(write_rules(tmp_path_factory.mktemp("samples") / "rules", SAMPLES), sorted(SAMPLES))


@pytest.fixture(scope="session")
def sample_catalogue(samples: build.Source) -> Catalogue:
    """The catalogue of the sample rules."""
    return Catalogue({}, DIGEST, samples.folders)


@pytest.fixture(scope="session")
def module(samples: build.Source, opa: Path) -> bytes:
    """The sample rules, compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(opa.parent), prepend=":")
        return build.compile_wasm(samples)


@pytest.fixture(scope="session")
def native_cache(tmp_path_factory: pytest.TempPathFactory) -> PrivateCache:
    """Compiled native code, so that it is compiled once."""
    return PrivateCache(tmp_path_factory.mktemp("native") / "cache")


@pytest.fixture
def wasm_engine(module: bytes, sample_catalogue: Catalogue, native_cache: PrivateCache) -> Iterator[WasmEngine]:
    """An engine with the sample rules, and little patience."""
    engine = WasmEngine(module, sample_catalogue, deadline=0.5, cache=native_cache)
    yield engine
    engine.close()
