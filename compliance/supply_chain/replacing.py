"""Attestations that a newer one of the same key replaces.

A signature by a key has no time that anybody vouches for, so of two attestations nobody can tell the later one. What is
to be replaced is proven to be the key's own before it is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.errors import SigningError
from compliance.supply_chain import discovery, proofs
from compliance.supply_chain.content import Manifest
from compliance.supply_chain.public_keys import fingerprint
from compliance.supply_chain.signatures import Layout, NamedKey, Purpose, Trust

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.supply_chain.content import Repository
    from compliance.supply_chain.public_keys import PublicKey


@dataclass(frozen=True, slots=True)
class Superseded:
    """Digests of what is replaced: layers of the legacy tag, and manifests that refer to the image."""

    layers: frozenset[str] = frozenset()
    referrers: frozenset[str] = frozenset()


def superseded(repository: Repository, digest: str, public: PublicKey | None, predicate_type: str) -> Superseded:
    """Find what a key attested of an image so far, of one predicate type.

    Raises:
        SigningError: there is no key, but an identity, whose attestations a log or authority vouches for.
        ContentError: as of the repository's methods.
    """
    if public is None:
        raise SigningError(
            "only a key replaces its attestations: those of an identity have times, and the latest counts",
            remedy="attest without replacing",
        )
    trust = Trust((NamedKey("", public, fingerprint(public)),))
    found = discovery.candidates(repository, [digest])
    own = [
        proof.candidate
        for proof in (proofs.prove(each, frozenset({digest}), trust) for each in found.candidates)
        if proof.verified and proof.purpose is Purpose.ATTESTATION and proof.predicate_type == predicate_type
    ]
    bundles = {each.digest for each in own if each.layout is Layout.BUNDLE}
    layers = frozenset(each.digest for each in own if each.layout is Layout.LEGACY)
    return Superseded(layers, frozenset(_holding(repository, digest, bundles)))


def _holding(repository: Repository, digest: str, bundles: set[str]) -> Iterator[str]:
    """The manifests that hold these bundles and nothing else."""
    for descriptor in repository.referrers(digest) if bundles else ():
        manifest = repository.manifest(descriptor.digest)
        held = {layer.digest for layer in manifest.layers} if isinstance(manifest, Manifest) else set()
        if held and held <= bundles:
            yield descriptor.digest
