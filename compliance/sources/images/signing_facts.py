"""Who signed an image and what is attested of it: the registry is asked, and what it does not tell is a gap."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.errors import ContentError
from compliance.model import Gap, Stage
from compliance.sources.images import signature_facts
from compliance.supply_chain import verification
from compliance.supply_chain.image_verification import verify_image

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.images.terms import Terms
    from compliance.supply_chain.image_verification import VerifiedImage
    from compliance.supply_chain.opening import OpenedImage
    from compliance.verification_settings import VerificationPolicy

_REMEDY = "look at what lies beside the image in its registry, and ask who put it there"


@dataclass(slots=True)
class SigningFacts:
    """The parts `verification`, `signatures`, `other_signatures`, `attestations`, `tag` and `sbom` of one image.

    `name` is its normalised repository, `digests` are those under which it may be signed: what the reference names, and
    the platform's manifest.
    """

    image: OpenedImage
    name: str
    digests: Sequence[str]
    terms: Terms
    gaps: list[Gap] = field(default_factory=list)

    def parts(self) -> dict[str, Any]:
        """Ask and tell; `gaps` has what could not be had.

        Raises:
            ConfigurationError: the keys of the policy cannot be read.
        """
        policy = self.terms.settings.policy_for(self.name)
        if self.image.synthetic:
            return self._nothing()
        ready = verification.NOBODY if policy is None else self.terms.ready(policy)
        try:
            verified = verify_image(self.image.repository, self.digests, ready, judge=self.terms.judge)
        except ContentError as error:
            self._gap(f"its signatures cannot be read: {error.message}", error.remedy)
            return self._nothing()
        self._unread(verified, decided=policy is not None and verified.verification.satisfied)
        return self._told(verified, policy)

    def _nothing(self) -> dict[str, Any]:
        return {
            "verification": signature_facts.verification(None, configured=self._configured),
            "signatures": None,
            "other_signatures": [],
            "attestations": None,
            "tag": signature_facts.tag(self._tag(), (), self.digests),
            "sbom": None,
        }

    def _told(self, verified: VerifiedImage, policy: VerificationPolicy | None) -> dict[str, Any]:
        told, has_policy = verified.verification, policy is not None
        return {
            "verification": signature_facts.verification(told if has_policy else None, configured=self._configured),
            "signatures": signature_facts.signatures(told.signatures, policy=has_policy),
            "other_signatures": signature_facts.other_signatures(verified.found),
            "attestations": signature_facts.attestations(told.attestations, policy=has_policy, now=self.terms.now),
            "tag": signature_facts.tag(self._tag(), told.signatures, self.digests),
            "sbom": signature_facts.sbom(verified.found, told.attestations),
        }

    @property
    def _configured(self) -> bool:
        return bool(self.terms.settings.verification)

    def _unread(self, verified: VerifiedImage, *, decided: bool) -> None:
        """What could not be read or judged is a gap, unless the policy is satisfied without it."""
        if decided:
            return
        for unread in verified.found.unread:
            self._gap(f"{unread.what} cannot be read: {unread.why}", _REMEDY)
        for outcome in verified.verification.unjudged:
            self._gap(f"the condition {outcome.text} cannot be judged: {outcome.unjudged}", outcome.remedy)

    def _tag(self) -> signature_facts.Tag | None:
        """The reference's tag, and what it names now; of a reference with a digest nobody has asked that yet."""
        reference = self.image.reference
        if reference is None or (reference.tag is None and reference.digest is not None):
            return None
        name = reference.tag or "latest"
        if reference.digest is None:
            return signature_facts.Tag(name, self.image.descriptor.digest)
        try:
            return signature_facts.Tag(name, self.image.repository.resolve(name).digest)
        except ContentError as error:
            self._gap(f"nobody knows what its tag {name} names now: {error.message}", error.remedy)
            return signature_facts.Tag(name, None)

    def _gap(self, why: str, remedy: str) -> None:
        self.gaps.append(Gap(Stage.COLLECT, self.name, why, remedy or _REMEDY))
