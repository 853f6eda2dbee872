"""Verifying one image where it is kept: find what lies beside it, prove each thing, hold it against the policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.supply_chain import discovery, proofs, verification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.supply_chain.content import Repository
    from compliance.supply_chain.discovery import Found
    from compliance.supply_chain.trust import ReadyPolicy
    from compliance.supply_chain.verification import Judge, Verification


@dataclass(frozen=True, slots=True)
class VerifiedImage:
    """What was found beside an image, and what the policy makes of it."""

    found: Found
    verification: Verification

    @property
    def refused(self) -> bool:
        """Whether the policy is broken for certain: nothing that could not be read or judged might mend it."""
        return not self.verification.satisfied and not self.undecided

    @property
    def undecided(self) -> bool:
        """Whether the policy is not satisfied, and what could not be read or judged might satisfy it."""
        return not self.verification.satisfied and (bool(self.found.unread) or self.verification.undecided)


def verify_image(repository: Repository, digests: Sequence[str], policy: ReadyPolicy, *, judge: Judge) -> VerifiedImage:
    """Verify an image; `digests` are those under which it may be signed: an index's and its platform manifest's.

    Each candidate must speak of the digest that it is attached to.

    Raises:
        ContentError: as `discovery.candidates` does.
        ConfigurationError: the trusted root cannot be read.
    """
    found = discovery.candidates(repository, digests)
    proven = [proofs.prove(each, frozenset({each.subject}), policy.trust) for each in found.candidates]
    return VerifiedImage(found, verification.verify(proven, policy, judge=judge))
