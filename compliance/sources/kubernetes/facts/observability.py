"""What a workload declares about its logs and metrics, and what among the objects beside it picks them up."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.containers import sites
from compliance.sources.kubernetes.fields import flag, mapping, mappings, text, text_map, texts
from compliance.sources.kubernetes.selectors import selects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.entries import Entry
    from compliance.sources.kubernetes.inventory import Inventory
    from compliance.sources.kubernetes.workloads import PodTemplate

_FORMAT_VARIABLES: Final = ("LOG_FORMAT", "LOGGING_FORMAT", "LOGFORMAT", "LOG_ENCODING", "LOG_ENCODER")
_FORMAT_FLAGS: Final = frozenset(
    {"log-encoder", "log-encoding", "log-format", "log.format", "log_format", "logformat", "logging-format"}
    | {"zap-encoder"}
)
_FILE_VARIABLES: Final = ("LOG_DIR", "LOG_FILE", "LOGFILE")
_FILE_FLAGS: Final = frozenset({"log-dir", "log-file", "log_dir", "log_file", "logfile"})
_DEVICES: Final = ("/dev/", "/proc/")
_POD_MONITORS: Final = ("PodMonitor", "PodMonitoring", "VMPodScrape")
_SERVICE_MONITORS: Final = ("ServiceMonitor", "VMServiceScrape")
_PORT: Final = re.compile(r"[0-9]{1,5}")
_SCRAPE: Final = "prometheus.io/scrape"
_SCRAPE_PORT: Final = "prometheus.io/port"


def facts(value: dict[str, Any], template: PodTemplate, inventory: Inventory) -> dict[str, Any]:
    """Facts of a workload: `observability` of `rules/schemas/workload.json`."""
    pod = mapping(template.value, "spec")
    metadata = mapping(template.value, "metadata")
    annotations = text_map(metadata.get("annotations"))
    running = list(_running(pod))
    metrics_ports = list(_metrics_ports(running))
    namespace = text(mapping(value, "metadata").get("namespace"))
    return {
        "log_formats": [found for one in running for found in _settings(*one, _FORMAT_VARIABLES, _FORMAT_FLAGS)],
        "log_files": [found for one in running for found in _log_files(*one)],
        "log_volumes": list(_log_volumes(pod, running, on_every_node=value.get("kind") == "DaemonSet")),
        "metrics_ports": metrics_ports,
        "scraped_by": (
            sorted(_scraped_by(annotations, text_map(metadata.get("labels")), namespace, inventory))
            if metrics_ports
            else []
        ),
        "scrape": _scrape(annotations, ".".join(str(step) for step in (*template.path, "metadata"))),
    }


def _running(pod: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The containers that run as long as the Pod does."""
    for name, field, raw, _ in sites(pod, ()):
        if field == "containers" or (field == "initContainers" and raw.get("restartPolicy") == "Always"):
            yield name, raw


def _settings(
    container: str, raw: dict[str, Any], variables: tuple[str, ...], flags: frozenset[str]
) -> Iterator[dict[str, str]]:
    """What environment variables (by the end of their name) and command line flags set."""
    at = f"containers[{container}]"
    for variable in mappings(raw.get("env")):
        name, value = text(variable.get("name")), text(variable.get("value"))
        if name and value and name.upper().endswith(variables):
            yield {"of": f"container {container}", "at": f"{at}.env[{name}]", "name": name, "value": value}
    for field in ("command", "args"):
        for name, value in _flags(texts(raw.get(field))):
            if name.lstrip("-") in flags:
                yield {"of": f"container {container}", "at": f"{at}.{field}", "name": name, "value": value}


def _flags(words: list[str]) -> Iterator[tuple[str, str]]:
    """Both `--name=value` and `--name value`."""
    for word, following in zip_longest(words, words[1:], fillvalue="-"):
        if word.startswith("-"):
            name, equals, value = word.partition("=")
            if equals:
                yield name, value
            elif not following.startswith("-"):
                yield name, following


