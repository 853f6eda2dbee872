"""What rules see of roles and of those that bind them."""

from typing import Any

import pytest

from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body
from compliance.sources.kubernetes.inventory import Inventory


def told(value: dict[str, Any], *others: dict[str, Any], complete: bool = False) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34, complete=complete)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    return body(value, (), inventory)


def rbac(kind: str, name: str = "web", **rest: object) -> dict[str, Any]:
    metadata = {"name": name} | ({} if kind.startswith("Cluster") else {"namespace": "shop"})
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": metadata, **rest}


def rule(group: str, resource: str, *verbs: str, **rest: object) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs), **rest}


def granted(*rules: dict[str, Any], kind: str = "ClusterRole") -> list[str]:
    return [grant["name"] for grant in told(rbac(kind, rules=list(rules)))["grants"]]


def bound(kind: str, role: dict[str, Any], *subjects: dict[str, Any]) -> dict[str, Any]:
    reference = {"kind": role["kind"], "name": role["metadata"]["name"]}
    return rbac(kind, "binding", roleRef=reference, subjects=list(subjects))


@pytest.mark.parametrize(
    ("group", "resource", "verb", "name"),
    [
        ("", "secrets", "list", "read_secrets"),
        ("", "pods", "create", "change_workloads"),
        ("batch", "cronjobs", "create", "change_workloads"),
        ("", "pods/exec", "create", "enter_containers"),
        ("", "pods/exec", "get", "enter_containers"),
        ("", "pods/ephemeralcontainers", "patch", "enter_containers"),
        ("", "pods/portforward", "create", "forward_ports"),
        ("", "users", "impersonate", "impersonate"),
        ("", "serviceaccounts/token", "create", "create_tokens"),
        ("rbac.authorization.k8s.io", "roles", "escalate", "escalate"),
        ("rbac.authorization.k8s.io", "clusterroles", "bind", "escalate"),
        ("admissionregistration.k8s.io", "validatingwebhookconfigurations", "patch", "change_webhooks"),
        ("", "nodes/proxy", "get", "reach_kubelets"),
        ("", "persistentvolumes", "create", "create_persistent_volumes"),
        ("", "services/status", "update", "change_service_status"),
    ],
)
def test_what_matters_has_a_name(group: str, resource: str, verb: str, name: str) -> None:
    assert granted(rule(group, resource, verb)) == [name]
    assert granted(rule("apps.example.com", resource, verb)) == []
    assert granted(rule(group, resource, "sing")) == []
    assert granted(rule(group, resource, verb, resourceNames=["web"])) == []


def test_wildcards_are_told_and_resolved() -> None:
    assert granted(rule("", "secrets", "*")) == ["wildcard_verbs", "read_secrets"]
    assert granted(rule("*", "secrets", "get")) == ["wildcard_api_groups", "read_secrets"]
    assert granted(rule("batch", "*", "create")) == ["wildcard_resources", "change_workloads"]
    assert granted(rule("", "*/exec", "create")) == ["enter_containers"]


def test_who_reads_everything_is_not_said_to_enter_containers() -> None:
    assert "enter_containers" not in granted(rule("", "*", "get"))


def test_a_wildcard_subresource_of_one_resource_matches_nothing_as_in_kubernetes() -> None:
    assert granted(rule("", "pods/*", "create")) == []


def test_who_may_do_everything_is_told_that_alone() -> None:
    assert granted(rule("*", "*", "*")) == ["everything"]
    assert granted(rule("", "*", "*")) == ["everything"]
    assert granted(rule("example.com", "*", "*")) == ["wildcard_resources", "wildcard_verbs"]
    assert "everything" not in granted(rule("*", "*", "get"))


def test_a_role_of_a_namespace_grants_nothing_of_the_cluster() -> None:
    assert granted(rule("", "nodes/proxy", "get"), kind="Role") == []
    assert granted(rule("", "secrets", "get"), kind="Role") == ["read_secrets"]


