"""Where an IAM policy allows everything, whichever way it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from compliance.sources.terraform.places import below, labelled
from compliance.sources.terraform.sections import Section, text_of
from compliance.sources.terraform.tree import Call, ListOf, Literal, ObjectOf
from compliance.sources.terraform.values import UNKNOWN, Value
from compliance.sources.terraform.written_text import written_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from compliance.sources.terraform.tree import Expression

_POLICIES: Final = frozenset({"aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"})
_ATTACHMENTS: Final = frozenset(
    {
        "aws_iam_role_policy_attachment",
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_policy_attachment",
    }
)
_ADMINISTRATOR: Final = ":iam::aws:policy/AdministratorAccess"
_EVERYTHING: Final = frozenset({"*", "*:*"})
_LIMITS: Final = frozenset({"Condition", "Principal", "NotPrincipal", "NotAction", "NotResource"})
_DOCUMENT_LIMITS: Final = frozenset({"condition", "principals", "not_principals", "not_actions", "not_resources"})
_MAX_DEPTH: Final = 20


def administrators(kind: str, values: Mapping[str, Value]) -> list[str]:
    """The places that allow every action on every resource, to whoever has the policy, without a condition."""
    if kind == "aws_iam_policy_document":
        return [*_of_document(values)]
    if kind in _POLICIES:
        return ["policy"] if _allows_everything(_policy(values, "policy")) else []
    if kind in _ATTACHMENTS:
        return ["policy_arn"] if str(values.get("policy_arn")).endswith(_ADMINISTRATOR) else []
    return [*_of_role(values)] if kind == "aws_iam_role" else []


def _of_document(values: Mapping[str, Value]) -> Iterator[str]:
    items = values.get("statement")
    for path, item in labelled("statement", items) if isinstance(items, list) else ():
        if (
            isinstance(item, dict)
            and (item.get("effect") or "Allow") == "Allow"
            and _has_everything(item.get("actions"))
            and _has_everything(item.get("resources"))
            and not any(item.get(limit) for limit in _DOCUMENT_LIMITS)
        ):
            yield below(path, "actions")


def _of_role(values: Mapping[str, Value]) -> Iterator[str]:
    arns = values.get("managed_policy_arns")
    if isinstance(arns, list) and any(isinstance(arn, str) and arn.endswith(_ADMINISTRATOR) for arn in arns):
        yield "managed_policy_arns"
    items = values.get("inline_policy")
    for path, item in labelled("inline_policy", items) if isinstance(items, list) else ():
        if isinstance(item, dict) and _allows_everything(_policy(item, "policy")):
            yield below(path, "policy")


def _policy(values: Mapping[str, Value], name: str) -> Any:  # noqa: ANN401 - any JSON
    """The policy as far as it is written out."""
    attribute = values.block.attributes.get(name) if isinstance(values, Section) else None
    if values.get(name) is UNKNOWN and attribute and isinstance(attribute.value, Call):
        call = attribute.value
        return _written(call.arguments[0], 0) if call.name == "jsonencode" and call.arguments else None
    try:
        return orjson.loads(written_text(values, name))
    except orjson.JSONDecodeError:
        return None


def _written(expression: Expression, depth: int) -> Value:
    """Objects and lists with what is written out in them; UNKNOWN for everything else."""
    if depth > _MAX_DEPTH:
        return UNKNOWN
    match expression:
        case Literal(value):
            return value
        case ListOf(items):
            return [_written(item, depth + 1) for item in items]
        case ObjectOf(items):
            return {text_of(item.key): _written(item.value, depth + 1) for item in items}
    return UNKNOWN


def _allows_everything(policy: Any) -> bool:  # noqa: ANN401 - any JSON
    statements = policy.get("Statement") if isinstance(policy, dict) else None
    return any(
        isinstance(one, dict)
        and one.get("Effect") == "Allow"
        and _has_everything(one.get("Action"))
        and _has_everything(one.get("Resource"))
        and _LIMITS.isdisjoint(one)
        for one in (statements if isinstance(statements, list) else [statements])
    )


def _has_everything(value: Value) -> bool:
    items = value if isinstance(value, list) else [value]
    return any(isinstance(one, str) and one in _EVERYTHING for one in items)
