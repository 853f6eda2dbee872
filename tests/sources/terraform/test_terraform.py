"""Folders of Terraform files: the seed's samples, what is known of them, and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.model import Facts, Span
from compliance.sources.terraform import Reading, read_folder

_ROOT = Path(__file__).resolve().parents[3]
_SEED = _ROOT / "examples" / "seed" / "terraform"
_GOOD = _ROOT / "examples" / "good" / "terraform"


def _by_address(reading: Reading) -> dict[str, Facts]:
    return {facts.body["address"]: facts for facts in reading.facts}


def _line(facts: Facts, at: str) -> int:
    (span,) = facts.locate([at])
    assert span is not None
    return span.line


def _write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.tf").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def schema() -> jsonschema_rs.Validator:
    shape = orjson.loads((_ROOT / "rules" / "schemas" / "terraform.json").read_bytes())
    # The engine's side adds the parameters.
    shape["required"].remove("params")
    return jsonschema_rs.validator_for(shape)


def test_the_instance_of_the_seed_is_known_with_its_tags_and_its_lifecycle() -> None:
    facts = _by_address(read_folder(_SEED / "app", "app"))["aws_instance.app"]

    assert str(facts.subject) == "terraform/app/aws_instance.app"
    assert str(facts.origin) == "app/main.tf:20:1"
    assert facts.body["tags"] == {
        "Name": "prod-app-v1.2.0",
        "Environment": "prod",
        "Version": "1.2.0",
        "ManagedBy": "terraform",
    }
    assert facts.body["lifecycle"] == {
        "create_before_destroy": True,
        "prevent_destroy": False,
        "ignore_changes": [],
    }
    assert facts.body["references"] == ["aws_security_group.app_sg", "var.app_version", "var.environment"]


def test_a_file_that_is_not_there_makes_the_attribute_unknown_and_not_absent() -> None:
    body = _by_address(read_folder(_SEED / "app", "app"))["aws_instance.app"].body

    assert body["attributes"]["user_data"] is None
    assert body["unknown"] == ["user_data", "vpc_security_group_ids"]
    assert "key_name" not in body["attributes"]


def test_places_lead_to_the_line_of_the_attribute_or_of_what_is_around_it() -> None:
    facts = _by_address(read_folder(_SEED / "app", "app"))
    instance, group = facts["aws_instance.app"], facts["aws_security_group.app_sg"]

    assert _line(instance, "user_data") == 23
    assert _line(instance, "tags.Version") == 30
    assert _line(instance, "tags.Missing") == 27
    assert _line(instance, "lifecycle.create_before_destroy") == 36
    assert _line(instance, "metadata_options.http_tokens") == 20
    assert _line(group, "ingress[443].cidr_blocks") == 56
    assert _line(group, "ingress[22].cidr_blocks") == 45


def test_lines_of_the_file_can_be_shown() -> None:
    facts = _by_address(read_folder(_SEED / "app", "app"))["aws_instance.app"]

    assert facts.lines(21) == '  ami           = "ami-0c55b159cbfafe1f0"'
    assert facts.lines(10_000) is None


def test_variables_without_a_default_leave_one_instance_that_stands_for_all() -> None:
    reading = read_folder(_SEED / "blue-green", "bg")
    blue = _by_address(reading)["aws_instance.blue"].body

    assert reading.gaps == ()
    assert blue["repetition"] == {"by": "count", "instances": None}
    assert blue["unknown"] == ["ami", "tags.Name"]
    assert blue["tags"] == {"Name": None, "Environment": "production", "Color": "blue"}


def test_the_whole_network_of_the_seed_is_read_without_a_gap() -> None:
    reading = read_folder(_SEED / "network", "net")
    facts = _by_address(reading)

    assert reading.gaps == ()
    assert facts["aws_vpc.main"].body["lifecycle"]["prevent_destroy"] is True
    assert facts["aws_subnet.public"].body["attributes"]["map_public_ip_on_launch"] is True
    assert facts["aws_nat_gateway.main"].body["references"] == [
        "aws_eip.nat",
        "aws_internet_gateway.main",
        "aws_subnet.public",
        "var.availability_zones",
        "var.environment",
    ]


def test_the_database_of_the_seed_has_no_encryption_and_no_written_password() -> None:
    body = _by_address(read_folder(_SEED / "database", "db"))["aws_db_instance.main"].body

    assert "storage_encrypted" not in body["attributes"]
    assert body["attributes"]["multi_az"] is True
    assert "password" in body["unknown"]
    assert body["secrets"] == []


def test_the_unclosed_block_is_a_gap_and_the_blocks_before_it_are_judged() -> None:
    reading = read_folder(_SEED / "network-broken", "net")

    (gap,) = reading.gaps
    assert gap.why == 'the block resource "aws_internet_gateway" "main" is never closed'
    assert str(gap.origin) == "net/network.tf:48:1"
    assert {"aws_vpc.main", "aws_subnet.public", "aws_subnet.private"} <= _by_address(reading).keys()


def test_a_broken_file_does_not_hide_its_neighbour(tmp_path: Path) -> None:
    folder = _write(tmp_path, a='resource "x" "broken" {\n  y =\n}\n', b='resource "x" "whole" {\n  y = 1\n}\n')

    reading = read_folder(folder, "")

    assert [str(gap.origin) for gap in reading.gaps] == ["a.tf:2:6"]
    assert "x.whole" in _by_address(reading)


def test_the_good_example_is_known_as_far_as_rules_care() -> None:
    reading = read_folder(_GOOD, "good")

    assert reading.gaps == ()
    assert {address.partition(".")[0] for address in _by_address(reading)} >= {"aws_launch_template", "aws_db_instance"}


@pytest.mark.parametrize(
    "folder",
    [
        *sorted(path.parent for path in _ROOT.glob("examples/*/terraform/**/*.tf")),
        *sorted(_ROOT.glob("rules/*/*/examples")),
    ],
    ids=lambda folder: folder.relative_to(_ROOT).as_posix(),
)
def test_facts_fit_their_schema(folder: Path, schema: jsonschema_rs.Validator) -> None:
    for facts in read_folder(folder, "x").facts:
        schema.validate(orjson.loads(orjson.dumps(facts.body)))


def test_the_same_address_in_two_folders_is_two_subjects(tmp_path: Path) -> None:
    folder = _write(tmp_path, main='resource "x" "y" {}\n')

    one, other = (_by_address(read_folder(folder, prefix))["x.y"].subject for prefix in ("dev", "prod"))

    assert one != other


def test_the_digest_is_of_the_texts_and_not_of_the_folder(tmp_path: Path) -> None:
    folder = _write(tmp_path, main='resource "x" "y" {}\n')

    assert read_folder(folder, "a").sha256 == read_folder(folder, "b").sha256
    assert read_folder(folder, "a").sha256 != read_folder(_write(tmp_path, other=""" """), "a").sha256


def test_the_current_folder_needs_no_prefix(tmp_path: Path) -> None:
    facts = _by_address(read_folder(_write(tmp_path, main='resource "x" "y" {}\n'), "."))["x.y"]

    assert (facts.origin.file, facts.subject.namespace) == ("main.tf", None)


def test_a_folder_without_terraform_tells_only_of_itself(tmp_path: Path) -> None:
    (facts,) = read_folder(tmp_path, "empty").facts

    assert facts.body["block"] == "terraform"
    assert facts.body["providers"] == []


_PIECES = st.sampled_from(
    [
        *('resource "aws_instance" "a" {', 'dynamic "b" {', "content {", "lifecycle {", "tags = {", "x = ", "}", "\n"),
        *("1", '"text"', "var.a", "local.b", "each.key", "[", "]", "(", ")", "${", "%{ if x }", "<<EOT\n", "EOT\n"),
        *("for x in y : x", "=>", "? 1 : 2", "...", "[*]", ".id", "&&", "jsonencode(", "#", "/*", "count = 3"),
    ]
)


@settings(deadline=None)
@given(st.one_of(st.text(), st.lists(_PIECES).map(" ".join)))
def test_any_text_gives_facts_or_a_gap_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, schema: jsonschema_rs.Validator, text: str
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "main.tf").write_bytes(text.encode("utf-8", "surrogatepass"))

    reading = read_folder(folder, "x")

    assert all(gap.origin and gap.origin.file.startswith("x") for gap in reading.gaps)
    for facts in reading.facts:
        schema.validate(orjson.loads(orjson.dumps(facts.body)))
        assert all(isinstance(span, Span) for span in facts.locate([*facts.body["unknown"], "a.b[c].d"]))


@settings(deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_gives_facts_or_a_gap_and_never_a_crash(
    tmp_path_factory: pytest.TempPathFactory, schema: jsonschema_rs.Validator, value: object
) -> None:
    folder = tmp_path_factory.mktemp("json")
    document = {"resource": {"aws_instance": {"a": value}}, "variable": value, "locals": value, "module": {"m": value}}
    (folder / "main.tf.json").write_text(json.dumps(document), encoding="utf-8")

    for facts in read_folder(folder, "x").facts:
        schema.validate(orjson.loads(orjson.dumps(facts.body)))
