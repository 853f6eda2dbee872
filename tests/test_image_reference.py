"""References as github.com/distribution/reference reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.image_reference import parse

DIGEST = "sha256:" + "6d0cfe3a" * 8


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("nginx", "docker.io/library/nginx:latest"),
        ("nginx:1.27", "docker.io/library/nginx:1.27"),
        ("bitnami/redis:7", "docker.io/bitnami/redis:7"),
        ("index.docker.io/nginx", "docker.io/library/nginx:latest"),
        ("localhost/app", "localhost/app:latest"),
        ("localhost:5000/app:v1", "localhost:5000/app:v1"),
        ("registry.example.com:443/team/app", "registry.example.com:443/team/app:latest"),
        (f"app@{DIGEST}", f"docker.io/library/app@{DIGEST}"),
        (f"app:v1@{DIGEST}", f"docker.io/library/app:v1@{DIGEST}"),
        ("[2001:db8::1]:5000/app:v1", "[2001:db8::1]:5000/app:v1"),
        ("a__b/c--d", "docker.io/a__b/c--d:latest"),
    ],
)
def test_a_reference_is_normalised_as_a_runtime_would(text: str, normalised: str) -> None:
    assert parse(text).normalised == normalised


@pytest.mark.parametrize(
    "text",
    [
        "",
        "App",
        "ghcr.io/Team/app",
        "app:",
        "app:v1:v2",
        "app@sha256:short",
        "-app",
        "a b",
        "app:" + "x" * 129,
        "{{ .Values.image }}",
    ],
)
def test_what_does_not_fit_the_grammar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no image reference"):
        parse(text)


def test_a_colon_before_a_slash_is_a_port_and_no_tag() -> None:
    reference = parse("registry:5000/app")
    assert (reference.registry, reference.repository, reference.tag) == ("registry:5000", "app", None)


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    try:
        once = parse(text)
    except ValueError:
        return
    assert parse(once.normalised).normalised == once.normalised
