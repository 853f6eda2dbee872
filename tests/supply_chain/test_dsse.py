"""Envelopes and statements."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain import dsse, keys

_HEX = "ab" * 32


@pytest.fixture(scope="module")
def private() -> keys.PrivateKey:
    return keys.generate()


def test_the_encoding_is_that_of_the_protocol() -> None:
    # The example of protocol.md.
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_lengths_are_of_bytes_and_not_of_characters() -> None:
    assert dsse.pae("ü", b"") == b"DSSEv1 2 \xc3\xbc 0 "


@given(st.text(), st.binary(), st.lists(st.binary(), min_size=1, max_size=4))
def test_what_is_made_is_read(kind: str, payload: bytes, signatures: list[bytes]) -> None:
    made = dsse.make(kind, payload, signatures)
    assert dsse.parse(made) == dsse.Envelope(kind, payload, tuple(signatures))


def test_one_signature_by_the_key_is_enough_among_several(private: keys.PrivateKey) -> None:
    signed = private.sign(dsse.pae("text", b"payload"))
    other = keys.generate().sign(dsse.pae("text", b"payload"))
    assert dsse.verify(dsse.parse(dsse.make("text", b"payload", [other, signed])), private.public)
    assert not dsse.verify(dsse.parse(dsse.make("text", b"payload", [other])), private.public)


@pytest.mark.parametrize(("kind", "payload"), [("text", b"payloaD"), ("texT", b"payload"), ("text payload", b"")])
def test_type_and_payload_are_both_signed(private: keys.PrivateKey, kind: str, payload: bytes) -> None:
    signed = private.sign(dsse.pae("text", b"payload"))
    assert not dsse.verify(dsse.parse(dsse.make(kind, payload, [signed])), private.public)


def test_either_alphabet_of_base64_is_read() -> None:
    payload = b"\xfb\xff\xfe"
    text = base64.urlsafe_b64encode(payload).decode()
    assert "-" in text or "_" in text
    envelope = json.dumps({"payloadType": "t", "payload": text, "signatures": [{"sig": "AA=="}]})
    assert dsse.parse(envelope.encode()).payload == payload


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"payloadType": 1}, "no payload type"),
        ({"payloadType": "\ud800"}, "lone surrogate"),
        ({"payload": None}, "payload is missing"),
        ({"payload": "A"}, "payload is no base64"),
        ({"payload": "AA==\n"}, "payload is no base64"),
        ({"signatures": []}, "no signature"),
        ({"signatures": [{"sig": 1}]}, "signature is missing"),
        ({"signatures": ["AA=="]}, "no signature"),
        ({"signatures": [{"sig": "AA=="}] * 33}, "more than 32"),
    ],
)
def test_what_is_no_envelope_is_refused(changes: dict[str, object], why: str) -> None:
    value = {"payloadType": "t", "payload": "AA==", "signatures": [{"sig": "AA=="}]}
    with pytest.raises(ContentError, match=why):
        dsse.parse(json.dumps(value | changes).encode())


def statement(**changes: object) -> bytes:
    value = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "app", "digest": {"sha256": _HEX}, "annotations": {"a": "b"}}],
        "predicateType": "https://example.com/p",
        "predicate": {"result": "good"},
    }
    return json.dumps(value | changes).encode()


@pytest.mark.parametrize("kind", ["https://in-toto.io/Statement/v0.1", "https://in-toto.io/Statement/v1"])
def test_statements_of_both_versions_are_read(kind: str) -> None:
    read = dsse.statement(statement(_type=kind))
    assert (read.type, read.predicate_type, read.predicate) == (kind, "https://example.com/p", {"result": "good"})
    assert read.subjects == (dsse.Subject({"sha256": _HEX}, {"a": "b"}),)


@pytest.mark.parametrize(
    ("digests", "speaks"),
    [
        ({f"sha256:{_HEX}"}, True),
        ({f"sha512:{_HEX}"}, False),
        ({f"sha256:{_HEX.upper()}"}, False),
        ({"sha256:"}, False),
        (set(), False),
    ],
)
def test_a_subject_is_found_by_algorithm_and_value(digests: set[str], speaks: bool) -> None:  # noqa: FBT001 - a table
    (subject,) = dsse.statement(statement()).subjects
    assert subject.has(digests) is speaks


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"_type": "https://in-toto.io/Statement/v2"}, "of neither type"),
        ({"predicateType": ""}, "no predicate type"),
        ({"predicate": "good"}, "predicate is no object"),
        ({"subject": []}, "no subjects"),
        ({"subject": [{"digest": {}}]}, "no map of digests"),
        ({"subject": [{"digest": {"sha256": 1}}]}, "no map of digests"),
        ({"subject": ["app"]}, "no map of digests"),
        ({"subject": [{"digest": {"sha256": "a" * 1_000_000}}]}, "a digest longer than 256"),
        ({"predicateType": "https://" + "a" * 1_000_000}, "longer than 1024"),
        ({"subject": [{"digest": {"sha256": _HEX}}] * 1025}, "more than 1024"),
    ],
)
def test_what_is_no_statement_is_refused(changes: dict[str, object], why: str) -> None:
    with pytest.raises(ContentError, match=why):
        dsse.statement(statement(**changes))


def test_a_statement_with_two_meanings_is_refused() -> None:
    twice = statement().replace(b'{"_type"', b'{"predicateType": "https://example.com/other", "_type"')
    with pytest.raises(ContentError, match="'predicateType' twice"):
        dsse.statement(twice)


@given(st.binary(max_size=200))
def test_whatever_is_read_nothing_else_is_raised(data: bytes) -> None:
    for read in (dsse.parse, dsse.statement):
        with pytest.raises(ContentError):
            read(data)
