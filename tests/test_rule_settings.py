"""Which rules run, how severe, with which parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.catalogue import Catalogue
from compliance.config import load
from compliance.errors import CatalogueError, ConfigurationError
from compliance.model import Rule, Severity
from compliance.rule_settings import effective_rules

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion

    from compliance.rule_settings import EffectiveRule

TEXTS = {"type": "array", "items": {"type": "string"}, "description": "tags that move"}


def rule(id_: str, *aliases: str, **params: dict[str, Any]) -> Rule:
    return Rule(id_, "title", "why", Severity.MEDIUM, ("workload",), "mend it", "sre", {}, aliases, params)


RULES = (
    rule("probes.missing_liveness", "SHARED"),
    rule("probes.missing_readiness", "CKV_K8S_9", "SHARED"),
    rule("versioned_tags.floating_tag", mutable_tags=TEXTS | {"default": ["latest"]}),
    rule("versioned_tags.registry_not_allowed", registries=TEXTS | {"default": []}),
)
CATALOGUE = Catalogue({each.id: each for each in RULES}, "digest", ())


def effective(folder: Path, text: str, catalogue: Catalogue = CATALOGUE) -> dict[str, EffectiveRule]:
    file = folder / "compliance.yaml"
    file.write_text(text, encoding="utf-8")
    return effective_rules(load(file, start=folder), catalogue)


def on(folder: Path, text: str) -> set[str]:
    return {id_.partition(".")[2] for id_ in effective(folder, text)}


def test_without_a_word_every_rule_runs_as_it_is(tmp_path: Path) -> None:
    rules = effective(tmp_path, "")
    assert list(rules) == [each.id for each in RULES]
    assert {each.severity for each in rules.values()} == {Severity.MEDIUM}
    assert rules["versioned_tags.floating_tag"].params == {"mutable_tags": ["latest"]}
    assert rules["probes.missing_liveness"].params == {}


@pytest.mark.parametrize("name", ["probes.missing_readiness", "CKV_K8S_9", "ckv_k8s_9"])
def test_a_rule_is_turned_off_by_id_or_alias(tmp_path: Path, name: str) -> None:
    assert "missing_readiness" not in on(tmp_path, f"rules: {{{name}: off}}")


def test_a_pack_is_turned_off_by_pattern_or_by_its_own_section(tmp_path: Path) -> None:
    left = {"floating_tag", "registry_not_allowed"}
    assert on(tmp_path, "rules: {probes.*: off}") == left
    assert on(tmp_path, "packs: {probes: {enabled: false}}") == left


@pytest.mark.parametrize(
    "text",
    [
        'rules: {"*": off, probes.missing_liveness: {enabled: true}}',
        'rules: {probes.missing_liveness: {enabled: true}, "*": off}',
        "rules: {probes.*: off, versioned_tags.*: off, probes.missing_liveness: {enabled: true}}",
    ],
)
def test_the_more_exact_word_wins_in_any_order(tmp_path: Path, text: str) -> None:
    assert on(tmp_path, text) == {"missing_liveness"}


def test_a_pattern_wins_over_the_section_of_its_pack(tmp_path: Path) -> None:
    text = "{packs: {probes: {enabled: false}}, rules: {probes.*: {enabled: true}}}"
    assert on(tmp_path, text) == on(tmp_path, "")


def test_what_the_exact_word_leaves_open_the_wider_one_says(tmp_path: Path) -> None:
    rules = effective(tmp_path, "rules: {probes.*: {severity: critical}, probes.missing_liveness: {enabled: true}}")
    assert rules["probes.missing_liveness"].severity is Severity.CRITICAL
    assert rules["versioned_tags.floating_tag"].severity is Severity.MEDIUM


def test_info_is_a_severity_like_the_others(tmp_path: Path) -> None:
    rules = effective(tmp_path, "rules: {probes.*: {severity: high}, probes.missing_liveness: {severity: info}}")
    assert rules["probes.missing_liveness"].severity is Severity.INFO


def test_given_parameters_replace_defaults(tmp_path: Path) -> None:
    rules = effective(tmp_path, "rules: {versioned_tags.floating_tag: {params: {mutable_tags: [edge]}}}")
    assert rules["versioned_tags.floating_tag"].params == {"mutable_tags": ["edge"]}


def test_registries_become_the_parameter_of_their_rule(tmp_path: Path) -> None:
    rules = effective(tmp_path, "registries: [a.example/]")
    assert rules["versioned_tags.registry_not_allowed"].params == {"registries": ["a.example/"]}


def test_mistakes_are_told_with_their_place(tmp_path: Path, snapshot: SnapshotAssertion) -> None:
    mistakes = [
        "rules:\n  probes.mising_readiness: off\n",
        "rules:\n  nonsense: off\n",
        "rules:\n  prob.*: off\n",
        "packs:\n  prob: {fail_on: low}\n",
        "rules:\n  SHARED: off\n",
        "rules:\n  probes.missing_readiness: off\n  CKV_K8S_9: off\n",
        "rules:\n  probes.*:\n    params: {a: 1}\n",
        "rules:\n  versioned_tags.floating_tag:\n    params:\n      mutable_tag: [edge]\n",
        "rules:\n  versioned_tags.floating_tag:\n    params:\n      mutable_tags: [edge, 5]\n",
        "rules:\n  versioned_tags.floating_tag:\n    enabled: false\n    params:\n      mutable_tags: edge\n",
        "registries: [a/]\nrules:\n  versioned_tags.registry_not_allowed:\n    params:\n      registries: [b/]\n",
    ]
    told = []
    for text in mistakes:
        with pytest.raises(ConfigurationError) as caught:
            effective(tmp_path, text)
        told.append(f"{text}-> {caught.value}\n{caught.value.remedy}".replace(f"{tmp_path.as_posix()}/", ""))
    assert "\n\n".join(told) == snapshot


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"$ref": "https://example.org/schema.json"}])
def test_a_rule_whose_parameters_are_no_schema_is_named(tmp_path: Path, schema: dict[str, Any]) -> None:
    broken = Catalogue({"own.rule": rule("own.rule", size=schema)}, "digest", ())
    with pytest.raises(CatalogueError, match=r"the parameters of the rule own\.rule: is no JSON schema"):
        effective(tmp_path, "rules: {own.rule: {params: {size: 1}}}", broken)
