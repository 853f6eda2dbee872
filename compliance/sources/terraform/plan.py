"""Plans and states, as `terraform show -json` prints them.

Reference: https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from compliance.model import Facts, Gap, Origin, Span, Stage, Subject
from compliance.sources.secret_names import is_secret
from compliance.sources.secret_text import masked
from compliance.sources.terraform.alike import ways
from compliance.sources.terraform.facts import Identity, common
from compliance.sources.terraform.joins import join
from compliance.sources.terraform.places import below
from compliance.sources.terraform.values import UNKNOWN, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_SENSITIVE: Final = "(sensitive)"
_MAX_DEPTH: Final = 40
_MAX_FACTS: Final = 50_000
_BLOCKS: Final = {"managed": "resource", "data": "data"}


def read(document: Mapping[str, Any], file: str) -> tuple[list[Facts], list[Gap]]:
    """The facts of every resource that will be there, or is, and of the variables and modules that a plan tells of."""
    root = _object(_object(document.get("configuration")).get("root_module"))
    gaps: list[Gap] = []
    told = {body["address"]: [(body["address"], body)] for body in _configured(root, "")}
    count = len(told)
    for address, body in _planned(document, dict(_secrets(root, ""))):
        if body is None:
            gaps.append(_gap(file, f"the resource {address} has no type or name", "print the plan anew"))
        elif count >= _MAX_FACTS:
            gaps.append(_gap(file, f"more than {_MAX_FACTS} resources, and only so many were judged", "divide it"))
            break
        else:
            told.setdefault(body["address"], []).append((address, body))
            count += 1
    join([body for instances in told.values() for _, body in instances], None)
    return [_facts(body, file) for instances in told.values() for _, body in ways(instances)], gaps


def _planned(
    document: Mapping[str, Any], secrets: Mapping[str, list[str]]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Each resource: its address with indexes, and its body, or None where it is malformed."""
    planned = "planned_values" in document or "resource_changes" in document
    values = _object(document.get("planned_values" if planned else "values"))
    changes = {str(change.get("address")): change for change in _objects(document.get("resource_changes"))}
    for module, resource in _resources(_object(values.get("root_module")), "", 0):
        address = str(resource.get("address"))
        body = _body(module, resource, changes.get(address, {}), planned=planned)
        if body is not None:
            body["secrets"] = secrets.get(body["address"], [])
        yield address, body


