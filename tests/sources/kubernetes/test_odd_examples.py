"""Facts of every rule's examples in which a value has been replaced by one of another type: none may raise."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import yaml

from compliance.data import data_folder
from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body
from compliance.sources.kubernetes.inventory import Inventory

_ODD: tuple[Any, ...] = ([], ["x"], [["x"]], {}, {"a": ["x"]}, "", "x", 1, -1, 0.5, True, None, [{"name": ["x"]}])
_PACKS = sorted(folder.name for folder in data_folder("rules").iterdir() if [*folder.glob("*/examples/*.yaml")])
_EACH = 15


def objects(pack: str) -> Iterator[dict[str, Any]]:
    for file in sorted((data_folder("rules") / pack).glob("*/examples/*.yaml")):
        for value in yaml.safe_load_all(file.read_text()):
            if isinstance(value, dict) and isinstance(value.get("kind"), str):
                yield orjson.loads(orjson.dumps(value, default=str))


def places(value: Any, *way: str | int) -> Iterator[tuple[str | int, ...]]:  # noqa: ANN401 - any value of a document
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*way, key)
        yield from places(inner, *way, key)


def told(value: dict[str, Any]) -> bytes:
    inventory = Inventory(kubernetes_minor=34)
    inventory.add(entry for entry in (entry_of(value),) if entry)
    return orjson.dumps(body(value, (), inventory))


@pytest.mark.untraced
@pytest.mark.parametrize("pack", _PACKS)
def test_a_value_of_another_type_counts_as_absent(pack: str) -> None:
    chosen = random.Random(pack)  # noqa: S311 - no secret, but the same in every run
    for value in objects(pack):
        ways = [way for way in places(value) if way[0] not in {"apiVersion", "kind"}]
        for way in chosen.sample(ways, min(len(ways), _EACH)):
            for odd in _ODD:
                mutant = copy.deepcopy(value)
                inner: Any = mutant
                for key in way[:-1]:
                    inner = inner[key]
                inner[way[-1]] = odd
                told(mutant)
