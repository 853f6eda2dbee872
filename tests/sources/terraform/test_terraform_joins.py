"""What is known of a block only beside others, and of a folder as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.sources.terraform import read_folder, read_plan

if TYPE_CHECKING:
    from pathlib import Path

_VPC = 'resource "aws_vpc" "a" {}\n'
_LOG = 'resource "aws_flow_log" "a" {{\n vpc_id = {}\n}}\n'


def _bodies(folder: Path, text: str) -> dict[str, dict[str, Any]]:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return {facts.body["address"]: dict(facts.body) for facts in read_folder(folder, "").facts}


@pytest.mark.parametrize(
    ("text", "users"),
    [
        (_VPC, []),
        (_VPC + _LOG.format("aws_vpc.a.id"), ["aws_flow_log"]),
        (_VPC + "locals {\n v = aws_vpc.a.id\n}\n" + _LOG.format("local.v"), ["aws_flow_log"]),
        (_VPC + 'resource "aws_vpc" "b" {}\n' + _LOG.format("aws_vpc.b.id"), []),
        (_VPC + 'variable "v" {}\n' + _LOG.format("var.v"), ["aws_flow_log"]),
        (_VPC + 'module "m" {\n source = "a/b/c"\n vpc = aws_vpc.a.id\n}\n', ["module"]),
        (_VPC + 'module "m" {\n source = "a/b/c"\n}\n', []),
    ],
)
def test_who_says_more_about_a_network(tmp_path: Path, text: str, users: list[str]) -> None:
    assert _bodies(tmp_path, text)["aws_vpc.a"]["used_by"] == users


def test_a_module_that_is_here_is_looked_into(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/main.tf").write_text('variable "vpc" {}\n' + _LOG.format("var.vpc"), encoding="utf-8")

    bodies = _bodies(tmp_path, _VPC + 'module "logs" {\n source = "./logs"\n vpc = aws_vpc.a.id\n}\n')

    assert bodies["aws_vpc.a"]["used_by"] == ["aws_flow_log"]


def test_the_outputs_of_a_module_lead_to_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/main.tf").write_text(_VPC + 'output "vpc" {\n value = aws_vpc.a.id\n}\n', encoding="utf-8")

    bodies = _bodies(tmp_path, 'module "net" {\n source = "./net"\n}\n' + _LOG.format("module.net.vpc"))

    assert bodies["module.net.aws_vpc.a"]["used_by"] == ["aws_flow_log"]


def test_buckets_are_joined_by_name_where_no_reference_leads_to_one(tmp_path: Path) -> None:
    bodies = _bodies(
        tmp_path,
        'resource "aws_s3_bucket" "a" {\n bucket = "a"\n}\nresource "aws_s3_bucket" "b" {\n bucket = "b"\n}\n'
        'resource "aws_s3_bucket_versioning" "a" {\n bucket = "a"\n}\n',
    )

    assert bodies["aws_s3_bucket.a"]["used_by"] == ["aws_s3_bucket_versioning"]
    assert bodies["aws_s3_bucket.b"]["used_by"] == []


def test_other_resources_are_not_joined(tmp_path: Path) -> None:
    assert _bodies(tmp_path, 'resource "aws_subnet" "a" {}\n')["aws_subnet.a"]["used_by"] is None


def test_gateways_and_the_zones_of_private_subnets_are_counted(tmp_path: Path) -> None:
    subnet = 'resource "aws_subnet" "{}" {{\n availability_zone = "{}"\n map_public_ip_on_launch = {}\n}}\n'

    bodies = _bodies(
        tmp_path,
        'resource "aws_nat_gateway" "a" {}\n'
        + subnet.format("a", "one", "false")
        + subnet.format("b", "two", "false")
        + subnet.format("c", "three", "true"),
    )

    assert bodies["aws_nat_gateway.a"]["nat"] == {"gateways": 1, "zones": 2}


def test_gateways_whose_number_is_not_known(tmp_path: Path) -> None:
    bodies = _bodies(tmp_path, 'variable "v" {}\nresource "aws_nat_gateway" "a" {\n count = var.v\n}\n')

    assert bodies["aws_nat_gateway.a"]["nat"] == {"gateways": None, "zones": 0}


def test_a_plan_counts_gateways_and_knows_no_users() -> None:
    resources = [
        {"address": f"{kind}.a", "mode": "managed", "type": kind, "name": "a", "values": {"availability_zone": "one"}}
        for kind in ("aws_nat_gateway", "aws_subnet", "aws_vpc")
    ]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": resources}}}

    bodies = {facts.body["address"]: facts.body for facts in read_plan(plan, "plan.json").facts}

    assert bodies["aws_nat_gateway.a"]["nat"] == {"gateways": 1, "zones": 1}
    assert bodies["aws_vpc.a"]["used_by"] is None


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("", False),
        ('provider "aws" {}\n', False),
        ('provider "aws" {\n alias = "west"\n}\n', False),
        ('provider "aws" {\n region = "eu-central-1"\n}\n', True),
        ('provider "azurerm" {\n features {}\n}\n', True),
        ('terraform {\n backend "s3" {}\n}\n', True),
        ("terraform {\n cloud {}\n}\n", True),
        ('terraform {\n required_version = ">= 1"\n}\n', False),
    ],
)
def test_a_root_configures_a_provider_or_a_state(tmp_path: Path, text: str, *, root: bool) -> None:
    assert _bodies(tmp_path, text)["terraform"]["folder"]["is_root"] is root


@pytest.mark.parametrize(
    ("inner", "encrypted", "locked"),
    [
        ('bucket = "b"\nkey = "k"', False, False),
        ('bucket = "b"\nkey = "k"\nencrypt = true\nuse_lockfile = true', True, True),
        ('bucket = "b"\nkey = "k"\ndynamodb_table = "t"', False, True),
    ],
)
def test_a_state_in_s3(tmp_path: Path, inner: str, *, encrypted: bool, locked: bool) -> None:
    backend = _bodies(tmp_path, f'terraform {{\n backend "s3" {{\n{inner}\n }}\n}}\n')["terraform"]["folder"]["backend"]

    assert backend == {
        "kind": "s3",
        "at": "backend[s3]",
        "encrypted": {"value": encrypted, "at": "backend[s3].encrypt"},
        "locked": {"value": locked, "at": "backend[s3].use_lockfile"},
    }


def test_a_state_whose_rest_is_configured_later(tmp_path: Path) -> None:
    backend = _bodies(tmp_path, 'terraform {\n backend "s3" {}\n}\n')["terraform"]["folder"]["backend"]

    assert backend == {"kind": "s3", "at": "backend[s3]", "encrypted": None, "locked": None}


def test_a_lock_file_is_seen(tmp_path: Path) -> None:
    assert _bodies(tmp_path, "")["terraform"]["folder"]["has_lock_file"] is False
    (tmp_path / ".terraform.lock.hcl").touch()
    assert _bodies(tmp_path, "")["terraform"]["folder"]["has_lock_file"] is True


@pytest.mark.parametrize(
    ("variable", "names_secret"),
    [
        ('"db_password" {\n type = string\n}', True),
        ('"db_password" {}', True),
        ('"db_password" {\n type = bool\n}', False),
        ('"db_password" {\n default = true\n}', False),
        ('"pull_secret" {\n type = string\n}', False),
        ('"disk_encryption_key" {\n type = string\n}', False),
        ('"region" {\n type = string\n}', False),
    ],
)
def test_a_variable_that_holds_a_secret(tmp_path: Path, variable: str, *, names_secret: bool) -> None:
    name = variable.split('"')[1]

    assert _bodies(tmp_path, f"variable {variable}\n")[f"var.{name}"]["names_secret"] is names_secret
