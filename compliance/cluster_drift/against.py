"""What `--against` names, for every cluster of a run: files that are read once, or the records of each cluster."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from compliance.cluster_drift.declared import DeclaredObjects, read_declared
from compliance.cluster_drift.releases import read_releases
from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compliance.cluster_drift.declared import Reading
    from compliance.model import Gap, Input
    from compliance.sources.cluster.client import Client

RELEASE: Final = "release"
"""What stands for the records of releases that clusters hold; a file of that name is `./release`."""


@dataclass(frozen=True, slots=True)
class Against:
    """Says what is declared for a cluster (`declared`; None: nothing is), with what was read for all of them before."""

    declared: Callable[[Client], DeclaredObjects] | None = None
    gaps: tuple[Gap, ...] = ()
    inputs: tuple[Input, ...] = ()


def read_against(text: str, how: Reading, namespaces: Sequence[str] = ()) -> Against:
    """Read what `--against` names; records of releases are read when their cluster is, in `namespaces` or in all.

    Raises:
        UsageError: as for `read_declared`, or values are given for releases, which have theirs.
    """
    if text == RELEASE and how.helm_values:
        raise UsageError("--helm-values is about charts, and a release has its values", remedy="leave it out")
    if text == RELEASE:
        return Against(partial(read_releases, namespaces=tuple(namespaces)))
    found = read_declared(text, how)
    once = replace(found, gaps=(), inputs=())
    return Against((lambda _client: once) if found.objects else None, found.gaps, found.inputs)
