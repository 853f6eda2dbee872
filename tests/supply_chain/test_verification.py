"""Whether proofs satisfy a policy, and why what was found does not count."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_images import NOW, holding, named, policy

from compliance.supply_chain import keys, predicates
from compliance.supply_chain.signatures import Candidate, Layout, Proof, Purpose, Signer
from compliance.supply_chain.verification import Verification, verify
from compliance.verification_settings import RequiredAttestation, TrustedIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.supply_chain.trust import ReadyPolicy
    from compliance.supply_chain.verification import Outcome

BUILD, REVIEW = named(keys.generate(), "build"), named(keys.generate(), "review")
STRANGER = Signer("eve@example.org", identity="eve@example.org", issuer="https://i.test")


def signature(signer: Signer | None = None, **changes: Any) -> Proof:  # noqa: ANN401 - fields of a proof
    candidate = Candidate(Layout.LEGACY, b"payload", "sha256:1", "sha256:2")
    who = signer or Signer(BUILD.fingerprint, key=BUILD.fingerprint)
    return replace(Proof(candidate, Purpose.SIGNATURE, verified=True, signer=who), **changes)


def attestation(type_: str = "test-result", result: str = "PASSED", **changes: Any) -> Proof:  # noqa: ANN401 - likewise
    said = {"claims": {"predicate": {"result": result}}, "predicate_type": predicates.uri_of(type_)}
    return signature(**{"purpose": Purpose.ATTESTATION, **said, **changes})


def review(**changes: Any) -> Proof:  # noqa: ANN401 - likewise
    return signature(Signer("a key", key=REVIEW.fingerprint), **changes)


def verified(proofs: Sequence[Proof], **settings: Any) -> Verification:  # noqa: ANN401 - fields of a policy
    return verify(proofs, policy(BUILD, REVIEW, **settings), judge=holding)


def test_one_signature_of_a_key_that_is_named_satisfies() -> None:
    result = verified([signature()])
    assert (result.satisfied, result.signers, result.refusals) == (True, 1, ())
    assert result.signatures[0].signer == Signer("build", key=BUILD.fingerprint)


def test_nothing_satisfies_nothing() -> None:
    assert verified([]).refusals == ("0 signers of the 1 that are required signed it",)


@pytest.mark.parametrize(
    ("proof", "why"),
    [
        (signature(verified=False, why="the signature is broken"), "the signature is broken"),
        (signature(verified=None, signer=None, why="no key at hand fits"), "no key at hand fits"),
        (replace(signature(), signer=None), "it does not hold"),
        (signature(STRANGER), "the policy release does not name eve@example.org (https://i.test)"),
        (signature(Signer("x", key="sha256:0")), "the policy release does not name x"),
    ],
)
def test_what_does_not_count_says_why(proof: Proof, why: str) -> None:
    result = verified([proof])
    assert not result.satisfied
    assert (result.signatures[0].trusted, result.signatures[0].why) == (False, why)


def test_signers_are_counted_not_signatures() -> None:
    both_layouts = [signature(), signature(candidate=Candidate(Layout.BUNDLE, b"", "sha256:3", "sha256:2"))]
    assert verified(both_layouts, required=2).refusals == ("1 signer of the 2 that are required signed it",)
    assert verified([*both_layouts, review()], required=2).satisfied


def test_identities_are_signers_of_their_own() -> None:
    known = TrustedIdentity(identity_pattern=".*@example\\.org", issuer="https://i.test")
    proofs = [signature(STRANGER), signature(replace(STRANGER, identity="ann@example.org"))]
    assert verified(proofs, identities=(known,), required=2).satisfied
    assert not verified([proofs[0], proofs[0]], identities=(known,), required=2).satisfied


def test_an_attestation_is_no_signature() -> None:
    assert verified([attestation()]).signers == 0


def test_annotations_must_have_been_signed() -> None:
    settings = {"annotations": {"stage": "release"}}
    assert verified([signature(signed_annotations={"stage": "release", "more": "1"})], **settings).satisfied
    for signed in ({}, {"stage": "test"}, {"stage": True}):
        result = verified([signature(signed_annotations=signed)], **settings)
        assert result.signatures[0].why == "it was not signed with the annotation stage=release"


@pytest.mark.parametrize(
    ("field", "setting", "how"),
    [("logged", "log_required", "in a transparency log"), ("timestamped", "timestamp_required", "time-stamped")],
)
def test_a_log_or_time_stamp_must_be_verified_where_it_is_required(field: str, setting: str, how: str) -> None:
    for known in (False, None):
        result = verified([signature(**{field: known})], **{setting: True})
        assert result.refusals == (f"the signatures of 0 of the 1 signers that are required are {how}",)
        assert result.signers == 1
    assert verified([signature(**{field: True})], **{setting: True}).satisfied
    assert verified([signature(**{field: None})]).satisfied


def test_log_and_time_stamp_must_be_of_one_signature() -> None:
    halves = [signature(logged=True), signature(timestamped=True)]
    result = verified(halves, log_required=True, timestamp_required=True)
    assert (result.logged, result.timestamped, result.satisfied) == (1, 1, False)


def asking(*conditions: str, type_: str = "test-result") -> dict[str, Any]:
    return {"attestations": (RequiredAttestation(type_, conditions),), "required": 0}


def test_an_attestation_of_exactly_that_type_is_needed() -> None:
    assert verified([attestation()], **asking()).satisfied
    assert verified([attestation("custom")], **asking()).refusals == (
        "no trusted attestation of type test-result is there",
    )


@pytest.mark.parametrize(
    "proof",
    [
        attestation(verified=None, signer=None),
        attestation(verified=False, why="broken"),
        attestation(signer=STRANGER),
        signature(predicate_type=predicates.TEST_RESULT),
    ],
)
def test_an_attestation_counts_when_a_trusted_signer_made_it(proof: Proof) -> None:
    assert "no trusted attestation" in verified([proof], **asking()).refusals[0]


def test_an_attestation_that_says_it_failed_satisfies_nothing() -> None:
    result = verified([attestation(result="FAILED"), attestation()], **asking())
    assert result.refusals == ("the attestation of type test-result says that it failed",)


def test_a_later_attestation_of_the_same_signer_replaces_one_that_failed() -> None:
    failed, passed = attestation(result="FAILED", signed_at=NOW), attestation(signed_at=NOW + timedelta(seconds=1))
    result = verified([passed, failed], **asking())
    assert (result.satisfied, [each.latest for each in result.attestations]) == (True, [True, False])
    others = attestation(signer=review().signer, signed_at=NOW + timedelta(days=1))
    assert not verified([failed, others], **asking()).satisfied
    untrusted = replace(passed, verified=None, signer=None)
    assert not verified([failed, untrusted], **asking()).satisfied


def test_an_attestation_without_a_vouched_time_replaces_nothing() -> None:
    result = verified([attestation(result="FAILED", signed_at=NOW), attestation()], **asking())
    assert not result.satisfied


def test_conditions_hold_on_one_attestation_together() -> None:
    assert verified([attestation()], **asking("a", "b")).satisfied
    result = verified([attestation()], **asking("a", "not b"))
    assert result.refusals == ("the attestation of type test-result does not meet: not b",)
    assert [outcome.holds for outcome in result.attestations[0].conditions] == [True, False]


def test_nothing_is_evaluated_of_what_a_stranger_says() -> None:
    def never(_conditions: Sequence[str], _statement: object) -> tuple[Outcome, ...]:
        raise AssertionError("evaluated")

    result = verify([attestation(signer=STRANGER)], policy(BUILD, **asking("a")), judge=never)
    assert [outcome.holds for outcome in result.attestations[0].conditions] == [False]


def test_a_condition_that_cannot_be_judged_leaves_it_open() -> None:
    result = verified([attestation()], **asking("a?"))
    assert (result.satisfied, result.undecided) == (False, True)
    assert [outcome.unjudged for outcome in result.unjudged] == ["no engine"]
    assert result.refusals == ("the attestation of type test-result could not be held against: a?",)
    assert not verified([attestation()], **asking("a?", "not b")).undecided
    assert not verified([attestation(result="FAILED")], **asking("a?")).undecided
    assert not verified([attestation()], **{**asking("a?"), "required": 1}).undecided


def test_only_what_is_known_not_to_hold_is_called_unmet() -> None:
    assert verified([attestation()], **asking("a?", "not b")).refusals == (
        "the attestation of type test-result does not meet: not b",
    )


def test_an_attestation_without_the_required_log_entry_does_not_count() -> None:
    result = verified([attestation(logged=None)], **asking(), log_required=True)
    assert result.attestations[0].why == (
        "no entry of a transparency log was verified for it, which the policy requires"
    )


PROOFS = st.builds(
    lambda made, verdict, signer, logged: replace(made, verified=verdict, signer=signer, logged=logged),
    st.sampled_from([signature(), attestation(), attestation(result="FAILED"), attestation("custom")]),
    st.sampled_from([True, False, None]),
    st.sampled_from([signature().signer, review().signer, STRANGER, None]),
    st.sampled_from([True, False, None]),
)
SETTINGS = st.fixed_dictionaries(
    {"required": st.integers(1, 3), "log_required": st.booleans()},
    optional={"attestations": st.just((RequiredAttestation("test-result"),))},
)


@given(st.lists(PROOFS, max_size=6), PROOFS, SETTINGS)
def test_what_was_refused_stays_refused_when_something_untrusted_is_added(
    proofs: list[Proof], more: Proof, settings: dict[str, Any]
) -> None:
    known = {BUILD.fingerprint, REVIEW.fingerprint}
    if more.verified is not True or more.signer is None or more.signer.key not in known:
        assert verified(proofs, **settings).satisfied == verified([*proofs, more], **settings).satisfied


@given(st.lists(PROOFS, max_size=6), SETTINGS)
def test_a_pass_rests_on_enough_proven_signatures_of_named_keys(proofs: list[Proof], settings: dict[str, Any]) -> None:
    result = verified(proofs, **settings)
    signers = {
        proof.signer.key
        for proof in proofs
        if proof.purpose is Purpose.SIGNATURE
        and proof.verified is True
        and proof.signer
        and (proof.logged is True or not settings["log_required"])
    }
    enough = len(signers & {BUILD.fingerprint, REVIEW.fingerprint}) >= settings["required"]
    if result.satisfied:
        assert enough
    if not settings.get("attestations"):
        assert result.satisfied == enough


def test_a_policy_without_signers_trusts_nobody() -> None:
    nobody: ReadyPolicy = policy()
    assert not verify([signature()], nobody, judge=holding).satisfied
