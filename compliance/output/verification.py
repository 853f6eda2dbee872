"""What a verification found, for a person and as JSON: what satisfied the policy, and why the rest did not."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any, Final

from compliance.output.json_text import dump
from compliance.output.text import for_terminal
from compliance.supply_chain import predicates
from compliance.supply_chain.signatures import Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from compliance.supply_chain.image_verification import VerifiedImage
    from compliance.supply_chain.verification import Judged

SCHEMA: Final = "compliance/verification/v1"
_ANSWERS: Final = {True: "holds", False: "does not hold", None: "not judged"}


def text(image: str, digests: Sequence[str], verified: VerifiedImage) -> str:
    """Say it in lines: the answer first, then each thing that was found, then what could not be read or judged."""
    return "\n".join(for_terminal(line) for line in _lines(image, digests, verified)) + "\n"


def render(image: str, digests: Sequence[str], verified: VerifiedImage) -> str:
    """The same as JSON, keys sorted; unknown is null."""
    verification = verified.verification
    return dump(
        {
            "schema": SCHEMA,
            "image": image,
            "digests": list(digests),
            "policy": verification.policy.settings.name,
            "policy_digest": verification.policy.digest,
            "satisfied": verification.satisfied,
            "undecided": verified.undecided,
            "refusals": list(verification.refusals),
            "signers": verification.signers,
            "signatures": [_tree(each) for each in verification.signatures],
            "attestations": [_tree(each) for each in verification.attestations],
            "not_verified": [{"format": each.format, "media_type": each.media_type} for each in verified.found.others],
            "gaps": list(_gaps(verified)),
        }
    )


def _lines(image: str, digests: Sequence[str], verified: VerifiedImage) -> Iterator[str]:
    verification, name = verified.verification, verified.verification.policy.settings.name
    answer = "verified" if verification.satisfied else "not decided" if verified.undecided else "refused"
    yield f"{image}: {answer} by the policy {name}"
    yield from (f"  digest: {digest}" for digest in digests)
    yield from (f"  missing: {refusal}" for refusal in verification.refusals)
    found = (*verification.signatures, *verification.attestations)
    for each in sorted(found, key=lambda judged: not judged.trusted):
        yield from _about(each)
    for other in verified.found.others:
        yield f"  not verified: a signature of {other.format} ({other.media_type}), which this tool does not verify"
    yield from (f"  not judged: {gap}" for gap in _gaps(verified))


def _about(judged: Judged) -> Iterator[str]:
    proof = judged.proof
    what = "signature" if proof.purpose is Purpose.SIGNATURE else f"attestation {_type(judged)}"
    who = f" by {judged.signer.text}" if judged.signer else ""
    issuer = f" ({judged.signer.issuer})" if judged.signer and judged.signer.issuer else ""
    mark = "counts" if judged.trusted else "does not count"
    facts = [text for text, known in (("logged", proof.logged), ("time-stamped", proof.timestamped)) if known]
    vouched = f", {' and '.join(facts)}" if facts else ""
    yield f"  {mark}: {what}, {proof.candidate.layout.value} layout{who}{issuer}{vouched}"
    if judged.why:
        yield f"    because {judged.why}"
    for outcome in judged.conditions if judged.trusted else ():
        yield f"    condition {_ANSWERS[outcome.answer]}: {outcome.text}"


def _gaps(verified: VerifiedImage) -> Iterator[str]:
    yield from (f"{each.what} cannot be read: {each.why}" for each in verified.found.unread)
    for outcome in verified.verification.unjudged:
        remedy = f" ({outcome.remedy})" if outcome.remedy else ""
        yield f"the condition {outcome.text}: {outcome.unjudged}{remedy}"


def _type(judged: Judged) -> str:
    uri = judged.proof.predicate_type
    return "of no type that can be read" if uri is None else predicates.name_of(uri)


def _tree(judged: Judged) -> dict[str, Any]:
    proof, signer = judged.proof, judged.signer
    return {
        "layout": proof.candidate.layout.value,
        "digest": proof.candidate.digest,
        "subject": proof.candidate.subject,
        "predicate_type": proof.predicate_type,
        "verified": proof.verified,
        "trusted": judged.trusted,
        "why": judged.why,
        "signer": None
        if signer is None
        else {"text": signer.text, "key": signer.key, "identity": signer.identity, "issuer": signer.issuer},
        "annotations": dict(proof.signed_annotations) if judged.trusted else {},
        "logged": proof.logged,
        "timestamped": proof.timestamped,
        "signed_at": None if proof.signed_at is None else proof.signed_at.astimezone(UTC).isoformat(),
        "latest": judged.latest,
        "conditions": [{"text": each.text, "holds": each.answer} for each in judged.conditions],
    }