def _resources(module: Mapping[str, Any], address: str, depth: int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for resource in _objects(module.get("resources")):
        yield address, resource
    for child in _objects(module.get("child_modules")) if depth < _MAX_DEPTH else ():
        yield from _resources(child, str(child.get("address")), depth + 1)


def _body(
    module: str, resource: Mapping[str, Any], change: Mapping[str, Any], *, planned: bool
) -> dict[str, Any] | None:
    kind, name, mode = resource.get("type"), resource.get("name"), _BLOCKS.get(str(resource.get("mode")))
    if not isinstance(kind, str) or not isinstance(name, str) or mode is None:
        return None
    difference = _object(change.get("change"))
    values = _hidden(resource.get("values"), resource.get("sensitive_values"), 0)
    values = _with_unknown(values, difference.get("after_unknown"), 0)
    provider = str(resource.get("provider_name") or "").rpartition("/")[2] or None
    identity = Identity(mode, kind, name, _without_indexes(module), provider)
    body = common(identity, _object(values) | _all_tags(_object(values)))
    body["source"] = "plan" if planned else "state"
    actions = difference.get("actions")
    if planned and isinstance(actions, list):
        body["actions"] = [str(action) for action in actions]
        body["changed"] = _changed(difference)
    return body


def _changed(difference: Mapping[str, Any]) -> list[str]:
    """The attributes that will differ; those that are only known later count where no other one does."""
    before, after = _object(difference.get("before")), _object(difference.get("after"))
    unknown = {
        name for name, mark in _object(difference.get("after_unknown")).items() if mark is True and name in before
    }
    known = {name for name in before if before[name] != after.get(name)} - unknown
    return sorted(known or unknown)


def _all_tags(values: Mapping[str, Value]) -> dict[str, Value]:
    """A plan knows the tags with the provider's default tags."""
    return {"tags": values["tags_all"]} if isinstance(values.get("tags_all"), dict) else {}


def _without_indexes(address: str) -> str:
    """`module.net["a"].module.dns[0]` as `module.net.module.dns`."""
    kept, depth, quoted = [], 0, False
    for character in address:
        quoted ^= character == '"'
        depth += (character == "[" and not quoted) - (character == "]" and not quoted)
        if depth == 0 and character != "]":
            kept.append(character)
    return "".join(kept)


def _hidden(value: Any, sensitive: Any, depth: int) -> Any:  # noqa: ANN401 - any JSON
    """The values without what Terraform calls sensitive."""
    if sensitive is True:
        return None if value is None else _SENSITIVE
    if depth < _MAX_DEPTH and isinstance(value, dict) and isinstance(sensitive, dict):
        return {key: _hidden(inner, sensitive.get(key), depth + 1) for key, inner in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, list) and isinstance(sensitive, list):
        marks = [*sensitive, *[None] * len(value)]
        return [_hidden(inner, mark, depth + 1) for inner, mark in zip(value, marks, strict=False)]
    return value


def _with_unknown(value: Any, unknown: Any, depth: int) -> Value:  # noqa: ANN401 - any JSON
    """The values, with UNKNOWN where a plan knows them only after it is applied."""
    if unknown is True:
        return UNKNOWN
    if depth < _MAX_DEPTH and isinstance(unknown, dict):
        known = value if isinstance(value, dict) else {}
        return {key: _with_unknown(known.get(key), unknown.get(key), depth + 1) for key in {**known, **unknown}}
    if depth < _MAX_DEPTH and isinstance(unknown, list) and isinstance(value, list):
        marks = [*unknown, *[None] * len(value)]
        return [_with_unknown(inner, mark, depth + 1) for inner, mark in zip(value, marks, strict=False)]
    return value


def _configured(module: Mapping[str, Any], address: str) -> Iterator[dict[str, Any]]:
    """The variables and module calls of the configuration that was planned."""
    for name, variable in _object(module.get("variables")).items():
        body = common(Identity("variable", None, name, address), _object(variable)) | {"source": "plan"}
        default = _object(variable).get("default")
        body["secrets"] = ["default"] if isinstance(default, str) and is_secret(name, default) else []
        yield body
    for name, call in _object(module.get("module_calls")).items():
        given = {"source": _object(call).get("source"), "version": _object(call).get("version_constraint")}
        values = {key: value for key, value in given.items() if value is not None}
        yield common(Identity("module", None, name, address), values) | {"source": "plan"}
        yield from _configured(_object(_object(call).get("module")), f"{address}.module.{name}".removeprefix("."))


def _secrets(module: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
    """The places where the configuration that was planned has secrets written out, by address."""
    for resource in _objects(module.get("resources")):
        address = f"{prefix}{resource.get('address')}"
        yield address, list(_constants(_object(resource.get("expressions")), ""))
    for name, call in _object(module.get("module_calls")).items():
        yield from _secrets(_object(_object(call).get("module")), f"{prefix}module.{name}.")


def _constants(expressions: Mapping[str, Any], path: str) -> Iterator[str]:
    for name, expression in expressions.items():
        value = _object(expression).get("constant_value")
        if isinstance(value, str) and is_secret(name, value):
            yield below(path, name)
        for inner in _objects(expression):
            yield from _constants(inner, below(path, name))


def _facts(body: dict[str, Any], file: str) -> Facts:
    return Facts(
        schema="terraform",
        subject=Subject("terraform", masked(body["address"])),
        body=body,
        origin=Origin(file),
        locate=_nowhere,
        lines=_hidden_line,
    )


def _nowhere(ats: Sequence[str]) -> list[Span | None]:
    """A plan is printed on one line, which says nothing."""
    return [None for _ in ats]


def _hidden_line(_number: int) -> None:
    """The text of a plan holds every value, secrets too."""


def _gap(file: str, why: str, remedy: str) -> Gap:
    return Gap(Stage.COLLECT, file, why, remedy, origin=Origin(file))


def _object(value: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return value if isinstance(value, dict) else {}


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - any JSON
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
