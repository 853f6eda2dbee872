"""What was verified is believed for a while, for the same policy and image, and nothing else is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from signed_images import NOW, holding, named, policy

from compliance.private_cache import PrivateCache
from compliance.supply_chain import keys
from compliance.supply_chain.signatures import Candidate, Layout, Proof, Purpose, Signer
from compliance.supply_chain.verification import Verification, verify
from compliance.supply_chain.verification_cache import MAX_LIFETIME, VerificationCache, user_verification_cache

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.supply_chain.trust import ReadyPolicy

IMAGE = f"sha256:{'a' * 64}"
KEY = named(keys.generate(), "build")
POLICY = policy(KEY)
HOUR = timedelta(hours=1)


def verification(of: ReadyPolicy = POLICY, *, signed: bool = True) -> Verification:
    candidate = Candidate(Layout.LEGACY, b"", "sha256:1", IMAGE)
    proof = Proof(candidate, Purpose.SIGNATURE, verified=True, signer=Signer("k", key=KEY.fingerprint))
    return verify([proof] if signed else [], of, judge=holding)


@pytest.fixture
def cache(tmp_path: Path) -> VerificationCache:
    return VerificationCache(PrivateCache(tmp_path / "cache"))


def test_what_was_verified_is_known_until_it_is_too_old(cache: VerificationCache) -> None:
    cache.put(verification(), IMAGE, now=NOW, lifetime=HOUR)
    known = cache.get(POLICY.digest, IMAGE, now=NOW + HOUR - timedelta(seconds=1))
    assert known is not None
    assert (known.at, known.signers) == (NOW, ("build",))
    assert cache.get(POLICY.digest, IMAGE, now=NOW + HOUR) is None


def test_what_was_refused_is_not_kept(cache: VerificationCache) -> None:
    cache.put(verification(signed=False), IMAGE, now=NOW)
    assert cache.get(POLICY.digest, IMAGE, now=NOW) is None


def test_a_clock_that_was_set_back_knows_nothing(cache: VerificationCache) -> None:
    cache.put(verification(), IMAGE, now=NOW)
    assert cache.get(POLICY.digest, IMAGE, now=NOW - timedelta(seconds=1)) is None


@pytest.mark.parametrize(
    "settings",
    [
        {"required": 2},
        {"annotations": {"stage": "release"}},
        {"log_required": True},
        {"timestamp_required": True},
    ],
)
def test_another_policy_knows_nothing(cache: VerificationCache, settings: dict[str, object]) -> None:
    cache.put(verification(), IMAGE, now=NOW)
    assert cache.get(policy(KEY, **settings).digest, IMAGE, now=NOW) is None
    assert cache.get(policy(named(keys.generate(), "build")).digest, IMAGE, now=NOW) is None
    assert cache.get(policy(KEY).digest, IMAGE, now=NOW) is not None


def test_another_image_knows_nothing(cache: VerificationCache) -> None:
    cache.put(verification(), IMAGE, now=NOW)
    assert cache.get(POLICY.digest, f"sha256:{'b' * 64}", now=NOW) is None


def test_an_entry_counts_only_for_what_it_says(cache: VerificationCache, tmp_path: Path) -> None:
    cache.put(verification(), IMAGE, now=NOW)
    (entry,) = (tmp_path / "cache").iterdir()
    other = f"sha256:{'b' * 64}"
    cache.put(verification(), other, now=NOW)
    (copy,) = (file for file in (tmp_path / "cache").iterdir() if file != entry)
    copy.write_bytes(entry.read_bytes())
    assert cache.get(POLICY.digest, other, now=NOW) is None


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1], lambda data: data.replace(b"build", b"guild"), lambda _: b""]
)
def test_a_damaged_entry_knows_nothing(cache: VerificationCache, tmp_path: Path, spoil: object) -> None:
    cache.put(verification(), IMAGE, now=NOW)
    (entry,) = (tmp_path / "cache").iterdir()
    entry.write_bytes(spoil(entry.read_bytes()))  # type: ignore[operator] # a function of bytes
    assert cache.get(POLICY.digest, IMAGE, now=NOW) is None


@pytest.mark.parametrize("lifetime", [timedelta(), -HOUR, MAX_LIFETIME + timedelta(seconds=1)])
def test_nothing_is_believed_for_ever(cache: VerificationCache, lifetime: timedelta) -> None:
    with pytest.raises(ValueError, match="at most 7 days"):
        cache.put(verification(), IMAGE, now=NOW, lifetime=lifetime)


def test_it_lies_in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    user_verification_cache().put(verification(), IMAGE, now=NOW)
    assert [folder.name for folder in tmp_path.iterdir()] == ["compliance-verified"]
