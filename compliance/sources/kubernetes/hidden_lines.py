"""The lines of a manifest that hold secrets: they are shown nowhere, whatever the finding beside them is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.sources.kubernetes.configuration_values import values
from compliance.sources.kubernetes.facts.secrets import secret_paths
from compliance.sources.kubernetes.fields import mapping
from compliance.sources.kubernetes.workloads import pod_template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compliance.sources.kubernetes.paths import Path
    from compliance.sources.kubernetes.yaml import Places

_LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"


def hidden_lines(value: dict[str, Any], places: Places, at: Path) -> frozenset[int]:
    """The numbers (from 1) of the lines in which the object at path `at` of a document writes a secret out."""
    found = [(*at, *path) for path in _paths(value)]
    if not found:
        return frozenset()
    spans = places.spans(found).values()
    return frozenset(line for span in spans for line in range(span.line, (span.end_line or span.line) + 1))


def _paths(value: dict[str, Any]) -> Iterator[Path]:
    if _LAST_APPLIED in mapping(value, "metadata", "annotations"):
        yield ("metadata", "annotations", _LAST_APPLIED)
    if value.get("kind") == "ConfigMap":
        yield from (("data", key) for key, one in mapping(value, "data").items() if isinstance(one, dict | list))
        if "stringData" in value:  # somebody meant a Secret
            yield ("stringData",)
        yield from (("data", one.key) for one in values(value) if one.secret or one.secret_settings)
    elif (template := pod_template(value)) is not None:
        for path in secret_paths(mapping(template.value, "spec")):
            yield (*template.path, "spec", *path)
