"""The generated entry point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance import tools
from compliance.catalogue import Catalogue
from compliance.engine import entry
from compliance.model import Rule, Severity

if TYPE_CHECKING:
    from pathlib import Path

    from syrupy.assertion import SnapshotAssertion


def rule(id_: str, *schemas: str) -> Rule:
    return Rule(id_, "t", "d", Severity.LOW, schemas, "r", "sre")


RULES = [rule("probes.missing_readiness", "workload"), rule("naming.too_long", "namespace", "workload")]
CATALOGUE = Catalogue({one.id: one for one in RULES}, "0123abcd", ())


def test_each_facts_schema_answers_with_the_rules_that_judge_it(snapshot: SnapshotAssertion) -> None:
    assert entry.entry_rego(CATALOGUE, ["workload", "terraform", "namespace"]) == snapshot


def test_the_text_does_not_hang_on_the_order_of_rules_or_schemas() -> None:
    turned = Catalogue(dict(reversed(CATALOGUE.rules.items())), CATALOGUE.digest, ())
    assert entry.entry_rego(turned, ["b", "a"]) == entry.entry_rego(CATALOGUE, ["a", "b"])


def test_only_rules_that_search_text_bring_regular_expressions_into_the_module() -> None:
    assert "regex" not in entry.render({"workload": []}, "d")
    assert "regex_find_n := " in entry.render({"workload": []}, "d", finds=True)
    assert entry.entrypoints(["workload"], finds=True) == (
        "compliance/entry/digest",
        "compliance/entry/workload",
        "compliance/entry/regex_find_n",
    )


@pytest.mark.real
def test_the_text_is_formatted_as_opa_formats(opa: Path, tmp_path: Path) -> None:
    file = tmp_path / "entry.rego"
    file.write_text(entry.entry_rego(CATALOGUE, ["workload", "terraform"], finds=True), encoding="utf-8")
    done = tools.run([opa, "fmt", "--list", str(file)], deadline=30)
    assert (done.returncode, done.stdout) == (0, b"")
