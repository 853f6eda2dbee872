"""What the Pod Security Standards look at, told by version."""

from typing import Any

import pytest

from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body
from compliance.sources.kubernetes.inventory import Inventory

NEWEST = 37


def told(spec: dict[str, Any], *others: dict[str, Any], minor: int = NEWEST, **metadata: object) -> dict[str, Any]:
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", **metadata}, "spec": spec}
    inventory = Inventory(kubernetes_minor=minor)
    inventory.add(entry for one in (pod, *others) if (entry := entry_of(one)))
    facts: dict[str, Any] = body(pod, (), inventory)["pod_security"]
    return facts


def with_context(context: dict[str, Any], minor: int = NEWEST) -> dict[str, Any]:
    return told({"securityContext": context, "containers": [{"name": "web"}]}, minor=minor)


@pytest.mark.parametrize(
    ("check", "since"),
    [
        ("privilege_escalation", 8),
        ("capabilities", 22),
        ("seccomp", 19),
        ("non_root_user", 23),
    ],
)
def test_a_check_is_asked_from_the_version_that_has_it(check: str, since: int) -> None:
    assert told({}, minor=since)["asks"][check]
    assert not told({}, minor=since - 1)["asks"][check]


@pytest.mark.parametrize("check", ["privilege_escalation", "capabilities", "seccomp"])
def test_windows_is_spared_what_it_cannot_set_once_the_standard_knows_it(check: str) -> None:
    windows = {"os": {"name": "windows"}}
    assert told(windows, minor=24)["asks"][check]
    assert not told(windows, minor=25)["asks"][check]
    assert told({"os": {"name": "linux"}})["asks"][check]


@pytest.mark.parametrize("check", ["non_root", "non_root_user", "masked_proc"])
def test_user_namespaces_are_spared_root_from_1_35_on(check: str) -> None:
    assert told({"hostUsers": False}, minor=34)["asks"][check]
    assert not told({"hostUsers": False}, minor=35)["asks"][check]
    assert told({"hostUsers": True}, minor=35)["asks"][check]


def test_windows_is_also_known_by_the_node_selector_but_spared_by_its_own_word_only() -> None:
    facts = told({"nodeSelector": {"kubernetes.io/os": "windows"}})
    assert facts["windows"]
    assert facts["asks"]["seccomp"]


@pytest.mark.parametrize(
    ("sysctl", "since"), [("net.ipv4.ip_local_reserved_ports", 27), ("net.ipv4.tcp_rmem", 32), ("kernel.sem", 99)]
)
def test_a_sysctl_is_safe_from_a_version_on(sysctl: str, since: int) -> None:
    def allowed(minor: int) -> bool:
        (found,) = with_context({"sysctls": [{"name": sysctl, "value": "1"}]}, minor)["sysctls"]
        return bool(found["allowed"])

    assert not allowed(since - 1)
    assert allowed(since) is (since < NEWEST)


def test_selinux_users_and_roles_are_never_allowed_and_types_by_version() -> None:
    options = {"seLinuxOptions": {"type": "container_engine_t", "user": "u", "role": "", "level": "s0"}}
    at = "spec.securityContext.seLinuxOptions"
    assert with_context(options, 31)["selinux"] == [
        {"of": "the Pod", "at": f"{at}.type", "value": "type container_engine_t", "allowed": True},
        {"of": "the Pod", "at": f"{at}.user", "value": "user u", "allowed": False},
    ]
    assert not with_context(options, 30)["selinux"][0]["allowed"]


def test_seccomp_is_read_from_annotations_before_1_19_and_from_the_field_after() -> None:
    spec = {"securityContext": {"seccompProfile": {"type": "Unconfined"}}, "containers": [{"name": "web"}]}
    annotations = {
        "seccomp.security.alpha.kubernetes.io/pod": "localhost/a",
        "container.seccomp.security.alpha.kubernetes.io/web": "unconfined",
        "container.seccomp.security.alpha.kubernetes.io/other": "unconfined",
    }
    old = told(spec, minor=18, annotations=annotations)["seccomp"]
    assert [(one["of"], one["value"], one["allowed"]) for one in old] == [
        ("the Pod", "localhost/a", True),
        ("container web", "unconfined", False),
    ]
    new = told(spec, minor=19, annotations=annotations)["seccomp"]
    assert [(one["at"], one["value"], one["allowed"]) for one in new] == [
        ("spec.securityContext.seccompProfile", "Unconfined", False)
    ]


def test_a_profile_without_a_type_is_set_and_not_allowed() -> None:
    assert [one["allowed"] for one in with_context({"seccompProfile": {}})["seccomp"]] == [False]
    assert with_context({"seccompProfile": None})["seccomp"] == []


