"""Modules, variable files, overrides, count and for_each, and Terraform in JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compliance.sources.terraform import Reading, read_folder

if TYPE_CHECKING:
    from pathlib import Path


def _write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _bodies(reading: Reading) -> dict[str, dict[str, Any]]:
    return {facts.body["address"]: dict(facts.body) for facts in reading.facts}


_MODULE = """
variable "cidr" {}
resource "aws_vpc" "main" {
  cidr_block = var.cidr
}
output "cidr" {
  value = aws_vpc.main.cidr_block
}
"""


def test_a_local_module_is_judged_with_what_it_is_called_with(tmp_path: Path) -> None:
    folder = _write(
        tmp_path / "root",
        {
            "main.tf": 'module "net" {\n  source = "../modules/net"\n  cidr = "10.0.0.0/16"\n}\n'
            'resource "x" "y" {\n  v = module.net.cidr\n}\n',
            "../modules/net/net.tf": _MODULE,
        },
    )

    reading = read_folder(folder, "root")

    bodies = _bodies(reading)
    assert reading.gaps == ()
    assert reading.modules == ((tmp_path / "modules" / "net").resolve(),)
    assert bodies["module.net.aws_vpc.main"]["attributes"] == {"cidr_block": "10.0.0.0/16"}
    assert bodies["module.net.aws_vpc.main"]["file"] == "modules/net/net.tf"
    assert bodies["module.net.aws_vpc.main"]["module"] == "module.net"
    assert bodies["x.y"]["attributes"] == {"v": "10.0.0.0/16"}
    assert bodies["x.y"]["references"] == ["module.net"]


def test_a_module_that_is_called_several_times_alike_is_told_once(tmp_path: Path) -> None:
    call = 'module "net" {\n  for_each = toset(["a", "b"])\n  source = "./net"\n  cidr = %s\n}\n'
    files = {
        "main.tf": call % '"10.0.0.0/16"',
        "net/net.tf": 'variable "cidr" {}\nresource "x" "y" {\n  v = var.cidr\n}\n',
    }

    alike = _bodies(read_folder(_write(tmp_path, files), ""))
    files["main.tf"] = call % "each.key"
    different = _bodies(read_folder(_write(tmp_path, files), ""))

    assert [address for address in alike if address.endswith("x.y")] == ["module.net.x.y"]
    assert {address: body["attributes"]["v"] for address, body in different.items() if address.endswith("x.y")} == {
        'module.net["a"].x.y': "a",
        'module.net["b"].x.y': "b",
    }


def test_a_module_from_elsewhere_is_a_gap_that_says_what_to_do(tmp_path: Path) -> None:
    folder = _write(tmp_path, {"main.tf": '\nmodule "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n}\n'})

    (gap,) = read_folder(folder, "infra").gaps

    assert (gap.about, str(gap.origin)) == ("module.vpc", "infra/main.tf:2:1")
    assert gap.why == "the module comes from terraform-aws-modules/vpc/aws, which is not here"
    assert "terraform init" in gap.remedy
    assert "terraform show -json" in gap.remedy


def test_a_module_that_terraform_init_has_brought_is_read(tmp_path: Path) -> None:
    modules = {"Modules": [{"Key": "", "Dir": "."}, {"Key": "vpc", "Dir": ".terraform/modules/vpc"}]}
    files = {
        "main.tf": 'module "vpc" {\n  source = "terraform-aws-modules/vpc/aws"\n  cidr = "10.0.0.0/8"\n}\n',
        ".terraform/modules/modules.json": json.dumps(modules),
        ".terraform/modules/vpc/main.tf": _MODULE,
    }

    reading = read_folder(_write(tmp_path, files), "")

    assert reading.gaps == ()
    assert _bodies(reading)["module.vpc.aws_vpc.main"]["attributes"] == {"cidr_block": "10.0.0.0/8"}


@pytest.mark.parametrize(
    "listed",
    ["{", "[]", '{"Modules": [{"Key": "vpc"}]}', '{"Modules": [{"Key": "vpc", "Dir": ".terraform/../../etc"}]}'],
)
def test_a_list_of_modules_that_makes_no_sense_is_no_list(tmp_path: Path, listed: str) -> None:
    files = {"main.tf": 'module "vpc" {\n  source = "a/b/c"\n}\n', ".terraform/modules/modules.json": listed}

    assert [gap.about for gap in read_folder(_write(tmp_path, files), "").gaps] == ["module.vpc"]


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('"./missing"', "the module's folder missing does not exist"),
        ("var.unknown", "where the module comes from is not known"),
        ('"./"', "modules are nested more than 10 deep"),
    ],
)
def test_a_module_that_cannot_be_followed_is_a_gap(tmp_path: Path, source: str, why: str) -> None:
    reading = read_folder(_write(tmp_path, {"main.tf": f'module "m" {{\n  source = {source}\n}}\n'}), "")

    assert {gap.why for gap in reading.gaps} == {why}


def test_variable_files_count_in_terraforms_order(tmp_path: Path) -> None:
    names = ["a", "b", "c", "d", "e"]
    files = {
        "main.tf": "".join(f'variable "{name}" {{ default = "default" }}\n' for name in names)
        + f'resource "x" "y" {{\n  v = [{", ".join(f"var.{name}" for name in names)}]\n}}\n',
        "terraform.tfvars": 'b = "1"\nc = "1"\nd = "1"\ne = "1"\n',
        "a.auto.tfvars": 'c = "2"\nd = "2"\ne = "2"\n',
        "b.auto.tfvars.json": '{"d": "3 ${x}", "e": "3"}',
        "prod.tfvars": 'e = "4"\n',
    }
    folder = _write(tmp_path, files)

    reading = read_folder(folder, "", [folder / "prod.tfvars"])

    assert reading.gaps == ()
    assert _bodies(reading)["x.y"]["attributes"]["v"] == ["default", "1", "2", "3 ${x}", "4"]


def test_a_broken_variable_file_is_a_gap(tmp_path: Path) -> None:
    files = {"main.tf": "", "terraform.tfvars": "a = \n", "x.auto.tfvars.json": "{"}

    reading = read_folder(_write(tmp_path, files), "infra")

    assert [str(gap.origin) for gap in reading.gaps] == ["infra/terraform.tfvars:1:5", "infra/x.auto.tfvars.json:1:2"]


def test_overrides_replace_attributes_and_kinds_of_blocks(tmp_path: Path) -> None:
    files = {
        "main.tf": 'resource "x" "y" {\n  a = 1\n  b = 1\n  n {\n    v = 1\n  }\n}\n',
        "main_override.tf": 'resource "x" "y" {\n  b = 2\n  n {\n    v = 2\n  }\n}\n',
    }

    facts = next(one for one in read_folder(_write(tmp_path, files), "").facts if one.body["address"] == "x.y")

    assert facts.body["attributes"] == {"a": 1, "b": 2, "n": [{"v": 2}]}
    assert facts.origin.file == "main.tf"
    assert [span.line for span in facts.locate(["b", "n.v"]) if span] == [1, 1]


def test_instances_that_differ_only_in_their_names_are_told_once_with_unknown_names(tmp_path: Path) -> None:
    names = 'name = "n${count.index}"\n  tags = { Name = "t${count.index}", A = "a" }'
    text = f'resource "x" "y" {{\n  count = 3\n  {names}\n}}\n'

    body = _bodies(read_folder(_write(tmp_path, {"main.tf": text}), ""))["x.y"]

    assert body["repetition"] == {"by": "count", "instances": 3}
    assert body["unknown"] == ["name", "tags.Name"]
    assert body["tags"] == {"Name": None, "A": "a"}


def test_instances_that_differ_otherwise_are_told_each(tmp_path: Path) -> None:
    text = 'resource "x" "y" {\n  for_each = { ssh = 22, web = 443 }\n  port = each.value\n}\n'

    bodies = _bodies(read_folder(_write(tmp_path, {"main.tf": text}), ""))

    assert bodies['x.y["ssh"]']["attributes"] == {"port": 22}
    assert bodies['x.y["web"]']["attributes"] == {"port": 443}


def test_a_resource_that_is_not_there_is_not_told(tmp_path: Path) -> None:
    bodies = _bodies(read_folder(_write(tmp_path, {"main.tf": 'resource "x" "y" {\n  count = 0\n}\n'}), ""))

    assert "x.y" not in bodies


def test_dynamic_blocks_are_blocks_beside_those_that_are_written_out(tmp_path: Path) -> None:
    text = """
resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = { ssh = 22 }
    iterator = rule
    content {
      description = rule.key
      from_port   = rule.value
    }
  }
  ingress {
    from_port = 443
  }
}
"""
    body = _bodies(read_folder(_write(tmp_path, {"main.tf": text}), ""))["aws_security_group.g"]

    assert body["attributes"]["ingress"] == [{"description": "ssh", "from_port": 22}, {"from_port": 443}]
    assert body["unknown"] == []


def test_dynamic_blocks_of_an_unknown_number_are_unknown_beside_those_that_are_written_out(tmp_path: Path) -> None:
    dynamic = 'dynamic "b" {\n  for_each = var.v\n  content {}\n}'
    text = f'variable "v" {{}}\nresource "x" "y" {{\nb {{\n}}\n{dynamic}\n}}\n'

    body = _bodies(read_folder(_write(tmp_path, {"main.tf": text}), ""))["x.y"]

    assert body["attributes"]["b"] == [{}]
    assert body["unknown"] == ["b"]


_JSON = """{
  "variable": {"name": {"default": "n"}},
  "resource": {
    "aws_instance": {
      "app": {
        "//": "a comment",
        "user_data": "${var.name}-$${x}",
        "monitoring": true,
        "tags": {"Name": "a", "Unknown": "${var.missing}"},
        "metadata_options": {"http_tokens": "required"},
        "ebs_block_device": [{"device_name": "a"}, {"device_name": "b"}],
        "depends_on": ["aws_vpc.main"],
        "lifecycle": {"create_before_destroy": true, "ignore_changes": ["ami"]},
        "provisioner": [{"remote-exec": {"inline": ["ls"]}}]
      }
    },
    "aws_vpc": {"main": [{"cidr_block": "10.0.0.0/8"}]}
  },
  "module": {"m": {"source": "./m"}}
}"""


def test_json_says_the_same_as_the_native_syntax(tmp_path: Path) -> None:
    folder = _write(tmp_path, {"main.tf.json": _JSON, "m/main.tf": ""})

    reading = read_folder(folder, "")
    facts = {one.body["address"]: one for one in reading.facts}
    body = facts["aws_instance.app"].body

    assert reading.gaps == ()
    assert body["attributes"] == {
        "user_data": "n-${x}",
        "monitoring": True,
        "tags": {"Name": "a", "Unknown": None},
        "metadata_options": [{"http_tokens": "required"}],
        "ebs_block_device": [{"device_name": "a"}, {"device_name": "b"}],
    }
    assert body["unknown"] == ["tags.Unknown"]
    assert body["lifecycle"]["ignore_changes"] == ["ami"]
    assert [one["kind"] for one in body["provisioners"]] == ["remote-exec"]
    assert body["references"] == ["aws_vpc.main", "var.missing", "var.name"]
    assert facts["aws_vpc.main"].body["attributes"] == {"cidr_block": "10.0.0.0/8"}
    assert [
        span.line for span in facts["aws_instance.app"].locate(["metadata_options.http_tokens", "tags.Name"]) if span
    ] == [10, 9]


def test_dynamic_blocks_and_lists_of_blocks_may_be_json(tmp_path: Path) -> None:
    dynamic = {"ingress": {"for_each": [22], "content": {"from_port": "${ingress.value}"}}}
    group = [{"g": [{"dynamic": dynamic, "egress": {"from_port": 443}}]}]
    document = {
        "terraform": {"required_providers": {"aws": {"version": "~> 5.0"}}},
        "provider": {"aws": [{"alias": "west"}, {"region": "a"}]},
        "variable": {"v": {"type": "list(string)", "default": [{"a": {"b": [1]}}]}},
        "locals": {"l": {"x": "${var.v}"}},
        "resource": {"aws_security_group": group},
    }
    folder = _write(tmp_path, {"main.tf.json": json.dumps(document, indent=1)})

    bodies = _bodies(read_folder(folder, ""))

    assert bodies["aws_security_group.g"]["attributes"] == {
        "ingress": [{"from_port": 22}],
        "egress": [{"from_port": 443}],
    }
    assert bodies["provider.aws.west"]["attributes"] == {"alias": "west"}
    assert bodies["var.v"]["attributes"] == {"type": "list(string)", "default": [{"a": {"b": [1]}}]}
    assert bodies["terraform"]["providers"][0]["bounded"] is True


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "no JSON: unexpected end of data"),
        ("[]", "an object was expected"),
        ('{"resource": 1}', "an object was expected in resource"),
        ('{"resource": {"a": {"b": {"v": "${"}}}}', "a value was expected, not the end of the file"),
        ('{"rubbish": {}}', "rubbish is no block that Terraform knows"),
    ],
)
def test_json_that_is_no_terraform_is_a_gap(tmp_path: Path, text: str, why: str) -> None:
    (gap,) = read_folder(_write(tmp_path, {"main.tf.json": text}), "").gaps

    assert gap.why == why
    assert gap.origin is not None
    assert gap.origin.file == "main.tf.json"
