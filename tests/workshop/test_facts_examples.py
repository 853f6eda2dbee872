"""Examples that are facts: read, checked against their schema, and judged."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from compliance import catalogue
from compliance.catalogue import builtin_rules_folder
from compliance.errors import CatalogueError
from compliance.model import Subject
from compliance.workshop import facts_examples
from compliance.workshop.examples import contradicting, judged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_PACK = builtin_rules_folder() / "image_signature"
_RULE = """\
# METADATA
# title: Images have a platform
# description: Without one nobody knows where the image can run.
# schemas:
#   - input: schema.image
# custom:
#   severity: low
#   applies_to: [image]
#   owner: development
#   remediation: Build the image for one platform, and say for which.
#   frameworks: {}
#   aliases: []
package rules.house.no_platform

deny contains {"msg": "the image has no platform", "at": "platform"} if input.platform == null
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def example(tmp_path: Path) -> Callable[..., Path]:
    """Write the facts of a sound image with some changes."""

    def write(changes: object, name: str = "fail", schema: str = "image") -> Path:
        file = tmp_path / f"{name}.facts.json"
        file.write_text(json.dumps({"schema": schema, "changes": changes}), encoding="utf-8")
        return file

    return write


@pytest.mark.parametrize("schema", ["image", "live_object"])
def test_no_rule_objects_to_the_facts_that_examples_change(example: Callable[..., Path], schema: str) -> None:
    verdict = judged(example({}, schema=schema), catalogue.load(), _NOW)
    assert (verdict.findings, verdict.gaps) == ((), ())


def test_an_example_gives_sound_facts_with_its_changes(example: Callable[..., Path]) -> None:
    facts = facts_examples.read(example({"/tag/moved": None, "/signatures/0/why": "/~"}))

    assert (facts.schema, facts.subject) == ("image", Subject("Image", "registry.example.com/shop/web"))
    assert (facts.body["tag"]["moved"], facts.body["signatures"][0]["why"]) == (None, "/~")
    assert facts.locate(["signatures", "tag"]) == [None, None]


def test_a_change_may_name_keys_with_slashes_and_tildes(example: Callable[..., Path]) -> None:
    labelled = example({"/labels": {"a/b~c": "before"}, "/labels/a~1b~0c": "after"})
    assert facts_examples.read(labelled).body["labels"] == {"a/b~c": "after"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"schema": "image", "changes": {"/tag": {"moved": True}}}, "tag "),
        ({"schema": "image", "changes": {"/tag/moved": "no"}}, "tag "),
        ({"schema": "image", "changes": {"/owner": "me"}}, "the change '/owner' names nothing"),
        ({"schema": "image", "changes": {"/signatures/7": {}}}, "the change '/signatures/7' names nothing"),
        ({"schema": "image", "changes": {"/signatures/x": {}}}, "the change '/signatures/x' names nothing"),
        ({"schema": "image", "changes": {"": {}}}, "the change '' names nothing"),
        ({"schema": "picture", "changes": {}}, "there are no facts of schema 'picture' to change"),
        ({"schema": "workload", "changes": {}}, "there are no facts of schema 'workload' to change"),
        ({"schema": "../frameworks/pss", "changes": {}}, "there are no facts of schema '../frameworks/pss' to change"),
        ({"schema": "image"}, "changes is missing"),
        ({"schema": "image", "changes": []}, "changes must be a mapping"),
    ],
)
def test_what_does_not_fit_is_refused_with_file_and_path(tmp_path: Path, content: object, message: str) -> None:
    file = tmp_path / "fail.facts.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(CatalogueError) as raised:
        facts_examples.read(file)

    assert raised.value.message.startswith(message)
    assert raised.value.origin is not None
    assert raised.value.origin.file == file.as_posix()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is no JSON"),
        (b"[]", "must be a mapping, not a list"),
        (b" " * (facts_examples.MAX_BYTES + 1), "larger than 4 MiB"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_example_at_all_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    file = tmp_path / "fail.facts.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CatalogueError, match=message):
        facts_examples.read(file)


def test_every_example_that_is_facts_fits_its_schema_and_the_facts_that_its_rule_judges() -> None:
    rules = catalogue.load().rules
    files = sorted(builtin_rules_folder().glob(f"*/*/examples/*{facts_examples.SUFFIX}"))
    judging = {file: rules[f"{file.parents[2].name}.{file.parents[1].name}"].applies_to for file in files}

    assert files
    assert [file for file in files if facts_examples.read(file).schema not in judging[file]] == []


@pytest.mark.parametrize(("kind", "found"), [("fail", ["signatures"]), ("pass", [])])
def test_facts_are_judged_by_the_rules(kind: str, found: list[str]) -> None:
    verdict = judged(_PACK / "unsigned" / "examples" / f"{kind}.facts.json", catalogue.load(), _NOW)

    assert verdict.gaps == ()
    assert [finding.at for finding in verdict.findings if finding.rule == "image_signature.unsigned"] == found


def test_settings_beside_facts_count(example: Callable[..., Path]) -> None:
    file = example({})
    settings = "rules: {image_signature.attestation_missing: {params: {types: [vsa]}}}"
    (file.parent / "compliance.yaml").write_text(settings, encoding="utf-8")

    assert [finding.at for finding in judged(file, catalogue.load(), _NOW).findings] == ["attestations[vsa]"]


@pytest.mark.real
@pytest.mark.usefixtures("opa", "tool_path")
def test_facts_that_contradict_their_rule_or_fit_no_schema_are_told(
    example: Callable[..., Path], tmp_path: Path
) -> None:
    folder = tmp_path / "own" / "house" / "no_platform"
    (folder / "examples").mkdir(parents=True)
    (folder / "no_platform.rego").write_text(_RULE, encoding="utf-8")
    (folder / "no_platform_test.rego").write_text("package rules.house.no_platform_test\n", encoding="utf-8")
    changes: dict[str, object] = {
        "fail": {"/platform": None},
        "fail-with": {},
        "pass": {},
        "pass-without": {"/platform": None},
        "pass-broken": {"/platform": []},
    }
    for name, change in changes.items():
        example(change, name).rename(folder / "examples" / f"{name}.facts.json")

    problems = {
        problem.origin.file.rpartition("/")[2]: problem.message
        for problem in contradicting(tmp_path / "own", _NOW)
        if problem.origin
    }

    broken = problems.pop("pass-broken.facts.json")
    assert broken.startswith("platform [] is not valid")
    assert problems == {
        "fail-with.facts.json": "gives no finding of house.no_platform",
        "pass-without.facts.json": "house.no_platform objects: the image has no platform",
    }
