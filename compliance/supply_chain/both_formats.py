"""A tar of `docker save` that is a layout as well: both must name the same images.

Docker reads `manifest.json` into its own store, and `index.json` into containerd's; who judges by one of them alone
judges another image than the one that may run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference
from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain.content import Manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compliance.supply_chain.content import Index
    from compliance.supply_chain.layout_reading import LayoutReader

_BLOB: Final = re.compile(r"blobs/(sha256|sha512)/([0-9a-f]+)")

_Parts = tuple[str | None, ...]


def check_agreement(layout: LayoutReader, images: Iterable[Mapping[str, Any]]) -> None:
    """Hold the images of `manifest.json` against those of the layout, by their names too.

    Raises:
        ContentError: the layout has no such image, or another one by that name.
    """
    there = {_parts(found) for found in layout.manifests() if isinstance(found, Manifest)}
    for image in images:
        layers = image.get("Layers")
        said = tuple(_digest(name) for name in (image.get("Config"), *(layers if isinstance(layers, list) else ())))
        tags = image.get("RepoTags")
        named = [_named(layout, str(tag)) for tag in (tags if isinstance(tags, list) else ())]
        if said not in there or any(one is not None and _parts(one) != said for one in named):
            raise ContentError(
                f"{layout.name}: manifest.json and index.json name different images, so that readers differ about it",
                remedy="save the image again, or give a tar of one format",
            )


def _named(layout: LayoutReader, tag: str) -> Manifest | None:
    """The image that the layout has by a name; None for none, and for an index, whose images are compared anyway."""
    try:
        # Docker leaves out of names what it takes for granted.
        whole = image_reference.parse(tag).normalised
        found: Manifest | Index = layout.manifest(layout.resolve(whole).digest)
    except (ContentNotFound, ValueError):
        return None
    return found if isinstance(found, Manifest) else None


def _parts(manifest: Manifest) -> _Parts:
    return manifest.config.digest, *(layer.digest for layer in manifest.layers)


def _digest(name: object) -> str | None:
    found = _BLOB.fullmatch(name) if isinstance(name, str) else None
    return f"{found[1]}:{found[2]}" if found else None
