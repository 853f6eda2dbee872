"""What rules see of an object, and of what stands beside it."""

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.data import data_folder
from compliance.sources.kubernetes.entries import Entry, entry_of
from compliance.sources.kubernetes.facts import body, facts_schema
from compliance.sources.kubernetes.inventory import Inventory
from compliance.sources.kubernetes.schema import SchemaError
from compliance.sources.kubernetes.selectors import required_labels, selects

SCHEMAS: Path = data_folder("rules") / "schemas"


def workload(kind: str = "Deployment", **pod: object) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": {"metadata": {"labels": {"app": "web"}}, "spec": pod}},
    }


def told(value: dict[str, Any], *others: dict[str, Any]) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    return body(value, (), inventory)


def policy(selector: dict[str, Any], **spec: object) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "policy", "namespace": "shop"},
        "spec": {"podSelector": selector, **spec},
    }


def test_all_kinds_of_containers_are_one_list() -> None:
    facts = told(
        workload(
            containers=[{"name": "web"}],
            initContainers=[{"name": "migrate"}, {"name": "proxy", "restartPolicy": "Always"}],
            ephemeralContainers=[{"name": "debug"}],
        )
    )
    kinds = [(container["name"], container["kind"]) for container in facts["containers"]]
    assert kinds == [("web", "main"), ("migrate", "init"), ("proxy", "sidecar"), ("debug", "ephemeral")]


@pytest.mark.parametrize(
    ("resources", "shared"),
    [
        ({"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}}, (["cpu", "memory"], ["memory"])),
        ({"limits": {"hugepages-2Mi": "4Mi", "cpu": None}}, ([], [])),
        ("odd", ([], [])),
    ],
)
def test_what_the_containers_of_a_pod_share(resources: object, shared: tuple[list[str], list[str]]) -> None:
    told_of = told(workload(containers=[{"name": "web"}], resources=resources))["pod"]["resources"]
    assert (told_of["requests"], told_of["limits"]) == shared


@pytest.mark.parametrize(
    ("api_version", "kind", "path"),
    [
        ("v1", "Pod", ()),
        ("batch/v1", "CronJob", ("spec", "jobTemplate", "spec", "template")),
        ("batch/v1", "Job", ("spec", "template")),
        ("apps/v1", "DaemonSet", ("spec", "template")),
        ("argoproj.io/v1alpha1", "Rollout", ("spec", "template")),
    ],
)
def test_every_workload_kind_keeps_its_template_somewhere_else(
    api_version: str, kind: str, path: tuple[str, ...]
) -> None:
    value: dict[str, Any] = {"spec": {"containers": [{"name": "web", "image": "nginx"}]}}
    for step in reversed(path):
        value = {step: value}
    value |= {"apiVersion": api_version, "kind": kind}
    assert [container["image"]["normalised"] for container in told(value)["containers"]] == [
        "docker.io/library/nginx:latest"
    ]


def test_a_custom_resource_with_a_known_kind_is_no_workload() -> None:
    assert facts_schema({"apiVersion": "apps.example.com/v1", "kind": "Deployment"}) == "kubernetes_object"


def test_the_containers_own_security_setting_wins_over_the_pods() -> None:
    facts = told(
        workload(
            securityContext={"runAsNonRoot": True, "runAsUser": 1000},
            containers=[{"name": "web", "securityContext": {"runAsUser": 0}}],
        )
    )
    context = facts["containers"][0]["security_context"]
    assert context["run_as_user"] == {"value": 0, "level": "container"}
    assert context["run_as_non_root"] == {"value": True, "level": "pod"}
    assert context["privileged"] == {"value": None, "level": None}


def test_a_probe_without_a_handler_is_no_probe() -> None:
    facts = told(workload(containers=[{"name": "web", "readinessProbe": {"periodSeconds": 5}}]))
    assert facts["containers"][0]["probes"]["readiness"] is None


def test_a_probes_port_is_looked_up_by_name() -> None:
    container = {
        "name": "web",
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": {"httpGet": {"port": "http"}},
        "livenessProbe": {"httpGet": {"port": "htp"}},
    }
    probes = told(workload(containers=[container]))["containers"][0]["probes"]
    assert probes["readiness"]["port"] == {"text": "http", "number": 8080}
    assert probes["liveness"]["port"] == {"text": "htp", "number": None}


@pytest.mark.parametrize(
    ("hook", "pre_stop"),
    [
        ({"sleep": {"seconds": 5}}, {"handler": "sleep", "sleep_seconds": 5}),
        ({"exec": {"command": ["sleep", "15"]}}, {"handler": "exec", "sleep_seconds": 15}),
        (
            {"exec": {"command": ["/bin/sh", "-c", "sleep 20s && nginx -s quit"]}},
            {"handler": "exec", "sleep_seconds": 20},
        ),
        ({"exec": {"command": ["/bin/drain", "--nosleep 5"]}}, {"handler": "exec", "sleep_seconds": None}),
        ({"httpGet": {"port": 80}}, {"handler": "httpGet", "sleep_seconds": None}),
        ({}, None),
        ("sleep", None),
    ],
)
def test_a_hook_before_the_end_tells_how_long_it_waits(hook: object, pre_stop: object) -> None:
    container = {"name": "web", "lifecycle": {"preStop": hook}}
    assert told(workload(containers=[container]))["containers"][0]["pre_stop"] == pre_stop


def test_a_namespace_knows_its_limit_ranges_and_quotas() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    limits = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "defaults", "namespace": "shop"}}
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "all", "namespace": "bank"}}
    facts = told(namespace, limits, quota)
    assert (facts["limit_ranges"], facts["resource_quotas"]) == (["defaults"], [])


