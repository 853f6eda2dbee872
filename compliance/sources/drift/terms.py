"""By what drift is told: settings, the moment, and the doors to what needs a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from compliance.sources.drift.injection import INJECTORS
from compliance.sources.drift.managers import ManagerPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from compliance.drift_settings import IgnoredFields, Injector
    from compliance.sources.drift.field_types import FieldTypes
    from compliance.sources.drift.ignoring import JqPaths
    from compliance.sources.drift.images import Resolved
    from compliance.sources.drift.signatures import RunningImage, Verdict


class DryRun(NamedTuple):
    """What applying would do: the object `before` and `after`, both in the API version in which it is declared."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Terms:
    """By what drift is told; None for a door means that nobody is asked.

    * `trusted` gives the digest that a release or signature vouches for, by reference.
    * `resolve` says what a tag or digest names in its registry now, `configurations` the images of an index by the
      digests of their configurations; each raises a ComplianceError where it cannot. `resolve_tags`: tags are asked
      about too.
    * `vouched` says what the policy of its repository makes of what runs, or None where there is no policy for it; it
      raises a ComplianceError where it cannot.
    * `dry_run` says what applying a declared object over a live one would do (server-side apply with dryRun=All), or
      None where the API server does not say.
    * `unlike_keys` says which keys of a declared Secret have other values in a live one that has lost its values, or
      None where that cannot be told.
    * `jq_paths` says which paths a jq expression selects in an object, and raises a ReadError where it fails on it;
      `jq_ahead` is told before what it will be asked, expressions with objects.
    """

    now: datetime
    types: FieldTypes
    managers: ManagerPolicy = field(default_factory=ManagerPolicy)
    ignored: tuple[IgnoredFields, ...] = ()
    injectors: tuple[Injector, ...] = INJECTORS
    trusted: Mapping[str, str] = field(default_factory=dict)
    resolve: Callable[[str], Resolved] | None = None
    configurations: Callable[[str], Mapping[str, frozenset[str]]] | None = None
    vouched: Callable[[RunningImage], Verdict | None] | None = None
    resolve_tags: bool = True
    dry_run: Callable[[Mapping[str, Any], Mapping[str, Any]], DryRun | None] | None = None
    unlike_keys: Callable[[Mapping[str, Any], Mapping[str, Any]], frozenset[str] | None] | None = None
    jq_paths: JqPaths | None = None
    jq_ahead: Callable[[Iterable[tuple[str, object]]], None] | None = None
