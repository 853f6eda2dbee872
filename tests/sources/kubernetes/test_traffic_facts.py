"""What rules see of network policies' peers, of Services and of Ingresses."""

from typing import Any

import pytest

from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body
from compliance.sources.kubernetes.inventory import Inventory


def told(value: dict[str, Any], *others: dict[str, Any], complete: bool = False) -> dict[str, Any]:
    inventory = Inventory(kubernetes_minor=34, complete=complete)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    return body(value, (), inventory)


def made(api_version: str, kind: str, *, namespace: str = "shop", **rest: object) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web", "namespace": namespace}, **rest}


def pod(namespace: str = "shop", *, host_network: bool = False) -> dict[str, Any]:
    container = {"name": "web", "ports": [{"name": "http", "containerPort": 8080}]}
    value = made("v1", "Pod", namespace=namespace, spec={"containers": [container], "hostNetwork": host_network})
    value["metadata"]["labels"] = {"app": "web"}
    return value


def policy(**spec: object) -> dict[str, Any]:
    return made("networking.k8s.io/v1", "NetworkPolicy", spec={"podSelector": {"matchLabels": {"app": "web"}}, **spec})


def service(**spec: object) -> dict[str, Any]:
    return made("v1", "Service", spec=spec)


def ingress(*hosts: str, annotations: dict[str, str] | None = None, **spec: object) -> dict[str, Any]:
    value = made("networking.k8s.io/v1", "Ingress", spec={"rules": [{"host": host} for host in hosts], **spec})
    return value | {"metadata": {**value["metadata"], "annotations": annotations or {}}}


@pytest.mark.parametrize(
    ("peer", "everywhere"),
    [
        ({"namespaceSelector": {}}, True),
        ({"namespaceSelector": {"matchLabels": {}}, "podSelector": {}}, True),
        ({"namespaceSelector": {}, "podSelector": {"matchLabels": {"app": "web"}}}, False),
        ({"namespaceSelector": {"matchLabels": {"team": "shop"}}}, False),
        ({"podSelector": {}}, False),
    ],
)
def test_an_empty_namespace_selector_is_every_namespace(peer: dict[str, Any], *, everywhere: bool) -> None:
    (rule,) = told(policy(ingress=[{"from": [peer]}]))["ingress"]
    assert rule["every_namespace"] == (["spec.ingress[0].from[0]"] if everywhere else [])