def test_a_policy_isolates_what_it_selects_in_its_own_namespace() -> None:
    elsewhere = policy({}) | {"metadata": {"name": "other", "namespace": "bank"}}
    both = policy({"matchLabels": {"app": "web"}}, policyTypes=["Ingress", "Egress"])
    facts = told(workload(), both, elsewhere)
    assert facts["network_policies"] == {"ingress": ["policy"], "egress": ["policy"]}


def test_a_policy_without_types_is_for_ingress_and_for_egress_only_with_rules() -> None:
    assert told(workload(), policy({}))["network_policies"] == {"ingress": ["policy"], "egress": []}
    assert told(workload(), policy({}, egress=[{}]))["network_policies"]["egress"] == ["policy"]


def test_a_rule_without_peers_and_ports_lets_everybody_in() -> None:
    facts = told(policy({}, ingress=[{}, {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}], "ports": [{"port": 80}]}]))
    assert [(rule["at"], rule["any_peer"], rule["any_port"]) for rule in facts["ingress"]] == [
        ("spec.ingress[0]", True, True),
        ("spec.ingress[1]", True, False),
    ]


def test_configuration_is_joined_from_volumes_environment_and_pull_secrets() -> None:
    value = workload(
        containers=[
            {
                "name": "web",
                "env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "a"}}}],
                "envFrom": [{"configMapRef": {"name": "env"}}],
            }
        ],
        volumes=[
            {"name": "v", "configMap": {"name": "files"}},
            {"name": "p", "projected": {"sources": [{"secret": {"name": "token"}}]}},
        ],
        imagePullSecrets=[{"name": "pull"}],
    )
    config_map = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "env", "namespace": "shop"},
        "immutable": True,
    }
    used = {(one["kind"], one["name"]): one["immutable"] for one in told(value, config_map)["configuration"]}
    assert used == {
        ("ConfigMap", "env"): True,
        ("ConfigMap", "files"): None,
        ("Secret", "keys"): None,
        ("Secret", "pull"): None,
        ("Secret", "token"): None,
    }


def test_a_namespace_knows_its_workloads_and_its_default_deny() -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    facts = told(namespace, workload(), policy({}))
    assert facts["workloads"] == ["Deployment/web"]
    assert facts["default_deny"] == {"ingress": ["policy"], "egress": []}


@pytest.mark.parametrize(
    ("expression", "selected"),
    [
        ({"key": "app", "operator": "In", "values": ["web"]}, True),
        ({"key": "app", "operator": "NotIn", "values": ["web"]}, False),
        ({"key": "tier", "operator": "NotIn", "values": ["web"]}, True),
        ({"key": "app", "operator": "Exists"}, True),
        ({"key": "app", "operator": "DoesNotExist"}, False),
        ({"key": "app", "operator": "Sounds"}, False),
    ],
)
def test_label_expressions_follow_the_api(expression: dict[str, Any], *, selected: bool) -> None:
    assert selects({"matchExpressions": [expression]}, {"app": "web"}) is selected


