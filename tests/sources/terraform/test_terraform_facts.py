"""What the source works out for rules: who is let in, tags, secrets, lifecycle, provisioners, providers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from compliance.sources.terraform import read_folder

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.model import Facts


def _facts(folder: Path, text: str, address: str) -> Facts:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    reading = read_folder(folder, "")
    assert reading.gaps == ()
    return next(facts for facts in reading.facts if facts.body["address"] == address)


def _body(folder: Path, text: str, address: str) -> dict[str, Any]:
    return dict(_facts(folder, text, address).body)


_EVERY_LOGIN = ["SSH", "Telnet", "RDP", "WinRM"]
_EVERY_DATABASE = [
    "SQL Server",
    "Oracle",
    "MySQL",
    "PostgreSQL",
    "Redshift",
    "Redis",
    "Cassandra",
    "Elasticsearch",
    "Memcached",
    "MongoDB",
]


def _rule(**changes: object) -> dict[str, object]:
    rule = {
        "direction": "ingress",
        "at": "ingress[22].cidr_blocks",
        "open": True,
        "protocol": "tcp",
        "from_port": 22,
        "to_port": 22,
        "has_ports": True,
        "administration": [],
        "databases": [],
    }
    services: dict[str, object] = {}
    told = rule | changes
    if (told["from_port"], told["to_port"]) == (22, 22):
        services = {"administration": ["SSH"]}
    elif told["protocol"] == "-1":
        services = {"administration": _EVERY_LOGIN, "databases": _EVERY_DATABASE}
    return told | services


_SSH = '  from_port = 22\n  to_port = 22\n  protocol = "tcp"\n'


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        (f'ingress {{\n{_SSH} cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]\n}}', _rule()),
        (f'ingress {{\n{_SSH} cidr_blocks = ["128.0.0.0/1", "0.0.0.0/1"]\n}}', _rule()),
        (f'ingress {{\n{_SSH} cidr_blocks = ["128.0.0.0/1"]\n}}', _rule(open=False, at="ingress[22]")),
        (f'ingress {{\n{_SSH} ipv6_cidr_blocks = ["::/0"]\n}}', _rule(at="ingress[22].ipv6_cidr_blocks")),
        (f'ingress {{\n{_SSH} cidr_blocks = ["10.0.0.0/8"]\n}}', _rule(open=False, at="ingress[22]")),
        (f"ingress {{\n{_SSH} cidr_blocks = [var.v]\n}}", _rule(open=None)),
        (f"ingress {{\n{_SSH} cidr_blocks = var.v\n}}", _rule(open=None)),
        (f'ingress {{\n{_SSH} security_groups = ["sg"]\n}}', _rule(open=False, at="ingress[22]")),
        (
            'ingress {\n from_port = var.v\n to_port = 22\n protocol = "tcp"\n cidr_blocks = ["0.0.0.0/0"]\n}',
            _rule(at="ingress.from_port", from_port=None),
        ),
        (
            'ingress {\n from_port = "0"\n to_port = "0"\n protocol = -1\n cidr_blocks = ["0.0.0.0/0"]\n}',
            _rule(at="ingress[0].cidr_blocks", protocol="-1", from_port=0, to_port=65535),
        ),
        (
            'ingress {\n from_port = -1\n to_port = -1\n protocol = "icmp"\n cidr_blocks = ["0.0.0.0/0"]\n}',
            _rule(at="ingress[-1].cidr_blocks", protocol="icmp", from_port=-1, to_port=-1, has_ports=False),
        ),
        (
            'ingress = [{ from_port = 22, to_port = 22, protocol = "tcp", cidr_blocks = ["0.0.0.0/0"] }]',
            _rule(),
        ),
        (
            'dynamic "ingress" {\n for_each = var.v\n content {}\n}',
            _rule(at="ingress", open=None, protocol=None, from_port=None, to_port=None),
        ),
        ("ingress = var.v", _rule(at="ingress", open=None, protocol=None, from_port=None, to_port=None)),
        (f'egress {{\n{_SSH} cidr_blocks = ["0.0.0.0/0"]\n}}', _rule(direction="egress", at="egress[22].cidr_blocks")),
    ],
)
def test_what_a_group_lets_through(tmp_path: Path, inner: str, rule: dict[str, object]) -> None:
    text = f'variable "v" {{}}\nresource "aws_security_group" "g" {{\n{inner}\n}}\n'

    body = _body(tmp_path, text, "aws_security_group.g")

    assert body["network_rules"] == [rule]
    unknown = rule["open"] is None or (rule["open"] and None in {rule["from_port"], rule["to_port"]})
    assert (rule["at"] in body["unknown"]) is unknown


@pytest.mark.parametrize(
    ("kind", "inner", "rules"),
    [
        (
            "aws_security_group_rule",
            f'type = "egress"\n{_SSH}cidr_blocks = ["0.0.0.0/0"]',
            [_rule(direction="egress", at="cidr_blocks")],
        ),
        (
            "aws_vpc_security_group_ingress_rule",
            'from_port = 22\nto_port = 22\nip_protocol = "tcp"\ncidr_ipv4 = "0.0.0.0/0"',
            [_rule(at="cidr_ipv4")],
        ),
        (
            "aws_vpc_security_group_egress_rule",
            'ip_protocol = "-1"\ncidr_ipv6 = "::/0"',
            [_rule(direction="egress", at="cidr_ipv6", protocol="-1", from_port=0, to_port=65535)],
        ),
        ("aws_network_acl", _SSH, []),
    ],
)  # fmt: skip
def test_rules_that_are_resources_of_their_own(
    tmp_path: Path, kind: str, inner: str, rules: list[dict[str, object]]
) -> None:
    body = _body(tmp_path, f'resource "{kind}" "r" {{\n{inner}\n}}\n', f"{kind}.r")

    assert body["network_rules"] == rules


def test_a_rule_of_an_unknown_direction_may_be_either(tmp_path: Path) -> None:
    text = f'variable "v" {{}}\nresource "aws_security_group_rule" "r" {{\ntype = var.v\n{_SSH}}}\n'

    rules = _body(tmp_path, text, "aws_security_group_rule.r")["network_rules"]

    assert [(rule["direction"], rule["at"], rule["open"]) for rule in rules] == [
        ("ingress", "type", None),
        ("egress", "type", None),
    ]


def test_two_blocks_with_one_name_have_two_places(tmp_path: Path) -> None:
    block = '  ingress {\n    from_port = 22\n    to_port = 22\n    protocol = "tcp"\n    cidr_blocks = ["%s"]\n  }\n'
    text = f'resource "aws_security_group" "g" {{\n{block % "10.0.0.0/8"}{block % "0.0.0.0/0"}}}\n'

    facts = _facts(tmp_path, text, "aws_security_group.g")

    at = [rule["at"] for rule in facts.body["network_rules"] if rule["open"]]
    assert at == ["ingress[22#2].cidr_blocks"]
    assert [span.line for span in facts.locate(at) if span] == [12]


_PROVIDERS = """
variable "v" {}
provider "aws" {
  default_tags {
    tags = { Team = "shop", Stage = "prod" }
  }
}
provider "aws" {
  alias = "west"
  default_tags {
    tags = var.v
  }
}
"""


def test_default_tags_of_the_provider_are_tags_of_the_resource(tmp_path: Path) -> None:
    body = _body(tmp_path, _PROVIDERS + 'resource "aws_vpc" "a" {\n  tags = { Stage = "dev" }\n}\n', "aws_vpc.a")

    assert body["tags"] == {"Team": "shop", "Stage": "dev"}
    assert body["attributes"]["tags"] == {"Stage": "dev"}


def test_default_tags_that_are_not_known_leave_the_tags_open(tmp_path: Path) -> None:
    text = 'resource "aws_vpc" "a" {\n  provider = aws.west\n  tags = { Stage = "dev" }\n}\n'

    body = _body(tmp_path, _PROVIDERS + text, "aws_vpc.a")

    assert body["provider"] == "aws.west"
    assert (body["tags"], body["unknown"]) == ({"Stage": "dev"}, ["tags"])


def test_tags_that_are_not_known_are_null(tmp_path: Path) -> None:
    body = _body(tmp_path, 'variable "v" {}\nresource "aws_vpc" "a" {\n  tags = var.v\n}\n', "aws_vpc.a")

    assert (body["tags"], body["unknown"]) == (None, ["tags"])


def test_tags_of_a_group_of_machines_are_blocks(tmp_path: Path) -> None:
    text = 'resource "aws_autoscaling_group" "a" {\n  tag {\n    key = "Team"\n    value = 5\n  }\n}\n'

    assert _body(tmp_path, text, "aws_autoscaling_group.a")["tags"] == {"Team": "5"}


_SECRETS = """
variable "db_password" {
  default = "hunter2"
}
resource "aws_db_instance" "a" {
  password          = "hunter3"
  username          = "app"
  monitoring_token  = var.db_password
  password_length   = 12
  key_name          = "prod"
}
resource "aws_lambda_function" "a" {
  environment {
    variables = {
      API_KEY = "hunter4"
      "my.secret" = "hunter5"
      LEVEL   = "info"
    }
  }
}
"""


def test_secrets_that_are_written_out_are_found_and_their_lines_are_never_shown(tmp_path: Path) -> None:
    variable = _facts(tmp_path, _SECRETS, "var.db_password")
    database = _facts(tmp_path, _SECRETS, "aws_db_instance.a")
    function = _facts(tmp_path, _SECRETS, "aws_lambda_function.a")

    assert variable.body["secrets"] == ["default"]
    assert database.body["secrets"] == ["password"]
    assert function.body["secrets"] == ["environment.variables.API_KEY", "environment.variables[my.secret]"]
    shown = [database.lines(number) or "" for number in range(1, 30)]
    assert "hunter" not in "".join(shown)
    assert '  username          = "app"' in shown
    assert [span.line for span in function.locate(function.body["secrets"]) if span] == [15, 16]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("projects/acme/locations/eu/keyRings/state/cryptoKeys/state", []),
        ("arn:aws:kms:eu-central-1:111111111111:key/1234", []),
        ("projects-acme", ["backend[gcs].encryption_key"]),
    ],
)
def test_the_name_of_a_key_is_no_secret(tmp_path: Path, value: str, found: list[str]) -> None:
    text = f'terraform {{\n  backend "gcs" {{\n    encryption_key = "{value}"\n  }}\n}}\n'

    assert _body(tmp_path, text, "terraform")["secrets"] == found


def test_a_heredoc_with_a_secret_is_hidden_as_a_whole(tmp_path: Path) -> None:
    text = 'resource "tls" "a" {\n  private_key = <<-EOT\n    first\n    second\n    EOT\n  other = 1\n}\n'

    facts = _facts(tmp_path, text, "tls.a")

    assert [facts.lines(number) for number in range(2, 7)] == [None, None, None, None, "  other = 1"]


def test_a_key_with_dots_is_one_step_of_a_path(tmp_path: Path) -> None:
    facts = _facts(tmp_path, 'resource "x" "y" {\n  labels = {\n    "a.b/c" = var.v\n  }\n}\n', "x.y")

    assert facts.body["unknown"] == ["labels[a.b/c]"]
    assert [span.line for span in facts.locate(["labels[a.b/c]"]) if span] == [3]


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("all", ["all"]),
        ('[ami, tags["Name"], root_block_device[0].size]', ["ami", "tags[Name]", "root_block_device[0].size"]),
    ],
)
def test_ignored_changes_are_told_as_they_are_written(tmp_path: Path, written: str, names: list[str]) -> None:
    text = f'resource "x" "y" {{\n  lifecycle {{\n    ignore_changes = {written}\n  }}\n}}\n'

    assert _body(tmp_path, text, "x.y")["lifecycle"]["ignore_changes"] == names


def test_provisioners_have_a_kind_a_time_and_a_place(tmp_path: Path) -> None:
    text = (
        'resource "x" "y" {\n  provisioner "remote-exec" {\n    inline = ["a"]\n  }\n'
        '  provisioner "local-exec" {\n    when = destroy\n  }\n}\n'
    )

    facts = _facts(tmp_path, text, "x.y")

    assert facts.body["attributes"] == {}
    assert facts.body["provisioners"] == [
        {"kind": "remote-exec", "at": "provisioner[remote-exec]", "when": "create"},
        {"kind": "local-exec", "at": "provisioner[local-exec]", "when": "destroy"},
    ]
    assert [span.line for span in facts.locate(["provisioner[local-exec]"]) if span] == [5]


def test_true_and_false_in_quotation_marks_are_truth_values_except_in_maps(tmp_path: Path) -> None:
    body = _body(
        tmp_path, 'resource "x" "y" {\n  a = "true"\n  b {\n    c = "false"\n  }\n  d = { e = "true" }\n}\n', "x.y"
    )

    assert body["attributes"] == {"a": True, "b": [{"c": False}], "d": {"e": "true"}}


def test_variables_and_outputs_say_whether_they_are_sensitive(tmp_path: Path) -> None:
    text = 'variable "v" {\n  type = list(string)\n  sensitive = true\n}\noutput "o" {\n  value = 1\n}\n'

    assert _body(tmp_path, text, "var.v")["sensitive"] is True
    assert _body(tmp_path, text, "var.v")["attributes"]["type"] == "list(string)"
    assert _body(tmp_path, text, "output.o")["sensitive"] is False


def _provider(folder: Path, text: str) -> dict[str, Any]:
    (provider,) = _body(folder, text, "terraform")["providers"]
    return dict(provider)


@pytest.mark.parametrize(
    ("constraint", "bounded"),
    [
        ("~> 5.0", True),
        ("5.1.0", True),
        ("= 5.1.0", True),
        (">= 5.0, < 6.0", True),
        (">= 5.0", False),
        ("!= 5.1", False),
    ],
)
def test_constraints_of_providers_keep_later_versions_out_or_do_not(
    tmp_path: Path, constraint: str, *, bounded: bool
) -> None:
    required = f'required_providers {{\n  aws = {{ version = "{constraint}" }}\n}}'
    text = f'terraform {{\n{required}\n}}\nprovider "aws" {{}}\n'

    assert _provider(tmp_path, text) == {
        "name": "aws",
        "source": "hashicorp/aws",
        "constraint": constraint,
        "bounded": bounded,
        "locked": None,
        "at": "required_providers.aws",
        "reusable": False,
    }


def test_the_lock_file_pins_a_provider_that_is_only_used(tmp_path: Path) -> None:
    (tmp_path / ".terraform.lock.hcl").write_text(
        'provider "registry.terraform.io/hashicorp/aws" {\n  version = "6.2.0"\n  hashes = ["h1:x"]\n}\n',
        encoding="utf-8",
    )

    provider = _provider(tmp_path, 'resource "aws_vpc" "a" {}\n')

    assert (provider["constraint"], provider["locked"], provider["reusable"]) == (None, "6.2.0", False)


def test_a_folder_that_configures_nothing_is_meant_to_be_called(tmp_path: Path) -> None:
    assert _provider(tmp_path, 'resource "aws_vpc" "a" {}\n')["reusable"] is True


def test_providers_are_told_where_they_are_required(tmp_path: Path) -> None:
    text = (
        'provider "aws" {}\nterraform {\n  required_version = "1.13"\n  required_providers {\n    aws = "5.0"\n  }\n}\n'
    )

    facts = _facts(tmp_path, text, "terraform")

    assert facts.body["attributes"]["required_version"] == "1.13"
    assert facts.body["providers"][0]["constraint"] == "5.0"
    assert [span.line for span in facts.locate(["required_providers.aws"]) if span] == [5]


def test_a_version_within_the_provider_block_counts(tmp_path: Path) -> None:
    assert _provider(tmp_path, 'provider "aws" {\n  version = "~> 2.0"\n}\n')["constraint"] == "~> 2.0"
