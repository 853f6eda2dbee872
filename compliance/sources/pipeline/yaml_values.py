"""Reading values of pipeline files, which may have any shape: numbers and booleans count as the text they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence
from compliance.sources.pipeline.model import Spot, Variable

if TYPE_CHECKING:
    from compliance.sources.kubernetes.yaml import Path


def scalar(value: object) -> str | None:
    """A text, number or boolean as text; None for everything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def scalars(value: object) -> list[str]:
    """A scalar or a list of them, as texts."""
    items = sequence(value) if isinstance(value, list) else [value]
    return [text for item in items if (text := scalar(item)) is not None]


def variables_of(value: object, path: Path) -> tuple[Variable, ...]:
    """Variables that are written as texts; GitLab's `value:` form too."""
    found = []
    for name, given in mapping(value).items():
        text = scalar(given.get("value")) if isinstance(given, dict) else scalar(given)
        if text is not None:
            found.append(Variable(name, text, Spot((*path, name))))
    return tuple(found)


def named_variables(value: object, path: Path) -> tuple[Variable, ...]:
    """Variables of a list with `name` and `value`, as Kubernetes has them."""
    found = []
    for number, item in enumerate(sequence(value)):
        name, text = scalar(mapping(item).get("name")), scalar(mapping(item).get("value"))
        if name is not None and text is not None:
            found.append(Variable(name, text, Spot((*path, number))))
    return tuple(found)


def inputs_of(value: object) -> dict[str, str]:
    """The scalar entries of a mapping as texts."""
    entries: dict[str, Any] = mapping(value)
    return {name: text for name, given in entries.items() if (text := scalar(given)) is not None}