def _log_files(container: str, raw: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Where a container is told to write its log into its own file system, on no volume and to no device."""
    mounts = [path for mount in mappings(raw.get("volumeMounts")) if (path := text(mount.get("mountPath")))]
    outside = (*_DEVICES, *(f"{path.rstrip('/')}/" for path in mounts))
    for found in _settings(container, raw, _FILE_VARIABLES, _FILE_FLAGS):
        path = found["value"]
        if path.startswith("/") and not f"{path}/".startswith(outside):
            yield found


def _log_volumes(
    pod: dict[str, Any], running: list[tuple[str, dict[str, Any]]], *, on_every_node: bool
) -> Iterator[dict[str, str]]:
    """Folders for logs on a volume that goes with the Pod or lies on its node, when nobody else mounts it.

    A second container that mounts it may pass the log on; a log collector of each node reads what lies there; and a
    read-only root file system needs the folder as a volume even when nothing is written there.
    """
    kinds = _volume_kinds(pod, ("emptyDir",) if on_every_node else ("emptyDir", "hostPath"))
    mounts = [
        (container, raw, mount, name)
        for container, raw in (running if kinds else ())
        for mount in mappings(raw.get("volumeMounts"))
        if (name := text(mount.get("name"))) in kinds and name is not None
    ]
    users = Counter(name for _, _, _, name in mounts)
    for container, raw, mount, name in mounts:
        path = text(mount.get("mountPath")) or ""
        needed = flag(mapping(raw, "securityContext").get("readOnlyRootFilesystem")) or flag(mount.get("readOnly"))
        if users[name] == 1 and not needed and _is_for_logs(path):
            at = f"containers[{container}].volumeMounts[{name}]"
            yield {"of": f"container {container}", "at": at, "path": path, "volume": kinds[name]}


def _volume_kinds(pod: dict[str, Any], kinds: tuple[str, ...]) -> dict[str, str]:
    return {
        name: kind
        for volume in mappings(pod.get("volumes"))
        for kind in kinds
        if kind in volume and (name := text(volume.get("name")))
    }


def _is_for_logs(path: str) -> bool:
    clean = posixpath.normpath(path)
    if clean.startswith(_DEVICES):
        return False
    return f"{clean}/".startswith("/var/log/") or posixpath.basename(clean) in {"log", "logs"}


def _metrics_ports(running: list[tuple[str, dict[str, Any]]]) -> Iterator[dict[str, str]]:
    for container, raw in running:
        for port in mappings(raw.get("ports")):
            name = text(port.get("name")) or ""
            if name in {"metrics", "prometheus"} or name.endswith("-metrics"):
                at = f"containers[{container}].ports[{name}]"
                yield {"of": f"container {container}", "at": at, "name": name}


def _scraped_by(
    annotations: dict[str, str], labels: dict[str, str], namespace: str | None, inventory: Inventory
) -> Iterator[str]:
    """The monitors, and what has annotations about scraping (whatever they say, somebody thought of it)."""
    if _speaks_of_scraping(annotations):
        yield "Pod"
    for kind in _POD_MONITORS:
        yield from (str(one) for one in inventory.everywhere(kind) if _watches(one, namespace, labels))
    for service in inventory.selecting(namespace, "Service", labels):
        if _speaks_of_scraping(service.told["annotations"]):
            yield str(service)
        for kind in _SERVICE_MONITORS:
            monitors = inventory.everywhere(kind)
            yield from (str(one) for one in monitors if _watches(one, namespace, service.told["labels"]))


def _speaks_of_scraping(annotations: dict[str, str]) -> bool:
    return any(word in key for key in annotations for word in ("prometheus", "scrape", "datadoghq"))


def _watches(monitor: Entry, namespace: str | None, labels: dict[str, str]) -> bool:
    namespaces = monitor.told["namespaces"]
    return (namespaces is None or namespace in namespaces) and selects(monitor.selector, labels)


def _scrape(annotations: dict[str, str], metadata_at: str) -> dict[str, Any] | None:
    if annotations.get(_SCRAPE) != "true":
        return None
    port = annotations.get(_SCRAPE_PORT)
    is_number = port is not None and _PORT.fullmatch(port) is not None
    key = _SCRAPE if port is None else _SCRAPE_PORT
    return {
        "at": f"{metadata_at}.annotations[{key}]",
        "port": port,
        "number": int(port) if port is not None and is_number else None,
    }
