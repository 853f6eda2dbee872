"""Images that were verified, remembered for a while so that admission need not ask the registry each time.

Only that a policy was satisfied is kept, never that it was not: what was refused may be signed a second later. An entry
holds for one policy digest and one image digest; a changed policy has another digest, and finds nothing. Entries lie in
a folder that nobody but the user can write (`private_cache`), and are checked against what they are asked for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from compliance.private_cache import PrivateCache, user_cache

if TYPE_CHECKING:
    from compliance.supply_chain.verification import Verification

DEFAULT_LIFETIME: Final = timedelta(hours=1)
MAX_LIFETIME: Final = timedelta(days=7)
_KEEP: Final = 4096
_SCHEMA: Final = "compliance/verified/v1"


@dataclass(frozen=True, slots=True)
class Verified:
    """That an image satisfied a policy: when it was established, until when that is believed, and who signed."""

    policy: str
    image: str
    at: datetime
    until: datetime
    signers: tuple[str, ...]


class VerificationCache:
    """Remembers verified images in a folder of the user's own."""

    def __init__(self, blobs: PrivateCache) -> None:
        self._blobs = blobs

    def get(self, policy: str, image: str, *, now: datetime) -> Verified | None:
        """Return what is known of an image digest under a policy digest, unless it is too old or from the future."""
        stored = self._blobs.get(_name(policy, image))
        known = None if stored is None else _read(stored)
        if known is None or (known.policy, known.image) != (policy, image):
            return None
        return known if known.at <= now < min(known.until, known.at + MAX_LIFETIME) else None

    def put(
        self, verification: Verification, image: str, *, now: datetime, lifetime: timedelta = DEFAULT_LIFETIME
    ) -> None:
        """Remember an image digest whose policy is satisfied; anything else is not kept.

        Raises:
            ValueError: the lifetime is not positive, or longer than `MAX_LIFETIME`.
        """
        if not timedelta() < lifetime <= MAX_LIFETIME:
            raise ValueError(f"a verification is believed for at most {MAX_LIFETIME.days} days")
        if not verification.satisfied or verification.unjudged:
            return
        signers = {each.signer.text for each in verification.signatures if each.trusted and each.signer}
        policy = verification.policy.digest
        known = Verified(policy, image, now, now + lifetime, tuple(sorted(signers)))
        self._blobs.put(_name(policy, image), _written(known))


def user_verification_cache() -> VerificationCache:
    """Open this user's own."""
    return VerificationCache(user_cache("compliance-verified", keep=_KEEP))


def _name(policy: str, image: str) -> str:
    return hashlib.sha256(f"{policy}\0{image}".encode("utf-8", "backslashreplace")).hexdigest()


def _written(known: Verified) -> bytes:
    times = {"at": known.at.isoformat(), "until": known.until.isoformat()}
    return json.dumps({"schema": _SCHEMA, **asdict(known), **times}).encode()


def _read(stored: bytes) -> Verified | None:
    try:
        said: dict[str, Any] = json.loads(stored)
        if said.pop("schema") != _SCHEMA:
            return None
        at, until = (datetime.fromisoformat(said.pop(key)) for key in ("at", "until"))
        return Verified(said["policy"], said["image"], at, until, tuple(said["signers"]))
    except (ValueError, KeyError, TypeError):
        return None
