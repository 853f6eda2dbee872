"""IAM policies that allow everything, however they are written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_ALL = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_ARN = '"arn:aws:iam::aws:policy/AdministratorAccess"'


def _encoded(statement: object) -> str:
    text = json.dumps(json.dumps({"Statement": statement}))
    return f"policy = {text}"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (_ALL, ["policy"]),
        ([_ALL], ["policy"]),
        (_ALL | {"Action": ["s3:GetObject", "*:*"]}, ["policy"]),
        (_ALL | {"Effect": "Deny"}, []),
        (_ALL | {"Action": "s3:*"}, []),
        (_ALL | {"Resource": "arn:aws:s3:::a"}, []),
        (_ALL | {"Condition": {"Bool": {}}}, []),
        (_ALL | {"Principal": "*"}, []),
        ("nothing", []),
        (None, []),
    ],
)
def test_a_policy_in_json(read: Callable[..., dict[str, Any]], statement: object, found: list[str]) -> None:
    assert read("aws_iam_policy", _encoded(statement))["administrators"] == found


@pytest.mark.parametrize(
    ("inner", "found"),
    [
        ('statement {\n actions = ["*"]\n resources = ["*"]\n}', ["statement.actions"]),
        ('statement {\n sid = "a"\n actions = ["*"]\n resources = ["*"]\n}', ["statement[a].actions"]),
        ('statement {\n effect = "Deny"\n actions = ["*"]\n resources = ["*"]\n}', []),
        ('statement {\n actions = ["*"]\n resources = ["*"]\n condition {}\n}', []),
        ('statement {\n actions = ["kms:*"]\n resources = ["*"]\n}', []),
        ("statement {\n actions = var.v\n resources = var.v\n}", []),
    ],
)
def test_a_policy_document(read: Callable[..., dict[str, Any]], inner: str, found: list[str]) -> None:
    assert read("aws_iam_policy_document", inner, block="data")["administrators"] == found


def test_a_policy_with_something_unknown_beside_it(read: Callable[..., dict[str, Any]]) -> None:
    statements = '[{ Effect = "Allow", Action = ["*"], Resource = "*" }, { Resource = var.v }]'

    body = read("aws_iam_role_policy", f"policy = jsonencode({{ Statement = {statements} }})")

    assert body["administrators"] == ["policy"]


@pytest.mark.parametrize(
    ("kind", "inner", "found"),
    [
        ("aws_iam_role_policy_attachment", f"policy_arn = {_ARN}", ["policy_arn"]),
        ("aws_iam_role_policy_attachment", 'policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"', []),
        ("aws_iam_role", f"managed_policy_arns = [{_ARN}]", ["managed_policy_arns"]),
        ("aws_iam_role", f'inline_policy {{\n name = "a"\n{_encoded(_ALL)}\n}}', ["inline_policy[a].policy"]),
        ("aws_iam_policy", 'policy = "no JSON"', []),
        ("aws_iam_policy", "policy = var.v", []),
    ],
)
def test_other_ways_to_be_an_administrator(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, found: list[str]
) -> None:
    assert read(kind, inner)["administrators"] == found
