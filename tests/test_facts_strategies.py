"""What the made-up facts of other tests can be: all that a schema allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_TREE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "size", "kind", "parent", "sizes", "raw", "labels"],
    "properties": {
        "name": {"anyOf": [{"type": "string"}, {"type": "null"}]},
        "size": {"$ref": "#/definitions/size"},
        "kind": {"type": "string", "enum": ["leaf", "branch"]},
        "parent": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
        "sizes": {"type": "array", "items": {"$ref": "#/definitions/size"}},
        "raw": {"type": "object"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "definitions": {"size": {"type": "integer", "minimum": 0, "maximum": 9}},
}


@pytest.fixture(scope="module")
def trees(facts_strategies: ModuleType) -> list[Any]:
    made: list[Any] = []

    @settings(max_examples=400, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(facts_strategies.facts(_TREE, ["a word that rules use"]))
    def collect(tree: Any) -> None:  # noqa: ANN401 - any JSON
        made.append(tree)

    collect()
    return made


@pytest.mark.parametrize(
    "wanted",
    [
        lambda tree: tree["name"] is None,
        lambda tree: tree["name"] == "",
        lambda tree: len(tree["name"] or "") > 1000,
        lambda tree: tree["name"] == "a word that rules use",
        lambda tree: tree["size"] == 9,
        lambda tree: tree["kind"] == "branch",
        lambda tree: tree["parent"] is not None and tree["parent"]["parent"] is not None,
        lambda tree: len(tree["sizes"]) >= 100,
        lambda tree: any(isinstance(value, dict) for value in tree["raw"].values()),
        lambda tree: bool(tree["labels"]),
    ],
)
def test_what_a_schema_allows_is_made(trees: list[Any], wanted: Callable[[Any], bool]) -> None:
    assert any(map(wanted, trees))


@pytest.mark.parametrize(
    "schema", [{"type": "string", "pattern": "a"}, {"type": "object", "properties": {"a": {"type": "null"}}}]
)
def test_what_is_not_understood_is_refused(facts_strategies: ModuleType, schema: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^(no values can be made|a schema with properties must be closed)"):
        facts_strategies.facts(schema)
