"""Whom a trusted root believes."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from own_sigstore import NOW, der_of, sign

from compliance.errors import ConfigurationError
from compliance.supply_chain.sigstore import trusted_root

if TYPE_CHECKING:
    from own_sigstore import OwnSigstore


def test_logs_are_known_by_their_ids(own: OwnSigstore) -> None:
    root = trusted_root.parse(own.trusted_root())
    log = root.log(hashlib.sha256(der_of(own.rekor)).digest())
    assert log is not None
    assert log.origin == "rekor.example.invalid"
    assert log.signed(sign(own.rekor, b"data"), b"data")
    assert not log.signed(sign(own.ctfe, b"data"), b"data")
    assert root.log(b"another") is None


def test_both_ends_of_a_period_belong_to_it() -> None:
    period = trusted_root.Period(NOW, NOW + timedelta(hours=1))
    second = timedelta(seconds=1)
    inside = [NOW - second in period, NOW in period, NOW + timedelta(hours=1) in period]
    assert (inside, NOW + timedelta(hours=1) + second in period) == ([False, True, True], False)
    assert datetime(9999, 1, 1, tzinfo=UTC) in trusted_root.Period(NOW)


def changed(own: OwnSigstore, key: str, change: dict[str, Any]) -> bytes:
    entry = json.loads(own.trusted_root())[key][0]
    entry[next(iter(change))] = next(iter(change.values()))
    return own.trusted_root(**{key: [entry]})


@pytest.mark.parametrize(
    ("key", "change", "why"),
    [
        ("tlogs", {"publicKey": {"rawBytes": "AAAA", "keyDetails": "PKIX_ED25519"}}, "start of its period"),
        (
            "tlogs",
            {"publicKey": {"rawBytes": "AAAA", "keyDetails": "PKIX_ED25519", "validFor": {"start": "2026-01-01"}}},
            "lacks keys",
        ),
        (
            "tlogs",
            {"publicKey": {"rawBytes": "A", "keyDetails": "PKIX_ED25519", "validFor": {"start": "2026-01-01"}}},
            "no base64",
        ),
        ("tlogs", {"publicKey": None}, "lacks keys"),
        ("certificateAuthorities", {"certChain": {"certificates": []}}, "without certificates"),
        ("certificateAuthorities", {"certChain": {"certificates": [{"rawBytes": "AAAA"}]}}, "cannot be read"),
        ("certificateAuthorities", {"validFor": {"start": "yesterday"}}, "lacks keys"),
        ("timestampAuthorities", {"certChain": []}, "list index|lacks keys"),
    ],
)
def test_a_malformed_root_is_refused_and_not_read_in_part(
    own: OwnSigstore, key: str, change: dict[str, Any], why: str
) -> None:
    if key == "timestampAuthorities":
        data = own.trusted_root(timestampAuthorities=[change])
    else:
        data = changed(own, key, change)
    with pytest.raises(ConfigurationError, match=why) as refused:
        trusted_root.parse(data)
    assert "trusted-root create" in refused.value.remedy


def test_a_log_with_a_kind_of_key_that_cannot_be_used_is_an_unknown_log(own: OwnSigstore) -> None:
    root = json.loads(own.trusted_root())
    root["tlogs"][0]["publicKey"]["keyDetails"] = "PKIX_ED25519_PH"
    assert trusted_root.parse(json.dumps(root).encode()).logs == ()


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"mediaType": "application/json"}', b" " * (1024 * 1024 + 1)])
def test_what_is_no_root_is_refused(data: bytes) -> None:
    with pytest.raises(ConfigurationError):
        trusted_root.parse(data)


@given(
    st.dictionaries(
        st.sampled_from(["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"]),
        st.integers(1) | st.lists(st.none() | st.integers() | st.dictionaries(st.text(), st.none()), min_size=1),
        min_size=1,
    )
)
def test_whatever_is_read_nothing_else_is_raised(value: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        trusted_root.parse(json.dumps({"mediaType": trusted_root.MEDIA_TYPE} | value).encode())
