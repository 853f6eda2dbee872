"""What listens: over plain text, and with which versions of TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

_REDIRECT = "default_action {{\n redirect {{\n protocol = {}\n }}\n}}"


@pytest.mark.parametrize(
    ("inner", "value", "at"),
    [
        ('protocol = "HTTP"', True, "protocol"),
        ('protocol = "HTTPS"', False, "protocol"),
        ("", False, "protocol"),
        ("protocol = var.v", None, "protocol"),
        (f'protocol = "HTTP"\n{_REDIRECT.format(chr(34) + "HTTPS" + chr(34))}', False, "protocol"),
        (f'protocol = "HTTP"\n{_REDIRECT.format(chr(34) + "HTTP" + chr(34))}', True, "protocol"),
        (f'protocol = "HTTP"\n{_REDIRECT.format("var.v")}', None, "default_action.redirect.protocol"),
        (
            'protocol = "HTTP"\ndynamic "default_action" {\n for_each = var.v\n content {}\n}',
            None,
            "default_action",
        ),
    ],
)
def test_a_listener_that_serves_over_http(
    read: Callable[..., dict[str, Any]], inner: str, *, value: bool | None, at: str
) -> None:
    (listener,) = read("aws_lb_listener", inner)["listeners"]

    assert listener["plaintext"] == {"value": value, "at": at}


@pytest.mark.parametrize(
    ("kind", "inner", "outdated"),
    [
        ("aws_lb_listener", 'protocol = "HTTPS"', True),
        ("aws_lb_listener", 'protocol = "HTTPS"\nssl_policy = "ELBSecurityPolicy-2016-08"', True),
        ("aws_lb_listener", 'protocol = "HTTPS"\nssl_policy = "ELBSecurityPolicy-TLS13-1-0-2021-06"', True),
        ("aws_lb_listener", 'protocol = "TLS"\nssl_policy = "ELBSecurityPolicy-TLS13-1-2-2021-06"', False),
        ("aws_lb_listener", 'protocol = "TLS"\nssl_policy = "ELBSecurityPolicy-FS-1-2-Res-2020-10"', False),
        ("aws_lb_listener", 'protocol = "HTTPS"\nssl_policy = var.v', None),
        ("google_compute_ssl_policy", "", True),
        ("google_compute_ssl_policy", 'min_tls_version = "TLS_1_2"', False),
        ("azurerm_storage_account", "", False),
        ("azurerm_storage_account", 'min_tls_version = "TLS1_1"', True),
        ("azurerm_linux_web_app", 'site_config {\n minimum_tls_version = "1.0"\n}', True),
    ],
)
def test_versions_of_tls(read: Callable[..., dict[str, Any]], kind: str, inner: str, *, outdated: bool | None) -> None:
    (listener,) = read(kind, inner)["listeners"]

    assert listener["outdated_tls"]["value"] is outdated


def test_a_listener_without_tls_says_nothing_of_its_versions(read: Callable[..., dict[str, Any]]) -> None:
    (listener,) = read("aws_lb_listener", 'protocol = "TCP"')["listeners"]

    assert listener["outdated_tls"] is None


def test_each_behavior_of_a_distribution_is_told(read: Callable[..., dict[str, Any]]) -> None:
    behaviors = (
        'default_cache_behavior {\n viewer_protocol_policy = "redirect-to-https"\n}\n'
        'ordered_cache_behavior {\n viewer_protocol_policy = "allow-all"\n}\n'
        'viewer_certificate {\n acm_certificate_arn = "a"\n}'
    )

    told = read("aws_cloudfront_distribution", behaviors)["listeners"]

    assert [listener["plaintext"] and listener["plaintext"]["value"] for listener in told] == [False, True, None]
    assert told[2]["outdated_tls"] == {"value": True, "at": "viewer_certificate.minimum_protocol_version"}


def test_a_gateways_listener_whose_rule_redirects_is_left_out(read: Callable[..., dict[str, Any]]) -> None:
    gateway = (
        'http_listener {\n name = "a"\n protocol = "Http"\n}\nhttp_listener {\n name = "b"\n protocol = "Http"\n}\n'
        'request_routing_rule {\n http_listener_name = "a"\n redirect_configuration_name = "to-https"\n}'
    )

    told = read("azurerm_application_gateway", gateway)["listeners"]

    assert [listener["plaintext"]["at"] for listener in told] == ["http_listener[b].protocol"]


def test_each_listener_of_a_classic_load_balancer_is_told(read: Callable[..., dict[str, Any]]) -> None:
    told = read("aws_elb", 'listener {\n lb_protocol = "http"\n}\nlistener {\n lb_protocol = "https"\n}')["listeners"]

    assert [listener["plaintext"]["value"] for listener in told] == [True, False]
