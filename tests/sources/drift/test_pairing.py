"""What is declared and what is there, and which of the two an object is."""

from __future__ import annotations

from typing import Any

import pytest

from compliance.sources.drift.pairing import Declarations, Declared, is_transient


def _object(
    api_version: str, kind: str, name: str | None = "x", namespace: str | None = None, **more: object
) -> dict[str, Any]:
    metadata = {
        key: value for key, value in {"name": name, "namespace": namespace, **more}.items() if value is not None
    }
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata}


def _declarations(*values: dict[str, Any]) -> Declarations:
    return Declarations([Declared(value, "x.yaml") for value in values], "shop")


@pytest.mark.parametrize(
    ("declared", "live"),
    [
        (_object("v1", "ConfigMap"), _object("v1", "ConfigMap", namespace="shop")),
        (_object("autoscaling/v1", "X", namespace="a"), _object("autoscaling/v2", "X", namespace="a")),
        (
            _object("rbac.authorization.k8s.io/v1", "ClusterRole"),
            _object("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ),
        (_object("v1", "Namespace", namespace="wrong"), _object("v1", "Namespace")),
    ],
)
def test_the_same_thing_is_found_again(declared: dict[str, Any], live: dict[str, Any]) -> None:
    declarations = _declarations(declared)
    assert declarations.pair(live).presence == "both"
    assert list(declarations.missing(None)) == []


@pytest.mark.parametrize(
    ("live", "presence"),
    [
        (_object("v1", "ConfigMap", "y", "shop"), "unmanaged"),
        (_object("v1", "ConfigMap", "y", "other"), "not_compared"),
        (_object("v1", "Pod", "y", "shop"), "unmanaged"),
        (_object("v1", "Namespace", "y"), "not_compared"),
        (_object("v1", "Secret", "y", "shop"), "not_compared"),
        (_object("v1", "ConfigMap", "kube-root-ca.crt", "shop"), "ignored"),
        (_object("v1", "ConfigMap", "y", "shop", ownerReferences=[{"kind": "Thing", "name": "t"}]), "ignored"),
    ],
)
def test_what_is_not_declared(live: dict[str, Any], presence: str) -> None:
    assert _declarations(_object("v1", "ConfigMap")).pair(live).presence == presence


def test_what_is_expected_is_not_unmanaged() -> None:
    declared = [Declared(_object("v1", "ConfigMap"), "x.yaml")]
    declarations = Declarations(declared, "shop", expected=lambda live: live["metadata"]["name"] == "of-a-hook")
    found = [declarations.pair(_object("v1", "ConfigMap", name, "shop")).presence for name in ("of-a-hook", "other")]
    assert found == ["ignored", "unmanaged"]


def test_a_claim_with_no_possible_name_matches_nothing() -> None:
    db = _object("apps/v1", "StatefulSet", "db")
    db["spec"] = {"volumeClaimTemplates": [{"metadata": {"name": "d" * 600}}]}
    declarations = _declarations(db, _object("v1", "PersistentVolumeClaim", "other"))
    assert declarations.pair(_object("v1", "PersistentVolumeClaim", "data-db-0", "shop")).presence == "unmanaged"


def test_claims_that_a_stateful_set_makes_are_nobodys_to_declare() -> None:
    db = _object("apps/v1", "StatefulSet", "db")
    db["spec"] = {"volumeClaimTemplates": [{"metadata": {"name": "data"}}]}
    declarations = _declarations(db, _object("v1", "PersistentVolumeClaim", "other"))
    claims = ("data-db-0", "data-web-0", "other")
    found = [declarations.pair(_object("v1", "PersistentVolumeClaim", name, "shop")).presence for name in claims]
    assert found == ["ignored", "unmanaged", "both"]


def test_tokens_of_service_accounts_are_the_cluster_s() -> None:
    declarations = _declarations(_object("v1", "Secret"))
    token = {**_object("v1", "Secret", "ci-token-x2x4p", "shop"), "type": "kubernetes.io/service-account-token"}
    assert declarations.pair(token).presence == "ignored"


def test_certificates_that_cert_manager_keeps_are_nobodys_to_declare() -> None:
    declarations = _declarations(_object("v1", "Secret"))
    mark = {"cert-manager.io/certificate-name": "web"}
    kept = {**_object("v1", "Secret", "web-tls", "shop", annotations=mark), "type": "kubernetes.io/tls"}
    other = {**_object("v1", "Secret", "other", "shop", annotations=mark), "type": "Opaque"}
    assert [declarations.pair(one).presence for one in (kept, other)] == ["ignored", "unmanaged"]


def test_a_namespace_that_is_declared_alone_is_not_all_declared() -> None:
    declarations = _declarations(_object("v1", "Namespace", "team"))
    found = [declarations.pair(one).presence for one in (_object("v1", "Pod", "y", "team"), _object("v1", "Namespace"))]
    assert found == ["not_compared", "unmanaged"]


def test_missing_is_told_once_by_namespace() -> None:
    declarations = _declarations(
        _object("v1", "ConfigMap"), _object("v1", "Namespace"), _object("v1", "Secret", "y", "b")
    )

    def missing(namespace: str | None) -> list[tuple[str, str | None]]:
        found = [pair.declared.value for pair in declarations.missing(namespace) if pair.declared]
        return [(value["kind"], value["metadata"].get("namespace")) for value in found]

    assert [missing("shop"), missing("shop"), missing(None)] == [
        [("ConfigMap", "shop")],
        [],
        [("Namespace", None), ("Secret", "b")],
    ]


@pytest.mark.parametrize(
    ("value", "transient"),
    [
        (_object("v1", "ConfigMap"), False),
        (_object("batch/v1", "Job"), False),
        (_object("batch/v1", "Job") | {"spec": {"ttlSecondsAfterFinished": 0}}, True),
        (_object("batch/v1", "Job", annotations={"helm.sh/hook": "pre-install"}), True),
        (_object("batch/v1", "Job", None, generateName="migrate-"), True),
    ],
)
def test_what_may_be_gone(value: dict[str, Any], *, transient: bool) -> None:
    assert is_transient(value) is transient
