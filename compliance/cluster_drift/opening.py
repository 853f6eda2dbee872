"""What a run's drift is told by: opened once, for all its clusters."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from compliance.cluster_drift import jq_paths
from compliance.cluster_drift.companion import ClusterDrift, Material
from compliance.cluster_drift.references import References
from compliance.sources.drift.field_types import FieldTypes
from compliance.sources.drift.injection import INJECTORS
from compliance.sources.drift.managers import ManagerPolicy
from compliance.sources.drift.terms import Terms
from compliance.sources.kubernetes.schema import KubernetesSchemas
from compliance.supply_chain.registry import Registries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compliance.assessing import Run
    from compliance.cluster_drift.declared import DeclaredObjects
    from compliance.cluster_drift.signatures import Signatures
    from compliance.sources.cluster.client import Client
    from compliance.sources.cluster.companion import Companion
    from compliance.sources.cluster.walk import Selection
    from compliance.sources.drift.audit_log import Session
    from compliance.supply_chain.registry import Access

SCHEMA: Final = "live_object"
NEEDS_DECLARED: Final = frozenset({"drift.field_differs", "drift.missing_in_cluster", "drift.unmanaged"})
NEEDS_LOG: Final = frozenset({"drift.exec_session"})
NEEDS_TAGS: Final = frozenset({"drift.tag_moved_since_deployment"})
NEEDS_SIGNATURES: Final = frozenset({"drift.running_image_unsigned"})
"""Rules that cannot see anything without something that is given on top: they do not run then, so nothing is said to be
judged, and a history does not take their silence for a repair."""

# One registry that hangs must not hold up an audit as long as it may hold up the one image that somebody waits for.
_DEADLINE: Final = 30.0
_RETRIES: Final = 1


@dataclass(frozen=True, slots=True)
class Given:
    """What a user gives: what is declared for a cluster, and an audit log's sessions; None where there is neither."""

    selection: Selection
    declared: Callable[[Client], DeclaredObjects] | None = None
    sessions: Sequence[Session] | None = None


def without_blind_rules(run: Run, given: Given) -> Run:
    """The run without rules that would see nothing; with drift turned off, without all of its."""
    settings = run.config.drift
    blind = frozenset() if settings.resolve_tags else NEEDS_TAGS
    blind |= frozenset() if settings.verify_signatures else NEEDS_SIGNATURES
    blind |= NEEDS_LOG if given.sessions is None else frozenset()
    blind |= NEEDS_DECLARED if given.declared is None else frozenset()
    rules = {
        id_: rule
        for id_, rule in run.rules.items()
        if id_ not in blind and (settings.enabled or rule.rule.applies_to != (SCHEMA,))
    }
    return replace(run, rules=rules)


def is_wanted(run: Run) -> bool:
    """Whether any rule of the run is about live objects."""
    return run.config.drift.enabled and any(SCHEMA in rule.rule.applies_to for rule in run.rules.values())


@contextmanager
def companions(run: Run, given: Given, access: Access) -> Iterator[Callable[[Client], Sequence[Companion]]]:
    """Make what makes the companions of clusters; registries are reached by `access`.

    Raises:
        ConfigurationError: a jq path cannot be used, or a key of a verification policy cannot be read.
        UsageError: there are no schemas of the configured Kubernetes version.
    """
    settings = run.config.drift
    with ExitStack() as stack:
        # The pool that asks ends before the connections that it asks through.
        registries = stack.enter_context(Registries(replace(access, deadline=_DEADLINE, max_retries=_RETRIES)))
        references = stack.enter_context(References(registries))
        signatures = None
        if settings.verify_signatures:
            from compliance.cluster_drift.signatures import open_signatures  # noqa: PLC0415 - heavy: cryptography

            signatures = stack.enter_context(open_signatures(run.config, registries, references))
        material = Material(
            terms=_terms(run, references, signatures),
            selection=given.selection,
            declared=given.declared,
            sessions=given.sessions,
            ignored=settings.ignore_objects,
            references=references,
            signatures=signatures,
            dry_run=settings.dry_run,
        )
        yield lambda client: (ClusterDrift(client, material),)


def _terms(run: Run, references: References, signatures: Signatures | None) -> Terms:
    settings = run.config.drift
    asking = _jq(run) if any(one.jq_paths for one in settings.ignore_differences) else None
    return Terms(
        now=run.now,
        types=FieldTypes(KubernetesSchemas(run.config.kubernetes_version)),
        managers=ManagerPolicy().with_allowed(settings.allowed_managers),
        ignored=settings.ignore_differences,
        injectors=(*INJECTORS, *settings.injectors),
        trusted=settings.trusted_digests,
        resolve=references.resolve,
        configurations=references.configurations,
        vouched=None if signatures is None else signatures.vouched,
        resolve_tags=settings.resolve_tags,
        jq_paths=asking,
        jq_ahead=None if asking is None else asking.ahead,
    )


def _jq(run: Run) -> jq_paths.JqPaths:
    expressions = [
        (expression, ("drift", "ignore_differences", number, "jq_paths", at))
        for number, one in enumerate(run.config.drift.ignore_differences)
        for at, expression in enumerate(one.jq_paths)
    ]
    jq_paths.check(expressions, run.now, run.config.origin)
    return jq_paths.JqPaths(run.now)
