"""Patterns over subjects and places."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.globs import over_path, over_text


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("Deployment/prod/web", "Deployment/prod/web", True),
        ("Deployment/prod/web", "deployment/prod/web", False),
        ("Deployment/prod/*", "Deployment/prod/web", True),
        ("Deployment/prod/*", "Deployment/prod/web/x", False),
        ("Deployment/*", "Deployment/prod/web", False),
        ("Deployment/**", "Deployment/prod/web", True),
        ("Deployment/**", "Deployment/web", True),
        ("Deployment/**", "Deployment", False),
        ("**/web", "web", True),
        ("**/web", "a/b/web", True),
        ("**/web", "a/b/cobweb", False),
        ("**", "anything/at all\n", True),
        ("*/pr?d/*", "Pod/prod/a", True),
        ("*/pr?d/*", "Pod/pr/d/a", False),
        ("*-web-*", "a-web-web-b", True),
        ("*a", "aa", True),
        ('aws_instance.web["a"]', 'aws_instance.web["a"]', True),
        ("x[ab]", "xa", False),
        ("a.b", "axb", False),
    ],
)
def test_a_path_pattern_matches_part_by_part(pattern: str, text: str, matches: bool) -> None:  # noqa: FBT001 - a table
    assert bool(over_path(pattern).fullmatch(text)) is matches


def test_a_text_pattern_crosses_slashes() -> None:
    assert over_text("metadata.annotations[*]").fullmatch("metadata.annotations[kubernetes.io/change-cause]")
    assert not over_text("metadata.labels[*]").fullmatch("metadata.annotations[a]")


def test_long_patterns_and_many_crossings_are_refused() -> None:
    with pytest.raises(ValueError, match="longer than 512"):
        over_path("x" * 513)
    with pytest.raises(ValueError, match="longer than 512"):
        over_text("x" * 513)
    with pytest.raises(ValueError, match="more than 3"):
        over_path("**/a/**/a/**/a/**")


def test_no_pattern_is_slow() -> None:
    began = time.process_time()
    assert not over_text("*a" * 250 + "b").fullmatch("a" * 500)
    assert not over_path("**/*a*a*a/**/*a*a*a/**/b").fullmatch("/".join(["aaaa"] * 60))
    assert time.process_time() - began < 1


small = st.text("ab/*?", max_size=12).filter(lambda pattern: "**" not in pattern)


@given(small, st.text("ab/", max_size=12))
def test_patterns_mean_what_the_plain_translation_means(pattern: str, text: str) -> None:
    plain = "".join({"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character)) for character in pattern)
    assert bool(over_path(pattern).fullmatch(text)) is bool(re.fullmatch(plain, text))


@given(st.text("ab/*?", max_size=12), st.text("ab/", max_size=12))
def test_text_patterns_mean_what_the_plain_translation_means(pattern: str, text: str) -> None:
    plain = "".join({"*": ".*", "?": "."}.get(character, re.escape(character)) for character in pattern)
    assert bool(over_text(pattern).fullmatch(text)) is bool(re.fullmatch(plain, text))
