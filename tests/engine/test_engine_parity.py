"""Two engines, one answer: sample rules, hard values, and every built-in rule on every example."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from compliance import assessing
from compliance import catalogue as catalogues
from compliance.engine import open_engine
from compliance.errors import EvaluationError
from compliance.workshop import examples as judging_examples
from compliance.workshop.examples import judged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from compliance.catalogue import Catalogue
    from compliance.engine import Engine
    from compliance.engine.results import Result

pytestmark = [pytest.mark.real, pytest.mark.usefixtures("opa_on_path")]

HARD = {
    "hard.text": """
deny contains {"msg": upper(name), "at": lower(name)} if some name in input.names

deny contains {"msg": substring(name, 0, 1), "at": "first"} if some name in input.names

deny contains {"msg": format_int(count(name), 10), "at": name} if some name in input.names

deny contains {"msg": concat(",", sort(input.names)), "at": "all"} if count(input.names) > 0

deny contains {"msg": trim(replace(name, "a", "b"), " b"), "at": "trimmed"} if some name in input.names
""",
    "hard.numbers": """
deny contains {"msg": json.marshal(number), "at": "number"} if some number in input.numbers

deny contains {"msg": format_int(number, 10), "at": "whole"} if {
	some number in input.numbers
	abs(number) < 2147483648
}

deny contains {"msg": "more than a half", "at": "sum"} if sum(input.numbers) > 0.5

deny contains {"msg": "divides", "at": "division"} if {
	some number in input.numbers
	1 / number > 0
}

deny contains {"msg": "is a number", "at": "text"} if {
	some name in input.names
	to_number(name) == 1
}
""",
    "hard.matching": """
deny contains {"msg": name, "at": "regex"} if {
	some name in input.names
	regex.match(input.pattern, name)
}

deny contains {"msg": name, "at": "glob"} if {
	some name in input.names
	glob.match("*a*", [], name)
}

deny contains {"msg": found, "at": "found"} if {
	some name in input.names
	some found in regex.find_n(input.pattern, name, -1)
}

deny contains {"msg": found, "at": "once"} if {
	some name in input.names
	some found in regex.find_n(input.pattern, name, 1)
}

deny contains {"msg": name, "at": "network"} if {
	some name in input.names
	net.cidr_contains("10.0.0.0/8", name)
}
""",
    "hard.shapes": """
deny contains {"msg": concat("/", [sprintf("%v", [step]) | some step in path]), "at": "path"} if {
	[path, value] := walk(input.tree)
	is_string(value)
}

deny contains {"msg": sprintf("%v", [input.tree]), "at": "tree"} if input.tree != null

deny contains {"msg": key, "at": "union"} if some key, _ in object.union(input.tree, {"more": 1})

deny contains {"msg": sprintf("%d", [count({value | [_, value] := walk(input.tree)})]), "at": "values"}

deny contains {"msg": "subset", "at": "subset"} if object.subset(input.tree, {"a": {"b": null}})
""",
    "hard.hosted": """
deny contains {"msg": sprintf("%s is %5.2f%% of %d|%v|%q", [name, 12.345, 7, {"b", "a"}, name]), "at": "sprintf"} if {
	some name in input.names
}

deny contains {"msg": sprintf("%v", [semver.compare(name, "1.2.3")]), "at": "semver"} if some name in input.names

deny contains {"msg": sprintf("%v", [units.parse(name)]), "at": "units"} if some name in input.names

deny contains {"msg": sprintf("%v", [units.parse_bytes(name)]), "at": "bytes"} if some name in input.names

deny contains {"msg": sprintf("%v", [yaml.unmarshal(name)]), "at": "yaml"} if some name in input.names

deny contains {"msg": crypto.sha256(name), "at": "sha256"} if some name in input.names

deny contains {"msg": sprintf("%v", [time.parse_rfc3339_ns(name)]), "at": "time"} if some name in input.names

deny contains {"msg": name, "at": "prefix"} if {
	some name in input.names
	strings.any_prefix_match(name, {"a", "1"})
}
""",
    "hard.conflict": """
_kind(tree) := "a" if tree.a

_kind(tree) := "z" if tree.z

deny contains {"msg": _kind(input.tree), "at": "tree"}
""",
    "hard.twice": """
deny := {"msg": "not a set"} if input.tree.a

deny := [input.numbers] if input.tree.z
""",
    "hard.undefined": """
deny contains {"msg": input.nothing.at.all, "at": "nothing"}

deny contains {"msg": "no null", "at": "null"} if not input.nothing

deny contains {"msg": "null", "at": "null"} if input.tree.a.b == null
""",
    "hard.absent": """
allow := true
""",
}
NAMES = [
    "",
    "a",
    "aha",
    " ba b",
    "Zoë",
    "日本",
    "😀",
    "1",
    "1.0",
    "v1.2.4",
    "10Ki",
    "1.5G",
    "10.1.2.3",
    "{a: [1, yes]}",
]
DOCUMENTS: list[dict[str, Any]] = [
    {"names": [], "numbers": [], "tree": None, "pattern": ""},
    {"names": NAMES, "numbers": [], "tree": {}, "pattern": "a+"},
    {"names": NAMES, "numbers": [1, 0, -1, 1.0, 1.5, 1e3, 0.1, 2**53 + 1, 1e-7], "tree": [], "pattern": "^.$"},
    {
        "names": ["2024-02-29T12:34:56Z", 'line\nbreak\t"quoted" \\ \u0001 \u2028'],
        "numbers": [0.2, 0.3],
        "pattern": "(",
    },
    {"names": ["baaac", "", "日a日"], "pattern": "a*"},
    {"names": ["one two", "x_1", "日本 語"], "pattern": "\\b|\\w"},
    {"names": ["aaa\naaa"], "pattern": "(?m)^a|a$"},
    {"names": ["b", "a", "a"], "numbers": [-5], "tree": {"a": {"b": None, "c": ["x", {"d": "y"}]}, "n": 1.50}},
    {"names": [None, 1, {}], "numbers": ["1", None], "tree": {"a": True, "z": True}, "pattern": "\\pL"},
    {"names": ["(?i)A", "aAaB"], "numbers": [123456789012345678901234567890], "tree": "text", "pattern": "(?i)(a)(b)?"},
    {},
]


ECHOES = {
    "echo.value": """
