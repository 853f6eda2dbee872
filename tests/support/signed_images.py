"""Images in OCI layouts with signatures and attestations of keys that live as long as a test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from compliance.supply_chain import keys, predicates, signing, statements
from compliance.supply_chain.content import EMPTY_CONFIG, OCI_MANIFEST, Descriptor
from compliance.supply_chain.layout import Layout
from compliance.supply_chain.legacy_layout import as_json
from compliance.supply_chain.signatures import NamedKey, Trust
from compliance.supply_chain.signers import KeySigner
from compliance.supply_chain.trust import ReadyPolicy
from compliance.supply_chain.verification import Outcome
from compliance.verification_settings import VerificationPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from compliance.supply_chain.keys import PrivateKey
    from compliance.supply_chain.signatures import Layout as SignatureLayout

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
NAME = "registry.example.com/shop/web:v1.2.0"
_CONFIG = "application/vnd.oci.image.config.v1+json"


@dataclass(frozen=True)
class SignedImage:
    """One image in a layout."""

    repository: Layout
    descriptor: Descriptor

    @property
    def digest(self) -> str:
        """The image's digest."""
        return self.descriptor.digest

    def sign(
        self,
        key: PrivateKey,
        annotations: Mapping[str, str] | None = None,
        *,
        layouts: Sequence[SignatureLayout] = signing.BOTH,
    ) -> None:
        """Sign it with a key."""
        image = signing.Image(self.repository, NAME, self.digest)
        signing.sign(image, KeySigner(key), annotations, now=NOW, layouts=layouts)

    def attest(
        self,
        key: PrivateKey,
        name: str,
        predicate: Mapping[str, object],
        *,
        layouts: Sequence[SignatureLayout] = signing.BOTH,
        replace: bool = False,
    ) -> None:
        """Attest something of it with a key; `name` is a predicate type's."""
        image = signing.Image(self.repository, NAME, self.digest)
        said = statements.statement(NAME, self.digest, predicates.uri_of(name), predicate)
        signing.attest(image, KeySigner(key), said, now=NOW, layouts=layouts, replace=replace)


def make_image(folder: Path, content: str = "an app") -> SignedImage:
    """Write an image into a layout of its own, or one that is there already."""
    repository = Layout(folder) if folder.exists() else Layout.create(folder)
    config = {"os": "linux", "architecture": "amd64", "config": {"Labels": {"content": content}}}
    descriptor = repository.put_blob(json.dumps(config).encode(), _CONFIG)
    manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": as_json(descriptor), "layers": []}
    return SignedImage(repository, repository.put_manifest(json.dumps(manifest).encode(), OCI_MANIFEST))


def attach(image: SignedImage, artifact_type: str, layers: Mapping[str, bytes], *, subject: str | None = None) -> None:
    """Attach any artifact to an image: layers by their media types."""
    repository = image.repository
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "artifactType": artifact_type,
        "config": as_json(repository.put_blob(b"{}", EMPTY_CONFIG)),
        "layers": [as_json(repository.put_blob(content, kind)) for kind, content in layers.items()],
        "subject": {**as_json(image.descriptor), **({"digest": subject} if subject else {})},
    }
    repository.attach(json.dumps(manifest).encode(), OCI_MANIFEST)


def named(private: PrivateKey, name: str) -> NamedKey:
    """A key's public half, under a name."""
    return keys.load_public(keys.public_pem(private.public), name)


def policy(*trusted: NamedKey, **settings: object) -> ReadyPolicy:
    """A policy that trusts these keys."""
    made = VerificationPolicy("release", ("**",), **settings)  # type: ignore[arg-type] # whatever a test needs
    return ReadyPolicy(made, Trust(trusted))


def holding(conditions: Sequence[str], _statement: Mapping[str, object]) -> tuple[Outcome, ...]:
    """A judge for whom a condition holds that does not begin with `not`, and nobody can judge one with `?`."""
    return tuple(
        Outcome(
            text, holds=not text.startswith("not") and "?" not in text, unjudged="no engine" if "?" in text else None
        )
        for text in conditions
    )
