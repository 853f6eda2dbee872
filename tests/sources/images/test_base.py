"""Which base an image names, and whether it is what its tag names today."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from compliance.errors import ContentError, ContentUnavailable
from compliance.sources.images.base import Base, CurrentBase, base_facts, current_base, named_base
from compliance.sources.images.limits import Limits
from compliance.supply_chain.content import Platform

if TYPE_CHECKING:
    from types import ModuleType

    from compliance.supply_chain.layout import Layout

_OLD, _NEW = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"
_NAMED = {"org.opencontainers.image.base.name": "debian:12", "org.opencontainers.image.base.digest": _OLD}
_AMD64 = Platform("linux", "amd64")


def _build_information(*sources: dict[str, str]) -> str:
    return base64.b64encode(json.dumps({"sources": sources}).encode()).decode()


_IMAGE = {"type": "docker-image", "ref": "docker.io/library/debian:12", "pin": _OLD}


@pytest.mark.parametrize(
    ("annotations", "labels", "build", "base"),
    [
        (_NAMED, {"org.opencontainers.image.base.name": "alpine"}, None, Base("debian:12", _OLD, "annotation")),
        ({}, _NAMED, None, Base("debian:12", _OLD, "label")),
        ({"org.opencontainers.image.base.name": "debian:12"}, {}, None, Base("debian:12", None, "annotation")),
        (_NAMED | {"org.opencontainers.image.base.digest": "x"}, {}, None, Base("debian:12", None, "annotation")),
        ({}, {}, _build_information(_IMAGE), Base("docker.io/library/debian:12", _OLD, "buildkit")),
        ({}, {}, _build_information(_IMAGE, _IMAGE), None),
        ({}, {}, _build_information({"type": "git", "ref": "x"}), None),
        ({}, {}, "no base64", None),
        ({}, {}, base64.b64encode(b"[]").decode(), None),
        ({}, {}, None, None),
    ],
)
def test_where_an_image_names_its_base(
    annotations: dict[str, str], labels: dict[str, str], build: str | None, base: Base | None
) -> None:
    assert named_base(annotations, labels, build) == base


def _resolve(answers: dict[str, CurrentBase]) -> object:
    def resolve(reference: str) -> CurrentBase:
        if reference not in answers:
            raise ContentUnavailable(f"no answer for {reference}")
        return answers[reference]

    return resolve


@pytest.mark.parametrize(
    ("digest", "answers", "behind", "shared"),
    [
        (_OLD, {"debian:12": CurrentBase(frozenset({_OLD, _NEW}), ("1", "2"))}, False, True),
        (_OLD, {"debian:12": CurrentBase(frozenset({_OLD}), ("1", "9"))}, False, False),
        (
            _OLD,
            {
                "debian:12": CurrentBase(frozenset({_NEW}), ("8", "9")),
                f"docker.io/library/debian@{_OLD}": CurrentBase(frozenset({_OLD}), ("1", "2")),
            },
            True,
            True,
        ),
        (None, {"debian:12": CurrentBase(frozenset({_NEW}), ("1", "2"))}, False, True),
        (None, {"debian:12": CurrentBase(frozenset({_NEW}), ("8", "9"))}, True, False),
        (None, {"debian:12": CurrentBase(frozenset({_NEW}), ())}, True, False),
        (None, {"debian:12": CurrentBase(frozenset({_NEW}), ("1", "2", "3", "4"))}, True, False),
    ],
)
def test_a_base_against_what_its_tag_names_now(
    digest: str | None,
    answers: dict[str, CurrentBase],
    behind: bool,  # noqa: FBT001 - a table
    shared: bool,  # noqa: FBT001 - a table
) -> None:
    facts, gaps = base_facts(Base("debian:12", digest, "label"), ("1", "2", "3"), _resolve(answers))

    assert facts is not None
    assert (facts["behind"], facts["layers_shared"], gaps) == (behind, shared, [])


def test_a_registry_that_does_not_answer_is_a_gap() -> None:
    facts, (gap,) = base_facts(Base("debian:12", _OLD, "label"), (), _resolve({}))

    assert facts is not None
    assert (facts["behind"], facts["layers_shared"]) == (None, None)
    assert (gap.about, gap.why) == ("the base image debian:12", "no answer for debian:12")


def test_an_old_base_that_is_gone_is_behind_and_a_gap() -> None:
    answers = {"debian:12": CurrentBase(frozenset({_NEW}), ())}

    facts, gaps = base_facts(Base("debian:12", _OLD, "label"), (), _resolve(answers))

    assert facts is not None
    assert (facts["behind"], facts["layers_shared"], len(gaps)) == (True, None, 1)


def test_nobody_is_asked_unless_wanted() -> None:
    facts, gaps = base_facts(Base("not a reference", _OLD, "label"), (), None)

    assert facts is not None
    assert (facts["image"], facts["digests_now"], facts["behind"], gaps) == (None, None, None, [])
    assert base_facts(None, (), None) == (None, [])


def test_what_a_tag_names_is_the_index_and_the_image_of_the_platform(layout: Layout, made: ModuleType) -> None:
    amd = made.image(layout, [made.layer(made.tar([("a", "amd64")]))])
    arm = made.image(layout, [made.layer(made.tar([("a", "arm64")]))])
    index = made.index(layout, {"amd64": amd, "arm64": arm}, "12")

    now = current_base(layout, "12", _AMD64, Limits())

    assert now.digests == {index, amd.descriptor.digest}
    assert now.diff_ids == (made.layer(made.tar([("a", "amd64")])).diff_id,)


def test_an_index_without_the_platform_is_refused(layout: Layout, made: ModuleType) -> None:
    made.index(layout, {"arm64": made.image(layout)}, "12")

    with pytest.raises(ContentError, match="no image for linux/amd64"):
        current_base(layout, "12", _AMD64, Limits())


def test_a_tag_may_name_an_image(layout: Layout, made: ModuleType) -> None:
    image = made.image(layout, tag="12")

    assert current_base(layout, "12", _AMD64, Limits()).digests == {image.descriptor.digest}
