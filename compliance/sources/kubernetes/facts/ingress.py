"""Facts of an Ingress: `rules/schemas/ingress.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.fields import integer, mapping, mappings, sequence, text, text_map, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.inventory import Inventory

_TLS_ANNOTATIONS: Final = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "appgw.ingress.kubernetes.io/appgw-ssl-certificate",
    "haproxy.org/ssl-passthrough",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "ingress.kubernetes.io/ssl-passthrough",
    "konghq.com/protocols",
    "networking.gke.io/managed-certificates",
    "nginx.ingress.kubernetes.io/ssl-passthrough",
    "route.openshift.io/termination",
    "traefik.ingress.kubernetes.io/router.tls",
)
"""What tells a controller to encrypt without `spec.tls`."""
_TLS_CLASSES: Final = frozenset({"cloudflare-tunnel", "tailscale"})
"""Controllers that bring certificates of their own."""
_NO_HTTP: Final = "kubernetes.io/ingress.allow-http"
_ALB_PORTS: Final = "alb.ingress.kubernetes.io/listen-ports"
_SOLVER: Final = "acme.cert-manager.io/http01-solver"
_ALB_ACTION: Final = "use-annotation"


def facts(value: dict[str, Any], inventory: Inventory) -> dict[str, Any]:
    """What rules see of an Ingress beyond what every object has."""
    spec, metadata = mapping(value, "spec"), mapping(value, "metadata")
    namespace, tls = text(metadata.get("namespace")), list(mappings(spec.get("tls")))
    annotations = text_map(metadata.get("annotations"))
    class_ = text(spec.get("ingressClassName")) or annotations.get("kubernetes.io/ingress.class")
    return {
        "class": class_,
        "tls_elsewhere": class_ in _TLS_CLASSES or _asks_for_tls(annotations),
        "answers_challenge": _SOLVER in text_map(metadata.get("labels")),
        "hosts": list(_hosts(spec, tls)),
        "default_backend": bool(mapping(spec, "defaultBackend") or mapping(spec, "backend")),
        "backends": [_backend(at, raw, namespace, inventory) for at, raw in _backends(spec)],
    }


def _asks_for_tls(annotations: dict[str, str]) -> bool:
    return (
        annotations.get(_NO_HTTP) == "false"
        or "HTTPS" in annotations.get(_ALB_PORTS, "")
        or any(annotations.get(key) not in {None, "", "false", "http"} for key in _TLS_ANNOTATIONS)
    )


def _hosts(spec: dict[str, Any], tls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each rule's host; a TLS entry without hosts is for all of them (API reference, IngressTLS)."""
    everything = any(not sequence(entry.get("hosts")) for entry in tls)
    covered = {host.lower() for entry in tls for host in texts(entry.get("hosts"))}
    for index, rule in enumerate(map(mapping, sequence(spec.get("rules")))):
        host = text(rule.get("host")) or None
        yield {
            "at": f"spec.rules[{index}].host" if "host" in rule else f"spec.rules[{index}]",
            "host": host,
            "encrypted": everything or (bool(tls) if host is None else _covers(covered, host.lower())),
        }


def _covers(covered: set[str], host: str) -> bool:
    """A wildcard covers one label, as in certificates."""
    return host in covered or f"*.{host.partition('.')[2]}" in covered


def _backends(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for field in ("defaultBackend", "backend"):
        if raw := mapping(spec, field):
            yield f"spec.{field}", raw
    for index, rule in enumerate(map(mapping, sequence(spec.get("rules")))):
        for number, path in enumerate(map(mapping, sequence(mapping(rule, "http").get("paths")))):
            yield f"spec.rules[{index}].http.paths[{number}].backend", mapping(path, "backend")


def _backend(at: str, raw: dict[str, Any], namespace: str | None, inventory: Inventory) -> dict[str, Any]:
    """A Service by name and port; extensions/v1beta1 wrote both into the backend itself."""
    service = mapping(raw, "service")
    name = text(service.get("name")) or text(raw.get("serviceName"))
    port = mapping(service, "port") or {"number": raw.get("servicePort"), "name": raw.get("servicePort")}
    number, port_name = integer(port.get("number")), text(port.get("name"))
    found = inventory.named(namespace, "Service", name)
    known = name is not None and port_name != _ALB_ACTION and inventory.knows_services_of(namespace)
    ports = () if found is None else found.told["ports"]
    wanted = number if number is not None else port_name
    return {
        "at": at,
        "service": name,
        "port": None if wanted is None else str(wanted),
        "service_found": True if found is not None else False if known else None,
        "port_found": None if found is None or wanted is None or not ports else wanted in ports,
    }
