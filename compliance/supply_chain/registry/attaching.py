"""Attaching to a manifest: what refers to it must be found again, also where the registry keeps no list.

Distribution specification 1.1, "Pushing Manifests with Subject" and "Referrers Tag Schema".
"""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING, Any, Final

from compliance.errors import ContentError
from compliance.supply_chain import strict_json
from compliance.supply_chain.content import OCI_INDEX, fallback_tag, parse_manifest
from compliance.supply_chain.registry.writing import WrittenRepository

if TYPE_CHECKING:
    from compliance.supply_chain.content import Descriptor

_ROUNDS: Final = 12
_SHORTEST_SETTLING: Final = 0.05
_LONGEST_SETTLING: Final = 5.0


class RegistryRepository(WrittenRepository):
    """A repository of a registry, read and written; safe in any thread. A context manager, or `close` it."""

    def attach(self, raw: bytes, media_type: str) -> Descriptor:
        """Store a manifest that has a `subject`; keep the tag `sha256-HEX` where the registry lists no referrers.

        `OCI-Subject` in the answer is how a registry says that it will list the manifest.
        """
        manifest = parse_manifest(raw, media_type)
        if manifest.subject is None:
            raise ContentError("what is attached must have a subject")
        descriptor, listed = self._store_manifest(raw, media_type, None)
        if listed != manifest.subject.digest:
            self._list_under_tag(manifest.subject.digest, descriptor)
        return descriptor

    def _list_under_tag(self, subject: str, entry: Descriptor) -> None:
        """Add an entry to the tag's index, so that it stays.

        The specification has no conditional write, so a writer that read before us and writes after us takes our
        entry out again. Threads of one session take turns. Others are outlasted: having written, we wait for longer
        than such a writer took to read and write, look again, and write again with all entries that we ever saw.
        """
        seen: dict[str, dict[str, Any]] = {}
        wanted = _entry(entry)
        for attempt in range(_ROUNDS):
            began = time.monotonic()
            with self._session.tag_lock(f"{self._repository}:{fallback_tag(subject)}"):
                there = self._entries_under_tag(subject)
                settled = bool(attempt) and entry.digest in there
                seen.update(there)
                seen[entry.digest] = wanted
                if not settled and entry.digest not in there:
                    self._store_manifest(_index(seen), OCI_INDEX, fallback_tag(subject))
            if settled:
                return
            took = time.monotonic() - began
            time.sleep(min(_LONGEST_SETTLING, max(_SHORTEST_SETTLING, 4 * took)) * random.uniform(1, 2 + attempt))  # noqa: S311 - spreads writers
        raise ContentError(
            f"the list of referrers of {self.name}@{subject} was overwritten {_ROUNDS} times by others",
            remedy="attach again when nobody else writes there, or use a registry that offers the referrers API",
        )

    def _entries_under_tag(self, subject: str) -> dict[str, dict[str, Any]]:
        """The entries as they stand there, so that what others wrote into them is kept."""
        found = self._under_tag(subject)
        if found is None:
            return {}
        entries = strict_json.loads(found.raw, "the index").get("manifests") or []
        return {entry["digest"]: entry for entry in entries}


def _entry(descriptor: Descriptor) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "mediaType": descriptor.media_type,
        "digest": descriptor.digest,
        "size": descriptor.size,
        "artifactType": descriptor.artifact_type,
        "annotations": dict(descriptor.annotations),
    }
    return {key: value for key, value in entry.items() if value}


def _index(entries: dict[str, dict[str, Any]]) -> bytes:
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [*entries.values()]}
    return json.dumps(index, separators=(",", ":")).encode()
