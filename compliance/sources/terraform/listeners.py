"""What listens, whichever cloud it is in: whether it takes plain text, and which versions of TLS it takes.

Names and defaults are those of the Terraform providers' documentation (aws 6, azurerm 4, google 7).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.settings import Flag, Setting, Told, find, is_set, text
from compliance.sources.terraform.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_AWS_MODERN: Final = re.compile(r".*(?:TLS-1-2|TLS13-1-[23]|FS-1-2).*")
_OLD_AZURE: Final = frozenset({"1.0", "1.1", "tls1_0", "tls1_1"})
_WEB_APP: Final[tuple[Setting, str]] = (Flag("https_only", inverted=True), "site_config.minimum_tls_version")
_OLD_WEB_APP: Final[tuple[Setting, str]] = (Flag("https_only", inverted=True), "site_config.min_tls_version")
_PLAIN_AND_TLS: Final[Mapping[str, tuple[Setting | None, str]]] = {
    "azurerm_linux_web_app": _WEB_APP,
    "azurerm_windows_web_app": _WEB_APP,
    "azurerm_linux_function_app": _WEB_APP,
    "azurerm_windows_function_app": _WEB_APP,
    "azurerm_linux_web_app_slot": _WEB_APP,
    "azurerm_windows_web_app_slot": _WEB_APP,
    "azurerm_linux_function_app_slot": _WEB_APP,
    "azurerm_windows_function_app_slot": _WEB_APP,
    "azurerm_app_service": _OLD_WEB_APP,
    "azurerm_function_app": _OLD_WEB_APP,
    "azurerm_function_app_slot": _OLD_WEB_APP,
    "azurerm_storage_account": (Flag("https_traffic_only_enabled", default=True, inverted=True), "min_tls_version"),
    "azurerm_mssql_server": (None, "minimum_tls_version"),
    "azurerm_redis_cache": (None, "minimum_tls_version"),
}


def listeners(kind: str, values: Mapping[str, Value]) -> list[dict[str, Any]]:
    """Each place that listens: `plaintext` and `outdated_tls`, null where they do not apply."""
    if kind in _READERS:
        return [*_READERS[kind](values)]
    if kind not in _PLAIN_AND_TLS:
        return []
    plain, version = _PLAIN_AND_TLS[kind]
    if is_set(values, "enable_https_traffic_only"):
        plain = Flag("enable_https_traffic_only", inverted=True)
    return [_listener(plain.told(values) if plain else None, Flag(version, texts=_OLD_AZURE).told(values))]


def _listener(plaintext: Told | None, outdated_tls: Told | None) -> dict[str, Any]:
    return {"plaintext": plaintext, "outdated_tls": outdated_tls}


def _load_balancer(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    plain = Flag("protocol", texts=frozenset({"http"})).told(values)
    if plain["value"]:
        plain |= _not_redirected(values)
    policy, at = find(values, "ssl_policy")
    if text(values, "protocol") not in {"HTTPS", "TLS"}:
        yield _listener(plain, None)
        return
    old = None if policy is UNKNOWN else not _AWS_MODERN.fullmatch(str(policy))
    yield _listener(plain, {"value": old, "at": at})


def _not_redirected(values: Mapping[str, Value]) -> dict[str, Any]:
    """Whether nothing sends the browser on to HTTPS; the place too, where that is not known."""
    actions = values.get("default_action")
    for path, action in labelled("default_action", actions) if isinstance(actions, list) else ():
        if action is UNKNOWN:
            return {"value": None, "at": path}
        protocol, at = find(action, "redirect.protocol") if isinstance(action, dict) else (None, path)
        if protocol is UNKNOWN:
            return {"value": None, "at": f"{path}.{at}"}
        if protocol == "HTTPS":
            return {"value": False}
    return {"value": None, "at": "default_action"} if actions is UNKNOWN else {}


def _classic(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    items = values.get("listener")
    for path, item in labelled("listener", items) if isinstance(items, list) else ():
        if isinstance(item, dict):
            told = Flag("lb_protocol", texts=frozenset({"http"})).told(item)
            yield _listener({**told, "at": below(path, told["at"])}, None)


def _distribution(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    for name in ("default_cache_behavior", "ordered_cache_behavior"):
        items = values.get(name)
        for path, item in labelled(name, items) if isinstance(items, list) else ():
            if isinstance(item, dict):
                told = Flag("viewer_protocol_policy", texts=frozenset({"allow-all"})).told(item)
                yield _listener({**told, "at": below(path, told["at"])}, None)
    default = Flag("viewer_certificate.cloudfront_default_certificate").told(values)["value"]
    version, at = find(values, "viewer_certificate.minimum_protocol_version")
    if default is False and is_set(values, "viewer_certificate"):
        old = None if version is UNKNOWN else not str(version).startswith(("TLSv1.2", "TLSv1.3"))
        yield _listener(None, {"value": old, "at": at})


def _gateway(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    """A listener over HTTP is fine where its rule redirects."""
    rules = values.get("request_routing_rule")
    redirected = [
        rule.get("http_listener_name")
        for rule in (rules if isinstance(rules, list) else ())
        if isinstance(rule, dict) and is_set(rule, "redirect_configuration_name")
    ]
    items = values.get("http_listener")
    for path, item in labelled("http_listener", items) if isinstance(items, list) else ():
        if isinstance(item, dict) and item.get("name") not in redirected:
            told = Flag("protocol", texts=frozenset({"http"})).told(item)
            yield _listener({**told, "at": below(path, told["at"])}, None)


def _ssl_policy(values: Mapping[str, Value]) -> Iterator[dict[str, Any]]:
    versions = frozenset({"tls_1_2", "tls_1_3"})
    yield _listener(None, Flag("min_tls_version", inverted=True, texts=versions).told(values))


_READERS: Final[Mapping[str, Callable[[Mapping[str, Value]], Iterator[dict[str, Any]]]]] = {
    "aws_lb_listener": _load_balancer,
    "aws_alb_listener": _load_balancer,
    "aws_elb": _classic,
    "aws_cloudfront_distribution": _distribution,
    "azurerm_application_gateway": _gateway,
    "google_compute_ssl_policy": _ssl_policy,
}
