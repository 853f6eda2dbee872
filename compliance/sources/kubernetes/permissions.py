"""What the rules of a Role or ClusterRole allow that matters, by name: reading Secrets, entering containers and so on.

How a rule matches is as Kubernetes does it (k8s.io/kubernetes, pkg/apis/rbac/v1/evaluation_helpers.go): `*` is every
resource with all its subresources, `*/scale` one subresource of all, and `pods/*` matches nothing at all. A rule with
resourceNames is bounded by them, so it counts for nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import mapping, sequence, texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_READING: Final = frozenset({"get", "list", "watch"})
_WRITING: Final = frozenset({"create", "update", "patch"})
_WORKLOADS: Final = {
    "": ("pods", "replicationcontrollers"),
    "apps": ("daemonsets", "deployments", "replicasets", "statefulsets"),
    "batch": ("cronjobs", "jobs"),
}
_CLIENT_SIGNERS: Final = frozenset({"kubernetes.io/kube-apiserver-client", "kubernetes.io/*"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a role, as it was written; `at` is its place."""

    at: str
    api_groups: tuple[str, ...]
    resources: tuple[str, ...]
    verbs: tuple[str, ...]
    resource_names: tuple[str, ...]
    non_resource_urls: tuple[str, ...]

    @property
    def is_everything(self) -> bool:
        """Every verb on every resource, of the core API group at least: who may impersonate may do all the rest."""
        all_of_it = "*" in self.verbs and "*" in self.resources and not self.resource_names
        return all_of_it and bool({"", "*"} & set(self.api_groups))


@dataclass(frozen=True)  # without slots, which have no room for what is computed once
class _Permission:
    """Any of the verbs on any of the resources of an API group.

    In a Role it has no effect where `cluster` is set; `named` ones count only where a rule writes them out, without *.
    """

    name: str
    group: str
    resources: tuple[str, ...]
    verbs: frozenset[str]
    cluster: bool = False
    named: bool = False

    @cached_property
    def counting(self) -> frozenset[str]:
        """The verbs, as rules may write them."""
        return self.verbs | {"*"}

    @cached_property
    def _names(self) -> frozenset[str]:
        """The resources, as rules may write them."""
        if self.named:
            return frozenset(self.resources)
        subresources = {f"*/{subresource}" for name in self.resources if (subresource := name.partition("/")[2])}
        return frozenset({"*", *self.resources, *subresources})

    def matching(self, written: Iterable[str]) -> frozenset[str]:
        """Those of the resources that a rule writes which are meant."""
        return self._names.intersection(written)


