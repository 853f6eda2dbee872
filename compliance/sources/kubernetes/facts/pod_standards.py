"""The Pod Security Standards by version: which checks there are, and what they allow.

As k8s.io/pod-security-admission decides (policy/check_*.go). Versions are minor ones: 34 is Kubernetes 1.34.
"""

from __future__ import annotations

from functools import cache
from typing import Final

_CHECKS_SINCE: Final = {
    "privilege_escalation": 8,
    "capabilities": 22,
    "seccomp": 19,
    "non_root": 0,
    "non_root_user": 23,
    "masked_proc": 0,
}
_NOT_ASKED_OF_WINDOWS: Final = frozenset({"privilege_escalation", "capabilities", "seccomp"})
_NOT_ASKED_OF_WINDOWS_SINCE: Final = 25
_NOT_ASKED_IN_USER_NAMESPACES: Final = frozenset({"non_root", "non_root_user", "masked_proc"})
_NOT_ASKED_IN_USER_NAMESPACES_SINCE: Final = 35

_SECCOMP_FIELD_SINCE: Final = 19
_HANDLER_HOSTS_SINCE: Final = 34
_SELINUX_TYPES_SINCE: Final = {
    "": 0,
    "container_t": 0,
    "container_init_t": 0,
    "container_kvm_t": 0,
    "container_engine_t": 31,
}
_SYSCTLS_SINCE: Final = {
    "kernel.shm_rmid_forced": 0,
    "net.ipv4.ip_local_port_range": 0,
    "net.ipv4.tcp_syncookies": 0,
    "net.ipv4.ping_group_range": 0,
    "net.ipv4.ip_unprivileged_port_start": 0,
    "net.ipv4.ip_local_reserved_ports": 27,
    "net.ipv4.tcp_keepalive_time": 29,
    "net.ipv4.tcp_fin_timeout": 29,
    "net.ipv4.tcp_keepalive_intvl": 29,
    "net.ipv4.tcp_keepalive_probes": 29,
    "net.ipv4.tcp_rmem": 32,
    "net.ipv4.tcp_wmem": 32,
    "net.ipv4.tcp_slow_start_after_idle": 37,
    "net.ipv4.tcp_notsent_lowat": 37,
}


@cache
def asks(minor: int, *, windows: bool, user_namespace: bool) -> dict[str, bool]:
    """Say which checks a version asks of a Pod, by its `spec.os.name` and by `hostUsers: false`."""
    spared: frozenset[str] = frozenset()
    if windows and minor >= _NOT_ASKED_OF_WINDOWS_SINCE:
        spared |= _NOT_ASKED_OF_WINDOWS
    if user_namespace and minor >= _NOT_ASKED_IN_USER_NAMESPACES_SINCE:
        spared |= _NOT_ASKED_IN_USER_NAMESPACES
    return {check: minor >= since and check not in spared for check, since in _CHECKS_SINCE.items()}


def seccomp_is_a_field(minor: int) -> bool:
    """Whether the version reads `seccompProfile`; earlier ones read annotations only, later ones ignore those."""
    return minor >= _SECCOMP_FIELD_SINCE


def handler_hosts_are_judged(minor: int) -> bool:
    """Whether the version looks at the hosts that probes and hooks name."""
    return minor >= _HANDLER_HOSTS_SINCE


def allows_sysctl(name: str, minor: int) -> bool:
    """Whether a Pod may set this sysctl."""
    return minor >= _SYSCTLS_SINCE.get(name, minor + 1)


def allows_selinux_type(name: str, minor: int) -> bool:
    """Whether a Pod may set this SELinux type; an empty one is none."""
    return minor >= _SELINUX_TYPES_SINCE.get(name, minor + 1)
