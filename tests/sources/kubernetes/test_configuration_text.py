"""The texts in ConfigMaps: what is wrong with them, and what they set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.sources.kubernetes.configuration_text import MAX_PARSED, format_of, problem, settings

FORMATS = ["properties", "json", "yaml", "toml", "env", "ini", "xml", "text", "binary"]


@pytest.mark.parametrize(
    ("key", "format_"),
    [
        ("app.properties", "properties"),
        ("app.JSON", "json"),
        ("app.yml", "yaml"),
        ("app.toml", "toml"),
        (".env", "env"),
        ("my.cfg", "ini"),
        ("nginx.conf", "text"),
        ("json", "text"),
    ],
)
def test_the_suffix_of_a_key_says_its_format(key: str, format_: str) -> None:
    assert format_of(key) == format_


@pytest.mark.parametrize(
    ("format_", "text", "line"),
    [
        ("json", '{"a": 1,\n"b"}', 2),
        ("json", " \n", None),
        ("toml", "a = 1\nb = c", 2),
        ("yaml", "a: 1\nb: [1\nc: 2", 3),
        ("yaml", "a:\n\t- 1", 2),
        ("properties", "a=1\npath=C:\\users", 2),
    ],
)
def test_a_broken_text_is_told_with_its_line(format_: str, text: str, line: int | None) -> None:
    found = problem(format_, text)
    assert found is not None
    assert found.line == line


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", "\ufeff{}"),
        ("json", '{"a": ${A}}'),
        ("json", '// what it is for\n{"a": 1}'),
        ("json", '{"a": 1,}'),
        ("json", '{"a": 1}\n{"a": 2}\n'),
        ("toml", "a = @A@\n[[b]]"),
        ("yaml", "{{ range .A }}\n- {{ . }}\n{{ end }}"),
        ("yaml", "a: !secret b\n? [c]\n: 1"),
        ("yaml", "a: 1\n---\nb: 2"),
        ("yaml", ""),
        ("properties", "a=\\u00e9\n# \\users\nb=\\\\users\nno separator"),
        ("env", "A='1"),
        ("text", "{"),
        ("json", "{" * (MAX_PARSED + 1)),
    ],
)
def test_what_parses_or_may_be_a_template_or_another_dialect_is_left_alone(format_: str, text: str) -> None:
    assert problem(format_, text) is None


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("json", '{"db": {"password": "x1"}, "n": 1, "l": ["y"]}'),
        ("toml", '[db]\npassword = "x1"'),
        ("yaml", "db:\n  password: x1 # why"),
        ("properties", "password = x1"),
        ("env", "export password=x1"),
        ("text", "echo hello\npassword=x1; echo"),
    ],
)
def test_settings_are_found_in_each_format(format_: str, text: str) -> None:
    assert ("password", "x1") in set(settings(format_, text))


@given(st.sampled_from(FORMATS), st.text(max_size=300))
def test_no_text_stops_the_reading(format_: str, text: str) -> None:
    found = problem(format_, text)
    assert found is None or found.message.startswith("is ")
    assert all(isinstance(name, str) and isinstance(value, str) for name, value in settings(format_, text))
