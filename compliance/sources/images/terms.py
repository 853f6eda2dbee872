"""By what images are looked at: what every step of collecting needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from compliance.image_settings import ImageSettings
    from compliance.sources.images.base import CurrentBase
    from compliance.sources.images.limits import Limits
    from compliance.supply_chain.content import Platform
    from compliance.supply_chain.opening import OpenedImage
    from compliance.supply_chain.trust import ReadyPolicy
    from compliance.supply_chain.verification import Judge
    from compliance.verification_settings import VerificationPolicy

ALL_PLATFORMS: Final = "all"


@dataclass(frozen=True, slots=True)
class WantedBill:
    """A bill of materials that is to be made of the image: `cyclonedx` or `spdx`, and who takes it, as JSON."""

    form: str
    take: Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """By what images are looked at, with doors to what does I/O.

    `platforms` are those wanted of an index: none is the only one or linux/amd64, `ALL_PLATFORMS` is every one. `ready`
    reads the keys of a policy, `judge` evaluates conditions, `resolve_base` asks what the tag of a base image names
    today on a platform (None: nobody asks). `bill` is for one image only.
    """

    now: datetime
    settings: ImageSettings
    limits: Limits
    open: Callable[[str], OpenedImage]
    ready: Callable[[VerificationPolicy], ReadyPolicy]
    judge: Judge
    platforms: tuple[Platform, ...] | str = ()
    resolve_base: Callable[[str, Platform], CurrentBase] | None = None
    bill: WantedBill | None = None
