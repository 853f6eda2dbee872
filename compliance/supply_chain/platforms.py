"""Which image of an index is meant: by platform, as containerd compares them.

Normalisation: https://github.com/containerd/platforms (database.go): `arm64` is `arm64/v8`, `arm` is `arm/v7`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import INDEXES, MANIFESTS, Manifest, Platform

if TYPE_CHECKING:
    from compliance.supply_chain.content import Descriptor, Index, Repository

DEFAULT: Final = Platform("linux", "amd64")
"""The platform where none is asked for and an index has several: the same on every machine, as crane and trivy do."""
_SYSTEMS: Final = {"macos": "darwin"}
_ARCHITECTURES: Final = {
    "x86_64": ("amd64", None),
    "x86-64": ("amd64", None),
    "i386": ("386", None),
    "aarch64": ("arm64", None),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
_VARIANTS: Final = {
    ("arm64", "8"): None,
    ("arm64", "v8"): None,
    ("arm", None): "v7",
    ("arm", "5"): "v5",
    ("arm", "6"): "v6",
    ("arm", "7"): "v7",
    ("arm", "8"): "v8",
    ("amd64", "v1"): None,
}
_CONFIGS: Final = frozenset(
    {"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"}
)
_UNKNOWN: Final = "unknown"
_MAX_CONFIG: Final = 4 * 1024 * 1024


def normalised(platform: Platform) -> Platform:
    """One spelling for each platform."""
    system = platform.os.lower()
    architecture, variant = platform.architecture.lower(), (platform.variant or "").lower() or None
    architecture, implied = _ARCHITECTURES.get(architecture, (architecture, None))
    variant = variant or implied
    return Platform(_SYSTEMS.get(system, system), architecture, _VARIANTS.get((architecture, variant), variant))


def choose_platform(repository: Repository, index: Index, platform: Platform | None) -> Descriptor:
    """Choose the image for a platform; None is the only image there is, or else the one for linux/amd64.

    Raises:
        ContentNotFound: there is none; the error lists what there is.
        ContentError: there are several; or as the repository raises.
    """
    known = platforms_of(repository, index)
    if platform is None and len({one.digest for one, _ in known}) == 1:
        return known[0][0]
    wanted = normalised(platform or DEFAULT)
    fitting = [one for one, found in known if normalised(found) == wanted]
    where = f"{repository.name}@{index.descriptor.digest}"
    if not fitting:
        there = ", ".join(sorted({str(found) for _, found in known})) or "no images at all"
        raise ContentNotFound(f"{where} has no image for {platform or DEFAULT}", remedy=f"it has: {there}")
    if len({one.digest for one in fitting}) > 1:
        raise ContentError(
            f"{where} has several images for {platform or DEFAULT}, so that runtimes may differ about it",
            remedy="name one by its digest",
        )
    return fitting[0]


def platforms_of(repository: Repository, index: Index) -> tuple[tuple[Descriptor, Platform], ...]:
    """List the images of an index with their platforms; raises as the repository does.

    Attestations that BuildKit keeps beside the images (`unknown/unknown`) are none.
    """
    known = ((one, _platform(repository, one)) for one in index.manifests)
    return tuple((one, platform) for one, platform in known if platform is not None)


def may_run(entry: Descriptor) -> bool:
    """Whether some node may run an entry of an index; BuildKit's attestations are for no platform."""
    said = entry.platform
    return said is None or _UNKNOWN not in (said.os, said.architecture)


def _platform(repository: Repository, entry: Descriptor) -> Platform | None:
    """An entry's platform, which its configuration tells where the index does not; None for what is no image.

    containerd looks at nothing but the platform: not at an `artifactType`, and into an index that is an entry.
    """
    said = entry.platform
    if entry.media_type in INDEXES:
        raise ContentError(
            f"{repository.name} has an index in an index ({entry.digest}), so that runtimes may differ about it",
            remedy="name the image by its digest",
        )
    if entry.media_type not in MANIFESTS or not may_run(entry):
        return None
    if said is not None and said.architecture:
        return said if said.os else Platform(DEFAULT.os, said.architecture, said.variant)
    return None if entry.artifact_type is not None else _configured(repository, entry)


def _configured(repository: Repository, entry: Descriptor) -> Platform | None:
    manifest = repository.manifest(entry.digest)
    if not isinstance(manifest, Manifest) or manifest.config.media_type not in _CONFIGS or manifest.subject:
        return None
    config = strict_json.loads(repository.blob(manifest.config, max_size=_MAX_CONFIG), "the image's configuration")
    system, architecture = (config.get(key) for key in ("os", "architecture")) if isinstance(config, dict) else (0, 0)
    if not isinstance(system, str) or not isinstance(architecture, str):
        return None
    variant = config.get("variant")
    return Platform(system, architecture, variant if isinstance(variant, str) and variant else None)
