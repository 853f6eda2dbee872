"""Machines: addresses, images, templates, zones, and what their start scripts give away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_TEMPLATE = "launch_template {{\n version = {}\n}}"
_FILTER = 'most_recent = true\nfilter {{\n name = "name"\n values = ["{}"]\n}}'


@pytest.mark.parametrize(
    ("kind", "inner", "setting", "told"),
    [
        (
            "aws_instance",
            "associate_public_ip_address = true",
            "public_address",
            {"value": True, "at": "associate_public_ip_address"},
        ),
        (
            "aws_launch_template",
            "network_interfaces {\n associate_public_ip_address = true\n}",
            "public_address",
            {"value": True, "at": "network_interfaces.associate_public_ip_address"},
        ),
        ("aws_launch_template", "network_interfaces {}", "public_address", None),
        (
            "google_compute_instance",
            "network_interface {\n access_config {}\n}",
            "public_address",
            {"value": True, "at": "network_interface.access_config"},
        ),
        (
            "google_compute_instance",
            'network_interface {\n dynamic "access_config" {\n for_each = var.v\n content {}\n }\n}',
            "public_address",
            {"value": None, "at": "network_interface.access_config"},
        ),
        ("google_compute_instance", "network_interface {}", "public_address", None),
        (
            "azurerm_network_interface",
            'ip_configuration {\n name = "a"\n public_ip_address_id = azurerm_public_ip.a.id\n}',
            "public_address",
            {"value": True, "at": "ip_configuration[a]"},
        ),
        (
            "azurerm_network_interface",
            'ip_configuration {\n name = "a"\n public_ip_address_id = var.v\n}',
            "public_address",
            {"value": None, "at": "ip_configuration[a].public_ip_address_id"},
        ),
        (
            "azurerm_network_interface",
            'ip_configuration {\n name = "a"\n}',
            "public_address",
            {"value": False, "at": "ip_configuration"},
        ),
        (
            "aws_autoscaling_group",
            _TEMPLATE.format('"$Latest"'),
            "moving_template",
            {"value": True, "at": "launch_template.version"},
        ),
        (
            "aws_autoscaling_group",
            "launch_template {}",
            "moving_template",
            {"value": True, "at": "launch_template.version"},
        ),
        (
            "aws_autoscaling_group",
            _TEMPLATE.format("3"),
            "moving_template",
            {"value": False, "at": "launch_template.version"},
        ),
        (
            "aws_autoscaling_group",
            _TEMPLATE.format("aws_launch_template.a.latest_version"),
            "moving_template",
            {"value": False, "at": "launch_template.version"},
        ),
        (
            "aws_autoscaling_group",
            _TEMPLATE.format("var.v"),
            "moving_template",
            {"value": None, "at": "launch_template.version"},
        ),
        ("aws_autoscaling_group", "", "moving_template", None),
        ("aws_autoscaling_group", "", "new_versions_roll_out", {"value": False, "at": "instance_refresh"}),
        (
            "aws_autoscaling_group",
            'instance_refresh {\n strategy = "Rolling"\n}',
            "new_versions_roll_out",
            {"value": True, "at": "instance_refresh"},
        ),
        ("aws_autoscaling_group", "vpc_zone_identifier = [aws_subnet.a.id]", "zones", {"value": 1, "at": "zones"}),
        (
            "aws_autoscaling_group",
            "vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]",
            "zones",
            {"value": 2, "at": "zones"},
        ),
        ("aws_autoscaling_group", "vpc_zone_identifier = [var.v]", "zones", None),
        ("aws_autoscaling_group", "vpc_zone_identifier = var.v", "zones", None),
        ("aws_autoscaling_group", 'availability_zones = ["a", "a"]', "zones", {"value": 1, "at": "zones"}),
        (
            "google_compute_instance",
            'boot_disk {\n initialize_params {\n image = "projects/p/global/images/family/f"\n }\n}',
            "moving_image",
            {"value": True, "at": "boot_disk.initialize_params.image"},
        ),
    ],
)
def test_a_setting_and_its_place(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, setting: str, told: object
) -> None:
    assert read(kind, inner)["machine"][setting] == told


@pytest.mark.parametrize(
    ("kind", "inner", "moving"),
    [
        ("aws_ami", "most_recent = true", True),
        ("aws_ami", "", False),
        ("aws_ami", "most_recent = var.v", None),
        ("aws_ami", _FILTER.format("app-*"), True),
        ("aws_ami", _FILTER.format("app-20250821"), False),
        ("aws_ssm_parameter", 'name = "/aws/service/ami-amazon-linux-latest/latest/x"', True),
        ("aws_ssm_parameter", 'name = "/shop/image"', False),
        ("google_compute_image", 'family = "debian-12"', True),
        ("google_compute_image", 'name = "debian-12-v20250821"', False),
    ],
)
def test_an_image_that_is_another_one_tomorrow(
    read: Callable[..., dict[str, Any]], kind: str, inner: str, *, moving: bool | None
) -> None:
    assert read(kind, inner, block="data")["machine"]["moving_image"]["value"] is moving


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("export DB_PASSWORD=hunter2", ["DB_PASSWORD"]),
        ("DB_PASSWORD = 'hunter2'", ["DB_PASSWORD"]),
        ("$env:API_TOKEN = hunter2", ["API_TOKEN"]),
        ("echo AKIA" + "IOSFODNN7EXAMPLE", ["an AWS access key"]),
        ("-----BEGIN RSA PRIVATE KEY-----", ["a private key"]),
        ("DB_PASSWORD=$(fetch)", []),
        ("DB_PASSWORD=`fetch`", []),
        ("DB_PASSWORD=${var.v}", []),
        ("DB_PASSWORD_FILE=/run/secrets/db", []),
        ("echo password=hunter2", []),
    ],
)
def test_secrets_that_are_written_out_in_a_script(
    read: Callable[..., dict[str, Any]], line: str, found: list[str]
) -> None:
    body = read("aws_instance", f"user_data = <<-EOT\n#!/bin/sh\n{line}\nEOT")

    assert [secret["what"] for secret in body["machine"]["script_secrets"]] == found


def test_a_script_in_base64_is_read(read: Callable[..., dict[str, Any]]) -> None:
    body = read("aws_launch_template", 'user_data = base64encode("DB_PASSWORD=hunter2")')

    assert body["machine"]["script_secrets"] == [{"at": "user_data", "what": "DB_PASSWORD"}]


def test_a_script_with_something_unknown_in_it_is_still_read(read: Callable[..., dict[str, Any]]) -> None:
    body = read("aws_instance", 'user_data = "HOST=${var.v}\\nDB_PASSWORD=hunter2"')

    assert body["machine"]["script_secrets"] == [{"at": "user_data", "what": "DB_PASSWORD"}]
    assert "user_data" in body["unknown"]


def test_what_is_no_machine_says_nothing_of_one(read: Callable[..., dict[str, Any]]) -> None:
    assert read("aws_vpc", "")["machine"] is None
