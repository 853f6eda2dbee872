"""What a workload declares about its logs and metrics, and who picks them up."""

from typing import Any

import pytest

from compliance.sources.kubernetes.entries import entry_of
from compliance.sources.kubernetes.facts import body
from compliance.sources.kubernetes.inventory import Inventory

METRICS = {"ports": [{"name": "metrics", "containerPort": 9090}]}


def told(
    container: dict[str, Any],
    *others: dict[str, Any],
    kind: str = "Deployment",
    annotations: dict[str, str] | None = None,
    more: tuple[dict[str, Any], ...] = (),
    **spec: object,
) -> dict[str, Any]:
    template = {
        "metadata": {"labels": {"app": "web"}, "annotations": annotations or {}},
        "spec": {"containers": [{"name": "web", **container}, *more], **spec},
    }
    value = {
        "apiVersion": "apps/v1",
        "kind": kind,
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"template": template},
    }
    inventory = Inventory(kubernetes_minor=37)
    inventory.add(entry for one in (value, *others) if (entry := entry_of(one)))
    facts: dict[str, Any] = body(value, (), inventory)["observability"]
    return facts


def other(kind: str, namespace: str = "shop", **spec: object) -> dict[str, Any]:
    metadata = {"name": "other", "namespace": namespace, "labels": {"app": "web"}}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata, "spec": spec}


SERVICE = other("Service", selector={"app": "web"})
WEB = {"matchLabels": {"app": "web"}}


@pytest.mark.parametrize(
    ("container", "value"),
    [
        ({"env": [{"name": "APP_LOG_FORMAT", "value": "text"}]}, "text"),
        ({"args": ["--log-format=text"]}, "text"),
        ({"command": ["web", "--logformat", "text"]}, "text"),
        ({"args": ["-zap-encoder", "console"]}, "console"),
    ],
)
def test_a_format_of_logs_is_found_in_variables_and_flags(container: dict[str, Any], value: str) -> None:
    assert [one["value"] for one in told(container)["log_formats"]] == [value]


@pytest.mark.parametrize(
    "container",
    [
        {"env": [{"name": "FORMAT", "value": "text"}]},
        {"env": [{"name": "LOG_FORMAT", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]},
        {"args": ["--log-format"]},
        {"args": ["--log-format", "--verbose"]},
        {"args": ["log-format=text"]},
        {},
    ],
)
def test_what_chooses_no_format_of_logs_is_not_told(container: dict[str, Any]) -> None:
    assert told(container)["log_formats"] == []


@pytest.mark.parametrize(
    ("path", "found"), [("/app/web.log", True), ("/dev/stdout", False), ("/data/web.log", False), ("stdout", False)]
)
def test_a_log_file_lies_on_no_volume_and_is_no_device(path: str, *, found: bool) -> None:
    container = {"args": ["--log-file", path], "volumeMounts": [{"name": "data", "mountPath": "/data/"}]}
    assert bool(told(container)["log_files"]) is found


LOGS = {"volumeMounts": [{"name": "logs", "mountPath": "/var/log/web"}]}
VOLUME = [{"name": "logs", "emptyDir": {}}]


def test_a_volume_for_logs_is_told_when_nobody_else_reads_it() -> None:
    (found,) = told(LOGS, volumes=VOLUME)["log_volumes"]
    assert (found["at"], found["volume"]) == ("containers[web].volumeMounts[logs]", "emptyDir")
    sidecar = {"name": "shipper", **LOGS}
    assert told(LOGS, volumes=VOLUME, more=(sidecar,))["log_volumes"] == []
    assert told(LOGS, volumes=VOLUME, initContainers=[{**sidecar, "restartPolicy": "Always"}])["log_volumes"] == []


def test_what_needs_a_volume_or_reads_the_nodes_logs_is_left_alone() -> None:
    read_only_root = {**LOGS, "securityContext": {"readOnlyRootFilesystem": True}}
    assert told(read_only_root, volumes=VOLUME)["log_volumes"] == []
    on_node = [{"name": "logs", "hostPath": {"path": "/var/log"}}]
    assert told(LOGS, volumes=on_node, kind="DaemonSet")["log_volumes"] == []
    assert told(LOGS, volumes=on_node)["log_volumes"] != []
    claim = [{"name": "logs", "persistentVolumeClaim": {"claimName": "logs"}}]
    assert told(LOGS, volumes=claim)["log_volumes"] == []
    syslog = {"volumeMounts": [{"name": "logs", "mountPath": "/dev/log"}]}
    assert told(syslog, volumes=on_node)["log_volumes"] == []


@pytest.mark.parametrize(
    ("others", "by"),
    [
        ((), []),
        ((SERVICE,), []),
        ((other("PodMonitor", selector=WEB),), ["PodMonitor/other"]),
        ((other("PodMonitor", selector={"matchLabels": {"app": "db"}}),), []),
        ((other("PodMonitor", "monitoring", selector=WEB),), []),
        ((other("PodMonitor", "monitoring", selector=WEB, namespaceSelector={"any": True}),), ["PodMonitor/other"]),
        ((other("VMPodScrape", "m", selector=WEB, namespaceSelector={"matchNames": ["shop"]}),), ["VMPodScrape/other"]),
        ((other("ServiceMonitor", selector=WEB),), []),
        ((other("ServiceMonitor", selector=WEB), SERVICE), ["ServiceMonitor/other"]),
    ],
)
def test_metrics_are_scraped_by_the_monitors_that_select_them(
    others: tuple[dict[str, Any], ...], by: list[str]
) -> None:
    assert told(METRICS, *others)["scraped_by"] == by


def test_whoever_speaks_of_scraping_has_thought_of_it() -> None:
    assert told(METRICS, annotations={"prometheus.io/scrape": "false"})["scraped_by"] == ["Pod"]
    service = {**SERVICE, "metadata": {**SERVICE["metadata"], "annotations": {"prometheus.io/scrape": "true"}}}
    assert told(METRICS, service)["scraped_by"] == ["Service/other"]


@pytest.mark.parametrize(
    ("annotations", "scrape"),
    [
        ({}, None),
        ({"prometheus.io/scrape": "false", "prometheus.io/port": "1"}, None),
        ({"prometheus.io/scrape": "true"}, ("scrape", None, None)),
        ({"prometheus.io/scrape": "true", "prometheus.io/port": "9090"}, ("port", "9090", 9090)),
        ({"prometheus.io/scrape": "true", "prometheus.io/port": "metrics"}, ("port", "metrics", None)),
        ({"prometheus.io/scrape": "true", "prometheus.io/port": "٩"}, ("port", "٩", None)),
    ],
)
def test_the_port_to_scrape_is_read_as_a_number(annotations: dict[str, str], scrape: tuple[Any, ...] | None) -> None:
    found = told({}, annotations=annotations)["scrape"]
    if scrape is None:
        assert found is None
    else:
        key, port, number = scrape
        assert found == {
            "at": f"spec.template.metadata.annotations[prometheus.io/{key}]",
            "port": port,
            "number": number,
        }
