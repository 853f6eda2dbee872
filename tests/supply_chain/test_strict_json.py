"""JSON that has one meaning or none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ContentError
from compliance.supply_chain import strict_json

_SCALARS = st.none() | st.booleans() | st.integers() | st.text()
_VALUES = st.recursive(_SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(_VALUES)
def test_what_json_writes_is_read_again(value: object) -> None:
    assert strict_json.loads(json.dumps(value).encode(), "it") == value


@given(st.text(max_size=90), st.integers(0, 3))
def test_a_key_that_stands_twice_is_refused(key: str, depth: int) -> None:
    quoted = json.dumps(key)
    text = '{"a":' * depth + f"{{{quoted}: 1, {quoted}: 2}}" + "}" * depth
    with pytest.raises(ContentError, match=r"the manifest has the key .* twice"):
        strict_json.loads(text.encode(), "the manifest")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"a": NaN}', "has the number NaN"),
        (b'{"a": -Infinity}', "has the number -Infinity"),
        (b"[" * 100_000, "nests too deep"),
        (b"[" * 202 + b"]" * 202, "nests too deep"),
        (b'"\\ud800"', "has half of a character"),
        (b'{"\\uDFFF": 1}', "has half of a character"),
        (b"{", "is no JSON"),
        (b'"\xff"', "is no JSON"),
        (b"", "is no JSON"),
        (b"1" * 5000, "is no JSON"),
    ],
)
def test_what_is_no_json_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ContentError, match=f"the bundle {why}"):
        strict_json.loads(data, "the bundle")


def test_a_whole_pair_of_surrogates_is_a_character() -> None:
    assert strict_json.loads(b'"\\ud83d\\ude00"', "it") == "\U0001f600"


@given(st.binary(max_size=60))
def test_nothing_else_is_ever_raised(data: bytes) -> None:
    try:
        read: Any = strict_json.loads(data, "it")
    except ContentError:
        return
    assert read == json.loads(data.decode())


@pytest.mark.parametrize("key", ["user", "USER", "u\u017fer"])
def test_a_key_that_go_takes_for_another_is_refused(key: str) -> None:
    with pytest.raises(ContentError, match=r"it has .* some readers take for 'User'"):
        strict_json.as_spelled({"User": "10001", key: "0"}, {"User", "Env"}, "it")


def test_other_keys_are_nobodys_business() -> None:
    strict_json.as_spelled({"User": "10001", "Users": "0"}, {"User"}, "it")


def test_what_nests_as_deep_as_allowed_is_read() -> None:
    depth = strict_json.MAX_DEPTH + 1
    assert strict_json.loads(b"[" * depth + b"]" * depth, "it")
