"""What expressions come to, and that what cannot be known is unknown and never a guess."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from compliance.sources.terraform import read_folder

if TYPE_CHECKING:
    from pathlib import Path

_NAMES = """
variable "given" { default = "g" }
variable "secret" {}
variable "sizes" {
  type = map(number)
  default = { a = "1", b = 2 }
}
variable "disk" {
  type    = object({ size = number, encrypted = optional(bool, true), label = optional(string) })
  default = { size = "8" }
}
variable "set" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "never_null" {
  default  = "d"
  nullable = false
}
locals {
  tags    = { Team = "shop" }
  twice   = "${var.given}${var.given}"
  itself  = local.itself
  unknown = { known = 1, secret = var.secret }
}
data "aws_ami" "newest" {}
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "each" {
  for_each   = { a = 1, b = 2 }
  cidr_block = cidrsubnet(aws_vpc.main.cidr_block, 8, each.value)
}
resource "aws_subnet" "counted" {
  count      = 2
  cidr_block = "10.1.${count.index}.0/24"
}
resource "aws_subnet" "unknown" {
  count      = var.secret
  cidr_block = "10.2.0.0/24"
}
"""
_UNKNOWN = object()


def _value(folder: Path, expression: str) -> object:
    (folder / "main.tf").write_text(f'{_NAMES}\nresource "x" "y" {{\n  v = {expression}\n}}\n', encoding="utf-8")
    reading = read_folder(folder, "")
    assert reading.gaps == ()
    body = next(facts.body for facts in reading.facts if facts.body["address"] == "x.y")
    return _UNKNOWN if "v" in body["unknown"] else body["attributes"]["v"]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("var.given", "g"),
        ("local.twice", "gg"),
        ('var.sizes.a + var.sizes["b"]', 3),
        ("var.disk", {"size": 8, "encrypted": True, "label": None}),
        ("var.set", ["a", "b"]),
        ("[for k, v in var.set : k]", ["a", "b"]),
        ("merge(local.tags, { Name = var.given })", {"Team": "shop", "Name": "g"}),
        ("aws_vpc.main.cidr_block", "10.0.0.0/16"),
        ('aws_subnet.each["b"].cidr_block', "10.0.2.0/24"),
        ('[for k, s in aws_subnet.each : "${k}=${s.cidr_block}"]', ["a=10.0.1.0/24", "b=10.0.2.0/24"]),
        ("aws_subnet.counted[*].cidr_block", ["10.1.0.0/24", "10.1.1.0/24"]),
        ("aws_subnet.counted[1].cidr_block", "10.1.1.0/24"),
        ("aws_subnet.unknown[0].cidr_block", "10.2.0.0/24"),
        ("aws_vpc.main[*].cidr_block", ["10.0.0.0/16"]),
        ("null[*]", []),
        ("false && var.secret", False),
        ("true || var.secret", True),
        ("var.secret && false", False),
        ('var.secret ? "a" : "a"', "a"),
        ("true ? 1 : var.secret", 1),
        ('1 == "1"', False),
        ("true == 1", False),
        ("[1, { a = 2 }] == [1, { a = 2 }]", True),
        ('try(local.tags.Owner, "nobody")', "nobody"),
        ("can(local.tags.Owner)", False),
        ("can(local.tags.Team)", True),
        ('contains([var.secret, "x"], "x")', True),
        ("length([var.secret, 1])", 2),
        ('lookup(local.unknown, "known", 0)', 1),
        ("keys({ b = var.secret, a = 1 })", ["a", "b"]),
        ('coalesce(null, "", "third")', "third"),
        ("path.root", "."),
        ("path.module", "."),
    ],
)  # fmt: skip
def test_what_can_be_known_is_known(tmp_path: Path, expression: str, value: object) -> None:
    assert _value(tmp_path, expression) == value


@pytest.mark.parametrize(
    "expression",
    [
        "var.secret",
        "var.undeclared",
        "local.itself",
        "local.undeclared",
        '"prefix-${var.secret}"',
        "data.aws_ami.newest.id",
        "aws_vpc.main.id",
        "aws_vpc.main",
        "aws_vpc.undeclared.cidr_block",
        "aws_subnet.counted.cidr_block",
        "aws_subnet.unknown[*].cidr_block",
        "aws_subnet.each[var.secret].cidr_block",
        "module.undeclared.output",
        "terraform.workspace",
        "path.cwd",
        "each.key",
        "count.index",
        "self.id",
        "var.secret == null",
        "!var.secret",
        "-var.secret",
        "1 + var.secret",
        "true && var.secret",
        'var.secret ? "a" : "b"',
        "merge(local.tags, var.secret)",
        "concat([1], var.secret)",
        "flatten([[1], var.secret])",
        'coalesce(var.secret, "x")',
        'try(var.secret, "x")',
        "can(var.secret)",
        'contains([var.secret], "x")',
        "toset([var.secret])",
        "upper(var.secret)",
        'lookup(var.secret, "a", 1)',
        "[for v in var.secret : v]",
        "[for v in [1] : v if var.secret]",
        "{ for v in [1] : var.secret => v }",
        "var.secret[*].id",
        "max(var.secret...)",
        "timestamp()",
        "uuid()",
        'regex("a+", "aaa")',
        'replace("aaa", "/a+/", "b")',
        'bcrypt("x")',
        "provider::x::y(1)",
        "undeclared_function(1)",
        'file("missing.txt")',
        "1 / 0",
        "local.tags.Owner",
        "[1][5]",
        '"a${[1]}"',
        '"a${null}"',
        'tonumber("x")',
        "element([], 0)",
        "one([1, 2])",
        'format("%z", 1)',
        'cidrsubnet("10.0.0.0/8", 99, 1)',
        'jsondecode("{")',
        "range(1000000000)",
        "pow(10, 400000000)",
        "[var.secret]",
    ],
)
def test_what_cannot_be_known_is_unknown(tmp_path: Path, expression: str) -> None:
    assert _value(tmp_path, expression) is _UNKNOWN


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("abs(-3)", 3),
        ('alltrue([true, "true"])', True),
        ("anytrue([false])", False),
        ('base64decode(base64encode("é"))', "é"),
        ('basename("/a/b.txt")', "b.txt"),
        ("ceil(1.2)", 2),
        ('chomp("a\\n")', "a"),
        ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
        ('cidrhost("10.0.0.0/24", -1)', "10.0.0.255"),
        ('cidrnetmask("10.0.0.0/20")', "255.255.240.0"),
        ('cidrsubnet("fd00::/56", 8, 2)', "fd00:0:0:2::/64"),
        ('cidrsubnets("10.0.0.0/16", 4, 4, 8)', ["10.0.0.0/20", "10.0.16.0/20", "10.0.32.0/24"]),
        ("coalescelist([], [1])", [1]),
        ('compact(["a", "", null])', ["a"]),
        ("concat([1], [2])", [1, 2]),
        ('dirname("a/b")', "a"),
        ("distinct([1, 1, true])", [1, True]),
        ("element([1, 2], 3)", 2),
        ('endswith("ab", "b")', True),
        ("flatten([[1, [2]], [], 3])", [1, 2, 3]),
        ("floor(-1.2)", -2),
        ('format("%s-%03d %5.1f%% %q %t %v %-3s|", "a", 7, 1.25, "q", true, [1], "x")',
         'a-007   1.2% "q" true [1] x  |'),
        ('formatlist("%s-%s", "a", [1, 2])', ["a-1", "a-2"]),
        ('indent(2, "a\\nb")', "a\n  b"),
        ('index(["a", "b"], "b")', 1),
        ('join("-", ["a", 1])', "a-1"),
        ('jsondecode("{\\"a\\": [1]}")', {"a": [1]}),
        ('jsonencode({ b = 1, a = "<" })', '{"a":"\\u003c","b":1}'),
        ("keys({ b = 1, a = 2 })", ["a", "b"]),
        ("log(8, 2)", 3),
        ('lower("A")', "a"),
        ('matchkeys([1, 2], ["a", "b"], ["b"])', [2]),
        ('min(2, "1")', 1),
        ("nonsensitive(sensitive(1))", 1),
        ("one([])", None),
        ('parseint("ff", 16)', 255),
        ("pow(2, 10)", 1024),
        ("range(3)", [0, 1, 2]),
        ("range(1, 6, 2)", [1, 3, 5]),
        ('replace("a.b", ".", "-")', "a-b"),
        ("reverse([1, 2])", [2, 1]),
        ("setintersection([1, 2], [2, 3])", [2]),
        ("setproduct([1], [2, 3])", [[1, 2], [1, 3]]),
        ("setsubtract([1, 2], [2])", [1]),
        ('setunion(["b"], ["a"])', ["a", "b"]),
        ("signum(-5)", -1),
        ("slice([1, 2, 3], 1, 3)", [2, 3]),
        ('sort(["b", "a"])', ["a", "b"]),
        ('split(",", "a,b")', ["a", "b"]),
        ('startswith("ab", "a")', True),
        ('strcontains("abc", "b")', True),
        ('strrev("abc")', "cba"),
        ('substr("hello", -3, -1)', "llo"),
        ('substr("hello", 1, 2)', "el"),
        ("sum([1, 2.5])", 3.5),
        ('tobool("true")', True),
        ("tolist([1])", [1]),
        ("tomap({ a = 1 })", {"a": 1}),
        ('tonumber("1.50")', 1.5),
        ('toset(["b", "a", "b"])', ["a", "b"]),
        ("tostring(1.5)", "1.5"),
        ('transpose({ a = ["x"], b = ["x"] })', {"x": ["a", "b"]}),
        ('trim("?a?", "?")', "a"),
        ('trimprefix("ab", "a")', "b"),
        ('trimspace(" a ")', "a"),
        ('trimsuffix("ab", "b")', "a"),
        ('upper("a")', "A"),
        ('urlencode("a b/é")', "a+b%2F%C3%A9"),
        ("values({ b = 1, a = 2 })", [2, 1]),
        ('zipmap(["a"], [1])', {"a": 1}),
    ],
)  # fmt: skip
def test_functions_answer_as_terraform_documents_them(tmp_path: Path, expression: str, value: object) -> None:
    assert _value(tmp_path, expression) == value


def test_files_beside_the_configuration_are_read_and_filled_in(tmp_path: Path) -> None:
    (tmp_path / "init.sh").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "hello.tftpl").write_text("hello ${name}\n", encoding="utf-8")

    assert _value(tmp_path, 'file("init.sh")') == "#!/bin/sh\n"
    assert _value(tmp_path, 'file("${path.module}/init.sh")') == "#!/bin/sh\n"
    assert _value(tmp_path, 'templatefile("hello.tftpl", { name = "you" })') == "hello you\n"
    assert _value(tmp_path, 'templatefile("hello.tftpl", { name = var.secret })') is _UNKNOWN


def test_files_elsewhere_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")

    assert _value(folder, 'file("../secret.txt")') is _UNKNOWN
    assert _value(folder, f'file("{tmp_path}/secret.txt")') is _UNKNOWN
    assert _value(folder, 'file("link.txt")') is _UNKNOWN
    assert _value(folder, 'file("/dev/zero")') is _UNKNOWN
