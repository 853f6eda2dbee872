"""Whether what was proven satisfies a policy, and why each thing that was found does not count. No I/O.

A signature counts when it was proven, its signer is one whom the policy names, and it carries the annotations that the
policy asks for. Different signers are counted, not signatures. A required attestation must be of exactly that predicate
type, by such a signer, say nothing of a failure, and meet all conditions.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Protocol

from compliance.supply_chain import predicates
from compliance.supply_chain.signatures import Purpose, Trust
from compliance.supply_chain.trust import ReadyPolicy
from compliance.verification_settings import VerificationPolicy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from compliance.supply_chain.signatures import NamedKey, Proof, Signer
    from compliance.verification_settings import RequiredAttestation

_UNKNOWN_KEY: Final = "no key or certificate authority of the policy fits, so that nobody can tell who made it"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one condition; `unjudged` says why it could not be evaluated, and then it does not hold."""

    text: str
    holds: bool
    unjudged: str | None = None
    remedy: str = ""

    @property
    def answer(self) -> bool | None:
        """Whether it holds; None where nobody could evaluate it."""
        return self.holds if self.unjudged is None else None


class Judge(Protocol):
    """Evaluates conditions over one statement; one outcome a condition, in order."""

    def __call__(self, conditions: Sequence[str], statement: Mapping[str, object]) -> Sequence[Outcome]:
        """Evaluate them; nothing is raised, because what cannot be evaluated is an outcome too."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A proof against the policy: `signer` by the policy's name for him; `why` says why it is not trusted.

    `conditions` and `latest` are of attestations: no later one of its predicate type by this signer is there.
    """

    proof: Proof
    signer: Signer | None
    trusted: bool
    why: str | None = None
    conditions: tuple[Outcome, ...] = ()
    latest: bool = True

    @property
    def predicate(self) -> object:
        """The statement's predicate; believed only where `trusted`."""
        return self.proof.claims.get("predicate")


@dataclass(frozen=True, slots=True)
class Verification:
    """What a policy makes of an image.

    `signers`, `logged` and `timestamped` count different signers with a trusted signature: all, those with a verified
    log entry, those with a verified time stamp. `refusals` say what is missing, for a person; none means satisfied.
    """

    policy: ReadyPolicy
    signatures: tuple[Judged, ...]
    attestations: tuple[Judged, ...]
    signers: int
    logged: int
    timestamped: int
    refusals: tuple[str, ...] = field(default=())

    @property
    def satisfied(self) -> bool:
        """Whether the policy lets the image run."""
        return not self.refusals

    @property
    def undecided(self) -> bool:
        """Whether it would be satisfied if only the conditions held that could not be evaluated."""
        hoped = tuple(
            replace(
                each, conditions=tuple(replace(o, holds=o.holds or o.unjudged is not None) for o in each.conditions)
            )
            for each in self.attestations
        )
        return not self.satisfied and not any(_refusals(replace(self, attestations=hoped), self.policy.settings))

    @property
    def unjudged(self) -> tuple[Outcome, ...]:
        """The conditions that could not be evaluated: each is a gap."""
        outcomes = (outcome for judged in self.attestations for outcome in judged.conditions)
        return tuple(dict.fromkeys(outcome for outcome in outcomes if outcome.unjudged is not None))


NOBODY: Final = ReadyPolicy(VerificationPolicy("none", (), required=0), Trust())
"""A policy that trusts nobody and asks for nothing, for an image that none names: what is found is only told."""


def verify(proofs: Iterable[Proof], policy: ReadyPolicy, *, judge: Judge) -> Verification:
    """Hold proofs against a policy; `judge` evaluates conditions, and sees only what a trusted signer said."""
    settings = policy.settings
    judged = [_judged(proof, policy) for proof in proofs]
    signatures = tuple(_with_annotations(each, settings) for each in _of(judged, Purpose.SIGNATURE))
    attestations = _with_latest([_attested(each, settings, judge) for each in _of(judged, Purpose.ATTESTATION)])
    trusted = [each for each in signatures if each.trusted]
    made = Verification(
        policy,
        signatures,
        attestations,
        signers=_count(trusted),
        logged=_count(each for each in trusted if each.proof.logged),
        timestamped=_count(each for each in trusted if each.proof.timestamped),
    )
    return replace(made, refusals=tuple(_refusals(made, settings)))


def _judged(proof: Proof, policy: ReadyPolicy) -> Judged:
    if proof.verified is None:
        return Judged(proof, proof.signer, trusted=False, why=proof.why or _UNKNOWN_KEY)
    if not proof.verified or proof.signer is None:
        return Judged(proof, proof.signer, trusted=False, why=proof.why or "it does not hold")
    signer = _named(proof.signer, policy.trust.keys)
    if _is_trusted(signer, policy):
        return Judged(proof, signer, trusted=True)
    who = f"{signer.text} ({signer.issuer})" if signer.issuer else signer.text
    return Judged(proof, signer, trusted=False, why=f"the policy {policy.settings.name} does not name {who}")


def _named(signer: Signer, keys: Sequence[NamedKey]) -> Signer:
    known = next((key for key in keys if key.fingerprint == signer.key), None)
    return signer if known is None else replace(signer, text=known.name)


