"""`WWW-Authenticate` as RFC 9110 defines it: quoted commas, several challenges, and nonsense."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.supply_chain.registry.challenges import Challenge, parse


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Basic", [Challenge("basic")]),
        ('Basic realm="a registry"', [Challenge("basic", {"realm": "a registry"})]),
        (
            'Bearer realm="https://auth.example/token",service="r",scope="repository:a:pull,push"',
            [
                Challenge(
                    "bearer",
                    {"realm": "https://auth.example/token", "service": "r", "scope": "repository:a:pull,push"},
                )
            ],
        ),
        (
            'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
            [
                Challenge("newauth", {"realm": "apps", "type": "1", "title": 'Login to "apps"'}),
                Challenge("basic", {"realm": "simple"}),
            ],
        ),
        ("Negotiate abc==, Basic realm=x", [Challenge("negotiate"), Challenge("basic", {"realm": "x"})]),
        ('BEARER REALM = "x"', [Challenge("bearer", {"realm": "x"})]),
        ('Bearer realm="https://first",realm="https://second"', [Challenge("bearer", {"realm": "https://first"})]),
        ('Bearer realm="never ends', [Challenge("bearer")]),
        ("", []),
        (",,,", []),
    ],
)
def test_challenges_are_read_by_the_grammar(header: str, expected: list[Challenge]) -> None:
    found = parse([header])
    assert [(one.scheme, dict(one.parameters)) for one in found] == [
        (one.scheme, dict(one.parameters)) for one in expected
    ]


def test_headers_that_come_several_times_are_all_read() -> None:
    assert [one.scheme for one in parse(["Basic realm=a", "Bearer realm=b"])] == ["basic", "bearer"]


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.text('ab"\\, =;/:', max_size=20), max_size=5))
def test_what_is_quoted_comes_back(parameters: dict[str, str]) -> None:
    escaped = {key: value.replace("\\", "\\\\").replace('"', '\\"') for key, value in parameters.items()}
    header = "Bearer " + ", ".join(f'{key}="{value}"' for key, value in escaped.items())
    (found,) = parse([header])
    assert dict(found.parameters) == parameters


@given(st.text(max_size=300))
def test_nonsense_gives_no_error(text: str) -> None:
    assert all(one.scheme == one.scheme.lower() for one in parse([text]))
