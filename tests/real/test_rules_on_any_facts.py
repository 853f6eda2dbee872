"""Both engines give one answer on facts that a schema allows, however odd they are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import catalogue
from compliance.catalogue import facts_schemas
from compliance.engine import open_engine
from compliance.errors import EvaluationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from hypothesis.strategies import SearchStrategy

    from compliance.engine import Engine

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("parity")]


@pytest.fixture(scope="module")
def engines(opa: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Engine, Engine]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        patch.setenv("PATH", str(opa.parent), prepend=":")
        known = catalogue.load()
        both = open_engine("wasm", known), open_engine("opa", known)
    yield both
    for engine in both:
        engine.close()


@pytest.fixture(scope="module")
def documents(facts_strategies: ModuleType) -> Callable[[str], SearchStrategy[dict[str, Any]]]:
    known = catalogue.load()
    return cache(lambda schema: facts_strategies.documents(schema, known))


@pytest.mark.untraced
@pytest.mark.parametrize("schema", facts_schemas())
@settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
)
@given(data=st.data())
def test_both_engines_judge_any_facts_alike(
    schema: str,
    engines: tuple[Engine, Engine],
    documents: Callable[[str], SearchStrategy[dict[str, Any]]],
    data: st.DataObject,
) -> None:
    document = orjson.dumps(data.draw(documents(schema)))

    (of_wasm,), (of_opa,) = (engine.evaluate(schema, [document]) for engine in engines)

    assert not isinstance(of_wasm, EvaluationError), of_wasm
    assert of_wasm == of_opa
