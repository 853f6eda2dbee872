"""What each rule costs: its time on one document in the Wasm engine, with the reading of the document taken off."""

from __future__ import annotations

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

_SHOWN: Final = 12
_ROUNDS: Final = 9
_MAX_DOCUMENTS: Final = 100


def print_rule_costs(folders: Iterable[Path]) -> None:
    """Print the slowest rules, on the documents in `folders` and the rules' own examples."""
    known = catalogue.load()
    rules = effective_rules(Config(), known)
    bodies = _bodies([*folders, *builtin_rules_folder().glob("*/*/examples")])
    engine = open_engine("wasm", known, deadline=Config().deadline)
    try:
        costs = {
            (schema, id_): _cost(engine, schema, bodies[schema], {id_: rule.params})
            for id_, rule in rules.items()
            for schema in rule.rule.applies_to
            if bodies[schema]
        }
        together = {
            schema: _cost(engine, schema, some, {i: r.params for i, r in rules.items() if schema in r.rule.applies_to})
            for schema, some in bodies.items()
        }
    finally:
        engine.close()
    print(f"\n{'the slowest rules':60}{'a document':>12}")
    for (schema, id_), cost in sorted(costs.items(), key=lambda row: -row[1])[:_SHOWN]:
        print(f"{id_ + ' on ' + schema:60}{cost * 1e6:9.1f} µs")
    for schema, cost in sorted(together.items()):
        count = sum(schema == judged for judged, _ in costs)
        print(f"{f'all {count} rules on {schema}':60}{cost * 1e6:9.1f} µs")


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


def _cost(engine: Engine, schema: str, bodies: Sequence[Mapping[str, Any]], params: Mapping[str, Any]) -> float:
    """Seconds a document: the fastest round with these rules, less the fastest with none."""
    with_rules, without = (
        min(_round(engine, schema, [orjson.dumps({**body, "params": asked}) for body in bodies]))
        for asked in (params, {})
    )
    return max(0.0, with_rules - without) / len(bodies)


def _round(engine: Engine, schema: str, documents: Sequence[bytes]) -> Iterator[float]:
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        engine.evaluate(schema, documents)
        yield time.perf_counter() - started