@pytest.mark.parametrize(
    ("block", "reached"),
    [
        ({"cidr": "0.0.0.0/0"}, True),
        ({"cidr": "0.0.0.0/0", "except": ["10.0.0.0/8"]}, True),
        ({"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}, False),
        ({"cidr": "10.0.0.0/8"}, False),
        ({"cidr": "::/0"}, False),
        ({"cidr": "everywhere"}, False),
    ],
)
def test_the_metadata_service_is_looked_for_in_blocks(block: dict[str, Any], *, reached: bool) -> None:
    (rule,) = told(policy(egress=[{"to": [{"ipBlock": block}]}]))["egress"]
    assert rule["metadata_service"] == (["spec.egress[0].to[0]"] if reached else [])


@pytest.mark.parametrize(
    ("ports", "plain"),
    [
        ([], True),
        ([{"protocol": "TCP"}], True),
        ([{"port": 80}], True),
        ([{"port": 1, "endPort": 1024}], True),
        ([{"port": 443}], False),
        ([{"port": 80, "protocol": "UDP"}], False),
        ([{"port": "http"}], False),
    ],
)
def test_plain_http_is_port_80_of_tcp(ports: list[dict[str, Any]], *, plain: bool) -> None:
    (rule,) = told(policy(egress=[{"ports": ports}]))["egress"]
    assert rule["plain_http"] is plain


def test_a_range_of_every_port_is_told() -> None:
    (rule,) = told(policy(egress=[{"ports": [{"port": 1, "endPort": 65535}, {"port": 1024, "endPort": 65535}]}]))[
        "egress"
    ]
    assert rule["every_port"] == ["spec.egress[0].ports[1]"]


def test_a_policy_knows_what_it_selects_on_the_host_network() -> None:
    assert told(policy(), pod())["selected_on_host_network"] == []
    assert told(policy(), pod(host_network=True))["selected_on_host_network"] == ["Pod/web"]


def test_a_service_selects_by_its_labels_in_its_own_namespace() -> None:
    assert told(service(selector={"app": "web"}), pod())["selected"] == ["Pod/web"]
    assert told(service(selector={"app": "web"}), pod("bank"))["selected"] == []


def test_a_service_selects_nothing_only_where_the_pods_of_its_namespace_are_known() -> None:
    astray = service(selector={"app": "wbe"})
    custom = made("databases.example.com/v1", "Cluster")
    assert told(astray, pod())["selects_something"] is False
    assert told(astray, pod("bank"))["selects_something"] is None
    assert told(astray, pod(), custom)["selects_something"] is None
    assert told(astray, pod("bank"), custom, complete=True)["selects_something"] is False
    assert told(service(), pod())["selects_something"] is None


def test_files_must_have_a_workload_that_is_named_like_the_service() -> None:
    astray = service(selector={"app": "wbe"})
    for name, expected in (("web", False), ("web-api", False), ("webber", None)):
        other = pod()
        other["metadata"]["name"] = name
        assert told(astray, other)["selects_something"] is expected


def test_a_resource_of_which_no_operator_makes_pods_hides_nothing() -> None:
    monitor = made("monitoring.coreos.com/v1", "ServiceMonitor")
    assert told(service(selector={"app": "wbe"}), pod(), monitor)["selects_something"] is False


def test_labels_that_only_running_pods_have_count_as_given() -> None:
    selector = {"app": "web", "statefulset.kubernetes.io/pod-name": "web-0"}
    assert told(service(selector=selector), pod())["selects_something"] is True


def test_a_target_port_is_looked_up_by_name_in_what_is_selected() -> None:
    ports = [{"port": 80, "targetPort": "http"}, {"port": 81, "targetPort": "htp"}, {"port": 82}]
    found = told(service(selector={"app": "web"}, ports=ports), pod())["ports"]
    assert [port["target_found"] for port in found] == [True, False, None]
    assert [port["at"] for port in found] == [f"spec.ports[{port}].targetPort" for port in (80, 81, 82)]
    alone = told(service(selector={"app": "web"}, ports=ports))["ports"]
    assert [port["target_found"] for port in alone] == [None, None, None]


def test_a_load_balancer_is_open_internal_or_bounded() -> None:
    balancer = told(service(type="LoadBalancer"))["load_balancer"]
    assert (balancer["open"], balancer["internal"]) == (True, False)
    assert not told(service(type="LoadBalancer", loadBalancerSourceRanges=["10.0.0.0/8"]))["load_balancer"]["open"]
    assert told(service(type="LoadBalancer", loadBalancerSourceRanges=["0.0.0.0/0"]))["load_balancer"]["open"]
    annotated = service(type="LoadBalancer")
    annotated["metadata"]["annotations"] = {"networking.gke.io/load-balancer-type": "Internal"}
    assert told(annotated)["load_balancer"]["internal"]
    assert told(service())["load_balancer"] is None


@pytest.mark.parametrize(
    ("tls", "encrypted"),
    [
        ([], False),
        ([{"hosts": ["web.example.com"]}], True),
        ([{"hosts": ["*.example.com"]}], True),
        ([{"hosts": ["example.com"]}], False),
        ([{"secretName": "default"}], True),
    ],
)
def test_tls_is_per_host(tls: list[dict[str, Any]], *, encrypted: bool) -> None:
    (host,) = told(ingress("web.example.com", tls=tls))["hosts"]
    assert (host["at"], host["encrypted"]) == ("spec.rules[0].host", encrypted)


def test_a_controllers_annotation_may_ask_for_tls() -> None:
    assert not told(ingress("web.example.com"))["tls_elsewhere"]
    for key, said, expected in (
        ("kubernetes.io/ingress.allow-http", "false", True),
        ("alb.ingress.kubernetes.io/listen-ports", '[{"HTTPS": 443}]', True),
        ("traefik.ingress.kubernetes.io/router.tls", "true", True),
        ("nginx.ingress.kubernetes.io/ssl-passthrough", "false", False),
    ):
        assert told(ingress("web.example.com", annotations={key: said}))["tls_elsewhere"] is expected


def test_backends_are_looked_up_among_the_services_of_the_namespace() -> None:
    def backend(service: str, **port: object) -> dict[str, Any]:
        return {"service": {"name": service, "port": port}}

    known = service(ports=[{"name": "http", "port": 80}])
    paths = [{"backend": one} for one in (backend("web", number=80), backend("web", name="htp"), backend("wbe"))]
    value = ingress(defaultBackend=backend("web", name="http"))
    value["spec"]["rules"] = [{"http": {"paths": paths}}]
    told_of = [(one["service_found"], one["port_found"]) for one in told(value, known)["backends"]]
    assert told_of == [(True, True), (True, True), (True, False), (False, None)]
    assert {one["service_found"] for one in told(value)["backends"]} == {None}


def test_backends_of_the_api_that_preceded_it_are_read_too() -> None:
    value = ingress(backend={"serviceName": "web", "servicePort": 80}) | {"apiVersion": "extensions/v1beta1"}
    (found,) = told(value, service(ports=[{"port": 80}]))["backends"]
    assert (found["at"], found["service_found"], found["port_found"]) == ("spec.backend", True, True)
