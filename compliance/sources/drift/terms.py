"""By what drift is told: settings, the moment, and the doors to what needs a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from compliance.sources.drift.injection import INJECTORS, Injector
from compliance.sources.drift.managers import ManagerPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from compliance.sources.drift.field_types import FieldTypes
    from compliance.sources.drift.ignoring import IgnoreDifferences, JqPaths
    from compliance.sources.drift.images import Resolved


@dataclass(frozen=True, slots=True)
class Terms:
    """By what drift is told.

    `resolve` says what a tag or digest names in its registry now, `dry_run` what the API server would make of a
    declared object (server-side apply with dryRun=All), `jq_paths` which paths a jq expression selects; each raises a
    ComplianceError where it cannot, and None means that nobody is asked. `trusted` gives the digest that a release or
    signature vouches for, by reference.
    """

    now: datetime
    types: FieldTypes
    managers: ManagerPolicy = field(default_factory=ManagerPolicy)
    ignored: tuple[IgnoreDifferences, ...] = ()
    injectors: tuple[Injector, ...] = INJECTORS
    trusted: Mapping[str, str] = field(default_factory=dict)
    resolve: Callable[[str], Resolved] | None = None
    dry_run: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    jq_paths: JqPaths | None = None
