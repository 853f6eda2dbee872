"""Whether a policy's signers vouch for what runs: the digests by which it may be signed, and what follows from them.

An image is signed by the digest of its manifest, or of an index that it is in. No registry says which indexes a
manifest is in; those that its reference, its trusted digest or its tag name are known. Where an index runs, the node
does not say which of its images does: then the index must be signed, or every image in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference
from compliance.errors import ComplianceError, ContentError, ContentNotFound
from compliance.model import Gap, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from compliance.sources.drift.images import ImageId, Resolved

_RULE: Final = "drift.running_image_unsigned"
_MOST_INSIDE: Final = 64
_REMEDY: Final = "let the audit reach the registry, with credentials that may read the image and what lies beside it"
_RUNTIME: Final = "look at the container's runtime; status.containerStatuses[].imageID is empty or unknown"
_LOADED: Final = "deploy an image that its node pulls from a registry, by tag or digest"


@dataclass(frozen=True, slots=True)
class RunningImage:
    """What runs of a repository; `known` are references that may name it, or an index that it is in."""

    repository: str
    image: ImageId
    known: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.repository}@{self.image.digest}" if self.image.digest else f"what runs of {self.repository}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy makes of an image: `why` it does not let it run, or (`signed` None) why nobody can tell."""

    signed: bool | None
    why: str | None = None
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """What is asked of registries; each raises a ContentError where they do not say.

    `resolve` gives what a reference names, `configurations` the images of an index by the digests of their
    configurations, `verify` what the repository's policy makes of an image that may be signed by any of these digests.
    """

    resolve: Callable[[str], Resolved]
    configurations: Callable[[str], Mapping[str, frozenset[str]]]
    verify: Callable[[str, tuple[str, ...]], Verdict]


def running_image(image: str, found: ImageId, digest: str | None) -> RunningImage | None:
    """What runs of an image reference, whose `digest` is declared or trusted; None for what is no reference."""
    try:
        reference = image_reference.parse(image)
    except ValueError:
        return None
    names = [] if digest is None else [f"{reference.name}@{digest}"]
    if reference.digest is None:
        names.append(f"{reference.name}:{reference.tag or 'latest'}")
    itself = f"{reference.name}@{found.digest}"
    return RunningImage(reference.name, found, tuple(name for name in names if name != itself))


def vouched(running: RunningImage, doors: Doors) -> Verdict:
    """Whether signers of its policy vouch for what runs.

    Raises:
        ContentError: the registry does not say.
    """
    if running.image.digest is None:
        return Verdict(None, "the node does not say which image it is", _RUNTIME)
    digests, unknown = _digests(running, doors)
    if not digests:
        return unknown or Verdict(None, f"no image of that configuration is in {' or '.join(running.known)}", _LOADED)
    verdict = doors.verify(running.repository, digests)
    if verdict.signed is not False:
        return verdict
    inside = doors.resolve(str(running)).manifests if running.image.form == "manifest" else frozenset()
    return _of_index(running, inside, verdict, doors) if inside else unknown or verdict


def _digests(running: RunningImage, doors: Doors) -> tuple[tuple[str, ...], Verdict | None]:
    """By which it may be signed, and what is not known. A tag that is gone tells as little as one that moved."""
    found = [running.image.digest or ""] if running.image.form == "manifest" else []
    unknown = None
    for reference in running.known:
        try:
            found.extend(_found_in(doors.resolve(reference), running, doors))
        except ContentNotFound:
            continue
        except ContentError as error:
            why = f"{reference}, which it may be in, cannot be resolved: {error.message}"
            unknown = Verdict(None, why, error.remedy)
    return tuple(dict.fromkeys(found)), unknown


def _found_in(named: Resolved, running: RunningImage, doors: Doors) -> tuple[str, ...]:
    """The digests of what is named, where it is what runs or has it inside."""
    digest = running.image.digest or ""
    if running.image.form == "manifest":
        return (named.digest,) if digest in named.manifests else ()
    if not named.manifests:
        return (named.digest,) if digest in named.configurations else ()
    inside = doors.configurations(f"{running.repository}@{named.digest}").get(digest, frozenset())
    return (named.digest, *sorted(inside)) if inside else ()


def _of_index(running: RunningImage, inside: frozenset[str], refused: Verdict, doors: Doors) -> Verdict:
    """What follows for an index that is refused from the images in it; what is not there, nobody vouches for."""
    unknown = None if len(inside) <= _MOST_INSIDE else Verdict(None, f"it has more than {_MOST_INSIDE} images in it")
    for child in sorted(inside)[:_MOST_INSIDE]:
        try:
            verdict = doors.verify(running.repository, (running.image.digest or "", child))
        except ContentNotFound:
            return refused
        if verdict.signed is False:
            return refused
        unknown = verdict if verdict.signed is None else unknown
    return unknown or Verdict(signed=True)


@dataclass(slots=True)
class Vouching:
    """Tells for one subject (`about`) whether what it runs is vouched for, and says as gaps what nobody can tell.

    `ask` gives None where no policy covers the image, and raises a ComplianceError where it cannot tell; None for it
    means that nobody is asked.
    """

    about: str
    ask: Callable[[RunningImage], Verdict | None] | None
    gaps: list[Gap] = field(default_factory=list)

    def told(self, image: str, found: ImageId, digest: str | None) -> dict[str, Any]:
        """The facts `signed` and `unsigned_because` of what runs of an image reference."""
        running = running_image(image, found, digest)
        verdict = None if running is None else self._verdict(running)
        signed = None if verdict is None else verdict.signed
        return {"signed": signed, "unsigned_because": verdict.why if verdict and signed is False else None}

    def _verdict(self, running: RunningImage) -> Verdict | None:
        if self.ask is None:
            return None
        try:
            verdict = self.ask(running)
        except ComplianceError as error:
            verdict = Verdict(None, error.message, error.remedy)
        if verdict is not None and verdict.signed is None:
            self._gap(f"whether {running} is signed cannot be told: {verdict.why}", verdict.remedy or _REMEDY)
        return verdict

    def _gap(self, why: str, remedy: str) -> None:
        gap = Gap(Stage.COLLECT, self.about, why, remedy, rule=_RULE)
        if gap not in self.gaps:
            self.gaps.append(gap)
