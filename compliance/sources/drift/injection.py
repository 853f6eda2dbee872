"""Sidecars and settings that webhooks add to Pods: whose they are, by what the webhook leaves in the Pod's metadata.

Each entry is from the documentation of its maker. A name counts only in a Pod that also has one of the injector's
labels or annotations; what is added is named as injected, not hidden.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from compliance import globs
from compliance.drift_settings import Injector
from compliance.sources.drift.steps import follow
from compliance.sources.kubernetes.fields import mapping
from compliance.sources.kubernetes.paths import item_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from compliance.sources.drift.steps import Path

_LISTS: Final = frozenset({"containers", "initContainers", "volumes", "volumeMounts", "env", "imagePullSecrets"})


INJECTORS: Final = (
    Injector(
        "istio",
        ("sidecar.istio.io/status", "istio.io/rev", "service.istio.io/canonical-name"),
        ("istio-*", "workload-socket", "workload-certs", "credential-socket"),
        ("securityContext",),
    ),
    Injector("linkerd", ("linkerd.io/proxy-version", "linkerd.io/created-by"), ("linkerd-*",)),
    Injector("vault", ("vault.hashicorp.com/agent-inject-status",), ("vault-*", "home-init", "home-sidecar")),
    Injector("consul", ("consul.hashicorp.com/connect-inject-status",), ("consul-*", "envoy-*")),
    Injector("dapr", ("dapr.io/enabled",), ("daprd", "dapr-*", "DAPR_*")),
    Injector("kuma", ("kuma.io/sidecar-injected",), ("kuma-*",)),
    Injector("cilium", ("io.cilium/proxy",), ("cilium-*",)),
    Injector(
        "opentelemetry",
        ("sidecar.opentelemetry.io/injected", "instrumentation.opentelemetry.io/*"),
        ("otc-container", "opentelemetry-*", "OTEL_*", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PYTHONPATH"),
    ),
    Injector(
        "datadog",
        ("admission.datadoghq.com/enabled", "internal.apm.datadoghq.com/*"),
        ("datadog-*", "DD_*", "JAVA_TOOL_OPTIONS", "NODE_OPTIONS", "PYTHONPATH"),
    ),
    Injector(
        "azure-workload-identity",
        ("azure.workload.identity/use", "azure.workload.identity/inject-proxy-sidecar"),
        ("azwi-*", "azure-identity-token", "AZURE_*"),
    ),
    Injector("vpa", ("vpaUpdates",), (), ("containers[*].resources*", "initContainers[*].resources*")),
)
"""Those that are widespread."""

EKS: Final = re.compile(r"aws-iam-token|eks-pod-identity-token|AWS_[A-Z_]+")
"""What Amazon's webhooks add to Pods by their service account; the Pod itself bears no mark of it."""


def present_in(metadata: Mapping[str, Any], injectors: Iterable[Injector]) -> tuple[Injector, ...]:
    """Those whose mark is in a Pod's labels or annotations."""
    marks = [*mapping(metadata, "labels"), *mapping(metadata, "annotations")]
    return tuple(
        one for one in injectors if any(globs.fits_text(pattern, mark) for pattern in one.evidence for mark in marks)
    )


def injector_of(path: Path, at: str, spec: Mapping[str, Any], present: Iterable[Injector]) -> str | None:
    """Whose webhook added what is at this path of a Pod's spec (`at` as it is written); None: none that is known."""
    name = _added(path, spec)
    for injector in present:
        named = name is not None and any(globs.fits_text(pattern, name) for pattern in injector.names)
        if named or any(globs.fits_text(pattern, at) for pattern in injector.fields):
            return injector.name
    return "aws" if name is not None and EKS.fullmatch(name) else None


def _added(path: Path, spec: object) -> str | None:
    """What the innermost item of a list is called that the path leads into."""
    name, within = None, ""
    for step in path:
        spec = follow(spec, step)
        if step.kind == "f":
            within = step.name
        elif within in _LISTS:
            mounted = spec.get("name") if within == "volumeMounts" and isinstance(spec, dict) else None
            name = mounted if isinstance(mounted, str) else item_name(spec)
    return name
