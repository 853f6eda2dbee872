"""Which Pods a label selector selects (API reference, LabelSelector)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, mappings, text, text_map, texts

if TYPE_CHECKING:
    from collections.abc import Mapping

_MONITORS = frozenset({"PodMonitor", "PodMonitoring", "ServiceMonitor", "VMPodScrape", "VMServiceScrape"})


def selector_of(kind: str, spec: dict[str, Any]) -> Mapping[str, Any] | None:
    """The label selector of what selects Pods; a Service has a plain map, and one without it selects nothing."""
    if kind == "NetworkPolicy":
        return mapping(spec, "podSelector")
    if kind == "Service":
        return {"matchLabels": spec["selector"]} if mapping(spec, "selector") else None
    if kind == "PodDisruptionBudget":
        return mapping(spec, "selector") if isinstance(spec.get("selector"), dict) else None
    return mapping(spec, "selector") if kind in _MONITORS else None


def required_labels(selector: Mapping[str, Any] | None) -> dict[str, str]:
    """The labels with their values that everything selected has."""
    found = text_map(mapping(selector, "matchLabels"))
    for expression in mappings(mapping(selector).get("matchExpressions")):
        key, allowed = text(expression.get("key")), texts(expression.get("values"))
        if expression.get("operator") == "In" and key is not None and len(allowed) == 1:
            found.setdefault(key, allowed[0])
    return found


def selects(selector: Mapping[str, Any] | None, labels: Mapping[str, str]) -> bool:
    """Whether something with these labels is selected: by an empty selector everything is, by None nothing."""
    if selector is None:
        return False
    wanted = mapping(selector.get("matchLabels"))
    return all(labels.get(key) == value for key, value in wanted.items()) and all(
        _expression(expression, labels) for expression in mappings(selector.get("matchExpressions"))
    )


def _expression(expression: dict[str, Any], labels: Mapping[str, str]) -> bool:
    value, allowed = labels.get(str(expression.get("key"))), texts(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return value in allowed
        case "NotIn":
            return value not in allowed
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
        case _:
            return False
