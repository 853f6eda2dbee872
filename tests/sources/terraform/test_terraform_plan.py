"""Plans and states, as `terraform show -json` prints them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.sources.terraform import Reading, is_plan, read_plan

_SCHEMA = Path(__file__).resolve().parents[3] / "rules" / "schemas" / "terraform.json"


def _resource(address: str, values: dict[str, Any], **more: object) -> dict[str, Any]:
    kind, name = address.partition("[")[0].split(".")[-2:]
    resource = {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": values,
    }
    return resource | more


def _plan(*resources: dict[str, Any], changes: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "format_version": "1.2",
        "terraform_version": "1.13.4",
        "planned_values": {"root_module": {"resources": list(resources)}},
        "resource_changes": list(changes),
    } | more


def _change(address: str, **change: object) -> dict[str, Any]:
    return {"address": address, "change": change}


def _bodies(reading: Reading) -> dict[str, dict[str, Any]]:
    return {facts.body["address"]: dict(facts.body) for facts in reading.facts}


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        (_plan(), True),
        ({"format_version": "1.0", "terraform_version": "1.13.4", "values": {}}, True),
        ({"format_version": "1.0", "values": {}}, True),
        ({"format_version": "1.0"}, False),
        ({"format_version": 1, "terraform_version": "1.13.4"}, False),
        ({"apiVersion": "v1", "kind": "ConfigMap", "values": {}}, False),
    ],
)
def test_a_plan_or_state_is_recognised_by_what_it_holds(document: dict[str, Any], answer: object) -> None:
    assert is_plan(document) is answer


def test_a_planned_resource_is_known_as_far_as_the_plan_knows_it() -> None:
    change = _change(
        "aws_instance.app",
        actions=["create"],
        before=None,
        after_unknown={"id": True, "metadata_options": True, "root_block_device": [{"volume_id": True}], "tags": {}},
    )
    values = {"ami": "ami-1", "tags": {"Name": "a"}, "root_block_device": [{"volume_size": 8}]}

    reading = read_plan(_plan(_resource("aws_instance.app", values), changes=(change,)), "plan.json")

    body = _bodies(reading)["aws_instance.app"]
    assert reading.gaps == ()
    assert (body["source"], body["provider"], body["actions"]) == ("plan", "aws", ["create"])
    assert body["attributes"]["root_block_device"] == [{"volume_size": 8, "volume_id": None}]
    assert body["unknown"] == ["root_block_device.volume_id", "id", "metadata_options"]
    assert body["lifecycle"] is None


def test_a_change_in_place_says_what_changes() -> None:
    change = _change(
        "aws_instance.app",
        actions=["update"],
        before={"ami": "ami-1", "size": 1, "arn": "a", "same": 1},
        after={"ami": "ami-2", "size": 2, "same": 1},
        after_unknown={"arn": True},
    )

    body = _bodies(read_plan(_plan(_resource("aws_instance.app", {}), changes=(change,)), "p"))["aws_instance.app"]

    assert (body["actions"], body["changed"]) == (["update"], ["ami", "size"])


def test_a_change_that_is_only_known_later_is_a_change_where_there_is_no_other() -> None:
    change = _change("x.y", actions=["update"], before={"ami": "a"}, after={}, after_unknown={"ami": True, "id": True})

    assert _bodies(read_plan(_plan(_resource("x.y", {}), changes=(change,)), "p"))["x.y"]["changed"] == ["ami"]


def test_what_is_sensitive_is_hidden() -> None:
    resource = _resource(
        "aws_db_instance.main",
        {"password": "hunter2", "list": [{"token": "hunter3", "size": 1}], "absent": None},
        sensitive_values={"password": True, "list": [{"token": True}], "absent": True},
    )

    (facts,) = read_plan(_plan(resource), "p").facts

    assert facts.body["attributes"] == {
        "password": "(sensitive)",
        "list": [{"token": "(sensitive)", "size": 1}],
        "absent": None,
    }
    assert facts.lines(1) is None
    assert facts.locate(["password"]) == [None]


def test_secrets_that_the_configuration_writes_out_are_found() -> None:
    root = {
        "variables": {"db_password": {"default": "hunter2"}, "size": {"default": 1, "sensitive": True}},
        "resources": [
            {
                "address": "aws_db_instance.main",
                "expressions": {
                    "password": {"constant_value": "hunter3"},
                    "user": {"constant_value": "app"},
                    "block": [{"api_key": {"constant_value": "hunter4"}}],
                },
            }
        ],
        "module_calls": {
            "net": {
                "source": "a/b/c",
                "version_constraint": "1.0",
                "module": {"resources": [{"address": "x.y", "expressions": {"token": {"constant_value": "hunter5"}}}]},
            }
        },
    }
    inner = {"address": "module.net", "resources": [_resource("module.net.x.y", {})]}
    planned = {"root_module": {"resources": [_resource("aws_db_instance.main", {})], "child_modules": [inner]}}

    bodies = _bodies(read_plan(_plan(planned_values=planned, configuration={"root_module": root}), "p"))

    assert {address: body["secrets"] for address, body in bodies.items() if body["secrets"]} == {
        "var.db_password": ["default"],
        "aws_db_instance.main": ["password", "block.api_key"],
        "module.net.x.y": ["token"],
    }
    assert bodies["var.size"]["sensitive"] is True
    assert bodies["module.net"]["attributes"] == {"source": "a/b/c", "version": "1.0"}


def test_instances_that_are_alike_are_told_once() -> None:
    alike = [_resource(f"aws_subnet.a[{index}]", {"cidr_block": f"10.0.{index}.0/24"}) for index in range(3)]
    different = [_resource(f'aws_subnet.b["{key}"]', {"public": key == "x"}) for key in "xy"]

    bodies = _bodies(read_plan(_plan(*alike, *different), "p"))

    assert list(bodies) == ["aws_subnet.a", 'aws_subnet.b["x"]', 'aws_subnet.b["y"]']
    assert bodies["aws_subnet.a"]["unknown"] == ["cidr_block"]


def test_modules_are_named_without_their_indexes() -> None:
    inner = {"address": 'module.net["a]b"].module.dns[0]', "resources": [_resource("x.y", {"v": 1})]}
    planned = {"root_module": {"child_modules": [{"address": 'module.net["a]b"]', "child_modules": [inner]}]}}

    assert list(_bodies(read_plan(_plan(planned_values=planned), "p"))) == ["module.net.module.dns.x.y"]


def test_a_plan_knows_the_tags_with_the_default_tags() -> None:
    resource = _resource("aws_vpc.main", {"tags": {"a": "1"}, "tags_all": {"a": "1", "b": "2"}})

    assert _bodies(read_plan(_plan(resource), "p"))["aws_vpc.main"]["tags"] == {"a": "1", "b": "2"}


def test_a_state_tells_what_is_there_and_plans_nothing() -> None:
    resources = [_resource("aws_vpc.main", {"id": "vpc-1"}), _resource("data.aws_ami.a", {}, mode="data")]
    state = {
        "format_version": "1.0",
        "terraform_version": "1.13.4",
        "values": {"root_module": {"resources": resources}},
    }

    bodies = _bodies(read_plan(state, "state.json"))

    assert bodies["aws_vpc.main"]["source"] == "state"
    assert bodies["aws_vpc.main"]["actions"] is None
    assert bodies["data.aws_ami.a"]["block"] == "data"


def test_a_resource_without_a_type_is_a_gap() -> None:
    reading = read_plan(_plan({"address": "x", "mode": "managed"}), "plan.json")

    assert [(gap.about, gap.why) for gap in reading.gaps] == [("plan.json", "the resource x has no type or name")]


def test_a_security_group_of_a_plan_lets_through_what_it_says() -> None:
    rule = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    reading = read_plan(_plan(_resource("aws_security_group.g", {"ingress": [rule]})), "p")

    (found,) = _bodies(reading)["aws_security_group.g"]["network_rules"]

    assert (found["open"], found["at"]) == (True, "ingress[22].cidr_blocks")


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
_NODES = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("address", "type", "name", "mode", "values", "sensitive_values", "change", "resources", "child_modules"), _ANY
    ),
)


@settings(deadline=None)
@given(values=_ANY, sensitive=_ANY, unknown=_ANY, node=_NODES, configuration=_ANY)
def test_a_plan_that_is_not_as_documented_gives_facts_or_gaps_and_never_a_crash(
    values: object, sensitive: object, unknown: object, node: dict[str, Any], configuration: object
) -> None:
    schema = orjson.loads(_SCHEMA.read_bytes())
    schema["required"].remove("params")
    resource = _resource("a.b", {}) | {"values": values, "sensitive_values": sensitive}
    change = _change("a.b", actions=["update"], before=values, after=sensitive, after_unknown=unknown)
    planned = {"root_module": {"resources": [resource, node], "child_modules": [node]}}
    document = _plan(planned_values=planned, changes=(change,), configuration={"root_module": configuration})

    for facts in read_plan(document, "p").facts:
        jsonschema_rs.validator_for(schema).validate(orjson.loads(orjson.dumps(facts.body)))
