"""What will be asked of registries about a running Pod, as `sources.drift` asks it: begun while the cluster is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compliance import image_reference
from compliance.sources.drift.images import image_id, meant_digest
from compliance.sources.drift.signatures import running_image
from compliance.sources.kubernetes.fields import mapping, mappings, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from compliance.cluster_drift.references import References
    from compliance.cluster_drift.signatures import Signatures
    from compliance.sources.drift.signatures import RunningImage

_PARTS = (("containers", "containerStatuses"), ("initContainers", "initContainerStatuses"))


def ask_about_tags(pod: Mapping[str, Any], references: References) -> None:
    """Ask what the tags of a Pod's images name now."""
    for image, _ in _images(pod):
        try:
            reference = image_reference.parse(image)
        except ValueError:
            continue
        if reference.digest is None:
            references.ahead(f"{reference.name}:{reference.tag or 'latest'}")


def ask_about_signatures(pod: Mapping[str, Any], signatures: Signatures, trusted: Mapping[str, str]) -> None:
    """Ask whether what runs in a Pod is vouched for; `trusted` gives digests by reference."""
    for running in _running(pod, trusted):
        signatures.ahead(running)


def _running(pod: Mapping[str, Any], trusted: Mapping[str, str]) -> Iterator[RunningImage]:
    for image, written in _images(pod):
        running = running_image(image, image_id(written), meant_digest(image, trusted)) if written else None
        if running is not None:
            yield running


def _images(pod: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The image of each container of a running Pod, and what its node says it is."""
    if mapping(pod, "status").get("phase") != "Running":
        return
    for specified, told in _PARTS:
        ids = {status.get("name"): text(status.get("imageID")) for status in mappings(mapping(pod, "status").get(told))}
        for container in mappings(mapping(pod, "spec").get(specified)):
            yield text(container.get("image")) or "", ids.get(container.get("name")) or ""