def test_apparmor_is_set_by_field_or_annotation() -> None:
    unconfined = {"appArmorProfile": {"type": "Unconfined"}}
    spec = {"containers": [{"name": "a"}, {"name": "b", "securityContext": unconfined}, {"name": "c"}]}
    facts = told(spec, annotations={"container.apparmor.security.beta.kubernetes.io/a": "localhost/x"})
    assert [(one["of"], one["value"], one["allowed"]) for one in facts["app_armor"]] == [
        ("container b", "Unconfined", False),
        ("the annotation of container a", "localhost/x", True),
    ]
    assert facts["without_app_armor"] == ["c"]
    assert with_context({"appArmorProfile": {"type": "RuntimeDefault"}})["without_app_armor"] == []


@pytest.mark.parametrize(
    ("capability", "gives"),
    [
        ("SYS_ADMIN", "node"),
        ("cap_sys_admin", "node"),
        ("ALL", "node"),
        ("SYS_TIME", "more"),
        ("NET_RAW", "more"),
        ("chown", "more"),
        ("CHOWN", "runtime_default"),
        ("NET_BIND_SERVICE", "low_ports"),
    ],
)
def test_a_capability_is_told_by_what_it_gives(capability: str, gives: str) -> None:
    container = {"name": "web", "securityContext": {"capabilities": {"add": [capability]}}}
    (found,) = told({"containers": [container]})["capabilities"]
    assert found["gives"] == gives
    assert found["at"] == f"containers[web].securityContext.capabilities.add[{capability}]"


def test_the_number_of_the_pod_counts_while_some_container_runs_with_it() -> None:
    own = {"name": "own", "securityContext": {"runAsUser": 12000}}
    pod = {"securityContext": {"runAsUser": 180}}
    assert [one["number"] for one in told({**pod, "containers": [own, {"name": "inherits"}]})["users"]] == [180, 12000]
    assert [one["number"] for one in told({**pod, "containers": [own]})["users"]] == [12000]


def test_hosts_of_probes_and_hooks_are_told_from_1_34_on() -> None:
    container = {
        "name": "web",
        "livenessProbe": {"tcpSocket": {"host": "10.0.0.1", "port": 80}},
        "readinessProbe": {"httpGet": {"host": "", "port": 80}},
        "lifecycle": {"preStop": {"httpGet": {"host": "localhost", "port": 80}}},
    }
    hosts = [(one["at"], one["host"]) for one in told({"containers": [container]}, minor=34)["handler_hosts"]]
    assert hosts == [
        ("containers[web].livenessProbe.tcpSocket.host", "10.0.0.1"),
        ("containers[web].lifecycle.preStop.httpGet.host", "localhost"),
    ]
    assert told({"containers": [container]}, minor=33)["handler_hosts"] == []


@pytest.mark.parametrize(
    ("path", "exposes"),
    [
        ("/var/run/docker.sock", "runtime_socket"),
        ("/run/k3s/containerd/containerd.sock", "runtime_socket"),
        ("\\\\.\\pipe\\docker_engine", "runtime_socket"),
        ("/", "sensitive"),
        ("//", "sensitive"),
        ("/etc/", "sensitive"),
        ("/srv/../etc", "sensitive"),
        ("/var/run", "sensitive"),
        ("/var/lib/etcd/member", "sensitive"),
        ("/etc/kubernetes-like", "read_only"),
        ("/etc/ssl/certs", "read_only"),
        ("/var/runner", "read_only"),
        ("", "read_only"),
    ],
)
def test_a_host_path_is_told_by_the_worst_that_it_exposes(path: str, exposes: str) -> None:
    mount = {"name": "data", "mountPath": "/data", "readOnly": True}
    spec = {
        "containers": [{"name": "web", "volumeMounts": [mount]}],
        "volumes": [{"name": "data", "hostPath": {"path": path}}],
    }
    (found,) = told(spec)["host_paths"]
    assert (found["at"], found["exposes"]) == ("spec.volumes[data]", exposes)


def test_a_host_path_is_writable_when_any_container_mounts_it_so() -> None:
    reads = {"name": "web", "volumeMounts": [{"name": "data", "mountPath": "/d", "readOnly": True}]}
    writes = {"name": "init", "volumeMounts": [{"name": "data", "mountPath": "/d"}]}
    volumes = [{"name": "data", "hostPath": {"path": "/srv"}}, {"name": "other", "emptyDir": {}}]
    (found,) = told({"containers": [reads], "initContainers": [writes], "volumes": volumes})["host_paths"]
    assert found["exposes"] == "writable"


def test_the_pod_decides_on_its_token_and_else_the_account_that_was_read() -> None:
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web"},
        "automountServiceAccountToken": False,
    }
    assert told({}, account)["service_account"] == {"name": "default", "automount": None}
    assert told({"serviceAccountName": "web"}, account)["service_account"] == {"name": "web", "automount": False}
    assert told({"serviceAccount": "web"}, account)["service_account"] == {"name": "web", "automount": False}
    asked = {"serviceAccountName": "web", "automountServiceAccountToken": True}
    assert told(asked, account)["service_account"] == {"name": "web", "automount": True}
