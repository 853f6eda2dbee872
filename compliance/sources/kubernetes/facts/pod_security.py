"""What the Pod Security Standards look at: what the Pod and each of its containers, of all kinds, set themselves.

It stands beside the merged settings of `containers`, which say what is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.containers import sites
from compliance.sources.kubernetes.facts import pod_standards
from compliance.sources.kubernetes.facts.host_paths import host_paths
from compliance.sources.kubernetes.fields import flag, integer, mapping, mappings, text, text_map, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory
    from compliance.sources.kubernetes.workloads import PodTemplate

_APP_ARMOR: Final = "container.apparmor.security.beta.kubernetes.io/"
_SECCOMP: Final = "container.seccomp.security.alpha.kubernetes.io/"
_SECCOMP_OF_POD: Final = "seccomp.security.alpha.kubernetes.io/pod"
_PROFILES: Final = frozenset({"RuntimeDefault", "Localhost"})
_OWNS_THE_NODE: Final = frozenset(
    {"ALL", "BPF", "DAC_READ_SEARCH", "NET_ADMIN", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO"}
)
# Without NET_RAW, which no standard lets a Pod add although runtimes give it by default.
_RUNTIME_DEFAULTS: Final = frozenset(
    {
        "AUDIT_WRITE",
        "CHOWN",
        "DAC_OVERRIDE",
        "FOWNER",
        "FSETID",
        "KILL",
        "MKNOD",
        "SETFCAP",
        "SETGID",
        "SETPCAP",
        "SETUID",
        "SYS_CHROOT",
    }
)
_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS: Final = ("postStart", "preStop")


@dataclass(frozen=True, slots=True)
class _Setter:
    """The Pod or a container: how messages call it, where it is written, and its security context."""

    of: str
    at: str
    context: dict[str, Any]

    def setting(self, field: str, value: str, *, allowed: bool) -> dict[str, Any]:
        return {"of": self.of, "at": f"{self.at}.{field}", "value": value, "allowed": allowed}


def facts(template: PodTemplate, namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    """Facts of a pod template in a namespace: `pod_security` of `rules/schemas/workload.json`."""
    pod, minor = mapping(template.value, "spec"), inventory.kubernetes_minor
    at, metadata_at = (".".join(str(step) for step in (*template.path, name)) for name in ("spec", "metadata"))
    annotations = text_map(mapping(template.value, "metadata", "annotations"))
    setters, user_namespace = list(_setters(pod, at)), flag(pod.get("hostUsers")) is False
    return {
        "asks": pod_standards.asks(minor, windows=_os(pod) == "windows", user_namespace=user_namespace),
        "windows": "windows" in {_os(pod), text(mapping(pod, "nodeSelector").get("kubernetes.io/os"))},
        "user_namespace": user_namespace,
        "share_process_namespace": flag(pod.get("shareProcessNamespace")) or False,
        "service_account": _service_account(pod, namespace, inventory),
        "contexts": [_context(one) for one in setters],
        "users": list(_numbers(setters, "runAsUser")),
        "groups": list(_numbers(setters, "runAsGroup")),
        "capabilities": [found for one in setters[1:] for found in _capabilities(one)],
        "app_armor": [*_app_armor(setters), *_app_armor_annotations(annotations, metadata_at)],
        "without_app_armor": list(_without_app_armor(setters, annotations)),
        "seccomp": list(
            _seccomp(setters)
            if pod_standards.seccomp_is_a_field(minor)
            else _seccomp_annotations(setters, annotations, metadata_at)
        ),
        "selinux": [found for one in setters for found in _selinux(one, minor)],
        "sysctls": list(_sysctls(setters[0], minor)),
        "handler_hosts": list(_handler_hosts(pod)) if pod_standards.handler_hosts_are_judged(minor) else [],
        "host_paths": list(host_paths(pod, at)),
    }


def _setters(pod: dict[str, Any], at: str) -> Iterator[_Setter]:
    yield _Setter("the Pod", f"{at}.securityContext", mapping(pod, "securityContext"))
    for name, _, raw, _ in sites(pod, ()):
        yield _Setter(f"container {name}", f"containers[{name}].securityContext", mapping(raw, "securityContext"))


def _os(pod: dict[str, Any]) -> str | None:
    return text(mapping(pod, "os").get("name"))


def _service_account(pod: dict[str, Any], namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    """The Pod's own word on its token counts; without one, the account's, when it is among what was read."""
    name = text(pod.get("serviceAccountName")) or text(pod.get("serviceAccount")) or "default"
    automount = flag(pod.get("automountServiceAccountToken"))
    if automount is None and (account := inventory.named(namespace, "ServiceAccount", name)) is not None:
        automount = account.told["automount"]
    return {"name": name, "automount": automount}


def _context(setter: _Setter) -> dict[str, Any]:
    return {
        "of": setter.of,
        "at": setter.at,
        "run_as_non_root": flag(setter.context.get("runAsNonRoot")),
        "run_as_user": integer(setter.context.get("runAsUser")),
        "host_process": flag(mapping(setter.context, "windowsOptions").get("hostProcess")) or False,
    }


def _numbers(setters: list[_Setter], field: str) -> Iterator[dict[str, Any]]:
    """The numbers that some container runs as, where each is set; the Pod's not where every container has its own."""
    pod, *containers = setters
    own = [one for one in containers if integer(one.context.get(field)) is not None]
    for one in own if len(own) == len(containers) else [pod, *own]:
        if (number := integer(one.context.get(field))) is not None:
            yield {"of": one.of, "at": f"{one.at}.{field}", "number": number}


