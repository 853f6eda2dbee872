"""What refers to a manifest: the referrers API, and the tag that stands in for it.

Distribution specification 1.1, "Listing Referrers" and "Referrers Tag Schema".
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from compliance.errors import ContentError, ContentNotFound
from compliance.supply_chain.content import OCI_INDEX, Index, fallback_tag, is_digest, parse_manifest
from compliance.supply_chain.registry.repository import ReadableRepository

if TYPE_CHECKING:
    from compliance.supply_chain.content import Descriptor, Manifest

MAX_REFERRERS: Final = 4096
_NOT_OFFERED: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST, HTTPStatus.METHOD_NOT_ALLOWED})


class ReferringRepository(ReadableRepository):
    """A repository that knows what refers to its manifests."""

    def referrers(self, digest: str) -> tuple[Descriptor, ...]:
        """List what refers to a manifest, from the API and from the tag `sha256-HEX`, each digest once.

        Registries name wrong artifact types, and tags lag behind: callers look into what is listed.
        """
        if not is_digest(digest):
            raise ContentError(f"{digest[:140]!r} is no digest that can be checked")
        found = {one.digest: one for one in (*self._tagged(digest), *self._listed(digest))}
        return tuple(found.values())

    def _listed(self, digest: str) -> list[Descriptor]:
        """What the API lists; nothing where it is not offered."""
        what = f"the referrers of {self.name}@{digest}"
        found: list[Descriptor] = []
        for media_type, page in self._pages(f"referrers/{digest}", what, {"Accept": OCI_INDEX}, _NOT_OFFERED):
            if media_type not in (OCI_INDEX, ""):
                # Some servers answer every path: a page of HTML is no list.
                break
            index = parse_manifest(page, OCI_INDEX)
            found += index.manifests if isinstance(index, Index) else ()
            if len(found) > MAX_REFERRERS:
                raise ContentError(f"{what} are more than {MAX_REFERRERS}")
        return found

    def _tagged(self, digest: str) -> tuple[Descriptor, ...]:
        found = self._under_tag(digest)
        return found.manifests if isinstance(found, Index) else ()

    def _under_tag(self, digest: str) -> Manifest | Index | None:
        """What the tag `sha256-HEX` holds now; None where that is no list of referrers.

        GitLab answers the tag with the subject itself.
        """
        try:
            found = self._fetch_manifest(fallback_tag(digest))
        except ContentNotFound:
            return None
        return None if found.descriptor.digest == digest or not isinstance(found, Index) else found
