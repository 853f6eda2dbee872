"""Two engines, one answer: every rule's examples, the example systems and the rules' own tests, on both."""

import io
import json
import re
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import wasmtime

from compliance import catalogue, tools
from compliance.data import builtin_rules_folder
from compliance.engine import Engine, builtins, open_engine
from compliance.engine.instance import PolicyInstance
from compliance.engine.rego_values import Value, parse, render
from compliance.model import Facts
from compliance.sources.discovery import Unit, discover
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.manifests import facts
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.sources.reading import Options, read
from compliance.workshop import facts_examples
from compliance.workshop.examples import contradicting

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("parity")]

RULES = builtin_rules_folder()
SYSTEMS = Path(__file__).parents[2] / "examples"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
_TEST = re.compile(r"^(test_\w+) if", re.MULTILINE)
_PACKAGE = re.compile(r"^package (\S+)", re.MULTILINE)


@pytest.fixture
def engines(opa: Path, tool_path: str) -> Iterator[tuple[Engine, Engine]]:  # noqa: ARG001 - opa must be on PATH
    known = catalogue.load()
    both = tuple(open_engine(choice, known) for choice in ("wasm", "opa"))
    yield both[0], both[1]
    for engine in both:
        engine.close()


def told(folder: Path) -> list[Facts]:
    """The facts of everything below a folder, each object joined with all the others, and those written as facts."""
    schemas, inventory = KubernetesSchemas(), Inventory(kubernetes_minor=34)
    readings = [read(unit, schemas, Options(), folder) for unit in discover([str(folder)]) if isinstance(unit, Unit)]
    for reading in readings:
        inventory.add(reading.entries)
    of_manifests = [facts(manifest, inventory) for reading in readings for manifest in reading.manifests]
    of_others = [one for reading in readings for _, one in reading.facts]
    as_facts = [facts_examples.read(file) for file in sorted(folder.glob(f"*/*/examples/*{facts_examples.SUFFIX}"))]
    return [*of_manifests, *of_others, *as_facts]


@pytest.mark.untraced
@pytest.mark.parametrize("folder", [RULES, SYSTEMS], ids=["examples of rules", "example systems"])
def test_both_engines_answer_every_document_alike(engines: tuple[Engine, Engine], folder: Path) -> None:
    known = catalogue.load()
    by_schema: dict[str, list[bytes]] = {}
    for one in told(folder):
        params = {
            rule.id: {name: spec["default"] for name, spec in rule.params.items()}
            for rule in known.for_schema(one.schema)
        }
        by_schema.setdefault(one.schema, []).append(json.dumps({**one.body, "params": params}).encode())
    of_files = {"workload", "network_policy", "namespace", "kubernetes_object", "dockerfile", "terraform"}
    assert by_schema.keys() >= (set(catalogue.facts_schemas()) if folder == RULES else of_files)
    for schema, documents in by_schema.items():
        of_wasm, of_opa = (engine.evaluate(schema, documents) for engine in engines)
        assert of_wasm == of_opa, schema


@pytest.mark.untraced
@pytest.mark.usefixtures("opa", "tool_path")
def test_every_example_does_what_its_name_says() -> None:
    assert [str(problem) for problem in contradicting(RULES, NOW)] == []


@pytest.mark.untraced
def test_every_test_of_a_rule_holds_in_wasm_too(opa: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtins, "BUILTINS", {**builtins.BUILTINS, "json.patch": _patched})
    names = sorted(_tests())
    assert len(names) > 2 * len(catalogue.load().rules)
    module = _compiled(names, opa, tmp_path)
    config = wasmtime.Config()
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    instance = PolicyInstance(engine, wasmtime.Module(engine, module))
    failed = [name for name in names if not _holds(instance, name)]
    assert failed == []


def _patched(document: Value, patch: Value) -> Value:
    """RFC 6902 as far as tests use it to change their data; OPA's Wasm has no `json.patch`, and rules do not use it."""
    value = json.loads(render(document))
    for operation in json.loads(render(patch)):
        *way, last = operation["path"].strip("/").split("/")
        place = value
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        match operation["op"]:
            case "replace" | "add":
                place[int(last) if isinstance(place, list) else last] = operation["value"]
            case "remove":
                del place[int(last) if isinstance(place, list) else last]
    return parse(json.dumps(value))


def _tests() -> Iterator[str]:
    for file in RULES.glob("*/*/*_test.rego"):
        text = file.read_text(encoding="utf-8")
        package = _PACKAGE.search(text)
        assert package is not None
        yield from (f"{package[1].replace('.', '/')}/{name}" for name in _TEST.findall(text))


def _compiled(names: list[str], opa: Path, folder: Path) -> bytes:
    bundle = folder / "bundle.tar.gz"
    entrypoints = [part for name in names for part in ("--entrypoint", name)]
    files = sorted([*RULES.glob("*/*/*.rego"), *RULES.glob("testing/*.rego")])
    done = tools.run([opa, "build", "--target", "wasm", *entrypoints, "--output", bundle, *files], deadline=300)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    with tarfile.open(fileobj=io.BytesIO(bundle.read_bytes())) as archive:
        module = archive.extractfile("/policy.wasm")
        assert module is not None
        return module.read()


def _holds(instance: PolicyInstance, name: str) -> bool:
    answer = json.loads(instance.evaluate(instance.entrypoints[name], b"{}", 30))
    return bool(answer == [{"result": True}])