def test_approving_needs_the_signer_whose_certificates_log_in() -> None:
    approval = rule("certificates.k8s.io", "certificatesigningrequests/approval", "update")
    assert granted(approval) == []
    assert granted(approval, rule("certificates.k8s.io", "signers", "approve")) == ["approve_certificates"]
    for signer, expected in (("kube-apiserver-client", ["approve_certificates"]), ("kubelet-serving", [])):
        named = rule("certificates.k8s.io", "signers", "approve", resourceNames=[f"kubernetes.io/{signer}"])
        assert granted(approval, named) == expected


def test_a_cluster_role_is_cluster_wide_unless_only_namespaces_bind_it() -> None:
    role = rbac("ClusterRole", rules=[])
    assert told(role)["cluster_wide"]
    assert not told(role, bound("RoleBinding", role))["cluster_wide"]
    facts = told(role, bound("RoleBinding", role), bound("ClusterRoleBinding", role))
    assert facts["cluster_wide"]
    assert facts["bound_by"] == ["ClusterRoleBinding/binding", "RoleBinding/binding"]


def test_a_role_is_bound_in_its_own_namespace_only() -> None:
    role = rbac("Role", rules=[])
    elsewhere = bound("RoleBinding", role) | {"metadata": {"name": "binding", "namespace": "bank"}}
    assert told(role, elsewhere)["bound_by"] == []
    assert told(role, bound("RoleBinding", role))["bound_by"] == ["RoleBinding/binding"]


def test_what_kubernetes_keeps_is_told_by_its_label_and_in_a_cluster_by_its_name() -> None:
    labelled = rbac("ClusterRole")
    labelled["metadata"]["labels"] = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    assert told(labelled)["builtin"]
    assert told(rbac("ClusterRole", "system:node"), complete=True)["builtin"]
    assert not told(rbac("ClusterRole", "system:node"))["builtin"]


def test_a_binding_knows_what_its_role_grants() -> None:
    role = rbac("ClusterRole", rules=[rule("", "secrets", "get")])
    facts = told(bound("ClusterRoleBinding", role), role)
    assert facts["role"] == {
        "kind": "ClusterRole",
        "name": "web",
        "found": True,
        "grants": ["read_secrets"],
        "reads_only": False,
    }
    harmless = rbac("Role", rules=[rule("", "configmaps", "get")])
    assert told(bound("RoleBinding", harmless), harmless)["role"]["reads_only"] is True


def test_a_role_that_was_not_read_is_unknown_and_those_left_over_are_named() -> None:
    facts = told(bound("RoleBinding", rbac("Role", "wbe")), rbac("Role"))
    assert facts["role"]["found"] is False
    assert facts["role"]["reads_only"] is None
    assert facts["unbound_roles"] == ["web"]


def test_subjects_that_stand_for_everybody_are_told() -> None:
    subjects = [
        {"kind": "Group", "name": "system:unauthenticated"},
        {"kind": "Group", "name": "system:authenticated"},
        {"kind": "Group", "name": "system:serviceaccounts"},
        {"kind": "User", "name": "system:authenticated"},
        {"kind": "User", "name": "system:serviceaccount:shop:default"},
    ]
    found = told(bound("RoleBinding", rbac("Role"), *subjects))["subjects"]
    assert [subject["everybody"] for subject in found] == ["anonymous", "authenticated", "service_accounts", None, None]
    assert (found[4]["kind"], found[4]["namespace"], found[4]["name"]) == ("ServiceAccount", "shop", "default")


def test_whatever_the_parts_look_like_the_facts_can_be_told() -> None:
    for odd in (None, 5, "x", [None, 5, "x", {"verbs": 5}, {"resources": [None], "verbs": "*"}]):
        assert told(rbac("ClusterRole", rules=odd))["grants"] == []
        assert told(rbac("RoleBinding", subjects=odd, roleRef=odd))["role"]["found"] is False
