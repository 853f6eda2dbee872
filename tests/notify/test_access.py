"""Secrets and authorities: read where they are used, and never repeated."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ConfigurationError
from compliance.notification_settings import SecretPlace
from compliance.notify.access import LONGEST_SECRET, redacted, secret
from compliance.supply_chain.registry.connections import tls_context

if TYPE_CHECKING:
    from pathlib import Path


def in_file(folder: Path, content: bytes) -> SecretPlace:
    (folder / "secret").write_bytes(content)
    return SecretPlace(file=folder / "secret")


def test_a_secret_is_read_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", " nGz7 ")
    assert secret(SecretPlace(env="A_SECRET"), "its address") == "nGz7"
    assert secret(in_file(tmp_path, b"nGz7\r\n"), "its address") == "nGz7"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"nGz7\nnGz8", "is not usable"),
        (b"nGz7\x00", "is not usable"),
        ("nGz7ß".encode(), "is not usable"),
        (b"nGz7" * LONGEST_SECRET, "larger than 8 KiB"),
    ],
)
def test_what_is_no_secret_is_refused_and_not_repeated(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(ConfigurationError, match=why) as caught:
        secret(in_file(tmp_path, content), "its address")
    told = str(caught.value) + caught.value.remedy
    assert "nGz7" not in told
    assert str(tmp_path / "secret") in told


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="No such file") as caught:
        secret(SecretPlace(file=tmp_path / "none"), "its address")
    assert str(tmp_path / "none") in str(caught.value)


def test_tls_is_verified_by_the_system_or_by_the_file_that_is_named(tmp_path: Path) -> None:
    context = tls_context(None)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(ConfigurationError, match="no certificate authorities"):
        tls_context(tmp_path / "ca.pem")
    with pytest.raises(ConfigurationError, match="No such file"):
        tls_context(tmp_path / "none.pem")


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=6), st.text(), st.text())
def test_no_part_of_a_secret_is_left(part: str, before: str, after: str) -> None:
    assert part not in redacted(f"{before}{part}{after}", [f"/services/T0/{part}?a=b"])
