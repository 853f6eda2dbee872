"""open-policy-agent/gatekeeper-library: `suite.yaml` of the templates that ask what a rule of ours asks.

A case is an object with the number of violations that it must give; admission reviews are left out. Constraints have
parameters; where ours has the same parameter it is set as in the samples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml
from cases import Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from compliance.catalogue import Catalogue

_TEMPLATES: Final[Mapping[str, tuple[str, ...]]] = {
    "general/allowedrepos": ("versioned_tags.registry_not_allowed",),
    "general/block-loadbalancer-services": ("network_policies.open_load_balancer",),
    "general/block-nodeport-services": ("network_policies.node_port",),
    "general/block-wildcard-ingress": ("network_policies.wildcard_host",),
    "general/containerlimits": ("resource_limits.missing_cpu_limit", "resource_limits.missing_memory_limit"),
    "general/containerrequests": ("resource_limits.missing_cpu_request", "resource_limits.missing_memory_request"),
    "general/containerresourceratios": ("resource_limits.limit_far_above_request",),
    "general/disallowanonymous": ("access.binds_anonymous", "access.binds_authenticated"),
    "general/disallowedtags": ("versioned_tags.floating_tag",),
    "general/ephemeralstoragelimit": ("resource_limits.missing_ephemeral_storage_limit",),
    "general/externalip": ("network_policies.external_ips",),
    "general/httpsonly": ("network_policies.ingress_without_tls",),
    "general/imagedigests": ("versioned_tags.not_pinned_by_digest",),
    "general/requiredprobes": ("probes.missing_liveness", "probes.missing_readiness"),
    "pod-security-policy/allow-privilege-escalation": ("pod_security.privilege_escalation_allowed",),
    "pod-security-policy/host-namespaces": ("pod_security.host_ipc", "pod_security.host_pid"),
    "pod-security-policy/privileged-containers": ("pod_security.privileged",),
    "pod-security-policy/proc-mount": ("pod_security.proc_mount_in_user_namespace", "pod_security.proc_mount_unmasked"),
    "pod-security-policy/read-only-root-filesystem": ("pod_security.writable_root_filesystem",),
}
_PARAMS: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "general/allowedrepos": {
        "versioned_tags.registry_not_allowed": {"registries": ["openpolicyagent/", "docker.io/openpolicyagent/"]}
    },
    "general/containerresourceratios": {"resource_limits.limit_far_above_request": {"max_memory_ratio": 2}},
    "general/disallowanonymous": {
        "access.binds_anonymous": {"allowed_roles": ["cluster-role-1"]},
        "access.binds_authenticated": {"allowed_roles": ["cluster-role-1"]},
    },
    "general/externalip": {"network_policies.external_ips": {"allowed": ["203.0.113.0"]}},
}
_NO_VIOLATIONS: Final = ("no", False, 0)


def cases(checkout: Path, _catalogue: Catalogue) -> Iterator[Case]:
    """The cases of every template that is mapped to rules."""
    for template, rules in _TEMPLATES.items():
        folder = checkout / "library" / template
        suite = yaml.safe_load((folder / "suite.yaml").read_text(encoding="utf-8"))
        for test in suite["tests"]:
            for case in (one for one in test["cases"] if not _is_review(folder / one["object"])):
                wanted = case["assertions"][0].get("violations", "yes")
                yield Case(
                    f"{template} {test['name']} {case['name']}",
                    rules,
                    wanted not in _NO_VIOLATIONS,
                    path=folder / case["object"],
                    params=_PARAMS.get(template, {}),
                )


def _is_review(file: Path) -> bool:
    """Whether the object is wrapped in an AdmissionReview, which is no manifest."""
    return "kind: AdmissionReview" in file.read_text(encoding="utf-8")
