"""Layers read from the lowest to the highest, each once, front to end: what is in the image, and what is only buried.

Nothing is unpacked; links are followed within the image alone, among what was read (`links`). A layer that cannot be
read whole, or is not the one that the configuration names (`rootfs.diff_ids`; OCI image specification, config.md),
tells nothing and becomes a gap.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError
from compliance.model import Gap, Stage
from compliance.sources.images.decompression import plain
from compliance.sources.images.file_system import Changes, Kept
from compliance.sources.images.layer_bytes import Budget, LayerBytes
from compliance.sources.images.links import Links
from compliance.sources.images.paths import climbs, is_bookkeeping, leaves_root, normalised, parent
from compliance.sources.images.sightings import Sighting, linked, see
from compliance.supply_chain.tar_stream import members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.images.limits import Limits
    from compliance.supply_chain.content import Descriptor, Repository
    from compliance.supply_chain.tar_stream import Member

_OCI: Final = "application/vnd.oci.image.layer.v1.tar"
_DOCKER: Final = "application/vnd.docker.image.rootfs.diff.tar"
_READ: Final = frozenset({_OCI, f"{_OCI}+gzip", f"{_OCI}+zstd", _DOCKER, f"{_DOCKER}.gzip", f"{_DOCKER}.zstd"})
_DEVICES: Final = frozenset("34")
_MAX_ODD: Final = 1000
_REMEDY: Final = "build and push the image again, or have it looked into by who made it"


@dataclass(frozen=True, slots=True)
class Oddity:
    """An entry that no honest image needs: `kind` is traversal, link_out, symlink_out, device or absolute."""

    kind: str
    path: str
    layer: int


@dataclass(slots=True)
class Walked:
    """What layers hold. `buried` are paths with secrets that a higher layer deletes or replaces.

    `complete` is False where a layer could not be read, so that what is there may be gone, and the other way round.
    `unpacked` are the bytes of each layer (None: not read).
    """

    files: Kept[Sighting] = field(default_factory=Kept)
    buried: list[tuple[str, Sighting]] = field(default_factory=list)
    odd: list[Oddity] = field(default_factory=list)
    unpacked: list[int | None] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether every layer was read."""
        return None not in self.unpacked


def walk(repository: Repository, layers: Sequence[Descriptor], diff_ids: Sequence[str], limits: Limits) -> Walked:
    """Read the layers of an image; what cannot be read is in `gaps`, and nothing is raised for it.

    `diff_ids` are the digests that the configuration has of the uncompressed layers, as many as there are layers.
    """
    walked = Walked()
    budget, links = Budget.of(limits), Kept[str]()
    for number, (layer, diff_id) in enumerate(zip(layers, diff_ids, strict=True)):
        reader = _Layer(number, walked.files, links, limits, budget)
        try:
            size = reader.read(repository, layer, diff_id)
        except ContentError as error:
            walked.unpacked.append(None)
            walked.gaps.append(_gap(repository, number, layer, error))
            continue
        walked.unpacked.append(size)
        walked.odd.extend(reader.odd)
        reader.links.changes.apply(links)
        gone = reader.changes.apply(walked.files)
        walked.buried.extend((path, one) for path, one in gone if one.secret)
    return walked


def _gap(repository: Repository, number: int, layer: Descriptor, error: ContentError) -> Gap:
    about = f"layer {number + 1} ({layer.digest[:19]}…) of an image in {repository.name}"
    return Gap(Stage.COLLECT, about, error.message, error.remedy or _REMEDY)


class _Layer:
    """One layer while it is read."""

    def __init__(self, number: int, below: Kept[Sighting], links: Kept[str], limits: Limits, budget: Budget) -> None:
        self.changes: Changes[Sighting] = Changes()
        self.links = Links(links, limits)
        self.odd: list[Oddity] = []
        self._number = number
        self._below = below
        self._limits = limits
        self._budget = budget

    def read(self, repository: Repository, layer: Descriptor, diff_id: str) -> int:
        """Read all of it, and return its uncompressed size in bytes.

        Raises:
            ContentError: it cannot be read, or is not what the manifest or the configuration says.
        """
        _refuse_unknown(layer.media_type)
        with repository.open_blob(layer, max_size=self._limits.compressed_layer) as stream:
            source = LayerBytes(plain(stream), layer.size, diff_id, self._limits, self._budget)
            for member in members(source, self._limits):
                self._budget.take_member()
                self._note(member)
            digest = source.finish()
            # The read that finds the end is the one that checks the blob's own digest.
            if stream.read(1):
                raise ContentError("there is more behind the compressed layer")
        if not hmac.compare_digest(digest, diff_id):
            raise ContentError(f"its content has the digest {digest}, and the configuration says {diff_id[:80]}")
        return source.count

    def _note(self, member: Member) -> None:
        path = normalised(member.name)
        odd = _oddity(member, path)
        if odd is not None:
            self._note_odd(odd, path or member.name)
        if climbs(path) or not path:
            return
        if path.count("/") >= self._limits.depth:
            raise ContentError(f"a path is more than {self._limits.depth} folders deep")
        path, is_folder = self.links.place(path), member.kind == "5"
        self.links.note(path, member.link if member.kind == "2" else None, is_folder=is_folder)
        self.changes.entry(path, self._sighting(member, path), self._below, is_folder=is_folder)
        if len(self.changes.added) + len(self._below) > self._limits.records:
            raise ContentError(f"there are more than {self._limits.records} files that matter")

    def _note_odd(self, kind: str, path: str) -> None:
        if len(self.odd) >= _MAX_ODD:
            raise ContentError(f"there are more than {_MAX_ODD} odd entries")
        self.odd.append(Oddity(kind, path, self._number))

    def _sighting(self, member: Member, path: str) -> Sighting | None:
        if is_bookkeeping(path):
            return None
        if member.kind == "1":
            target = self.links.place(normalised(member.link))
            return linked(self.changes.added.get(target) or self._below.get(target), path, self._number)
        return see(member, path, self._number, self._limits) if member.kind in "025" else None


def _refuse_unknown(media_type: str) -> None:
    if media_type in _READ:
        return
    remedy = _REMEDY
    if media_type.endswith("+encrypted"):
        why, remedy = "it is encrypted", "judge the image before it is encrypted"
    elif "foreign" in media_type or "nondistributable" in media_type:
        why, remedy = "it is kept elsewhere (a layer that may not be distributed)", "judge an image without such layers"
    else:
        why = f"{media_type[:120]!r} is no kind of layer that can be read"
    raise ContentError(why, remedy=remedy)


def _oddity(member: Member, path: str) -> str | None:
    if climbs(path):
        return "traversal"
    if member.kind == "1" and climbs(member.link):
        return "link_out"
    if member.kind == "2" and leaves_root(parent(path), member.link):
        return "symlink_out"
    if member.kind in _DEVICES:
        return "device"
    return "absolute" if member.name.startswith("/") else None
