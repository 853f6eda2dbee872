"""Facts by the thousand: documents made from a facts schema (`rules/schemas/*.json`).

Everything that a schema allows may come, and preferably what is odd: empty and long text, limits of numbers, long
lists, deep raw objects. Names that rules ask for are mixed in, so that their clauses are reached.

One document takes thousands of choices, more than Hypothesis keeps account of; so it chooses a seed, and a document
follows from that. A failing one is found again by its seed, and is not made smaller.
"""

from __future__ import annotations

import re
from random import Random
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
_MOST_ITEMS = 3
_MOST_RAW_DEPTH = 4
_SEEDS = 2**32
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
    _refuse_what_is_not_understood(schema)
    return st.integers(0, _SEEDS).map(lambda seed: _Maker(schema, vocabulary, _random(seed)).value(schema, depth=0))


def _refuse_what_is_not_understood(schema: Schema) -> None:
    if unknown := schema.keys() - _SAID_ONLY - _UNDERSTOOD:
        raise ValueError(f"no values can be made for the keywords {sorted(unknown)}")
    if "properties" in schema and schema.get("additionalProperties", True) is not False:
        raise ValueError("a schema with properties must be closed")
    rest = schema.get("additionalProperties")
    parts = [*schema.get("properties", {}).values(), *schema.get("definitions", {}).values(), *schema.get("anyOf", ())]
    for part in [*parts, *(one for one in (rest, schema.get("items")) if isinstance(one, dict))]:
        _refuse_what_is_not_understood(part)


def _random(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - it guards nothing


class _Maker:
    """Makes values for the parts of one schema."""

    def __init__(self, root: Schema, vocabulary: Sequence[str], random: Random) -> None:
        self._root = root
        self._vocabulary = vocabulary
        self._random = random

    def value(self, schema: Schema, depth: int) -> Json:
        if "$ref" in schema:
            return self.value(self._referred(schema["$ref"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self._random.choice(schema["enum"])
        if "anyOf" in schema:
            # Behind null nothing is left to judge, so it comes less often.
            weights = [1 if option == {"type": "null"} else 3 for option in schema["anyOf"]]
            return self.value(self._random.choices(schema["anyOf"], weights)[0], depth)
        kinds = schema.get("type", "anything")
        return self._typed(kinds if isinstance(kinds, str) else self._random.choice(kinds), schema, depth)

    def _referred(self, reference: str) -> Schema:
        target: Any = self._root
        for step in reference.removeprefix("#").split("/")[1:]:
            target = target[step]
        referred: Schema = target
        return referred

    def _typed(self, kind: str, schema: Schema, depth: int) -> Json:
        makers: dict[str, Callable[[], Json]] = {
            "null": lambda: None,
            "boolean": lambda: self._random.random() < 0.5,
            "string": self._text,
            "integer": lambda: self._integer(schema),
            "number": lambda: self._random.choice((self._integer, self._float))(schema),
            "array": lambda: self._list(schema, depth),
            "object": lambda: self._mapping(schema, depth),
            "anything": lambda: self._anything(0),
        }
        return makers[kind]()

    def _list(self, schema: Schema, depth: int) -> list[Json]:
        items = schema.get("items", {})
        # Only outer lists are ever long: long lists of long lists would be enormous.
        if not depth and self._random.random() < 0.1:
            return [self.value(items, depth + 1)] * _LONG_LIST
        return [self.value(items, depth + 1) for _ in range(self._random.randint(0, _MOST_ITEMS))]

    def _mapping(self, schema: Schema, depth: int) -> dict[str, Json]:
        rest = schema.get("additionalProperties", True)
        if "properties" not in schema:
            count = self._random.randint(0, _MOST_ITEMS)
            if rest is True:
                return {self._text(): self._anything(0) for _ in range(count)}
            return {self._text(): self.value(rest, depth) for _ in range(count)}
        return {key: self.value(value, depth) for key, value in schema["properties"].items()}

    def _anything(self, depth: int) -> Json:
        leaf = self._random.randint(0, 4)
        if depth < _MOST_RAW_DEPTH and leaf == 0:
            return [self._anything(depth + 1) for _ in range(self._random.randint(0, _MOST_ITEMS))]
        if depth < _MOST_RAW_DEPTH and leaf == 1:
            return {self._text(): self._anything(depth + 1) for _ in range(self._random.randint(0, _MOST_ITEMS))}
        return self._random.choice((None, True, False, self._text(), self._integer({}), self._float({})))

    def _text(self) -> str:
        some = self._random.choice((self._vocabulary, self._vocabulary, _ODD_TEXT))
        if some:
            return self._random.choice(some)
        return "".join(chr(self._random.randint(1, 0xD7FF)) for _ in range(self._random.randint(0, 20)))

    def _integer(self, schema: Schema) -> int:
        least, most = schema.get("minimum", MIN_INTEGER), schema.get("maximum", MAX_INTEGER)
        odd = [number for number in (least, most, *_ODD_NUMBERS) if least <= number <= most]
        return self._random.choice((*odd, self._random.randint(least, most), self._random.randint(least, most)))

    def _float(self, schema: Schema) -> float:
        least, most = schema.get("minimum", -1e9), schema.get("maximum", 1e9)
        return self._random.choice((float(least), float(most), self._random.uniform(least, most)))
