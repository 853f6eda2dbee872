"""Whether what runs is vouched for: by which digests it may be signed, and what stays unknown."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from compliance.errors import AccessDenied, ContentNotFound, ContentUnavailable
from compliance.sources.drift.images import ImageId, Resolved
from compliance.sources.drift.signatures import Doors, RunningImage, Verdict, Vouching, running_image, vouched

if TYPE_CHECKING:
    from collections.abc import Mapping

_INDEX, _CHILD, _SIBLING, _OTHER, _CONFIG = (f"sha256:{letter * 64}" for letter in "abcde")
_NAME = "registry.example.com/web"
_REFUSED = Verdict(signed=False, why="by the policy release, nobody signed it")
_UNDECIDED = Verdict(None, "by the policy release, a blob cannot be read")


@dataclass
class _Registry:
    """A registry with an index of two images and an image apart, of which some are signed."""

    signed: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)
    tells_of_tags: bool = True

    def resolve(self, reference: str) -> Resolved:
        images = {
            _INDEX: Resolved(_INDEX, frozenset({_CHILD, _SIBLING})),
            _CHILD: Resolved(_CHILD, configurations=frozenset({_CONFIG})),
            _OTHER: Resolved(_OTHER),
        }
        name, _, digest = reference.partition("@")
        wanted = digest or self.tags.get(name.rpartition(":")[2], "")
        if not digest and not self.tells_of_tags:
            raise ContentUnavailable("no answer")
        if wanted not in images:
            raise ContentNotFound(f"{reference} is not there")
        return images[wanted]

    def verify(self, repository: str, digests: tuple[str, ...]) -> Verdict:
        self.asked.append(digests)
        assert repository == _NAME
        if self.missing & set(digests):
            raise ContentNotFound("it is not there")
        if self.signed & set(digests):
            return Verdict(signed=True)
        return _UNDECIDED if self.undecided & set(digests) else _REFUSED

    def vouched(self, running: ImageId, image: str = f"{_NAME}:v1", digest: str | None = None) -> Verdict:
        asked = running_image(image, running, digest)
        assert asked is not None
        inside = {f"{_NAME}@{_INDEX}": {_CONFIG: frozenset({_CHILD})}}
        return vouched(asked, Doors(self.resolve, inside.__getitem__, self.verify))


def _manifest(digest: str) -> ImageId:
    return ImageId("manifest", digest)


@pytest.mark.parametrize(
    ("image", "digest", "known"),
    [
        (f"{_NAME}:v1", None, (f"{_NAME}:v1",)),
        (_NAME, None, (f"{_NAME}:latest",)),
        (f"{_NAME}:v1", _INDEX, (f"{_NAME}@{_INDEX}", f"{_NAME}:v1")),
        (f"{_NAME}:v1", _CHILD, (f"{_NAME}:v1",)),
        (f"{_NAME}:v1@{_INDEX}", _INDEX, (f"{_NAME}@{_INDEX}",)),
        (f"{_NAME}@{_CHILD}", _CHILD, ()),
    ],
)
def test_what_an_image_may_be_known_by(image: str, digest: str | None, known: tuple[str, ...]) -> None:
    assert running_image(image, _manifest(_CHILD), digest) == RunningImage(_NAME, _manifest(_CHILD), known)


def test_what_is_no_reference_is_in_no_repository() -> None:
    assert running_image("A B", _manifest(_CHILD), None) is None


@pytest.mark.parametrize(
    ("signed", "tag", "running", "holds"),
    [
        ({_OTHER}, _OTHER, _manifest(_OTHER), True),
        ({_CHILD}, _INDEX, _manifest(_CHILD), True),
        ({_INDEX}, _INDEX, _manifest(_CHILD), True),
        ({_INDEX}, _INDEX, _manifest(_INDEX), True),
        ({_INDEX}, _OTHER, _manifest(_OTHER), False),
        ({_INDEX}, _OTHER, _manifest(_CHILD), False),
        ({_OTHER}, _OTHER, _manifest(_CHILD), False),
        ({_INDEX}, _INDEX, ImageId("configuration", _CONFIG), True),
        ({_CHILD}, _INDEX, ImageId("configuration", _CONFIG), True),
        ({_CHILD}, _CHILD, ImageId("configuration", _CONFIG), True),
        ({_SIBLING}, _INDEX, ImageId("configuration", _CONFIG), False),
    ],
)
def test_an_image_is_signed_by_its_digest_or_that_of_an_index_that_it_is_in(
    signed: set[str], tag: str, running: ImageId, *, holds: bool
) -> None:
    verdict = _Registry(frozenset(signed), tags={"v1": tag}).vouched(running)
    assert verdict == (Verdict(signed=True) if holds else _REFUSED)


def test_the_index_may_be_the_declared_one() -> None:
    registry = _Registry(frozenset({_INDEX}))
    assert registry.vouched(_manifest(_CHILD), f"{_NAME}:v1@{_INDEX}", _INDEX) == Verdict(signed=True)
    assert registry.asked == [(_CHILD, _INDEX)]


@pytest.mark.parametrize(
    ("signed", "undecided", "missing", "verdict"),
    [
        ({_CHILD, _SIBLING}, set(), set(), Verdict(signed=True)),
        ({_CHILD}, set(), set(), _REFUSED),
        ({_CHILD}, {_SIBLING}, set(), _UNDECIDED),
        (set(), {_CHILD}, set(), _REFUSED),
        ({_CHILD}, set(), {_SIBLING}, _REFUSED),
    ],
)
def test_an_index_that_nobody_signed_is_vouched_for_where_all_its_images_are(
    signed: set[str], undecided: set[str], missing: set[str], verdict: Verdict
) -> None:
    registry = _Registry(frozenset(signed), frozenset(undecided), frozenset(missing), {"v1": _INDEX})
    assert registry.vouched(_manifest(_INDEX)) == verdict


def test_a_tag_that_is_gone_decides_nothing() -> None:
    assert _Registry(frozenset({_OTHER})).vouched(_manifest(_OTHER)) == Verdict(signed=True)
    assert _Registry(frozenset({_INDEX})).vouched(_manifest(_OTHER)) == _REFUSED


def test_a_tag_that_nobody_tells_of_may_decide_where_there_is_no_signature_without_it() -> None:
    assert _Registry(frozenset({_OTHER}), tells_of_tags=False).vouched(_manifest(_OTHER)) == Verdict(signed=True)
    why = f"{_NAME}:v1, which it may be in, cannot be resolved: no answer"
    for running in (_manifest(_CHILD), ImageId("configuration", _CONFIG)):
        assert _Registry(frozenset({_INDEX}), tells_of_tags=False).vouched(running) == Verdict(None, why)


@pytest.mark.parametrize(
    ("running", "tag", "why"),
    [
        (ImageId("unknown", None), _INDEX, "the node does not say which image it is"),
        (ImageId("configuration", _CONFIG), "", f"no image of that configuration is in {_NAME}:v1"),
        (ImageId("configuration", _CONFIG), _OTHER, f"no image of that configuration is in {_NAME}:v1"),
        (ImageId("configuration", _OTHER), _INDEX, f"no image of that configuration is in {_NAME}:v1"),
    ],
)
def test_what_may_be_signed_as_something_that_is_not_known_is_neither_signed_nor_unsigned(
    running: ImageId, tag: str, why: str
) -> None:
    verdict = _Registry(tags={"v1": tag}).vouched(running)
    assert (verdict.signed, verdict.why) == (None, why)


# --- as facts


def _told(answer: Verdict | Exception | None, image: str = f"{_NAME}:v1") -> tuple[object, object, list[str]]:
    def ask(_running: RunningImage) -> Verdict | None:
        if isinstance(answer, Exception):
            raise answer
        return answer

    vouching = Vouching("Deployment/shop/web", ask)
    told, again = (vouching.told(image, _manifest(_CHILD), None) for _ in range(2))
    assert told == again
    assert {gap.rule for gap in vouching.gaps} <= {"drift.running_image_unsigned"}
    return told["signed"], told["unsigned_because"], [gap.why for gap in vouching.gaps]


@pytest.mark.parametrize("answer", [None, Verdict(signed=True)])
def test_what_is_signed_or_covered_by_no_policy_is_told_so(answer: Verdict | None) -> None:
    assert _told(answer) == (answer and answer.signed, None, [])


def test_what_is_not_signed_says_what_is_missing() -> None:
    assert _told(_REFUSED) == (False, _REFUSED.why, [])


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (_UNDECIDED, "by the policy release, a blob cannot be read"),
        (ContentUnavailable("no answer"), "no answer"),
        (AccessDenied("credentials are wanted"), "credentials are wanted"),
    ],
)
def test_what_nobody_can_tell_is_one_gap_and_no_pass(answer: Verdict | Exception, why: str) -> None:
    assert _told(answer) == (None, None, [f"whether {_NAME}@{_CHILD} is signed cannot be told: {why}"])


def test_where_nobody_is_asked_nothing_is_said() -> None:
    vouching = Vouching("Deployment/shop/web", None)
    assert vouching.told(f"{_NAME}:v1", _manifest(_CHILD), None) == {"signed": None, "unsigned_because": None}
    assert _told(Verdict(None, "unasked"), "A B") == (None, None, [])
    assert vouching.gaps == []
