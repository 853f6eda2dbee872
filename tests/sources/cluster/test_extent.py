"""What a reading can speak for: only what it would have met."""

from __future__ import annotations

from dataclasses import replace

import pytest

from compliance.model import Subject
from compliance.sources.cluster.extent import Extent

WHOLE = Extent(
    namespaces=frozenset({"shop", "bank"}), kinds=frozenset({"Deployment", "ClusterRole", "Namespace"}), known=True
)
WEB = Subject("Deployment", "web", "shop", "unit")
ROLE = Subject("ClusterRole", "admin", None, "unit")
SHOP = Subject("Namespace", "shop", None, "unit")


@pytest.mark.parametrize("subject", [WEB, ROLE, SHOP])
def test_what_a_whole_reading_did_not_meet_is_not_there(subject: Subject) -> None:
    assert WHOLE.covers(subject)


@pytest.mark.parametrize(
    ("extent", "subject"),
    [
        (replace(WHOLE, known=False), WEB),
        (replace(WHOLE, namespaces=frozenset({"bank"})), WEB),
        (replace(WHOLE, namespaces=frozenset({"bank"})), SHOP),
        (replace(WHOLE, kinds=frozenset({"ClusterRole"})), WEB),
        (replace(WHOLE, unread=frozenset({("Deployment", None)})), WEB),
        (replace(WHOLE, unread=frozenset({("Deployment", "shop")})), WEB),
        (replace(WHOLE, named=True), ROLE),
        (Extent(), WEB),
    ],
    ids=["discovery", "namespace", "own namespace", "kind", "all lists", "one list", "cluster", "nothing"],
)
def test_what_was_not_looked_at_may_still_be_there(extent: Extent, subject: Subject) -> None:
    assert not extent.covers(subject)


def test_a_list_that_failed_elsewhere_does_not_matter() -> None:
    assert replace(WHOLE, unread=frozenset({("Deployment", "bank"), ("Pod", None)})).covers(WEB)


def test_a_named_namespace_is_covered_itself() -> None:
    assert replace(WHOLE, named=True).covers(SHOP)
