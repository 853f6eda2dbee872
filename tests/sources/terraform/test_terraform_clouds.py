"""Firewalls of Google Cloud and Azure, in the shape that security groups of AWS have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_WORLD = 'source_ranges = ["0.0.0.0/0"]\n'
_AZURE = 'direction = "Inbound"\naccess = "Allow"\nprotocol = "Tcp"\n'


def _short(rule: dict[str, Any]) -> tuple[object, ...]:
    return tuple(rule[key] for key in ("direction", "at", "open", "protocol", "from_port", "to_port"))


@pytest.mark.parametrize(
    ("inner", "rules"),
    [
        (
            f'{_WORLD}allow {{\n protocol = "tcp"\n ports = ["22", "8000-8100"]\n}}',
            [("ingress", "source_ranges", True, "tcp", 22, 22), ("ingress", "source_ranges", True, "tcp", 8000, 8100)],
        ),
        (f'{_WORLD}allow {{\n protocol = "tcp"\n}}', [("ingress", "source_ranges", True, "tcp", 0, 65535)]),
        (f'{_WORLD}allow {{\n protocol = "all"\n}}', [("ingress", "source_ranges", True, "all", 0, 65535)]),
        (
            f'{_WORLD}allow {{\n protocol = "tcp"\n ports = [var.v]\n}}',
            [("ingress", "allow.ports", True, "tcp", None, None)],
        ),
        (f"{_WORLD}allow {{\n protocol = var.v\n}}", [("ingress", "allow.protocol", True, None, None, None)]),
        (
            f'{_WORLD}dynamic "allow" {{\n for_each = var.v\n content {{}}\n}}',
            [("ingress", "allow", True, None, None, None)],
        ),
        (
            'source_ranges = var.v\nallow {\n protocol = "tcp"\n ports = ["22"]\n}',
            [("ingress", "source_ranges", None, "tcp", 22, 22)],
        ),
        (
            'source_tags = ["a"]\nallow {\n protocol = "tcp"\n ports = ["22"]\n}',
            [("ingress", "source_ranges", False, "tcp", 22, 22)],
        ),
        (
            'direction = "EGRESS"\ndestination_ranges = ["::/0"]\nallow {\n protocol = "tcp"\n}',
            [("egress", "destination_ranges", True, "tcp", 0, 65535)],
        ),
        (f'{_WORLD}disabled = true\nallow {{\n protocol = "tcp"\n}}', []),
        (f'{_WORLD}deny {{\n protocol = "tcp"\n}}', []),
    ],
)
def test_a_firewall_of_google_cloud(
    read: Callable[..., dict[str, Any]], inner: str, rules: list[tuple[object, ...]]
) -> None:
    assert [_short(rule) for rule in read("google_compute_firewall", inner)["network_rules"]] == rules


@pytest.mark.parametrize(
    ("inner", "rules"),
    [
        (
            f'{_AZURE}destination_port_range = "22"\nsource_address_prefix = "*"',
            [("ingress", "source_address_prefix", True, "tcp", 22, 22)],
        ),
        (
            f'{_AZURE}destination_port_ranges = ["22", "80"]\nsource_address_prefixes = ["Internet"]',
            [
                ("ingress", "source_address_prefixes", True, "tcp", 22, 22),
                ("ingress", "source_address_prefixes", True, "tcp", 80, 80),
            ],
        ),
        (
            f'{_AZURE}destination_port_range = "*"\nsource_address_prefix = "VirtualNetwork"',
            [("ingress", "source_address_prefix", False, "tcp", 0, 65535)],
        ),
        (
            f'{_AZURE}destination_port_range = var.v\nsource_address_prefix = "0.0.0.0/0"',
            [("ingress", "destination_port_range", True, "tcp", None, None)],
        ),
        (
            f'{_AZURE}destination_port_range = "22"\nsource_address_prefix = var.v',
            [("ingress", "source_address_prefix", None, "tcp", 22, 22)],
        ),
        (
            'access = var.v\nprotocol = "*"\ndestination_port_range = "22"\nsource_address_prefix = "*"',
            [("ingress", "access", None, "*", 22, 22)],
        ),
        ('access = "Deny"\nprotocol = "*"\nsource_address_prefix = "*"', []),
        (
            'direction = "Outbound"\naccess = "Allow"\nprotocol = "*"\ndestination_address_prefix = "*"',
            [("egress", "destination_address_prefix", True, "*", 0, 65535)],
        ),
    ],
)
def test_a_security_rule_of_azure(
    read: Callable[..., dict[str, Any]], inner: str, rules: list[tuple[object, ...]]
) -> None:
    assert [_short(rule) for rule in read("azurerm_network_security_rule", inner)["network_rules"]] == rules


def test_the_rules_of_an_azure_group(read: Callable[..., dict[str, Any]]) -> None:
    rule = f'security_rule {{\n name = "ssh"\n{_AZURE}destination_port_range = "22"\nsource_address_prefix = "*"\n}}'

    (found,) = read("azurerm_network_security_group", rule)["network_rules"]

    assert _short(found) == ("ingress", "security_rule[ssh].source_address_prefix", True, "tcp", 22, 22)
    assert (found["administration"], found["databases"]) == (["SSH"], [])


def test_rules_of_an_azure_group_that_are_not_known(read: Callable[..., dict[str, Any]]) -> None:
    rule = 'dynamic "security_rule" {\n for_each = var.v\n content {}\n}'

    (found,) = read("azurerm_network_security_group", rule)["network_rules"]

    assert _short(found) == ("ingress", "security_rule", None, None, None, None)


def test_labels_are_the_tags_of_google_cloud(read: Callable[..., dict[str, Any]]) -> None:
    assert read("google_storage_bucket", 'labels = {\n managed_by = "terraform"\n}')["tags"] == {
        "managed_by": "terraform"
    }