def _is_trusted(signer: Signer, policy: ReadyPolicy) -> bool:
    if signer.key is not None:
        return any(key.fingerprint == signer.key for key in policy.trust.keys)
    return any(known.names(signer.identity, signer.issuer) for known in policy.settings.identities)


def _with_annotations(judged: Judged, settings: VerificationPolicy) -> Judged:
    signed = judged.proof.signed_annotations
    lacking = [key for key, text in settings.annotations.items() if signed.get(key) != text]
    if not judged.trusted or not lacking:
        return judged
    wanted = ", ".join(f"{key}={settings.annotations[key]}" for key in lacking)
    return replace(judged, trusted=False, why=f"it was not signed with the annotation {wanted}")


def _attested(judged: Judged, settings: VerificationPolicy, judge: Judge) -> Judged:
    """Judge the conditions on a trusted attestation; on another nothing holds, and nothing is evaluated."""
    lacking = _lacking(judged.proof, settings)
    if judged.trusted and lacking is not None:
        judged = replace(judged, trusted=False, why=lacking)
    required = _requirement(judged.proof.predicate_type, settings)
    if required is None or not required.conditions:
        return judged
    if not judged.trusted:
        return replace(judged, conditions=tuple(Outcome(text, holds=False) for text in required.conditions))
    return replace(judged, conditions=tuple(judge(required.conditions, judged.proof.claims)))


def _lacking(proof: Proof, settings: VerificationPolicy) -> str | None:
    if settings.log_required and not proof.logged:
        return "no entry of a transparency log was verified for it, which the policy requires"
    if settings.timestamp_required and not proof.timestamped:
        return "no time stamp was verified for it, which the policy requires"
    return None


def _requirement(predicate_type: str | None, settings: VerificationPolicy) -> RequiredAttestation | None:
    return next((each for each in settings.attestations if predicates.uri_of(each.type) == predicate_type), None)


def _with_latest(attestations: Sequence[Judged]) -> tuple[Judged, ...]:
    """Say which are the latest of their type and signer; only times that a log or authority vouches for count."""
    newest = defaultdict(list)
    for each in attestations:
        if each.trusted and each.proof.signed_at is not None:
            newest[_who_says_what(each)].append(each.proof.signed_at)
    return tuple(
        replace(each, latest=each.proof.signed_at is None or each.proof.signed_at >= max(newest[_who_says_what(each)]))
        if newest.get(_who_says_what(each))
        else each
        for each in attestations
    )


def _who_says_what(judged: Judged) -> tuple[object, ...]:
    return (judged.proof.predicate_type, *_who(judged.signer))


def _who(signer: Signer | None) -> tuple[str | None, ...]:
    return (None,) if signer is None else (signer.key, signer.identity, signer.issuer)


def _count(judged: Iterable[Judged]) -> int:
    return len({_who(each.signer) for each in judged})


def _of(judged: Iterable[Judged], purpose: Purpose) -> list[Judged]:
    return [each for each in judged if each.proof.purpose is purpose]


def _refusals(made: Verification, settings: VerificationPolicy) -> Iterable[str]:
    trusted = [each for each in made.signatures if each.trusted]
    complete = _count(each for each in trusted if _lacking(each.proof, settings) is None)
    if made.signers < settings.required:
        yield f"{_counted(made.signers)} of the {settings.required} that are required signed it"
    elif complete < settings.required:
        wanted = [("in a transparency log", settings.log_required), ("time-stamped", settings.timestamp_required)]
        how = " and ".join(text for text, asked in wanted if asked)
        yield f"the signatures of {complete} of the {settings.required} signers that are required are {how}"
    for required in settings.attestations:
        why = _missing(required, made.attestations)
        if why is not None:
            yield why


def _missing(required: RequiredAttestation, attestations: Iterable[Judged]) -> str | None:
    """Why a required attestation is not there; None: it is."""
    uri = predicates.uri_of(required.type)
    of_type = [each for each in attestations if each.proof.predicate_type == uri]
    trusted = [each for each in of_type if each.trusted and each.latest]
    if not trusted:
        found = ", and none of those that are there counts" if of_type else ""
        return f"no trusted attestation of type {required.type} is there{found}"
    if any(predicates.result_of(uri, each.predicate) == "failed" for each in trusted):
        return f"the attestation of type {required.type} says that it failed"
    if not any(all(outcome.holds for outcome in each.conditions) for each in trusted):
        return f"the attestation of type {required.type} {_unmet([each.conditions for each in trusted])}"
    return None


def _unmet(attestations: Sequence[Sequence[Outcome]]) -> str:
    """What no attestation meets; where one may, what nobody could evaluate."""
    known = all(any(outcome.answer is False for outcome in conditions) for conditions in attestations)
    texts = (o.text for conditions in attestations for o in conditions if o.answer is (False if known else None))
    return f"{'does not meet' if known else 'could not be held against'}: {'; '.join(dict.fromkeys(texts))}"


def _counted(signers: int) -> str:
    return f"{signers} signer{'s' if signers != 1 else ''}"
