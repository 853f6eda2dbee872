"""The facts about signatures and attestations, which the schema of images must take."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from signed_images import NOW, SignedImage, holding, make_image, named, policy

from compliance.data import builtin_rules_folder
from compliance.shape import Shape
from compliance.sources.images import signature_facts
from compliance.sources.images.signature_facts import Tag
from compliance.supply_chain import keys, predicates
from compliance.supply_chain.discovery import Found, OtherSignature, Sbom
from compliance.supply_chain.image_verification import verify_image
from compliance.supply_chain.signatures import Candidate, Layout, Proof, Purpose, Signer
from compliance.supply_chain.verification import Judged, verify
from compliance.verification_settings import RequiredAttestation, TrustedIdentity

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.supply_chain.image_verification import VerifiedImage

SCHEMA = json.loads((builtin_rules_folder() / "schemas" / "image.json").read_bytes())
KEY = keys.generate()
DIGEST, OTHER = f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"


def check(**parts: Any) -> None:  # noqa: ANN401 - parts of the facts
    properties = {name: SCHEMA["properties"][name] for name in parts}
    shape = Shape({"type": "object", "properties": properties, "definitions": SCHEMA["definitions"]})
    assert shape.problems(parts) == []


def everything(verified: VerifiedImage, image: SignedImage) -> dict[str, Any]:
    made = verified.verification
    judged = (*made.signatures, *made.attestations)
    parts = {
        "verification": signature_facts.verification(made, configured=True),
        "signatures": signature_facts.signatures(made.signatures, policy=True),
        "other_signatures": signature_facts.other_signatures(verified.found),
        "attestations": signature_facts.attestations(made.attestations, policy=True, now=NOW),
        "tag": signature_facts.tag(Tag("v1.2.0", image.digest), judged, [image.digest]),
        "sbom": signature_facts.sbom(verified.found, made.attestations),
    }
    check(**parts)
    return parts


@pytest.fixture
def image(tmp_path: Path) -> SignedImage:
    return make_image(tmp_path / "layout")


def judged(**changes: Any) -> Judged:  # noqa: ANN401 - fields of a proof
    candidate = Candidate(Layout.LEGACY, b"payload", "sha256:1", changes.pop("subject", DIGEST))
    proof = Proof(candidate, Purpose.SIGNATURE, verified=True, signer=Signer("release key", key="sha256:0"))
    trusted, why = changes.pop("trusted", True), changes.pop("why", None)
    proof = replace(proof, **changes)
    return Judged(proof, proof.signer, trusted=trusted, why=why)


def test_a_signed_and_attested_image(image: SignedImage) -> None:
    image.sign(KEY)
    image.sign(keys.generate(), layouts=[Layout.LEGACY])
    image.attest(KEY, "test-result", {"result": "FAILED", "configuration": []}, layouts=[Layout.BUNDLE])
    image.attest(KEY, "cyclonedx", {"bomFormat": "CycloneDX"}, layouts=[Layout.LEGACY])
    wanted = (RequiredAttestation("test-result", ("not this",)),)
    known = policy(named(KEY, "release key"), attestations=wanted)
    facts = everything(verify_image(image.repository, [image.digest], known, judge=holding), image)

    assert facts["verification"]["policy"]["found"] == {"signers": 1, "logged": 0, "timestamped": 0}
    assert [(one["at"], one["layout"], one["trusted"]) for one in facts["signatures"] if one["trusted"]] == [
        ("signatures[release key]", "legacy", True),
        ("signatures[release key]", "bundle", True),
    ]
    (stranger,) = (one for one in facts["signatures"] if not one["trusted"])
    assert (stranger["verified"], stranger["signer"], stranger["why"]) == (None, None, "no key at hand fits")
    assert stranger["at"].startswith("signatures[legacy ")
    by_type = {one["type"]: one for one in facts["attestations"]}
    assert by_type["test"]["at"] == "attestations[test release key]"
    assert by_type["test"]["result"] == "failed"
    assert by_type["test"]["conditions"] == [{"text": "not this", "holds": False}]
    assert facts["sbom"] == {"present": True, "format": "cyclonedx", "attached_as": "attestation"}
    assert facts["tag"] == {
        "name": "v1.2.0",
        "digest_now": image.digest,
        "digest_when_signed": image.digest,
        "moved": False,
    }


def test_a_condition_that_nobody_could_evaluate_is_unknown(image: SignedImage) -> None:
    image.sign(KEY)
    image.attest(KEY, "test-result", {"result": "PASSED", "configuration": []}, layouts=[Layout.BUNDLE])
    known = policy(named(KEY, "release key"), attestations=(RequiredAttestation("test-result", ("this?", "that")),))
    facts = everything(verify_image(image.repository, [image.digest], known, judge=holding), image)
    assert facts["attestations"][0]["conditions"] == [{"text": "this?", "holds": None}, {"text": "that", "holds": True}]


def test_an_image_without_anything(image: SignedImage) -> None:
    facts = everything(verify_image(image.repository, [image.digest], policy(named(KEY, "k")), judge=holding), image)
    assert (facts["signatures"], facts["attestations"], facts["sbom"]["present"]) == ([], [], False)
    assert (facts["tag"]["digest_when_signed"], facts["tag"]["moved"]) == (None, None)


def test_without_a_policy_nobody_is_trusted_or_not() -> None:
    entries = signature_facts.signatures([judged(trusted=False, why="no policy")], policy=False)
    check(signatures=entries, verification=signature_facts.verification(None, configured=False))
    assert (entries[0]["trusted"], entries[0]["why"]) == (None, None)


@pytest.mark.usefixtures("image")
def test_the_policy_names_keys_and_identities() -> None:
    who = TrustedIdentity(identity_pattern=".*@example\\.com", issuer="https://i.test")
    made = verify([], policy(named(KEY, "release key"), identities=(who,), log_required=True), judge=holding)
    part = signature_facts.verification(made, configured=True)
    check(verification=part)
    assert [signer["text"] for signer in part["policy"]["signers"]] == ["release key", ".*@example\\.com"]
    assert part["policy"]["log_required"] is True


@pytest.mark.parametrize(
    ("now", "signed", "moved"),
    [(DIGEST, DIGEST, False), (OTHER, DIGEST, True), (None, DIGEST, None)],
)
def test_a_tag_has_moved_when_it_names_another_image(now: str | None, signed: str, moved: bool | None) -> None:  # noqa: FBT001 - expected
    signature = judged(subject=signed, identity="registry.example.com/web:v1")
    part = signature_facts.tag(Tag("v1", now), [signature], [now or OTHER])
    check(tag=part)
    assert part is not None
    assert part["moved"] is moved


def test_an_index_and_its_manifest_are_one_image() -> None:
    signature = judged(subject=DIGEST, identity="registry.example.com/web:v1")
    part = signature_facts.tag(Tag("v1", OTHER), [signature], [OTHER, DIGEST])
    assert part is not None
    assert part["moved"] is False


@pytest.mark.parametrize(
    "signature",
    [
        judged(identity="registry.example.com/web:v2"),
        judged(identity="registry.example.com/web"),
        judged(identity="no reference at all:::"),
        judged(identity="registry.example.com/web:v1", trusted=False),
    ],
)
def test_a_signature_that_does_not_name_the_tag_tells_nothing_of_it(signature: Judged) -> None:
    part = signature_facts.tag(Tag("v1", OTHER), [signature], [OTHER])
    assert part is not None
    assert (part["digest_when_signed"], part["moved"]) == (None, None)


def test_the_newest_signature_tells_what_a_tag_named() -> None:
    old = judged(subject=OTHER, identity="r.test/web:v1", signed_at=NOW - timedelta(days=2))
    new = judged(subject=DIGEST, identity="r.test/web:v1", signed_at=NOW)
    for order in ([old, new], [new, old]):
        part = signature_facts.tag(Tag("v1", DIGEST), order, [DIGEST])
        assert part is not None
        assert part["digest_when_signed"] == DIGEST


def test_a_scan_is_as_old_as_it_says_and_else_as_its_signature() -> None:
    def age(**changes: Any) -> int | None:  # noqa: ANN401 - fields of a proof
        one = judged(purpose=Purpose.ATTESTATION, predicate_type=predicates.VULNERABILITIES, **changes)
        entries = signature_facts.attestations([one], policy=True, now=NOW)
        check(attestations=entries)
        found: int | None = entries[0]["age_days"]
        return found

    told = {"predicate": {"metadata": {"scanFinishedOn": "2026-11-10T09:00:00Z"}}}
    assert age(claims=told) == 9
    assert age(claims=told, signed_at=NOW) == 9
    assert age(signed_at=NOW - timedelta(days=3)) == 3
    assert age(claims={"predicate": {"metadata": {"scanFinishedOn": "2099-01-01T00:00:00Z"}}}) is None
    assert age() is None


def test_other_signatures_and_bills_of_materials_are_told() -> None:
    found = Found(others=(OtherSignature("notation", "m"),), sboms=(Sbom("other", "tag"), Sbom("spdx", "buildkit")))
    assert signature_facts.other_signatures(found) == [{"format": "notation", "media_type": "m"}]
    assert signature_facts.sbom(found, [])["attached_as"] == "buildkit"
    broken = judged(purpose=Purpose.ATTESTATION, predicate_type=predicates.SPDX, verified=False, trusted=False)
    assert signature_facts.sbom(found, [broken])["attached_as"] == "buildkit"


CLAIMS = st.dictionaries(
    st.sampled_from(["predicate", "subject"]),
    st.recursive(
        st.none() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(st.sampled_from(["result", "metadata", "builder", "materials", "uri"]), inner, max_size=3)
        ),
    ),
    max_size=2,
)


@given(
    CLAIMS,
    st.sampled_from(sorted(predicates.SHORT_NAMES.values())),
    st.sampled_from([True, False, None]),
    st.sampled_from([True, False, None]),
    st.booleans(),
)
def test_whatever_was_said_the_facts_fit_their_schema(
    claims: dict[str, Any],
    uri: str,
    verdict: bool | None,  # noqa: FBT001 - drawn
    logged: bool | None,  # noqa: FBT001 - likewise
    policy: bool,  # noqa: FBT001 - likewise
) -> None:
    one = judged(
        purpose=Purpose.ATTESTATION,
        claims=claims,
        predicate_type=uri,
        verified=verdict,
        logged=logged,
        signer=Signer("k", key="sha256:0") if verdict else None,
        trusted=verdict is True,
        why=None if verdict else "why",
    )
    check(
        attestations=signature_facts.attestations([one], policy=policy, now=NOW),
        signatures=signature_facts.signatures([one], policy=policy),
        tag=signature_facts.tag(Tag("v1", DIGEST), [one], [DIGEST]),
        sbom=signature_facts.sbom(Found(), [one]),
    )
