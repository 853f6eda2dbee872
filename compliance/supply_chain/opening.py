"""From what a user types to an image: a registry's reference, a layout, or an archive; resolved once.

What a tag names may change between two looks, so that one image would be verified and another one judged: everything
after this goes by digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from compliance import image_reference
from compliance.errors import ContentNotFound, UsageError
from compliance.supply_chain.archive import open_archive
from compliance.supply_chain.content import Repository
from compliance.supply_chain.layout import Layout
from compliance.supply_chain.platforms import choose_platform
from compliance.supply_chain.registry import Registries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from typing import Self

    from compliance.image_reference import ImageReference
    from compliance.supply_chain.content import Descriptor
    from compliance.supply_chain.registry import Access

__all__ = ["OpenRepository", "OpenedImage", "choose_platform", "open_image"]

_TRANSPORTS: Final = ("oci:", "oci-archive:", "docker-archive:", "docker://")
_ARCHIVES: Final = (".tar", ".tar.gz", ".tgz")
_PATHS: Final = ("./", "../", "/", "~/")


class OpenRepository(Repository, Protocol):
    """A repository that holds something open."""

    def close(self) -> None:
        """Let go of it."""


@dataclass(frozen=True, slots=True)
class OpenedImage:
    """An image where it is kept: `descriptor` is what the text named at `resolved_at`, a manifest or an index.

    `reference` is None for layouts and archives. `synthetic`: the manifest is made up by us, and its digest is no
    registry's. A context manager; closing it closes the repository.
    """

    repository: OpenRepository
    reference: ImageReference | None
    descriptor: Descriptor
    resolved_at: datetime
    synthetic: bool = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.repository.close()


def open_image(text: str, access: Access, *, now: datetime, registries: Registries | None = None) -> OpenedImage:
    """Open an image: `REF`, `docker://REF`, `oci:FOLDER[:TAG]`, `oci-archive:FILE[:TAG]`, `docker-archive:FILE[:REF]`.

    Without a prefix it is a path where it is written as one (`./app`, `/srv/app`) or names an archive (`app.tar`).
    `registries`, where given, are shared with other images, and stay open.

    Raises:
        UsageError: the text is neither a path nor a reference, or could be both: a checkout may hold a folder by the
            name of the image that is meant.
        ContentError: as `content.Repository` raises, when opening and resolving.
    """
    transport, rest = _transport(text)
    if transport != "docker://":
        repository, tag = _open_path(transport, rest)
        return _resolved(repository, None, tag, now)
    try:
        reference = image_reference.parse(rest)
    except ValueError as error:
        raise UsageError(str(error), remedy="write REGISTRY/REPOSITORY:TAG, or ./PATH for a folder or tar") from None
    if registries is not None:
        return _resolved(registries.open(reference), reference, reference.digest or reference.tag, now)
    repository = Registries(access).open(reference).owning_session()
    return _resolved(repository, reference, reference.digest or reference.tag, now)


def _resolved(
    repository: OpenRepository, reference: ImageReference | None, name: str | None, now: datetime
) -> OpenedImage:
    try:
        descriptor = repository.resolve(name)
    except BaseException:
        repository.close()
        raise
    return OpenedImage(repository, reference, descriptor, now, getattr(repository, "synthetic", False))


def _transport(text: str) -> tuple[str, str]:
    for transport in _TRANSPORTS:
        if text.startswith(transport):
            return transport, text.removeprefix(transport)
    if text.startswith(_PATHS) or text in (".", ".."):
        return "path", text
    if text.endswith(_ARCHIVES):
        return "path", text
    if (Path(text) / "oci-layout").is_file():
        remedy = f"write ./{text} for the folder, or docker://{text} for the registry's"
        raise UsageError(f"{text} is a folder with an image in it, and may be a reference too", remedy=remedy)
    return "docker://", text


def _open_path(transport: str, text: str) -> tuple[OpenRepository, str | None]:
    path, name = _split(text)
    if not path.exists():
        raise ContentNotFound(
            f"{path} is not there", remedy="check the path; a registry's reference has no ./ before it"
        )
    openers: dict[str, Callable[[Path], OpenRepository]] = {"oci:": Layout}
    opener = openers.get(transport, Layout if path.is_dir() else open_archive)
    return opener(path), name


def _split(text: str) -> tuple[Path, str | None]:
    """A path, and the tag or reference after it; a colon in the path's own name is not taken for one."""
    whole = Path(text).expanduser()
    at = text.find(":")
    while at > 0 and not whole.exists():
        path = Path(text[:at]).expanduser()
        if path.exists():
            return path, text[at + 1 :] or None
        at = text.find(":", at + 1)
    return whole, None