_CHANGING: Final = _WRITING | {"delete", "deletecollection"}
_PERMISSIONS: Final = (
    _Permission("read_secrets", "", ("secrets",), _READING),
    # An image may be changed in a running Pod, and all else in what makes Pods.
    *(_Permission("change_workloads", group, names, _WRITING) for group, names in _WORKLOADS.items()),
    _Permission("enter_containers", "", ("pods/exec", "pods/attach"), frozenset({"create"})),
    # Before Kubernetes 1.35 get was enough for exec and attach over a WebSocket; a * that reads all is not meant so.
    _Permission("enter_containers", "", ("pods/exec", "pods/attach"), frozenset({"get"}), named=True),
    _Permission("enter_containers", "", ("pods/ephemeralcontainers",), frozenset({"update", "patch"})),
    _Permission("forward_ports", "", ("pods/portforward",), frozenset({"create"})),
    _Permission("impersonate", "", ("serviceaccounts",), frozenset({"impersonate"})),
    _Permission("impersonate", "", ("users", "groups"), frozenset({"impersonate"}), cluster=True),
    _Permission("escalate", "rbac.authorization.k8s.io", ("roles", "clusterroles"), frozenset({"escalate", "bind"})),
    _Permission("create_tokens", "", ("serviceaccounts/token",), frozenset({"create"})),
    _Permission(
        "change_webhooks",
        "admissionregistration.k8s.io",
        ("mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
        _CHANGING,
        cluster=True,
    ),
    _Permission("reach_kubelets", "", ("nodes/proxy",), _READING | _CHANGING, cluster=True),
    _Permission("create_persistent_volumes", "", ("persistentvolumes",), frozenset({"create"}), cluster=True),
    _Permission("change_service_status", "", ("services/status",), frozenset({"update", "patch"})),
)
_APPROVAL: Final = _Permission(
    "approve_certificates",
    "certificates.k8s.io",
    ("certificatesigningrequests/approval",),
    frozenset({"update", "patch"}),
    cluster=True,
)
_SIGNERS: Final = _Permission("", "certificates.k8s.io", ("signers",), frozenset({"approve"}), cluster=True)


@dataclass(frozen=True, slots=True)
class Grant:
    """Something that matters which a role allows; `text` is what the rule at `at` says, such as `get on secrets`."""

    name: str
    at: str
    text: str


def rules_of(value: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of a Role or ClusterRole."""
    return tuple(
        Rule(
            f"rules[{index}]",
            tuple(texts(rule.get("apiGroups"))),
            tuple(texts(rule.get("resources"))),
            tuple(texts(rule.get("verbs"))),
            tuple(texts(rule.get("resourceNames"))),
            tuple(texts(rule.get("nonResourceURLs"))),
        )
        for index, rule in enumerate(map(mapping, sequence(value.get("rules"))))
    )


def grants(rules: Collection[Rule], *, cluster: bool) -> Iterator[Grant]:
    """What the rules of a role (`cluster`: a ClusterRole) allow that matters; everything is told as that alone."""
    listed = [rule for rule in rules if not rule.is_everything]
    yield from (Grant("everything", rule.at, _text(rule.verbs, rule.resources)) for rule in rules if rule.is_everything)
    approved = (_APPROVAL,) if any(_approves_clients(rule) for rule in listed) else ()
    for rule in listed:
        yield from _wildcards(rule)
        if not rule.resource_names:
            yield from _granted(rule, [one for one in (*_PERMISSIONS, *approved) if cluster or not one.cluster])


def reads_only(rules: Collection[Rule]) -> bool:
    """Whether the rules let nobody change anything, nor read what is secret."""
    return all(set(rule.verbs) <= _READING for rule in rules) and not any(
        grant.name in {"read_secrets", "reach_kubelets", "enter_containers"} for grant in grants(rules, cluster=True)
    )


def _granted(rule: Rule, permissions: Iterable[_Permission]) -> Iterator[Grant]:
    """One grant a name, with all verbs and resources of the rule that count for it."""
    counting: dict[str, tuple[set[str], set[str]]] = {}
    groups, written = frozenset(rule.api_groups), frozenset(rule.verbs)
    for permission in permissions:
        if permission.group not in groups and "*" not in groups:
            continue
        verbs = written & permission.counting
        if verbs and (resources := permission.matching(rule.resources)):
            all_verbs, all_resources = counting.setdefault(permission.name, (set(), set()))
            all_verbs.update(verbs)
            all_resources.update(resources)
    for name, (all_verbs, all_resources) in counting.items():
        yield Grant(name, rule.at, _text(sorted(all_verbs), sorted(all_resources)))


def _text(verbs: Iterable[str], resources: Iterable[str]) -> str:
    return f"{', '.join(verbs)} on {', '.join(resources)}"


def _wildcards(rule: Rule) -> Iterator[Grant]:
    for name, field, part in (
        ("wildcard_api_groups", "apiGroups", rule.api_groups),
        ("wildcard_resources", "resources", rule.resources),
        ("wildcard_verbs", "verbs", rule.verbs),
    ):
        if "*" in part and rule.resources:
            yield Grant(name, f"{rule.at}.{field}", _text(rule.verbs, rule.resources))


def _approves_clients(rule: Rule) -> bool:
    """Whether it may approve for the signer whose certificates the API server takes for a login."""
    named = set(rule.resource_names)
    return any(_granted(rule, (_SIGNERS,))) and (not named or bool(named & _CLIENT_SIGNERS))
