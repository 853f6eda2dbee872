"""What each rule costs: its time on one document in the Wasm engine, with the reading of the document taken off."""

from __future__ import annotations

import math
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance import catalogue
from compliance.config import Config
from compliance.data import builtin_rules_folder
from compliance.engine import open_engine
from compliance.rule_settings import effective_rules
from compliance.sources.discovery import Unit, discover
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import facts
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, Reading, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from compliance.engine import Engine
    from compliance.rule_settings import EffectiveRule

_SHOWN: Final = 12
_ROUNDS: Final = 12
_MAX_DOCUMENTS: Final = 50
_ALL: Final = "all"
_NONE: Final = "none"


def print_rule_costs(folders: Iterable[Path]) -> None:
    """Print the slowest rules, on the documents in `folders` and the rules' own examples."""
    known = catalogue.load()
    rules = effective_rules(Config(), known)
    questions = _questions(rules, _bodies([*folders, *builtin_rules_folder().glob("*/*/examples")]))
    engine = open_engine("wasm", known, deadline=Config().deadline)
    try:
        costs = _costs(engine, questions)
    finally:
        engine.close()
    alone = {key: cost for key, cost in costs.items() if key[1] != _ALL}
    print(f"\n{'the slowest rules':60}{'a document':>12}")
    for (schema, id_), cost in sorted(alone.items(), key=lambda row: -row[1])[:_SHOWN]:
        print(f"{id_ + ' on ' + schema:60}{cost * 1e6:9.1f} µs")
    for (schema, _), cost in sorted(costs.items() - alone.items()):
        count = sum(schema == judged for judged, _ in alone)
        print(f"{f'all {count} rules on {schema}':60}{cost * 1e6:9.1f} µs")


def _questions(
    rules: Mapping[str, EffectiveRule], bodies: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[tuple[str, str], list[bytes]]:
    """What is asked of the engine: each rule alone, all of a facts schema together, and none."""
    asked: dict[tuple[str, str], list[bytes]] = {}
    for schema, some in bodies.items():
        params = {id_: dict(rule.params) for id_, rule in rules.items() if schema in rule.rule.applies_to}
        sets = {**{id_: {id_: own} for id_, own in params.items()}, _ALL: params, _NONE: {}}
        for name, chosen in sets.items():
            asked[schema, name] = [orjson.dumps({**body, "params": chosen}) for body in some]
    return asked


def _costs(engine: Engine, questions: Mapping[tuple[str, str], list[bytes]]) -> dict[tuple[str, str], float]:
    """Seconds a document: the fastest of several rounds, less the fastest with no rule; the rounds are far apart."""
    fastest: dict[tuple[str, str], float] = dict.fromkeys(questions, math.inf)
    for _ in range(_ROUNDS):
        for (schema, name), documents in questions.items():
            started = time.perf_counter()
            engine.evaluate(schema, documents)
            took = (time.perf_counter() - started) / len(documents)
            fastest[schema, name] = min(fastest[schema, name], took)
    return {
        (schema, name): max(0.0, took - fastest[schema, _NONE])
        for (schema, name), took in fastest.items()
        if name != _NONE
    }


def _bodies(folders: Iterable[Path]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Documents by facts schema, as many of each as the measurement needs."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    schemas = KubernetesSchemas()
    for reading in _readings(folders, schemas):
        inventory = Inventory(kubernetes_minor=schemas.minor)
        inventory.add(reading.entries)
        told = [facts(manifest, inventory) for manifest in reading.manifests] + [one for _, one in reading.facts]
        for one in told:
            if len(found[one.schema]) < _MAX_DOCUMENTS:
                found[one.schema].append(one.body)
    return found


def _readings(folders: Iterable[Path], schemas: KubernetesSchemas) -> Iterator[Reading]:
    for folder in folders:
        units = (unit for unit in discover([str(folder)], (), folder) if isinstance(unit, Unit))
        yield from (read(unit, schemas, Options(), folder) for unit in units)
