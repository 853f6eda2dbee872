"""Policies made ready: keys from files and the environment, roots, and a digest of all that decides."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from compliance.errors import ConfigurationError
from compliance.supply_chain import keys
from compliance.supply_chain.trust import ready
from compliance.verification_settings import RequiredAttestation, TrustedIdentity, TrustedKey, VerificationPolicy

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE = keys.generate()
PEM = keys.public_pem(PRIVATE.public)
IDENTITY = TrustedIdentity(identity="a@b.test", issuer="https://i.test")


@pytest.fixture
def settings(tmp_path: Path) -> VerificationPolicy:
    (tmp_path / "key.pub").write_bytes(PEM)
    return VerificationPolicy("release", ("**",), (TrustedKey("build", file=tmp_path / "key.pub"),))


def test_keys_come_from_files_and_the_environment(settings: VerificationPolicy) -> None:
    policy = replace(settings, keys=(*settings.keys, TrustedKey("review", env="KEY")))
    known = ready(policy, {"KEY": PEM.decode()}).trust.keys
    assert [(key.name, key.fingerprint) for key in known] == [
        ("build", PRIVATE.fingerprint),
        ("review", PRIVATE.fingerprint),
    ]


def test_a_key_that_cannot_be_had_is_an_error_that_names_it(settings: VerificationPolicy, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="takes the key review from KEY, which is not set"):
        ready(replace(settings, keys=(TrustedKey("review", env="KEY"),)), {})
    with pytest.raises(ConfigurationError, match=r"other\.pub: cannot be read: No such file"):
        ready(replace(settings, keys=(TrustedKey("x", file=tmp_path / "other.pub"),)))
    (tmp_path / "key.pub").write_text("no key")
    with pytest.raises(
        ConfigurationError, match=r"key\.pub: the key build of the policy release: the key file is no PEM"
    ):
        ready(settings)


def test_identities_have_the_public_root_unless_one_is_named(settings: VerificationPolicy, tmp_path: Path) -> None:
    assert ready(settings).trust.trusted_root is None
    public = ready(replace(settings, identities=(IDENTITY,))).trust.trusted_root
    assert public is not None
    assert "certificateAuthorities" in json.loads(public)
    (tmp_path / "root.json").write_text("{}")
    own = replace(settings, identities=(IDENTITY,), trusted_root=tmp_path / "root.json")
    assert ready(own).trust.trusted_root == b"{}"


def test_the_digest_changes_with_all_that_decides_and_with_nothing_else(
    settings: VerificationPolicy, tmp_path: Path
) -> None:
    (tmp_path / "root.json").write_text("{}")
    changes: list[dict[str, object]] = [
        {},
        {"required": 2},
        {"annotations": {"a": "b"}},
        {"attestations": (RequiredAttestation("vuln"),)},
        {"attestations": (RequiredAttestation("vuln", ("input.a",)),)},
        {"log_required": True},
        {"timestamp_required": True},
        {"identities": (IDENTITY,)},
        {"identities": (replace(IDENTITY, issuer="https://j.test"),)},
        {"trusted_root": tmp_path / "root.json"},
        {"keys": ()},
    ]
    digests = [ready(replace(settings, **change)).digest for change in changes]  # type: ignore[arg-type] # its fields
    assert len(set(digests)) == len(changes)
    assert ready(replace(settings, name="another", patterns=("a/**",))).digest == digests[0]
