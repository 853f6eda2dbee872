"""Facts by the thousand: Hypothesis strategies made from a facts schema (`rules/schemas/*.json`).

Everything that a schema allows may come, and preferably what is odd: empty and long text, limits of numbers, long
lists, deep raw objects. Names that rules ask for are mixed in, so that their clauses are reached.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson
from hypothesis import strategies as st

from compliance.catalogue import builtin_rules_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hypothesis.strategies import SearchStrategy

    from compliance.catalogue import Catalogue

    Json = Any
    Schema = Mapping[str, Any]

MAX_INTEGER = 2**63 - 1
MIN_INTEGER = -(2**63)
_LONG_LIST = 100
_SAID_ONLY = frozenset({"$schema", "title", "description", "required", "definitions"})
_UNDERSTOOD = frozenset(
    {"type", "anyOf", "enum", "const", "$ref", "items", "properties", "additionalProperties", "minimum", "maximum"}
)
_LITERAL = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
_NAME = re.compile(r"\.([a-z_]\w*)")
_ODD_TEXT = (
    "",
    " ",
    "0",
    "-1",
    "1.2.0",
    "latest",
    "*",
    "/",
    ".",
    "..",
    "[x]",
    "a.b[c].d",
    "${x}",
    "ß\u0130\u0000",
    "x" * 2000,
)
_ODD_NUMBERS = (0, 1, -1, 2**31 - 1, 2**31, 2**53 + 1, MAX_INTEGER, MIN_INTEGER)


def documents(schema: str, catalogue: Catalogue) -> SearchStrategy[dict[str, Json]]:
    """Documents that an engine may be asked about: facts of this schema, and each rule's parameters as by default."""
    content = orjson.loads((builtin_rules_folder() / "schemas" / f"{schema}.json").read_bytes())
    params = {
        rule.id: {name: spec["default"] for name, spec in rule.params.items()} for rule in catalogue.for_schema(schema)
    }
    return facts(content, words(schema, catalogue)).map(lambda body: {**body, "params": params})


def words(schema: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What the rules of a schema compare with and ask for, as their text says."""
    found: set[str] = set()
    for rule in catalogue.for_schema(schema):
        text = (catalogue.folder_of(rule) / f"{rule.id.partition('.')[2]}.rego").read_text(encoding="utf-8")
        code = text.partition("\npackage ")[2]
        found.update(_LITERAL.findall(code))
        found.update(_NAME.findall(code))
    return tuple(sorted(found))


def facts(schema: Schema, vocabulary: Sequence[str] = ()) -> SearchStrategy[dict[str, Json]]:
    """Values that fit a schema.

    Raises:
        ValueError: it uses a keyword that is not understood here.
    """
    return _Maker(schema, vocabulary).values(schema, depth=0)


class _Maker:
    """Makes strategies for the parts of one schema."""

    def __init__(self, root: Schema, vocabulary: Sequence[str]) -> None:
        self._root = root
        self._text = st.one_of(
            [st.sampled_from(some) for some in (vocabulary, _ODD_TEXT) if some] + [st.text(max_size=20)]
        )
        self._any = st.recursive(
            st.none() | st.booleans() | self._text | _integers({}) | st.floats(allow_nan=False, allow_infinity=False),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(self._text, inner, max_size=3),
            max_leaves=12,
        )
        self._referred: dict[str, SearchStrategy[Json]] = {}

    def values(self, schema: Schema, depth: int) -> SearchStrategy[Json]:
        if unknown := schema.keys() - _SAID_ONLY - _UNDERSTOOD:
            raise ValueError(f"no values can be made for the keywords {sorted(unknown)}")
        if "$ref" in schema:
            return self._referenced(schema["$ref"], depth)
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "anyOf" in schema:
            # Behind null nothing is left to judge, so it comes less often.
            options = [option for option in schema["anyOf"] for _ in range(1 if option == {"type": "null"} else 3)]
            return st.one_of([self.values(option, depth) for option in options])
        kinds = schema.get("type", "anything")
        return st.one_of([self._typed(kind, schema, depth) for kind in ([kinds] if isinstance(kinds, str) else kinds)])

    def _referenced(self, reference: str, depth: int) -> SearchStrategy[Json]:
        key = f"{reference} {min(depth, 1)}"
        if key not in self._referred:
            target: Any = self._root
            for step in reference.removeprefix("#").split("/")[1:]:
                target = target[step]
            self._referred[key] = st.deferred(lambda: self.values(target, depth))
        return self._referred[key]

    def _typed(self, kind: str, schema: Schema, depth: int) -> SearchStrategy[Json]:
        makers: dict[str, Callable[[], SearchStrategy[Json]]] = {
            "null": st.none,
            "boolean": st.booleans,
            "string": lambda: self._text,
            "integer": lambda: _integers(schema),
            "number": lambda: _integers(schema) | _floats(schema),
            "array": lambda: self._list(schema, depth),
            "object": lambda: self._mapping(schema, depth),
            "anything": lambda: self._any,
        }
        return makers[kind]()

    def _list(self, schema: Schema, depth: int) -> SearchStrategy[list[Json]]:
        item = self.values(schema.get("items", {}), depth + 1)
        short = st.lists(item, max_size=3) | st.lists(item, min_size=1, max_size=3)
        # Only outer lists are ever long: long lists of long lists would be enormous.
        return short if depth else short | item.map(lambda value: [value] * _LONG_LIST)

    def _mapping(self, schema: Schema, depth: int) -> SearchStrategy[dict[str, Json]]:
        rest = schema.get("additionalProperties", True)
        more = {} if rest is True else rest
        if "properties" not in schema:
            values = self._any if more == {} else self.values(more, depth)
            return st.dictionaries(self._text, values, max_size=3)
        if rest is not False:
            raise ValueError("a schema with properties must be closed")
        return st.fixed_dictionaries({key: self.values(value, depth) for key, value in schema["properties"].items()})


def _integers(schema: Schema) -> SearchStrategy[int]:
    least, most = schema.get("minimum", MIN_INTEGER), schema.get("maximum", MAX_INTEGER)
    odd = [number for number in (least, most, *_ODD_NUMBERS) if least <= number <= most]
    return st.sampled_from(odd) | st.integers(least, most)


def _floats(schema: Schema) -> SearchStrategy[float]:
    return st.floats(schema.get("minimum"), schema.get("maximum"), allow_nan=False, allow_infinity=False)
