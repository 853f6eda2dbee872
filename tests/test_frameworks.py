"""The built-in frameworks: every control that a rule can judge is judged, and a bad example turns it red."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from compliance import catalogue
from compliance.data import builtin_rules_folder
from compliance.frameworks import read_frameworks
from compliance.workshop.examples import judged

if TYPE_CHECKING:
    from compliance.model import Rule

_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_KNOWN = catalogue.load()
_FRAMEWORKS = read_frameworks([builtin_rules_folder()])
_CONTROLS = [(name, control) for name, framework in _FRAMEWORKS.items() for control in framework.controls.values()]


def serving(framework: str, control: str) -> list[Rule]:
    return [rule for rule in _KNOWN.rules.values() if control in rule.frameworks.get(framework, ())]


def test_every_control_that_can_be_judged_has_a_rule() -> None:
    without = [f"{name} {c.id}" for name, c in _CONTROLS if c.automated and not serving(name, c.id)]
    assert without == []


def test_no_control_that_needs_a_person_has_a_rule() -> None:
    with_rules = [f"{name} {c.id}" for name, c in _CONTROLS if not c.automated and serving(name, c.id)]
    assert with_rules == []


@pytest.mark.parametrize("name", sorted(_FRAMEWORKS))
def test_a_bad_example_turns_each_control_red(name: str) -> None:
    green = []
    for control in (c.id for framework, c in _CONTROLS if framework == name and c.automated):
        rule = serving(name, control)[0]
        example = min((builtin_rules_folder() / rule.id.replace(".", "/") / "examples").glob("fail*"))
        found = {finding.rule for finding in judged(example, _KNOWN, _NOW).findings}
        if not any(control in _KNOWN.rules[id_].frameworks.get(name, ()) for id_ in found):
            green.append(control)
    assert green == []
