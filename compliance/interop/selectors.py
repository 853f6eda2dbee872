"""Label and field selectors as text, as the Kubernetes API reads them (k8s.io/apimachinery, pkg/labels, pkg/fields)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?"
_KEY: Final = rf"(?P<key>(?:{_PART}/)?{_PART})"
_VALUE: Final = rf"(?:{_PART})?"
_REQUIREMENT: Final = re.compile(
    rf"""\s*(?:
        (?P<absent>!)\s*{_KEY.replace("key", "absent_key")}
      | {_KEY}\s*(?:
            (?P<operator>==|=|!=)\s*(?P<value>{_VALUE})
          | \s(?P<set>in|notin)\s*\((?P<values>\s*{_VALUE}\s*(?:,\s*{_VALUE}\s*)*)\)
          | (?P<compare>[<>])\s*(?P<number>-?[0-9]{{1,18}})
        )?
    )\s*(?:,|$)""",
    re.VERBOSE,
)
_FIELD: Final = re.compile(
    r"(?P<path>[A-Za-z][A-Za-z0-9._\[\]'/-]*?)(?P<operator>==|!=|=)(?P<value>(?:\\[\\,=]|[^\\,=])*)(?:,|$)"
)
_ESCAPED: Final = re.compile(r"\\([\\,=])")

# What the API server selects by beside name and namespace (k8s.io/kubernetes, pkg/apis/*/v1/conversion.go).
_FIELDS: Final = {
    "Pod": (
        "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork",
        "status.phase", "status.podIP", "status.nominatedNodeName",
    ),
    "Node": ("spec.unschedulable",),
    "Namespace": ("status.phase",),
    "Secret": ("type",),
    "Job": ("status.successful",),
    "ReplicaSet": ("status.replicas",),
    "ReplicationController": ("status.replicas",),
    "Service": ("spec.clusterIP", "spec.type"),
}  # fmt: skip
_OF_EVERY_KIND: Final = ("metadata.name", "metadata.namespace")
_ABSENT: Final = {
    "spec.hostNetwork": "false", "spec.unschedulable": "false", "status.successful": "0", "status.replicas": "0",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LabelRequirement:
    """One condition: `operator` is in, notin, exists, absent, < or >; a missing label satisfies notin and absent."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def holds(self, labels: Mapping[str, Any]) -> bool:
        """Whether labels satisfy it."""
        value = labels.get(self.key)
        match self.operator:
            case "in":
                return value in self.values
            case "notin":
                return value not in self.values
            case "exists":
                return value is not None
            case "absent":
                return value is None
            case _:
                return _compares(value, self.operator, next(iter(self.values)))


@dataclass(frozen=True, slots=True)
class FieldRequirement:
    """One condition on a field."""

    path: str
    value: str
    equal: bool

    def holds(self, item: Mapping[str, Any]) -> bool:
        """Whether an object satisfies it."""
        return (_field(item, self.path) == self.value) is self.equal


def parse_labels(text: str) -> tuple[LabelRequirement, ...]:
    """Read a label selector.

    Raises:
        ValueError: it is none.
    """
    found, at = [], 0
    while at < len(text):
        match = _REQUIREMENT.match(text, at)
        if match is None:
            raise ValueError(f"{text!r} is no label selector")
        found.append(_label(match))
        at = match.end()
    if text.rstrip().endswith(","):
        raise ValueError(f"{text!r} ends with a comma")
    return tuple(found)


def parse_fields(text: str) -> tuple[FieldRequirement, ...]:
    """Read a field selector.

    Raises:
        ValueError: it is none.
    """
    found, at = [], 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if match is None:
            raise ValueError(f"{text!r} is no field selector")
        value = _ESCAPED.sub(r"\1", match["value"])
        found.append(FieldRequirement(match["path"], value, match["operator"] != "!="))
        at = match.end()
    return tuple(found)


def unsupported(requirements: tuple[FieldRequirement, ...], kind: str) -> str | None:
    """The first field that the API server does not select objects of that kind by; None where there is none."""
    known = (*_OF_EVERY_KIND, *_FIELDS.get(kind, ()))
    return next((each.path for each in requirements if each.path not in known), None)


def _label(match: re.Match[str]) -> LabelRequirement:
    if match["absent"]:
        return LabelRequirement(match["absent_key"], "absent")
    if match["operator"]:
        return LabelRequirement(
            match["key"], "notin" if match["operator"] == "!=" else "in", frozenset({match["value"]})
        )
    if match["set"]:
        return LabelRequirement(match["key"], match["set"], frozenset(_values(match["values"])))
    if match["compare"]:
        return LabelRequirement(match["key"], match["compare"], frozenset({match["number"]}))
    return LabelRequirement(match["key"], "exists")


def _values(text: str) -> Iterator[str]:
    return (value.strip() for value in text.split(","))


def _compares(value: object, operator: str, limit: str) -> bool:
    if not isinstance(value, str) or re.fullmatch(r"[-+]?[0-9]{1,18}", value) is None:
        return False
    return int(value) > int(limit) if operator == ">" else int(value) < int(limit)


def _field(value: Mapping[str, Any], path: str) -> str:
    found: Any = value
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    if found is None:
        return _ABSENT.get(path, "")
    return str(found).lower() if isinstance(found, bool) else str(found)
