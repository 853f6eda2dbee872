"""What an image says that it is built on, and whether that is still what its tag names.

`org.opencontainers.image.base.name` and `.base.digest`: OCI image specification, annotations.md. BuildKit 0.9 to 0.11
wrote what it used into the configuration instead (`moby.buildkit.buildinfo.v1`, JSON in base64).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference
from compliance.errors import ContentError
from compliance.model import Gap, Stage
from compliance.sources.dockerfile.scope import image_facts
from compliance.sources.images.configuration import read_configuration
from compliance.sources.secret_names import without_credentials
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import Index, is_digest
from compliance.supply_chain.platforms import choose_platform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from compliance.sources.images.limits import Limits
    from compliance.supply_chain.content import Manifest, Platform, Repository

    Resolve = Callable[[str], "CurrentBase"]

_NAME: Final = "org.opencontainers.image.base.name"
_DIGEST: Final = "org.opencontainers.image.base.digest"
_MAX_REFERENCE: Final = 512
_MAX_SOURCES: Final = 100


@dataclass(frozen=True, slots=True)
class Base:
    """An image that another says it is built on; `said_by` is annotation, label or buildkit."""

    text: str
    digest: str | None
    said_by: str


@dataclass(frozen=True, slots=True)
class CurrentBase:
    """What a reference names today: the digests by which that may be recorded, and its layers on one platform.

    An annotation may hold the digest of the index or of the platform's manifest; both are in `digests`.
    """

    digests: frozenset[str]
    diff_ids: tuple[str, ...]


def named_base(annotations: Mapping[str, str], labels: Mapping[str, str], build: str | None) -> Base | None:
    """The base that an image names: its manifest's annotations first, then labels, then BuildKit's record."""
    for said_by, holder in (("annotation", annotations), ("label", labels)):
        name, digest = holder.get(_NAME), holder.get(_DIGEST)
        if name and len(name) <= _MAX_REFERENCE:
            return Base(without_credentials(name), digest if is_digest(digest) else None, said_by)
    return _recorded(build) if build else None


def _recorded(build: str) -> Base | None:
    """BuildKit's record names every image that was used; only a single one is certainly the base."""
    try:
        record = strict_json.loads(base64.b64decode(build, validate=True), "BuildKit's record")
    except (binascii.Error, ContentError):
        return None
    sources = record.get("sources") if isinstance(record, dict) else None
    if not isinstance(sources, list) or len(sources) > _MAX_SOURCES:
        return None
    images = [one for one in sources if isinstance(one, dict) and one.get("type") == "docker-image"]
    reference = images[0].get("ref") if len(images) == 1 else None
    if not isinstance(reference, str) or len(reference) > _MAX_REFERENCE:
        return None
    pin = images[0].get("pin")
    return Base(reference, pin if is_digest(pin) else None, "buildkit")


def current_base(repository: Repository, reference: str | None, platform: Platform, limits: Limits) -> CurrentBase:
    """Ask a repository what a tag or digest of it names, and which layers that has on a platform.

    Raises:
        ContentError: it is not to be had, or is no image of that platform.
    """
    found = repository.resolve(reference)
    manifest = repository.manifest(found.digest)
    digests = {found.digest}
    if isinstance(manifest, Index):
        chosen = choose_platform(repository, manifest, platform)
        digests.add(chosen.digest)
        manifest = repository.manifest(chosen.digest)
    if isinstance(manifest, Index):
        raise ContentError(f"an index of {repository.name} names an index")
    return CurrentBase(frozenset(digests), _layers(repository, manifest, limits))


def _layers(repository: Repository, manifest: Manifest, limits: Limits) -> tuple[str, ...]:
    data = repository.blob(manifest.config, max_size=limits.configuration)
    return read_configuration(data, limits).diff_ids


def base_facts(
    base: Base | None, diff_ids: Sequence[str], resolve: Resolve | None
) -> tuple[dict[str, Any] | None, list[Gap]]:
    """Facts of the base (None: nobody names one); `resolve` asks its registry, and is None where nobody wants that.

    `resolve` takes a reference as `docker pull` does and raises ContentError where there is no answer.
    """
    if base is None:
        return None, []
    facts: dict[str, Any] = {
        "text": base.text,
        "image": image_facts(base.text),
        "digest": base.digest,
        "digests_now": None,
        "behind": None,
        "layers_shared": None,
        "said_by": base.said_by,
    }
    if resolve is None:
        return facts, []
    try:
        now = resolve(base.text)
        facts |= {"digests_now": sorted(now.digests), "behind": _is_behind(base, now, diff_ids)}
        then = now if base.digest is None or base.digest in now.digests else resolve(_pinned(base))
        facts["layers_shared"] = _are_below(then.diff_ids, diff_ids)
    except ContentError as error:
        about = f"the base image {base.text}"
        remedy = error.remedy or "make its registry reachable, or do not ask for the base image"
        return facts, [Gap(Stage.COLLECT, about, error.message, remedy)]
    return facts, []


def _is_behind(base: Base, now: CurrentBase, diff_ids: Sequence[str]) -> bool:
    """By the digest that was recorded, or else by the layers."""
    return not _are_below(now.diff_ids, diff_ids) if base.digest is None else base.digest not in now.digests


def _are_below(base: Sequence[str], image: Sequence[str]) -> bool:
    """Whether the layers of the base are the lowest of the image's."""
    return 0 < len(base) <= len(image) and tuple(image[: len(base)]) == tuple(base)


def _pinned(base: Base) -> str:
    try:
        return f"{image_reference.parse(base.text).name}@{base.digest}"
    except ValueError:
        raise ContentError(f"{base.text[:120]!r} is no image reference") from None
