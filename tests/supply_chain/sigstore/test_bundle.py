"""Reading and writing bundles."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain import dsse, keys, public_keys
from compliance.supply_chain.sigstore import bundle as bundles

if TYPE_CHECKING:
    from own_sigstore import OwnSigstore

_V01 = "application/vnd.dev.sigstore.bundle+json;version=0.1"
_V02 = "application/vnd.dev.sigstore.bundle+json;version=0.2"


def value(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    made: dict[str, Any] = {
        "mediaType": bundles.MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": "a"}},
        "messageSignature": {"messageDigest": {"algorithm": "SHA2_256", "digest": "AAAA"}, "signature": "AAAA"},
    }
    return {key: entry for key, entry in (made | changes).items() if entry is not ...}


def parse(**changes: Any) -> bundles.Bundle:  # noqa: ANN401 - JSON
    return bundles.parse(json.dumps(value(**changes)).encode())


def test_a_bundle_for_a_key_has_the_bytes_of_cosign() -> None:
    public = keys.generate().public
    digest = hashlib.sha256(b"text").digest()
    made = bundles.bundle_for_key(bundles.MessageSignature(b"signature", f"sha256:{digest.hex()}"), public)
    hint = base64.b64encode(hashlib.sha256(public_keys.public_der(public)).digest()).decode()
    assert made.decode() == (
        '{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",'
        f'"verificationMaterial":{{"publicKey":{{"hint":"{hint}"}}}},'
        f'"messageSignature":{{"messageDigest":{{"algorithm":"SHA2_256","digest":"{base64.b64encode(digest).decode()}"}},'
        f'"signature":"{base64.b64encode(b"signature").decode()}"}}}}'
    )


@pytest.mark.parametrize(
    "content",
    [
        dsse.Envelope("text", b"payload", (b"signature",)),
        bundles.MessageSignature(b"signature", "sha384:" + "ab" * 48),
    ],
)
def test_what_is_made_is_read(content: dsse.Envelope | bundles.MessageSignature) -> None:
    public = keys.generate().public
    read = bundles.parse(bundles.bundle_for_key(content, public))
    assert (read.content, read.hint, read.version) == (content, bundles.hint_of(public), "0.3")


def test_an_entry_is_read_whole(own: OwnSigstore) -> None:
    entry = own.hashedrekord_entry(b"text", b"signature", b"verifier")
    read = parse(verificationMaterial={"publicKey": {}, "tlogEntries": [entry]}).entries[0]
    assert (read.kind, read.version, read.log_index) == ("hashedrekord", "0.0.1", 1004)
    assert read.proof is not None
    assert (read.proof.log_index, read.proof.tree_size, len(read.proof.hashes)) == (4, 7, 3)


def test_nothing_is_meant_by_null_and_zero_is_left_out(own: OwnSigstore) -> None:
    entry = own.hashedrekord_entry(b"text", b"signature", b"verifier")
    del entry["integratedTime"], entry["logIndex"]
    entry["inclusionPromise"] = None
    read = parse(verificationMaterial={"publicKey": {}, "certificate": None, "tlogEntries": [entry]}).entries[0]
    assert (read.log_index, read.integrated_time, read.promise) == (0, None, None)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"mediaType": "application/vnd.dev.sigstore.bundle.v0.4+json"}, "none that can be read"),
        ({"mediaType": 3}, "none that can be read"),
        ({"dsse_envelope": {}}, "'dsse_envelope', which its version does not have"),
        ({"dsseEnvelope": {}}, "one of messageSignature and dsseEnvelope"),
        ({"messageSignature": ...}, "one of messageSignature and dsseEnvelope"),
        ({"messageSignature": {"signature": "%%"}}, "signature is missing, or no base64"),
        ({"messageSignature": {"signature": ""}}, "signature is missing, or no base64"),
        (
            {"messageSignature": {"signature": "AAAA", "messageDigest": {"algorithm": "SHA3_256", "digest": "AAAA"}}},
            "algorithm that cannot be used",
        ),
        ({"verificationMaterial": ...}, "verificationMaterial is no object"),
        ({"verificationMaterial": {}}, "one of publicKey, certificate and x509CertificateChain"),
        ({"verificationMaterial": {"publicKey": {}, "certificate": {"rawBytes": "AAAA"}}}, "one of publicKey"),
        ({"verificationMaterial": {"publicKey": {"hint": 1}}}, "hint is no text"),
        ({"verificationMaterial": {"x509CertificateChain": {"certificates": []}}}, "chain of certificates is empty"),
        (
            {"verificationMaterial": {"x509CertificateChain": {"certificates": [{"rawBytes": "AAAA"}] * 2}}},
            "0.3 and has a chain",
        ),
        ({"verificationMaterial": {"publicKey": {}, "tlogEntries": [{}] * 33}}, "more than 32"),
        ({"verificationMaterial": {"publicKey": {}, "tlogEntries": [1]}}, "tlogEntries is no object"),
    ],
)
def test_what_is_no_bundle_is_refused(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ContentError, match=why):
        parse(**changes)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"logIndex": "-1"}, "logIndex is no number"),
        ({"logIndex": "1e3"}, "logIndex is no number"),
        ({"logIndex": True}, "logIndex is no number"),
        ({"logIndex": "9" * 30}, "logIndex is no number"),
        ({"integratedTime": str(2**62)}, "integratedTime is no number"),
        ({"logId": {}}, "keyId is missing"),
        ({"canonicalizedBody": ""}, "canonicalizedBody is missing"),
        ({"inclusionProof": {"rootHash": "AAAA", "hashes": []}}, "checkpoint is no object"),
        ({"inclusionProof": {"rootHash": "AAAA", "hashes": ["AAAA"] * 65}}, "more than 64"),
        ({"surprise": 1}, "'surprise'"),
    ],
)
def test_what_is_no_entry_is_refused(own: OwnSigstore, changes: dict[str, Any], why: str) -> None:
    entry = own.hashedrekord_entry(b"text", b"signature", b"verifier") | changes
    with pytest.raises(ContentError, match=why):
        parse(verificationMaterial={"publicKey": {}, "tlogEntries": [entry]})


@pytest.mark.parametrize(
    ("media_type", "missing", "why"),
    [
        (_V01, "inclusionPromise", "no inclusion promise"),
        (_V02, "inclusionProof", "no inclusion proof"),
        (bundles.MEDIA_TYPE, "inclusionProof", "no inclusion proof"),
    ],
)
def test_each_version_has_what_it_must(own: OwnSigstore, media_type: str, missing: str, why: str) -> None:
    entry = own.hashedrekord_entry(b"text", b"signature", b"verifier")
    material = {"publicKey": {}, "tlogEntries": [entry]}
    assert parse(mediaType=media_type, verificationMaterial=material).entries
    del entry[missing]
    with pytest.raises(ContentError, match=why):
        parse(mediaType=media_type, verificationMaterial=material)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=9), below, max_size=3),
    max_leaves=6,
)
_KEYS = ["mediaType", "verificationMaterial", "messageSignature", "dsseEnvelope"]


@given(st.binary(max_size=99) | st.dictionaries(st.sampled_from(_KEYS), _JSON).map(lambda v: json.dumps(v).encode()))
def test_whatever_is_read_nothing_else_is_raised(data: bytes) -> None:
    with pytest.raises(ContentError):
        bundles.parse(data)


def test_a_bundle_that_nests_deep_is_refused() -> None:
    with pytest.raises(ContentError, match="nests too deep"):
        bundles.parse(b'{"mediaType": ' + b"[" * 600 + b"]" * 600 + b"}")
