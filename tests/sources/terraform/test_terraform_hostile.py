"""Input that is made to hurt: every one ends soon, in facts or in a gap."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from compliance.sources.terraform import Reading, read_folder

if TYPE_CHECKING:
    from pathlib import Path


def _read(folder: Path, text: str) -> Reading:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return read_folder(folder, "x")


def _whys(reading: Reading) -> list[str]:
    return [gap.why for gap in reading.gaps]


def _doubling(first: str, pattern: str) -> str:
    lines = [f"  a0 = {first}", *(f"  a{i} = {pattern.replace('?', f'local.a{i - 1}')}" for i in range(1, 80))]
    return "locals {\n" + "\n".join(lines) + "\n}\n"


def test_a_billion_instances_are_a_gap_and_some_of_them_are_judged(tmp_path: Path) -> None:
    reading = _read(tmp_path, 'resource "x" "y" {\n  count = 1000000000\n}\n')

    assert _whys(reading) == ["it is there 1000000000 times, and only the first 100 were judged"]
    assert "x.y" in [facts.body["address"] for facts in reading.facts]


@pytest.mark.untraced
def test_too_many_instances_of_many_blocks_are_a_gap(tmp_path: Path) -> None:
    text = "".join(f'resource "x" "y{i}" {{\n  count = 100\n  v = count.index\n}}\n' for i in range(110))

    assert _whys(_read(tmp_path, text)) == ["there are more than 10000 blocks, and only so many were judged"]


def test_modules_that_call_themselves_many_times_are_a_gap(tmp_path: Path) -> None:
    text = "".join(f'module "m{i}" {{\n  source = "./"\n}}\n' for i in range(20))

    whys = _whys(_read(tmp_path, text))

    assert "more than 200 modules are called" in whys


@pytest.mark.parametrize(
    "text",
    [
        _doubling('"xxxxxxxxxx"', '"${?}${?}"') + 'resource "x" "y" {\n  v = local.a79\n}\n',
        _doubling('["x"]', "[?, ?]") + 'resource "x" "y" {\n  v = local.a79\n}\n',
        _doubling('["x"]', "[?, ?]") + 'resource "x" "y" {\n  v = jsonencode(local.a79) == local.a78\n}\n',
        _doubling('["x"]', "concat(?, ?)") + 'resource "x" "y" {\n  v = local.a79\n}\n',
        'locals {\n  r = range(9000)\n}\nresource "x" "y" {\n  v = flatten([for a in local.r : local.r])\n}\n',
        'resource "x" "y" {\n  v = replace(format("%1000d", 1), " ", format("%1000d", 1))\n}\n',
        'resource "x" "y" {\n  v = indent(10000, join("", [for i in range(1000) : "\\n"]))\n}\n',
        'resource "x" "y" {\n  v = setproduct(range(1000), range(1000))\n}\n',
        'resource "x" "y" {\n  v = formatlist("%s%s", range(10000), format("%1000d", 1))\n}\n',
        'resource "x" "y" {\n  v = jsondecode("' + "[" * 1000 + "]" * 1000 + '")\n}\n',
    ],
)
def test_values_that_grow_without_end_are_unknown(tmp_path: Path, text: str) -> None:
    reading = _read(tmp_path, text)

    body = next(facts.body for facts in reading.facts if facts.body["address"] == "x.y")
    assert body["unknown"]


@pytest.mark.untraced
def test_loops_within_loops_are_a_gap(tmp_path: Path) -> None:
    text = 'locals {\n  r = range(1000)\n}\nresource "x" "y" {\n  v = [for a in local.r : [for b in local.r : b]]\n}\n'

    assert _whys(_read(tmp_path, text)) == ["it takes too many steps to evaluate, so some values are taken as unknown"]


def test_a_long_chain_of_names_is_unknown_at_its_end(tmp_path: Path) -> None:
    chain = "".join(f"  a{i} = local.a{i + 1}\n" for i in range(3000))
    reading = _read(tmp_path, f'locals {{\n{chain}  a3000 = 1\n}}\nresource "x" "y" {{\n  v = local.a0\n}}\n')

    assert next(facts.body["unknown"] for facts in reading.facts if facts.body["address"] == "x.y") == ["v"]


@pytest.mark.parametrize("text", ["x = 1 +" * 5000, "((" * 5000, "[" * 5000, "!" * 5000, "a {\n" * 5000, '"${' * 5000])
def test_deep_nesting_is_a_gap(tmp_path: Path, text: str) -> None:
    assert _read(tmp_path, f'resource "x" "y" {{\n  v = {text}').gaps != ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xff\xfe\x00", "no UTF-8 text"),
        (b"#" + b"x" * 1024 * 1024, "larger than 1024 KiB"),
    ],
)
def test_a_file_that_is_no_sane_text_is_a_gap(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "main.tf").write_bytes(content)

    (gap,) = read_folder(tmp_path, "x").gaps

    assert (gap.about, gap.why) == ("x/main.tf", why)


def test_what_is_no_regular_file_is_a_gap(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tf")
    (tmp_path / "loop.tf").symlink_to("loop.tf")
    (tmp_path / "gone.tf").symlink_to("nowhere.tf")
    (tmp_path / "folder.tf").mkdir()

    gaps = {gap.about: gap.why for gap in read_folder(tmp_path, "x").gaps}

    assert gaps["x/pipe.tf"] == "no regular file"
    assert gaps["x/folder.tf"] == "cannot be read: Is a directory"
    assert gaps["x/loop.tf"].startswith("cannot be read: Too many levels")
    assert gaps["x/gone.tf"] == "cannot be read: No such file or directory"


def test_a_link_to_a_file_of_another_kind_is_a_gap_and_one_to_shared_terraform_is_not(tmp_path: Path) -> None:
    folder = tmp_path / "root"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("hunter2", encoding="utf-8")
    (tmp_path / "shared.tf").write_text('resource "x" "shared" {}\n', encoding="utf-8")
    (folder / "secret.tf").symlink_to(tmp_path / "secret.txt")
    (folder / "common.tf").symlink_to(tmp_path / "shared.tf")

    reading = read_folder(folder, "x")

    assert _whys(reading) == ["a symbolic link to a file of another kind"]
    assert "x.shared" in [facts.body["address"] for facts in reading.facts]


def test_too_many_files_are_a_gap(tmp_path: Path) -> None:
    for number in range(1001):
        (tmp_path / f"f{number}.tf").touch()

    assert _whys(read_folder(tmp_path, "x")) == ["holds 1001 Terraform files, and only the first 1000 are read"]


def test_a_module_that_is_a_symbolic_link_to_its_caller_ends(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    reading = _read(tmp_path, 'module "m" {\n  source = "./loop"\n}\n')

    assert _whys(reading) == ["modules are nested more than 10 deep"]


@pytest.mark.parametrize(
    "text",
    [
        'data "aws_ami" "a" {\n filter {\n  name = ["name"]\n  values = ["x"]\n }\n}\n',
        'data "aws_iam_policy_document" "a" {\n statement {\n  effect = ["Allow"]\n  actions = ["*"]\n }\n}\n',
        'resource "aws_vpc" "a" {\n lifecycle {\n  prevent_destroy = [true]\n  create_before_destroy = {}\n }\n}\n',
        """
        resource "aws_nat_gateway" "a" {}
        resource "aws_subnet" "a" {
          availability_zone = ["a"]
          map_public_ip_on_launch = []
        }
        """,
    ],
    ids=["a filter's name", "a statement's effect", "lifecycle", "a subnet's zone"],
)
def test_a_value_of_another_type_counts_as_absent(tmp_path: Path, text: str) -> None:
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    reading = read_folder(tmp_path, "")
    assert len(reading.facts) > 0
    assert reading.gaps == ()
