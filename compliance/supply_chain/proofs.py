"""Proving candidates: whose signature it is, what it is about, and what a log or time-stamping authority vouches for.

Both layouts and both purposes go the same way: read the evidence, find who signed, check what is signed, then ask the
log and the time stamps. A signature that no key at hand fits cannot be told from a stranger's (`verified` is None);
where the evidence itself names a signer that is at hand, a signature that does not fit is wrong (False). A log entry
that is there and proven wrong makes the whole wrong, as cosign has it.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.errors import ContentError
from compliance.supply_chain import dsse, evidence
from compliance.supply_chain.public_keys import public_der
from compliance.supply_chain.signatures import Candidate, Layout, NamedKey, Proof, Purpose, Signer, Trust

if TYPE_CHECKING:
    from datetime import datetime

    from compliance.supply_chain.evidence import Evidence
    from compliance.supply_chain.sigstore.vouching import Vouched


@dataclass(frozen=True, slots=True)
class _Verdict:
    verified: bool | None
    why: str | None = None
    signer: Signer | None = None
    signed_at: datetime | None = None
    logged: bool | None = False
    timestamped: bool | None = False


def prove(candidate: Candidate, digests: frozenset[str], trust: Trust) -> Proof:
    """Prove a candidate that should speak of one of the `digests`, normally its subject's alone.

    Nothing is fetched. What a candidate is wrong in is said in the proof.

    Raises:
        ConfigurationError: the trusted root, which is needed for this one, cannot be read.
    """
    try:
        found = evidence.read(candidate, digests)
    except ContentError as error:
        return Proof(candidate, _purpose(candidate), verified=False, why=error.message)
    try:
        verdict = _verdict(found, trust)
    except ContentError as error:
        verdict = _Verdict(verified=False, why=error.message)
    if found.other is not None and verdict.verified is not False:
        verdict = _Verdict(
            verified=False, why=f"it speaks of {found.other}, and not of this image", signer=verdict.signer
        )
    return Proof(
        candidate,
        found.purpose,
        verdict.verified,
        verdict.why,
        verdict.signer,
        verdict.signed_at,
        verdict.logged,
        verdict.timestamped,
        found.predicate_type,
        found.claims,
        found.identity,
        found.annotations,
    )


def _purpose(candidate: Candidate) -> Purpose:
    """What a candidate that cannot be read was meant to be; a bundle counts as a signature, so that it is noticed."""
    attested = candidate.layout is Layout.LEGACY and candidate.media_type == dsse.MEDIA_TYPE
    return Purpose.ATTESTATION if attested else Purpose.SIGNATURE


def _verdict(found: Evidence, trust: Trust) -> _Verdict:
    key, fits = _key(found, trust)
    if key is None:
        return _by_certificate(found, trust) if found.certificates else _unknown(trust)
    signer = Signer(key.name, key=key.fingerprint)
    if not fits:
        return _Verdict(verified=False, why=f"the signature does not fit the key {key.name}, which it names")
    if not found.entries and not found.timestamps:
        return _Verdict(verified=True, signer=signer)
    return _vouched(found, key, trust, signer)


def _key(found: Evidence, trust: Trust) -> tuple[NamedKey | None, bool]:
    """The key that signed, or that is said to have signed; and whether the signature fits it."""
    for key in trust.keys:
        if found.hint and found.hint == base64.b64encode(bytes.fromhex(key.fingerprint.partition(":")[2])).decode():
            return key, found.signed.fits(key.public)
    return next(((key, True) for key in trust.keys if found.signed.fits(key.public)), (None, False))


def _unknown(trust: Trust) -> _Verdict:
    return _Verdict(verified=None, why="no key at hand fits" if trust.keys else "no key is at hand")


def _vouched(found: Evidence, key: NamedKey, trust: Trust, signer: Signer) -> _Verdict:
    """What the log and the time stamps add to a signature that a key has proven."""
    if trust.trusted_root is None:
        logged, timestamped = (None if there else False for there in (found.entries, found.timestamps))
        return _Verdict(verified=True, signer=signer, logged=logged, timestamped=timestamped)
    from compliance.supply_chain.sigstore import certificate_reading, vouching  # noqa: PLC0415 - seldom needed

    # cosign logs the certificate in place of the key where it signs with both.
    verifiers = frozenset({public_der(key.public), *certificate_reading.of_key(found.certificates, key.public)})
    return _with(vouching.vouch(found, verifiers, trust.trusted_root), None, signer)


def _with(vouched: Vouched, why: str | None, signer: Signer) -> _Verdict:
    """A verdict, with nobody's name where something is wrong."""
    why = vouched.why or why
    return _Verdict(
        why is None,
        why,
        signer if why is None else None,
        vouched.signed_at,
        vouched.logged,
        vouched.timestamped,
    )


def _by_certificate(found: Evidence, trust: Trust) -> _Verdict:
    if trust.trusted_root is None:
        return _Verdict(verified=None, why="it is signed with a certificate, and no trusted root is at hand")
    from compliance.supply_chain.sigstore import certificate_reading, certificates, vouching  # noqa: PLC0415 - seldom needed

    leaf = certificate_reading.leaf(found.certificates)
    if not found.signed.fits(leaf.public):
        return _Verdict(verified=False, why="the signature does not fit the certificate that it comes with")
    if not certificates.issuer_is_known(leaf, trust.trusted_root):
        return _Verdict(verified=None, why="the certificate is of an issuer that the trusted root does not have")
    vouched = vouching.vouch(found, frozenset({leaf.der}), trust.trusted_root)
    why = vouched.why or certificates.misfit(leaf, vouched.times, trust.trusted_root)
    return _with(vouched, why, Signer(leaf.identity, identity=leaf.identity, issuer=leaf.issuer))
