"""Who signed an image and what is attested of it, as the facts of `rules/schemas/image.json` say it."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from compliance import image_reference
from compliance.supply_chain import predicates
from compliance.supply_chain.signatures import Signer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from compliance.supply_chain.discovery import Found
    from compliance.supply_chain.signatures import Proof
    from compliance.supply_chain.trust import ReadyPolicy
    from compliance.supply_chain.verification import Judged, Verification
    from compliance.verification_settings import TrustedIdentity

_MAX_COUNT: Final = 2**31 - 1
_DAY: Final = 86400
_SBOM_KEYS: Final = ("cyclonedx", "spdx")


@dataclass(frozen=True, slots=True)
class Tag:
    """The tag of a reference, and what the registry answers for it now; None: nobody asked."""

    name: str
    digest_now: str | None


def verification(verified: Verification | None, *, configured: bool) -> dict[str, Any]:
    """The part `verification`; `verified` None: no policy's pattern matches the image."""
    return {"configured": configured, "policy": None if verified is None else _policy(verified)}


def signatures(judged: Iterable[Judged], *, policy: bool) -> list[dict[str, Any]]:
    """The part `signatures`; without a policy nothing is trusted and nothing distrusted."""
    entries = [{"at": f"signatures[{_name(each)}]", **_common(each, policy=policy)} for each in judged]
    return _distinct(entries)


def other_signatures(found: Found) -> list[dict[str, Any]]:
    """The part `other_signatures`."""
    return [{"format": each.format, "media_type": each.media_type} for each in found.others]


def attestations(judged: Iterable[Judged], *, policy: bool, now: datetime) -> list[dict[str, Any]]:
    """The part `attestations`; one whose predicate type cannot be read is passed over: it attests nothing."""
    entries = [
        _attestation(each, each.proof.predicate_type, policy=policy, now=now)
        for each in judged
        if each.proof.predicate_type is not None
    ]
    return _distinct(entries)


def tag(reference: Tag | None, judged: Iterable[Judged], digests: Sequence[str]) -> dict[str, Any] | None:
    """The part `tag`; `digests` are those that are one image: an index's and its platform manifest's."""
    if reference is None:
        return None
    signed = _digest_when_signed(reference.name, judged)
    known = signed is not None and reference.digest_now is not None
    one_image = {signed, reference.digest_now} <= set(digests) or signed == reference.digest_now
    return {
        "name": reference.name,
        "digest_now": reference.digest_now,
        "digest_when_signed": signed,
        "moved": (not one_image) if known else None,
    }


def sbom(found: Found, judged: Iterable[Judged]) -> dict[str, Any]:
    """The part `sbom`: an attested one before a referrer, BuildKit's and a tag; broken attestations do not count."""
    for each in judged:
        uri = each.proof.predicate_type or ""
        if predicates.kind_of(uri) is predicates.Kind.SBOM and each.proof.verified is not False:
            format_ = next((key for key in _SBOM_KEYS if key in uri), "other")
            return {"present": True, "format": format_, "attached_as": "attestation"}
    kept = next(
        (each for place in ("referrer", "buildkit", "tag") for each in found.sboms if each.attached_as == place), None
    )
    if kept is None:
        return {"present": False, "format": None, "attached_as": None}
    return {"present": True, "format": kept.format, "attached_as": kept.attached_as}


def _policy(verified: Verification) -> dict[str, Any]:
    settings = verified.policy.settings
    uris = [predicates.uri_of(each.type) for each in settings.attestations]
    return {
        "name": settings.name,
        "signers": _signers(verified.policy),
        "signers_required": settings.required,
        "log_required": settings.log_required,
        "timestamp_required": settings.timestamp_required,
        "attestations": [{"predicate_type": uri, "type": predicates.kind_of(uri).value} for uri in uris],
        "found": {
            "signers": verified.signers,
            "logged": verified.logged,
            "timestamped": verified.timestamped,
        },
    }


def _signers(policy: ReadyPolicy) -> list[dict[str, Any]]:
    keys = [_signer(Signer(key.name, key=key.fingerprint)) for key in policy.trust.keys]
    return keys + [_signer(_of_identity(each)) for each in policy.settings.identities]


def _of_identity(known: TrustedIdentity) -> Signer:
    identity = known.identity or known.identity_pattern or ""
    return Signer(identity, identity=identity, issuer=known.issuer or known.issuer_pattern)


def _signer(signer: Signer) -> dict[str, Any]:
    return {"text": signer.text, "key": signer.key, "identity": signer.identity, "issuer": signer.issuer}


def _common(judged: Judged, *, policy: bool) -> dict[str, Any]:
    proof = judged.proof
    good = proof.verified is True and (judged.trusted or not policy)
    return {
        "layout": proof.candidate.layout.value,
        "verified": proof.verified,
        "why": None if good else judged.why or proof.why,
        "signer": None if judged.signer is None else _signer(judged.signer),
        "trusted": judged.trusted if policy else None,
        "signed_at": None if proof.signed_at is None else _rfc3339(proof.signed_at),
        "transparency_log": proof.logged,
    }


def _attestation(judged: Judged, uri: str, *, policy: bool, now: datetime) -> dict[str, Any]:
    kind = predicates.kind_of(uri)
    told = predicates.provenance_of(uri, judged.predicate)
    return {
        "at": f"attestations[{kind.value} {_name(judged)}]",
        "predicate_type": uri,
        "type": kind.value,
        "latest": judged.latest,
        "result": predicates.result_of(uri, judged.predicate),
        "conditions": [{"text": each.text, "holds": each.answer} for each in judged.conditions],
        "age_days": _age(judged.proof, uri, judged.predicate, now),
        "provenance": None
        if told is None
        else {"builder": told.builder, "source": told.source, "revision": told.revision},
        **_common(judged, policy=policy),
    }


def _age(proof: Proof, uri: str, predicate: object, now: datetime) -> int | None:
    since = predicates.time_of(uri, predicate, now=now) or proof.signed_at
    if since is None:
        return None
    return min(max(int((now - since).total_seconds() // _DAY), 0), _MAX_COUNT)


def _digest_when_signed(tag_name: str, judged: Iterable[Judged]) -> str | None:
    """What the newest trusted signature that names this tag was made for; those without a vouched time come last."""
    naming = [each.proof for each in judged if each.trusted and _tag_of(each.proof) == tag_name]
    timed = [(proof.signed_at, proof) for proof in naming if proof.signed_at is not None]
    chosen = max(timed, key=lambda pair: pair[0])[1] if timed else naming[-1] if naming else None
    return None if chosen is None else chosen.candidate.subject


def _tag_of(proof: Proof) -> str | None:
    try:
        return image_reference.parse(proof.identity or _subject_name(proof)).tag
    except ValueError:
        return None


def _subject_name(proof: Proof) -> str:
    """What a bundle's statement calls the image that it signs."""
    subjects = proof.claims.get("subject")
    first = subjects[0] if isinstance(subjects, list) and subjects else None
    name = first.get("name") if isinstance(first, dict) else None
    return name if isinstance(name, str) else ""


def _name(judged: Judged) -> str:
    if judged.signer is not None:
        return judged.signer.text
    candidate = judged.proof.candidate
    return f"{candidate.layout.value} {hashlib.sha256(candidate.payload).hexdigest()[:8]}"


def _distinct(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep one entry of those that say the same: a signature that lies in both layouts differs in its layout."""
    seen = Counter(str(entry) for entry in entries)
    return [entry for entry in entries if seen.pop(str(entry), None) is not None]


def _rfc3339(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