def _capabilities(setter: _Setter) -> Iterator[dict[str, str]]:
    for name in texts(mapping(setter.context, "capabilities").get("add")):
        yield {
            "of": setter.of,
            "at": f"{setter.at}.capabilities.add[{name}]",
            "name": name,
            "gives": _gives(name),
        }


def _gives(capability: str) -> str:
    """How much a capability gives; standards take its name as it is written, runtimes also in lower case."""
    if capability == "NET_BIND_SERVICE":
        return "low_ports"
    if capability in _RUNTIME_DEFAULTS:
        return "runtime_default"
    return "node" if capability.upper().removeprefix("CAP_") in _OWNS_THE_NODE else "more"


def _profile(setter: _Setter, field: str) -> str | None:
    """The type of a profile that is set, empty when it has none; None when no profile is set."""
    profile = setter.context.get(field)
    return text(profile.get("type")) or "" if isinstance(profile, dict) else None


def _app_armor(setters: list[_Setter]) -> Iterator[dict[str, Any]]:
    for one in setters:
        if (profile := _profile(one, "appArmorProfile")) is not None:
            yield one.setting("appArmorProfile", profile, allowed=profile in _PROFILES)


def _app_armor_annotations(annotations: dict[str, str], metadata_at: str) -> Iterator[dict[str, Any]]:
    for key, value in annotations.items():
        if key.startswith(_APP_ARMOR):
            setter = _Setter(f"the annotation of container {key.removeprefix(_APP_ARMOR)}", metadata_at, {})
            allowed = value in {"", "runtime/default"} or value.startswith("localhost/")
            yield setter.setting(f"annotations[{key}]", value, allowed=allowed)


def _without_app_armor(setters: list[_Setter], annotations: dict[str, str]) -> Iterator[str]:
    pod, *containers = setters
    if _profile(pod, "appArmorProfile") is None:
        for one in containers:
            name = one.of.removeprefix("container ")
            if _profile(one, "appArmorProfile") is None and f"{_APP_ARMOR}{name}" not in annotations:
                yield name


def _seccomp(setters: list[_Setter]) -> Iterator[dict[str, Any]]:
    for one in setters:
        if (profile := _profile(one, "seccompProfile")) is not None:
            yield one.setting("seccompProfile", profile, allowed=profile in _PROFILES)


def _seccomp_annotations(
    setters: list[_Setter], annotations: dict[str, str], metadata_at: str
) -> Iterator[dict[str, Any]]:
    pod, *containers = setters
    keys = {_SECCOMP_OF_POD: pod.of} | {f"{_SECCOMP}{one.of.removeprefix('container ')}": one.of for one in containers}
    for key, of in keys.items():
        if (value := annotations.get(key)) is not None:
            allowed = value in {"runtime/default", "docker/default"} or value.startswith("localhost/")
            yield _Setter(of, metadata_at, {}).setting(f"annotations[{key}]", value, allowed=allowed)


def _selinux(setter: _Setter, minor: int) -> Iterator[dict[str, Any]]:
    options = mapping(setter.context, "seLinuxOptions")
    if (type_ := text(options.get("type"))) is not None:
        allowed = pod_standards.allows_selinux_type(type_, minor)
        yield setter.setting("seLinuxOptions.type", f"type {type_}", allowed=allowed)
    for field in ("user", "role"):
        if value := text(options.get(field)):
            yield setter.setting(f"seLinuxOptions.{field}", f"{field} {value}", allowed=False)


def _sysctls(pod: _Setter, minor: int) -> Iterator[dict[str, Any]]:
    for sysctl in mappings(pod.context.get("sysctls")):
        name = text(sysctl.get("name")) or ""
        yield pod.setting(f"sysctls[{name}]", name, allowed=pod_standards.allows_sysctl(name, minor))


def _handler_hosts(pod: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The hosts that probes and lifecycle hooks name, instead of asking their own Pod."""
    for name, _, raw, _ in sites(pod, ()):
        for path, handler in _handlers(raw):
            for action in ("httpGet", "tcpSocket"):
                if action in handler and (host := text(mapping(handler, action).get("host"))):
                    at = f"containers[{name}].{path}.{action}.host"
                    yield {"of": f"container {name}", "at": at, "handler": path.rpartition(".")[2], "host": host}


def _handlers(container: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for probe in _PROBES:
        if isinstance(handler := container.get(probe), dict):
            yield probe, handler
    for hook in _HOOKS if "lifecycle" in container else ():
        yield f"lifecycle.{hook}", mapping(container, "lifecycle", hook)