def test_a_service_without_selector_selects_nothing() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s", "namespace": "shop"}, "spec": {}}
    assert told(workload(), service)["services"] == []


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 70000)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
# fmt: off
FIELDS = [
    "metadata", "name", "namespace", "labels", "annotations", "spec", "template",
    "containers", "initContainers", "volumes", "env", "valueFrom", "configMap", "secret",
    "resources", "limits", "requests", "cpu", "ports", "readinessProbe", "httpGet",
    "port", "securityContext", "capabilities", "add", "image", "podSelector", "matchLabels",
    "matchExpressions", "ingress", "egress", "from", "policyTypes", "selector", "immutable",
    "projected", "sources", "to", "ipBlock", "cidr", "except", "namespaceSelector", "endPort",
    "tls", "hosts", "host", "http", "paths", "backend", "service", "defaultBackend", "targetPort",
    "externalIPs", "verbs", "resources", "apiGroups", "resourceNames", "kind", "rules",
    "type", "seccompProfile", "appArmorProfile", "seLinuxOptions", "sysctls",
    "volumeMounts", "mountPath", "hostPath", "path", "emptyDir", "args", "command", "value", "lifecycle", "preStop",
]
# fmt: on


def odd_objects() -> st.SearchStrategy[Any]:
    return st.recursive(
        JSON,
        lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6) | st.lists(inner, max_size=3),
        max_leaves=25,
    )


@given(
    st.sampled_from(
        [
            ("apps/v1", "Deployment"),
            ("v1", "Pod"),
            ("networking.k8s.io/v1", "NetworkPolicy"),
            ("v1", "Namespace"),
            ("v1", "Service"),
            ("networking.k8s.io/v1", "Ingress"),
            ("rbac.authorization.k8s.io/v1", "ClusterRole"),
            ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ]
    ),
    st.dictionaries(st.sampled_from(["metadata", "spec", "rules", "roleRef", "subjects"]), odd_objects()),
)
def test_whatever_the_object_looks_like_the_facts_fit_their_schema(kind: tuple[str, str], rest: dict[str, Any]) -> None:
    value = {**rest, "apiVersion": kind[0], "kind": kind[1]}
    facts = body(value, (SchemaError("unknown_field", "x", "unknown field x"),), _inventory(value)) | {"params": {}}
    schema = orjson.loads((SCHEMAS / f"{facts_schema(value)}.json").read_bytes())
    jsonschema_rs.validate(schema, facts)


def _inventory(value: dict[str, Any]) -> Inventory:
    inventory = Inventory(kubernetes_minor=34)
    entry = entry_of(value)
    inventory.add([entry] if entry else [Entry("ConfigMap", None, "c")])
    return inventory


@given(
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3),
)
def test_looking_up_by_label_finds_what_the_selector_selects(labels: dict[str, str], wanted: dict[str, str]) -> None:
    selector = {"matchLabels": wanted}
    inventory = Inventory(kubernetes_minor=34)
    pod, chooser = (
        Entry("Pod", "shop", "web", pod_labels=labels),
        Entry("NetworkPolicy", "shop", "p", selector=selector),
    )
    inventory.add([pod, chooser])
    expected = selects(selector, labels)
    assert list(inventory.selected("shop", selector)) == ([pod] if expected else [])
    assert list(inventory.selecting("shop", "NetworkPolicy", labels)) == ([chooser] if expected else [])


@pytest.mark.parametrize(
    ("expressions", "labels"),
    [
        ([{"key": "app", "operator": "In", "values": ["web"]}], {"app": "web"}),
        ([{"key": "app", "operator": "In", "values": ["web", "api"]}], {}),
        ([{"key": "app", "operator": "NotIn", "values": ["web"]}], {}),
        ([{"key": ["app"], "operator": "In", "values": ["web"]}, {"operator": "In", "values": ["web"]}], {}),
        ([{"key": "tier", "operator": "In", "values": ["web"]}], {"app": "web", "tier": "web"}),
    ],
)
def test_a_selector_with_one_allowed_value_is_looked_up_by_it(
    expressions: list[dict[str, Any]], labels: dict[str, str]
) -> None:
    selector: dict[str, Any] = {"matchExpressions": expressions}
    if "tier" in labels:
        selector["matchLabels"] = {"app": "web"}
    assert required_labels(selector) == labels
