"""Where a registry may send us, by the address that a name has."""

import socket

import pytest

from compliance.errors import ContentError
from compliance.supply_chain.registry.addresses import Guard, kind_of


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("192.0.2.1", None),
        ("10.0.0.1", None),
        ("2001:db8::1", None),
        ("127.0.0.1", "loopback"),
        ("127.8.9.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("64:ff9b::a9fe:a9fe", "link-local"),
        ("64:ff9b:1::a9fe:a9fe", "link-local"),
        ("2002:a9fe:a9fe::", "link-local"),
        ("::169.254.169.254", "link-local"),
        ("::127.0.0.1", "loopback"),
        ("169.254.169.254", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("0.0.0.0", "unspecified"),  # noqa: S104 - nothing is bound
        ("0.1.2.3", "unspecified"),
        ("::", "unspecified"),
        ("224.0.0.1", "multicast"),
        ("fd00:ec2::254", "metadata"),
        ("fd20:ce::254", "metadata"),
        ("168.63.129.16", "metadata"),
        ("100.100.100.200", "metadata"),
    ],
)
def test_addresses_have_a_kind(address: str, kind: str | None) -> None:
    assert kind_of(address) == kind


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "0.0.0.1", "fd00:ec2::254"])
def test_a_registry_elsewhere_may_not_send_us_to_a_local_address(address: str) -> None:
    guard = Guard("192.0.2.1")
    assert guard.addresses("192.0.2.1", 443) == ("192.0.2.1",)
    with pytest.raises(ContentError, match=r"192\.0\.2\.1 leads to .*: refused"):
        guard.addresses(address, 443)


def test_a_local_registry_may_send_us_to_its_own_kind_of_address_only() -> None:
    guard = Guard("127.0.0.1")
    guard.addresses("127.0.0.1", 443)
    assert guard.addresses("127.0.0.2", 443) == ("127.0.0.2",)
    with pytest.raises(ContentError, match="link-local"):
        guard.addresses("169.254.169.254", 80)


def test_before_the_registry_was_looked_up_nothing_local_is_allowed() -> None:
    with pytest.raises(ContentError, match="loopback"):
        Guard("registry.example").addresses("127.0.0.1", 80)


def test_a_name_that_changes_its_address_is_held_to_its_first(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["192.0.2.1", "127.0.0.1"])

    def resolver(_host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(None, None, None, "", (next(answers), port))]

    monkeypatch.setattr("socket.getaddrinfo", resolver)
    guard = Guard("rebinding.example")
    guard.addresses("rebinding.example", 443)
    with pytest.raises(ContentError, match="loopback"):
        guard.addresses("rebinding.example", 443)


def test_a_name_with_both_kinds_of_addresses_is_no_local_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(None, None, None, "", (address, 443)) for address in ("192.0.2.1", "127.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    with pytest.raises(ContentError, match="loopback"):
        Guard("both.example").addresses("both.example", 443)


def test_a_name_that_nobody_knows_is_said_without_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolver(*_: object, **__: object) -> list[tuple[object, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", resolver)
    with pytest.raises(ContentError, match=r"registry\.example cannot be looked up: Name or service not known$"):
        Guard("registry.example").addresses("registry.example", 443)
