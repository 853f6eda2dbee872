"""Which facts a rule looks at, as its Rego tells, and whether that meets what could not be read."""

from __future__ import annotations

import pytest

from compliance import catalogue
from compliance.rule_reads import meets, reads, reads_of


@pytest.mark.parametrize(
    ("rego", "expected"),
    [
        ("deny if count(input.network_policies.ingress) == 0", {"network_policies.ingress"}),
        ("some container in input.containers\ncontainer.image == input.pod.image", {"containers", "pod.image"}),
        ("# input.other\ndeny if input.kind == `input.x` # input", {"kind"}),
        ('msg := concat("", ["the \\"input\\" # of ", input.name])', {"name"}),
        ("deny if inputs.kind", set()),
        ("import input.pod as pod", {"pod"}),
    ],
)
def test_named_facts_are_found(rego: str, expected: set[str]) -> None:
    assert reads(rego) == expected


@pytest.mark.parametrize("rego", ["input[direction]", 'input["services"]', "f(input)", "data.lib.is_bad(input.kind)"])
def test_what_may_look_at_anything_is_not_known(rego: str) -> None:
    assert reads(rego) is None


@pytest.mark.parametrize(
    ("read", "unread", "met"),
    [
        ({"network_policies.ingress"}, {"network_policies", "services"}, ["network_policies"]),
        ({"observability"}, {"observability.scraped_by"}, ["observability.scraped_by"]),
        ({"observability.log_files"}, {"observability.scraped_by"}, []),
        ({"services_of"}, {"services"}, []),
        (None, {"b", "a"}, ["a", "b"]),
    ],
)
def test_a_rule_meets_what_lies_above_or_below_what_it_reads(
    read: set[str] | None, unread: set[str], met: list[str]
) -> None:
    assert meets(None if read is None else frozenset(read), unread) == met


def test_built_in_rules_tell_what_they_read() -> None:
    known = catalogue.load()

    assert "network_policies" in str(reads_of(known, "network_policies.not_isolated_ingress"))
    # Conservative where it must be; if it were so for many, a kind that may not be listed would silence a pack.
    assert sum(reads_of(known, id_) is None for id_ in known.rules) <= 4
