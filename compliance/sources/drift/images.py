"""Which image a container runs, held against the digest that was meant and against what its tag names now.

What `status.containerStatuses[].imageID` says depends on the runtime: containerd and CRI-O give the reference by which
the image was pulled (`docker.io/library/nginx@sha256:...`, the digest of an index or of a manifest); dockershim put
`docker-pullable://` before it. An image that came without a registry has no such digest: `sha256:...`,
`docker://sha256:...` or bare hexadecimal digits are the digest of its configuration, which can be told only from the
manifests that a registry gives. Source: the CRI (cri-api, ContainerStatus.image_ref) and its implementations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from compliance import image_reference
from compliance.errors import ComplianceError
from compliance.model import Gap, Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PULLED: Final = re.compile(r"(?:docker-pullable://)?(?P<name>[^@\s]+)@(?P<digest>sha256:[0-9a-f]{64})")
_CONFIGURATION: Final = re.compile(r"(?:docker://)?(?:sha256:)?(?P<digest>[0-9a-f]{64})")
_DIFFERS: Final = "drift.running_image_differs"
_MOVED: Final = "drift.tag_moved_since_deployment"
_REMEDY: Final = "let the audit reach the registry, with credentials that may read the image"


@dataclass(frozen=True, slots=True)
class ImageId:
    """What runs: the digest of a manifest or index, of a configuration, or (`unknown`) none at all."""

    form: Literal["manifest", "configuration", "unknown"]
    digest: str | None


def image_id(text: str) -> ImageId:
    """Read the `imageID` of a container's status."""
    if (pulled := _PULLED.fullmatch(text)) is not None:
        return ImageId("manifest", pulled["digest"])
    if (configuration := _CONFIGURATION.fullmatch(text)) is not None:
        return ImageId("configuration", f"sha256:{configuration['digest']}")
    return ImageId("unknown", None)


def meant_digest(image: str, trusted: Mapping[str, str]) -> str | None:
    """Which bytes a reference means: by itself, else by what vouches for it (`trusted`, by reference)."""
    try:
        reference = image_reference.parse(image)
    except ValueError:
        return None
    return reference.digest or trusted.get(image) or trusted.get(reference.normalised)


@dataclass(frozen=True, slots=True)
class Resolved:
    """What a registry has under a tag or digest: `manifests` are those of an index, none of a single image.

    `configurations` are the digests of the configurations of all these images; none where they are asked for apart.
    """

    digest: str
    manifests: frozenset[str] = frozenset()
    configurations: frozenset[str] = frozenset()

    def has(self, running: ImageId) -> bool:
        """Whether what runs is this, or one of the images in this index."""
        if running.form == "configuration":
            return running.digest in self.configurations
        return running.digest == self.digest or running.digest in self.manifests


@dataclass(slots=True)
class ImageComparison:
    """Compares digests for one subject (`about`), and says as gaps what could not be compared.

    `resolve` gives what a reference names in its registry, `configurations` the images of an index by the digests of
    their configurations; each raises a ComplianceError where it cannot, and None means that nobody is asked. What
    cannot be resolved is not asked about again.
    """

    about: str
    resolve: Callable[[str], Resolved] | None
    configurations: Callable[[str], Mapping[str, frozenset[str]]] | None = None
    gaps: list[Gap] = field(default_factory=list)
    _answers: dict[str, Resolved | ComplianceError] = field(default_factory=dict)

    def matches(self, running: ImageId, image: str, digest: str) -> bool | None:
        """Whether what runs is the image of that digest; an index and its manifest are the same. None: unknown."""
        if running.form == "unknown":
            self._unknown(image, _DIFFERS)
            return None
        if running.digest == digest and running.form == "manifest":
            return True
        meant = self._ask(f"{_name(image)}@{digest}", _DIFFERS)
        return None if meant is None else self._is(running, meant, image, _DIFFERS)

    def _is(self, running: ImageId, meant: Resolved, image: str, rule: str) -> bool | None:
        """Whether what runs is the meant image, one in it where it is an index, or an index that it is in."""
        if running.form == "configuration" and meant.manifests and not meant.configurations:
            return self._has_configuration(running, f"{_name(image)}@{meant.digest}", rule)
        return True if meant.has(running) else self._is_index_of(running, meant, image, rule)

    def _has_configuration(self, running: ImageId, index: str, rule: str) -> bool | None:
        if self.configurations is None:
            self._gap(f"no registry was asked which images are in {index}", _REMEDY, rule)
            return None
        try:
            return running.digest in self.configurations(index)
        except ComplianceError as error:
            self._gap(f"what is in {index} cannot be told: {error.message}", error.remedy or _REMEDY, rule)
            return None

    def _is_index_of(self, running: ImageId, meant: Resolved, image: str, rule: str) -> bool | None:
        """What runs may be an index that the meant image is in; an index is in no other."""
        if running.form == "configuration" or meant.manifests:
            return False
        found = self._ask(f"{_name(image)}@{running.digest}", rule)
        return None if found is None else meant.digest in found.manifests

    def resolves_to(self, image: str) -> Resolved | None:
        """What the tag names now; None where nobody can tell, which is a gap."""
        reference = image_reference.parse(image)
        return self._ask(f"{reference.name}:{reference.tag or 'latest'}", _MOVED)

    def moved(self, running: ImageId, now: Resolved, image: str) -> bool | None:
        """Whether what runs is something else than what its tag names now; None: unknown."""
        if running.form == "unknown":
            self._unknown(image, _MOVED)
            return None
        same = self._is(running, now, image, _MOVED)
        return None if same is None else not same

    def _unknown(self, image: str, rule: str) -> None:
        why = f"the node does not say which image runs as {image}"
        self._gap(why, "look at the container's runtime; status.containerStatuses[].imageID is empty or unknown", rule)

    def _ask(self, reference: str, rule: str) -> Resolved | None:
        """What a reference names; that nobody can tell is a gap of every rule that needs it."""
        if self.resolve is None:
            self._gap(f"no registry was asked what {reference} is", _REMEDY, rule)
            return None
        if reference not in self._answers:
            self._answers[reference] = _answer(self.resolve, reference)
        found = self._answers[reference]
        if isinstance(found, Resolved):
            return found
        self._gap(f"{reference} cannot be resolved: {found.message}", found.remedy or _REMEDY, rule)
        return None

    def _gap(self, why: str, remedy: str, rule: str) -> None:
        gap = Gap(Stage.COLLECT, self.about, why, remedy, rule=rule)
        if gap not in self.gaps:
            self.gaps.append(gap)


def _answer(resolve: Callable[[str], Resolved], reference: str) -> Resolved | ComplianceError:
    try:
        return resolve(reference)
    except ComplianceError as error:
        return error


def _name(image: str) -> str:
    return image_reference.parse(image).name
