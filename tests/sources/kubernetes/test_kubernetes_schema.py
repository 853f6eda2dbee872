"""Objects against the schema of their kind."""

from typing import Any

import pytest

from compliance.errors import UsageError
from compliance.sources.kubernetes.schema import KubernetesSchemas, available_versions


@pytest.fixture(scope="module")
def schemas() -> KubernetesSchemas:
    return KubernetesSchemas("1.34")


def deployment(**spec: object) -> dict[str, Any]:
    pod = {"containers": [{"name": "web", "image": "web:v1"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {"matchLabels": {"app": "web"}},
            "template": {"metadata": {"labels": {"app": "web"}}, "spec": pod},
            **spec,
        },
    }


def misfits(schemas: KubernetesSchemas, value: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error.reason, error.at) for error in schemas.errors(value["apiVersion"], value["kind"], value)]


def test_a_fitting_object_has_no_errors(schemas: KubernetesSchemas) -> None:
    assert misfits(schemas, deployment()) == []


def test_an_unknown_field_is_named_with_its_path(schemas: KubernetesSchemas) -> None:
    value = deployment()
    value["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    assert misfits(schemas, value) == [("unknown_field", "spec.template.spec.containers[web].readynessProbe")]


def test_a_wrong_type_and_a_missing_field_are_told_apart(schemas: KubernetesSchemas) -> None:
    value = deployment(replicas="three")
    del value["spec"]["selector"]
    assert sorted(misfits(schemas, value)) == [("invalid_value", "spec.replicas"), ("missing_field", "spec.selector")]


def test_an_explicit_null_counts_as_absent(schemas: KubernetesSchemas) -> None:
    value = deployment()
    value["spec"]["template"]["spec"]["containers"][0]["resources"] = {"limits": {"cpu": None}}
    assert misfits(schemas, value) == []


def test_a_kind_under_the_wrong_group_says_where_it_lives(schemas: KubernetesSchemas) -> None:
    value = {"apiVersion": "admission.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": {"name": "p"}}
    (error,) = schemas.errors("admission.k8s.io/v1", "ValidatingAdmissionPolicy", value)
    assert (error.reason, error.at) == ("unknown_kind", "apiVersion")
    assert "it is in admissionregistration.k8s.io/v1" in error.message


def test_a_misspelt_kind_of_a_group_of_kubernetes_is_unknown(schemas: KubernetesSchemas) -> None:
    value = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudgets", "metadata": {"name": "web"}}
    (error,) = schemas.errors("policy/v1", "PodDisruptionBudgets", value)
    assert (error.reason, error.at) == ("unknown_kind", "apiVersion")
    assert error.message.endswith("has no PodDisruptionBudgets in policy/v1")


def test_a_file_of_another_tool_is_nobodys_misfit(schemas: KubernetesSchemas) -> None:
    assert schemas.errors("v1", "Config", {"apiVersion": "v1", "kind": "Config"}) == ()


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [("serving.knative.dev/v1", "Service"), ("gateway.networking.k8s.io/v1", "HTTPRoute"), ("v1", "../../etc/passwd")],
)
def test_custom_resources_are_nobodys_misfit(schemas: KubernetesSchemas, api_version: str, kind: str) -> None:
    assert schemas.errors(api_version, kind, {"apiVersion": api_version, "kind": kind, "x": 1}) == ()
    assert not schemas.knows(api_version, kind)


def test_an_outdented_strategy_of_a_rollout_is_unknown(schemas: KubernetesSchemas) -> None:
    rollout = deployment() | {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "strategy": {"canary": {}}}
    assert misfits(schemas, rollout) == [("unknown_field", "strategy")]


def test_a_blue_green_setting_in_a_canary_is_unknown(schemas: KubernetesSchemas) -> None:
    rollout = deployment(strategy={"canary": {"autoPromotionEnabled": False}})
    rollout |= {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout"}
    assert misfits(schemas, rollout) == [("unknown_field", "spec.strategy.canary.autoPromotionEnabled")]


def test_a_field_of_a_newer_version_is_unknown_to_an_older_one() -> None:
    value = deployment()
    value["spec"]["template"]["spec"]["resources"] = {"limits": {"cpu": "1"}}
    oldest, newest = available_versions()[0], available_versions()[-1]
    assert misfits(KubernetesSchemas(oldest), value) == [("unknown_field", "spec.template.spec.resources")]
    assert misfits(KubernetesSchemas(newest), value) == []


def test_an_unknown_version_lists_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        KubernetesSchemas("1.7")
    assert available_versions()[0] in caught.value.remedy
