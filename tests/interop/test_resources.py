"""Names of resources, as kubectl knows them."""

import pytest

from compliance.interop import resources


@pytest.mark.parametrize(
    ("name", "kind", "group"),
    [
        ("pods", "Pod", ""),
        ("pod", "Pod", ""),
        ("po", "Pod", ""),
        ("pods.v1.", "Pod", ""),
        ("ns", "Namespace", ""),
        ("netpol", "NetworkPolicy", "networking.k8s.io"),
        ("networkpolicies.networking.k8s.io", "NetworkPolicy", "networking.k8s.io"),
        ("deploy", "Deployment", "apps"),
        ("deployments.apps", "Deployment", "apps"),
        ("deployments.v1.apps", "Deployment", "apps"),
        ("deployment.v1beta1.apps", "Deployment", "apps"),
        ("svc", "Service", ""),
        ("sts", "StatefulSet", "apps"),
        ("events", "Event", ""),
        ("events.events.k8s.io", "Event", "events.k8s.io"),
        ("crd", "CustomResourceDefinition", "apiextensions.k8s.io"),
    ],
)
def test_kubectls_names_are_known(name: str, kind: str, group: str) -> None:
    found = resources.find(name, resources.KNOWN)
    assert found is not None
    assert (found.kind, found.group) == (kind, group)


@pytest.mark.parametrize("name", ["podz", "deployments.batch", "pods.example.com", "deployments.vx.apps", "", "."])
def test_other_names_are_not(name: str) -> None:
    assert resources.find(name, resources.KNOWN) is None


@pytest.mark.parametrize(
    ("kind", "plural"), [("Widget", "widgets"), ("Policy", "policies"), ("Ingress", "ingresses"), ("Gas", "gases")]
)
def test_plurals_are_guessed_as_kubernetes_does(kind: str, plural: str) -> None:
    assert resources.guessed("example.com", kind).names == (plural,)


def test_a_definition_names_its_resource() -> None:
    names = {"kind": "Mouse", "plural": "mice", "singular": "mouse", "shortNames": ["mo"]}
    found = resources.of_definition({"spec": {"group": "example.com", "scope": "Cluster", "names": names}})
    assert found == resources.Resource(("mice", "mouse", "mo"), "Mouse", "example.com", namespaced=False)
    assert resources.of_definition({"spec": {"names": {}}}) is None
    assert resources.of_definition({}) is None
