"""Which image runs, and whether it is the one that was meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.errors import ContentUnavailable
from compliance.sources.drift.images import ImageComparison, ImageId, Resolved, image_id

if TYPE_CHECKING:
    from collections.abc import Callable

_INDEX, _CHILD, _OTHER, _CONFIG = (f"sha256:{letter * 64}" for letter in "abcd")
_NAME = "registry.example.com/web"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{_NAME}@{_CHILD}", ImageId("manifest", _CHILD)),
        (f"docker.io/library/nginx@{_CHILD}", ImageId("manifest", _CHILD)),
        (f"localhost:5000/web@{_CHILD}", ImageId("manifest", _CHILD)),
        (f"docker-pullable://nginx@{_CHILD}", ImageId("manifest", _CHILD)),
        (f"docker://{_CONFIG}", ImageId("configuration", _CONFIG)),
        (_CONFIG, ImageId("configuration", _CONFIG)),
        ("d" * 64, ImageId("configuration", _CONFIG)),
        ("", ImageId("unknown", None)),
        ("nginx:1.27", ImageId("unknown", None)),
        (f"nginx@sha256:{'a' * 63}", ImageId("unknown", None)),
    ],
)
def test_what_runtimes_write(text: str, found: ImageId) -> None:
    assert image_id(text) == found


def _registry(**tags: str) -> Callable[[str], Resolved]:
    images = {
        _INDEX: Resolved(_INDEX, frozenset({_CHILD}), frozenset({_CONFIG})),
        _CHILD: Resolved(_CHILD, configurations=frozenset({_CONFIG})),
        _OTHER: Resolved(_OTHER),
    }

    def resolve(reference: str) -> Resolved:
        name, _, digest = reference.partition("@")
        wanted = digest or tags.get(name.rpartition(":")[2], "")
        if wanted not in images:
            raise ContentUnavailable(f"{reference} is not there")
        return images[wanted]

    return resolve


@pytest.mark.parametrize(
    ("running", "declared", "matches"),
    [
        (ImageId("manifest", _CHILD), _CHILD, True),
        (ImageId("manifest", _CHILD), _INDEX, True),
        (ImageId("manifest", _INDEX), _CHILD, True),
        (ImageId("configuration", _CONFIG), _INDEX, True),
        (ImageId("configuration", _CONFIG), _CHILD, True),
        (ImageId("configuration", _CONFIG), _OTHER, False),
        (ImageId("manifest", _OTHER), _INDEX, False),
        (ImageId("manifest", _OTHER), _CHILD, False),
    ],
)
def test_an_index_and_its_manifest_are_the_same(running: ImageId, declared: str, *, matches: bool) -> None:
    comparison = ImageComparison("Deployment/shop/web", _registry())
    assert comparison.matches(running, f"{_NAME}:1", declared) is matches
    assert comparison.gaps == []


@pytest.mark.parametrize(
    ("running", "declared", "why"),
    [
        (ImageId("unknown", None), _CHILD, "does not say which image runs"),
        (ImageId("manifest", f"sha256:{'e' * 64}"), _CHILD, "cannot be resolved"),
        (ImageId("manifest", _CHILD), f"sha256:{'e' * 64}", "cannot be resolved"),
    ],
)
def test_unknown_is_a_gap_and_no_pass(running: ImageId, declared: str, why: str) -> None:
    comparison = ImageComparison("Deployment/shop/web", _registry())
    assert comparison.matches(running, f"{_NAME}:1", declared) is None
    (gap,) = comparison.gaps
    assert (why in gap.why, gap.rule, gap.about) == (True, "drift.running_image_differs", "Deployment/shop/web")


def test_what_is_not_known_is_a_gap_of_every_rule_that_needs_it() -> None:
    comparison = ImageComparison("Deployment/shop/web", _registry())
    gone = ImageId("manifest", f"sha256:{'e' * 64}")
    assert comparison.matches(gone, f"{_NAME}:1", _CHILD) is None
    assert comparison.moved(gone, Resolved(_CHILD), f"{_NAME}:1") is None
    assert [gap.rule for gap in comparison.gaps] == ["drift.running_image_differs", "drift.tag_moved_since_deployment"]


def test_without_a_registry_only_equal_digests_are_certain() -> None:
    comparison = ImageComparison("x", None)
    assert comparison.matches(ImageId("manifest", _CHILD), f"{_NAME}:1", _CHILD) is True
    assert comparison.gaps == []
    assert comparison.matches(ImageId("manifest", _CHILD), f"{_NAME}:1", _INDEX) is None
    assert [gap.why for gap in comparison.gaps] == [f"no registry was asked what {_NAME}@{_INDEX} is"]


@pytest.mark.parametrize(
    ("running", "tag", "moved"),
    [
        (ImageId("manifest", _INDEX), _INDEX, False),
        (ImageId("manifest", _CHILD), _INDEX, False),
        (ImageId("manifest", _INDEX), _CHILD, False),
        (ImageId("manifest", _OTHER), _INDEX, True),
        (ImageId("manifest", _CHILD), _OTHER, True),
    ],
)
def test_a_tag_has_moved_when_what_runs_is_not_under_it(running: ImageId, tag: str, *, moved: bool) -> None:
    comparison = ImageComparison("x", _registry(v1=tag))
    now = comparison.resolves_to(f"{_NAME}:v1")
    assert now is not None
    assert comparison.moved(running, now, f"{_NAME}:v1") is moved


def test_a_registry_is_asked_once_a_reference() -> None:
    asked: list[str] = []

    def resolve(reference: str) -> Resolved:
        asked.append(reference)
        raise ContentUnavailable("no answer")

    comparison = ImageComparison("x", resolve)
    assert [comparison.resolves_to("nginx"), comparison.resolves_to("nginx:latest")] == [None, None]
    assert (asked, len(comparison.gaps)) == (["docker.io/library/nginx:latest"], 1)


def test_the_configurations_of_an_index_are_asked_for_where_only_they_tell() -> None:
    asked: list[str] = []

    def configurations(reference: str) -> dict[str, frozenset[str]]:
        asked.append(reference)
        return {_CONFIG: frozenset({_CHILD})}

    comparison = ImageComparison("x", lambda _: Resolved(_INDEX, frozenset({_CHILD})), configurations)
    assert comparison.matches(ImageId("manifest", _CHILD), f"{_NAME}:1", _INDEX) is True
    assert asked == []
    assert comparison.matches(ImageId("configuration", _CONFIG), f"{_NAME}:1", _INDEX) is True
    assert comparison.matches(ImageId("configuration", _OTHER), f"{_NAME}:1", _INDEX) is False
    assert set(asked) == {f"{_NAME}@{_INDEX}"}


def test_where_nobody_says_what_is_in_an_index_that_is_a_gap() -> None:
    comparison = ImageComparison("x", lambda _: Resolved(_INDEX, frozenset({_CHILD})))
    assert comparison.matches(ImageId("configuration", _CONFIG), f"{_NAME}:1", _INDEX) is None
    assert [gap.rule for gap in comparison.gaps] == ["drift.running_image_differs"]
