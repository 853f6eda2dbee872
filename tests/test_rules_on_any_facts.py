"""No rule fails on facts that its schema allows, however odd they are."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance import catalogue
from compliance.catalogue import builtin_rules_folder, facts_schemas
from compliance.engine import open_engine
from compliance.errors import EvaluationError
from compliance.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from hypothesis.strategies import SearchStrategy

    from compliance.catalogue import Catalogue
    from compliance.engine import Engine

pytestmark = pytest.mark.xdist_group("facts")


@pytest.fixture(scope="module")
def known() -> Catalogue:
    return catalogue.load()


@pytest.fixture(scope="module")
def engine(known: Catalogue, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        opened = open_engine("wasm", known)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def documents(known: Catalogue, facts_strategies: ModuleType) -> Callable[[str], SearchStrategy[dict[str, Any]]]:
    return cache(lambda schema: facts_strategies.documents(schema, known))


@pytest.mark.untraced
@pytest.mark.parametrize("schema", facts_schemas())
@settings(max_examples=200, derandomize=True, deadline=None)
@given(data=st.data())
def test_every_rule_judges_any_facts_of_its_schema(
    schema: str,
    known: Catalogue,
    engine: Engine,
    documents: Callable[[str], SearchStrategy[dict[str, Any]]],
    data: st.DataObject,
) -> None:
    document = orjson.dumps(data.draw(documents(schema)))

    (result,) = engine.evaluate(schema, [document])

    assert not isinstance(result, EvaluationError), result
    assert result.keys() == {rule.id for rule in known.for_schema(schema)}
    for denial in (denial for denials in result.values() for denial in denials):
        assert denial.keys() == {"msg", "at"}
        assert all(isinstance(value, str) for value in denial.values())


@pytest.mark.parametrize("schema", facts_schemas())
@settings(max_examples=10, derandomize=True, deadline=None)
@given(data=st.data())
def test_facts_that_are_made_fit_their_schema(
    schema: str, documents: Callable[[str], SearchStrategy[dict[str, Any]]], data: st.DataObject
) -> None:
    assert _shape(schema).problems(data.draw(documents(schema))) == []


@pytest.mark.parametrize("schema", facts_schemas())
def test_a_facts_schema_is_closed_and_every_key_is_required(schema: str) -> None:
    assert list(_loose(_content(schema), schema)) == []


def _loose(part: object, place: str) -> Iterator[str]:
    """The places of objects in a schema that have optional keys, or allow others."""
    if isinstance(part, dict):
        if part.get("type") == "object" and "properties" in part:
            closed = part.get("additionalProperties") is False
            if not closed or set(part.get("required", ())) != part["properties"].keys():
                yield place
        for key, value in part.items():
            yield from _loose(value, f"{place}.{key}")
    elif isinstance(part, list):
        for value in part:
            yield from _loose(value, place)


@cache
def _shape(schema: str) -> Shape:
    return Shape(_content(schema))


def _content(schema: str) -> dict[str, Any]:
    content: dict[str, Any] = orjson.loads((builtin_rules_folder() / "schemas" / f"{schema}.json").read_bytes())
    return content
