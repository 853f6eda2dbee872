"""Entries are about one signature, one verifier and one content, in every kind that Rekor has."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from compliance.errors import ContentError
from compliance.supply_chain import dsse
from compliance.supply_chain.evidence import Signed
from compliance.supply_chain.sigstore.entry_bodies import is_about

_KEY = b"a key or certificate"
_SIGNATURE = b"a signature"
_MESSAGE = b"a message"
_PAYLOAD = b"a payload"
_ENVELOPE = b"an envelope's bytes"


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def pem(der: bytes) -> str:
    return text(b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(der) + b"\n-----END CERTIFICATE-----\n")


def digest(data: bytes) -> dict[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}


def spec(
    kind: str, *, key: bytes = _KEY, signature: bytes = _SIGNATURE, content: bytes | None = None
) -> dict[str, Any]:
    message, payload, envelope = (content or own for own in (_MESSAGE, _PAYLOAD, _ENVELOPE))
    signed_2 = {"content": text(signature), "verifier": {"publicKey": {"rawBytes": text(key)}, "keyDetails": "X"}}
    return {
        "hashedrekord 0.0.1": {
            "data": {"hash": digest(message)},
            "signature": {"content": text(signature), "publicKey": {"content": pem(key)}},
        },
        "dsse 0.0.1": {
            "payloadHash": digest(payload),
            "signatures": [{"signature": text(signature), "verifier": pem(key)}],
        },
        "intoto 0.0.2": {
            "content": {
                "payloadHash": digest(payload),
                "envelope": {
                    "signatures": [{"sig": text(text(signature).encode()), "publicKey": pem(key)}],
                },
            }
        },
        "intoto 0.0.1": {"content": {"hash": digest(envelope)}, "publicKey": pem(key)},
        "hashedrekord 0.0.2": {
            "hashedRekordV002": {
                "data": {"algorithm": "SHA2_256", "digest": text(hashlib.sha256(message).digest())},
                "signature": signed_2,
            }
        },
        "dsse 0.0.2": {
            "dsseV002": {
                "payloadHash": {"algorithm": "SHA2_256", "digest": text(hashlib.sha256(payload).digest())},
                "signatures": [signed_2],
            }
        },
    }[kind]


_KINDS = ("hashedrekord 0.0.1", "dsse 0.0.1", "intoto 0.0.2", "intoto 0.0.1", "hashedrekord 0.0.2", "dsse 0.0.2")
# The other kind names no signature, but the whole envelope that holds it.
_KINDS_WITH_SIGNATURES = tuple(kind for kind in _KINDS if kind != "intoto 0.0.1")
_SIGNED = Signed((_SIGNATURE,), _MESSAGE, payload=_PAYLOAD, envelope=_ENVELOPE)


def about(kind: str, body: dict[str, Any], signed: Signed = _SIGNED) -> bool:
    name, _, version = kind.partition(" ")
    whole = json.dumps({"kind": name, "apiVersion": version, "spec": body}).encode()
    return is_about(name, version, whole, signed, frozenset({_KEY}))


@pytest.mark.parametrize("kind", _KINDS)
def test_an_entry_about_this_signature_is_taken(kind: str) -> None:
    assert about(kind, spec(kind))


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("other", [{"key": b"another key"}, {"content": b"another"}])
def test_an_entry_about_another_is_not(kind: str, other: dict[str, bytes]) -> None:
    assert not about(kind, spec(kind, **other))


@pytest.mark.parametrize("kind", _KINDS_WITH_SIGNATURES)
def test_an_entry_about_another_signature_is_not(kind: str) -> None:
    assert not about(kind, spec(kind, signature=b"another"))


@pytest.mark.parametrize("kind", _KINDS_WITH_SIGNATURES)
def test_a_second_signature_must_be_in_the_entry_too(kind: str) -> None:
    assert not about(kind, spec(kind), Signed((_SIGNATURE, b"second"), _MESSAGE, payload=_PAYLOAD))


@pytest.mark.parametrize("kind", ["dsse 0.0.1", "intoto 0.0.2", "intoto 0.0.1", "dsse 0.0.2"])
def test_an_envelopes_entry_is_of_no_other_signature(kind: str) -> None:
    assert not about(kind, spec(kind), Signed((_SIGNATURE,), _MESSAGE))


def test_a_digest_of_an_unknown_kind_that_is_null_is_no_digest() -> None:
    body = spec("hashedrekord 0.0.1")
    body["data"]["hash"] = {"algorithm": "md5", "value": None}
    assert not about("hashedrekord 0.0.1", body)


def test_rekor_2_digests_what_an_envelope_signs() -> None:
    encoded = dsse.pae("text", _PAYLOAD)
    assert about("hashedrekord 0.0.2", spec("hashedrekord 0.0.2", content=encoded), Signed((_SIGNATURE,), encoded))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"kind": "dsse", "apiVersion": "0.0.1", "spec": {}}', "lacks what its kind must say"),
        (b'{"kind": "dsse", "apiVersion": "0.0.2", "spec": {}}', "another kind than the bundle says"),
        (b'{"kind": "dsse", "apiVersion": "0.0.1", "spec": {"signatures": 1}}', "lacks what its kind must say"),
        (b"[]", "lacks what its kind must say"),
        (b"{", "no JSON"),
    ],
)
def test_a_body_that_says_too_little_is_an_error(body: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        is_about("dsse", "0.0.1", body, _SIGNED, frozenset({_KEY}))


def test_an_unknown_kind_is_an_error_and_not_a_no() -> None:
    with pytest.raises(ContentError, match=r"helm 0\.0\.1, which is not known"):
        is_about("helm", "0.0.1", b'{"kind": "helm", "apiVersion": "0.0.1", "spec": {}}', _SIGNED, frozenset({_KEY}))