deny := input.value
""",
    "echo.texts": """
deny contains {"msg": concat("|", sort([text | [_, text] := walk(input.value); is_string(text)])), "at": "texts"}
""",
    "echo.shown": """
deny contains {"msg": sprintf("%v", [input.value]), "at": "shown"}
""",
}
CHARACTERS = 'ab"\\\n\0ü日😀\u2028<&\x7f /é'
NUMBERS = (0, -1, 2**63 - 1, 2**64 - 1, 2**53 + 1, 0.1, -0.0, 1.0, 1e20, 1e21, 1e300, 5e-324, 123456789.123)


@dataclass
class Both:
    """Asks two engines, and is content only when they agree."""

    engines: tuple[Engine, Engine]
    name: str = "wasm"
    compared: int = 0
    differences: list[tuple[str, bytes, Result, Result]] = field(default_factory=list)

    def evaluate(self, schema: str, inputs: Sequence[bytes]) -> list[Result]:
        """Evaluate on both; what differs is kept."""
        ours, theirs = (engine.evaluate(schema, inputs) for engine in self.engines)
        for document, one, other in zip(inputs, ours, theirs, strict=True):
            self.compared += 1
            if not same(one, other):
                self.differences.append((schema, document, one, other))
        return ours

    def close(self) -> None:
        """Stay open for the next scan."""


def same(one: Result, other: Result) -> bool:
    if isinstance(one, EvaluationError) or isinstance(other, EvaluationError):
        return isinstance(one, EvaluationError) and isinstance(other, EvaluationError)
    return dict(one) == dict(other)


@pytest.fixture
def both() -> Iterator[Callable[[Catalogue], Both]]:
    opened: list[Engine] = []

    def make(rules: Catalogue) -> Both:
        engines = tuple(open_engine(choice, rules, deadline=10) for choice in ("wasm", "opa"))
        opened.extend(engines)
        return Both((engines[0], engines[1]))

    yield make
    for engine in opened:
        engine.close()


def test_hard_values_come_out_alike(
    both: Callable[[Catalogue], Both], catalogue: Callable[[dict[str, str]], Catalogue]
) -> None:
    engines = both(catalogue(HARD))
    for id_ in HARD:
        documents = [json.dumps({"params": {id_: {}}, **facts}).encode() for facts in DOCUMENTS]
        engines.evaluate("workload", documents)
    engines.evaluate("workload", [json.dumps({"params": {id_: {} for id_ in HARD}}).encode()])
    engines.evaluate("namespace", [b'{"params": {}}', b"null", b"[]"])
    assert engines.compared == len(HARD) * len(DOCUMENTS) + 4
    assert engines.differences == []


def test_any_json_goes_through_both_unchanged(
    both: Callable[[Catalogue], Both], catalogue: Callable[[dict[str, str]], Catalogue]
) -> None:
    engines = both(catalogue(ECHOES))
    chance = random.Random(11)  # noqa: S311 - reproducible documents
    values = [any_json(chance, 0) for _ in range(500)]
    params: dict[str, Any] = {id_: {} for id_ in ECHOES}
    engines.evaluate("workload", [json.dumps({"params": params, "value": value}).encode() for value in values])
    assert engines.compared == 500
    assert engines.differences == []


def any_json(chance: random.Random, depth: int) -> object:
    kind = chance.random()
    if depth > 4 or kind < 0.5:
        text = "".join(chance.choices(CHARACTERS, k=chance.randint(0, 6)))
        return chance.choice([None, True, False, text, text, *NUMBERS])
    items = [any_json(chance, depth + 1) for _ in range(chance.randint(0, 4))]
    return items if kind < 0.75 else {"".join(chance.choices(CHARACTERS, k=3)): item for item in items}


def test_what_opas_wasm_cannot_do_is_an_error_there_and_no_other_answer(
    both: Callable[[Catalogue], Both], catalogue: Callable[[dict[str, str]], Catalogue]
) -> None:
    engines = both(catalogue({"large.number": '\ndeny contains {"msg": format_int(input.n, 10), "at": "n"}\n'}))
    for number, kind in ((2**31 - 1, dict), (2**31, EvaluationError)):
        document = json.dumps({"params": {"large.number": {}}, "n": number}).encode()
        (ours,), (theirs,) = (engine.evaluate("workload", [document]) for engine in engines.engines)
        assert isinstance(ours, kind)
        assert theirs == {"large.number": [{"msg": str(number), "at": "n"}]}


@pytest.mark.untraced
def test_every_built_in_rule_gives_one_answer_on_every_example(
    both: Callable[[Catalogue], Both], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = catalogues.load()
    engines = both(known)
    for module in (assessing, judging_examples):
        monkeypatch.setattr(module, "open_engine", lambda *_args, **_options: engines)
    for example in examples(known):
        judged(example, known, datetime(2026, 1, 1, tzinfo=UTC))
    assert engines.compared >= len(known.rules)
    assert engines.differences == []


def examples(known: Catalogue) -> Iterator[Path]:
    for rule in known.rules.values():
        for example in sorted((known.folder_of(rule) / "examples").iterdir()):
            if example.name.startswith(("pass", "fail")):
                yield example
