"""The document that the legacy layout signs."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain import simple_signing

_DIGEST = "sha256:" + "ab" * 32


def test_a_document_has_the_bytes_of_cosign() -> None:
    assert simple_signing.make(_DIGEST, "registry.example.com/app") == (
        b'{"critical":{"identity":{"docker-reference":"registry.example.com/app"},'
        b'"image":{"docker-manifest-digest":"' + _DIGEST.encode() + b'"},'
        b'"type":"cosign container image signature"},"optional":null}'
    )


def test_annotations_are_sorted_and_escaped_as_go_does() -> None:
    made = simple_signing.make(_DIGEST, "a", {"b": "<&>", "a": "ü\u2028"})
    assert made.endswith('"optional":{"a":"ü\\u2028","b":"\\u003c\\u0026\\u003e"}}'.encode())
    assert simple_signing.parse(made).annotations == {"a": "ü\u2028", "b": "<&>"}


@given(st.dictionaries(st.text(), st.text()).filter(lambda found: "\ud800" not in str(found)), st.text())
def test_what_is_made_is_read(annotations: dict[str, str], reference: str) -> None:
    read = simple_signing.parse(simple_signing.make(_DIGEST, reference, annotations))
    assert (read.digest, read.reference, read.annotations) == (_DIGEST, reference, annotations)


def document(**changes: object) -> bytes:
    value = json.loads(simple_signing.make(_DIGEST, "registry.example.com/app"))
    value["critical"] |= changes
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (document(type="atomic container signature"), "type is 'atomic container signature'"),
        (document(type=None), "type is 'None'"),
        (document(image={"docker-manifest-digest": "sha256:abc"}), "no digest"),
        (document(image={"docker-manifest-digest": _DIGEST.upper()}), "no digest"),
        (document(image=None), "no object 'image'"),
        (document(identity={}), "no reference"),
        (b"[]", "no object 'critical'"),
        (document().replace(b'"optional": null', b'"optional": []'), "`optional` is no object"),
        (document().replace(b'{"critical"', b'{"critical": {}, "critical"'), "twice"),
        (b" " * (simple_signing.MAX_SIZE + 1), "larger than"),
    ],
)
def test_what_is_no_document_is_refused(payload: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=why):
        simple_signing.parse(payload)


@given(st.binary(max_size=200) | st.recursive(st.none() | st.text(), st.lists).map(lambda v: json.dumps(v).encode()))
def test_whatever_is_read_nothing_else_is_raised(payload: bytes) -> None:
    with pytest.raises(ContentError):
        simple_signing.parse(payload)
