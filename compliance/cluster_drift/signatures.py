"""What verification policies make of running images: each image is verified once a run, several at a time.

Nothing is kept from run to run: an audit says what holds now, and since the last one a signature may have been removed,
or a failed test attested.
"""

from __future__ import annotations

from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Final

from compliance import image_reference
from compliance.cluster_drift.asked_once import AskedOnce
from compliance.engine.conditions import ConditionJudge
from compliance.private_cache import user_cache
from compliance.sources.drift.signatures import Doors, RunningImage, Verdict, vouched
from compliance.supply_chain import trust
from compliance.supply_chain.image_verification import verify_image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

    from compliance.cluster_drift.references import References
    from compliance.config import Config
    from compliance.image_settings import ImageSettings
    from compliance.supply_chain.image_verification import VerifiedImage
    from compliance.supply_chain.registry import Registries
    from compliance.supply_chain.trust import ReadyPolicy
    from compliance.supply_chain.verification import Judge

    Policies = Callable[[str], ReadyPolicy | None]

# As many as `compliance image` looks at: what is attested of one image may be large.
_JOBS: Final = 4
_REMEDY: Final = "look at what lies beside the image in its registry, and ask who put it there"


@dataclass(frozen=True, slots=True)
class _Image:
    """What is verified, once: an image of a repository by the digests under which it may be signed, and by what."""

    repository: str
    digests: tuple[str, ...]
    policy: ReadyPolicy = field(compare=False)


class Signatures:
    """Says what the policy of its repository makes of what runs; a context manager, which waits for nothing at its end.

    `policies` gives the policy for a repository, `judge` evaluates conditions on attestations.
    """

    def __init__(self, registries: Registries, references: References, policies: Policies, judge: Judge) -> None:
        self._registries = registries
        self._references = references
        self._policies = policies
        self._judge = judge
        self._verified = AskedOnce(self._verify, jobs=_JOBS)
        self._vouched = AskedOnce(self._vouch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # Those who wait for a verification end as soon as there will be none.
        self._verified.close()
        self._vouched.close()

    def ahead(self, running: RunningImage) -> None:
        """Begin to ask about what will be needed."""
        self._vouched.ahead(running)

    def vouched(self, running: RunningImage) -> Verdict | None:
        """Whether the policy of its repository vouches for what runs; None where there is none for it.

        Raises:
            ContentError: the registry does not say, or says nonsense.
            ConfigurationError: the root of trust cannot be read.
        """
        return self._vouched.answer(running)

    def _vouch(self, running: RunningImage) -> Verdict | None:
        policy = self._policies(running.repository)
        if policy is None:
            return None

        def verify(repository: str, digests: tuple[str, ...]) -> Verdict:
            return self._verified.answer(_Image(repository, digests, policy))

        return vouched(running, Doors(self._references.resolve, self._references.configurations, verify))

    def _verify(self, image: _Image) -> Verdict:
        reference = image_reference.parse(image.repository)

        def verified() -> VerifiedImage:
            return verify_image(self._registries.open(reference), image.digests, image.policy, judge=self._judge)

        return _verdict(self._references.silent.ask(reference.registry, verified), image.policy.settings.name)


def _verdict(image: VerifiedImage, policy: str) -> Verdict:
    if image.verification.satisfied:
        return Verdict(signed=True)
    if image.refused:
        others = sorted({other.format for other in image.found.others})
        also = f" (that of {', '.join(others)} is not verified here)" if others else ""
        why = f"by the policy {policy}, {'; '.join(image.verification.refusals)}{also}"
        return Verdict(signed=False, why=why)
    unread = [(f"{one.what} cannot be read: {one.why}", _REMEDY) for one in image.found.unread]
    unjudged = [
        (f"the condition {one.text} cannot be judged: {one.unjudged}", one.remedy)
        for one in image.verification.unjudged
    ]
    why, remedy = (unread + unjudged)[0]
    return Verdict(None, f"by the policy {policy}, {why}", remedy)


@contextmanager
def open_signatures(config: Config, registries: Registries, references: References) -> Iterator[Signatures]:
    """Verify with the policies of the configuration.

    Raises:
        ConfigurationError: a key or root of a policy cannot be read.
    """
    policies = _ready(config.images)
    with ExitStack() as stack:
        judge = stack.enter_context(closing(ConditionJudge(user_cache(), deadline=config.deadline)))
        yield stack.enter_context(Signatures(registries, references, policies, judge))


def _ready(settings: ImageSettings) -> Policies:
    """The policies by repository, with the keys of all of them read: a run fails at its beginning or not at all."""
    ready = {policy.name: trust.ready(policy) for policy in settings.verification}

    @cache
    def find(repository: str) -> ReadyPolicy | None:
        policy = settings.policy_for(repository)
        return None if policy is None else ready[policy.name]

    return find
