"""A user's own template: what it may do, and what no value can do to it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from news import HOSTILE, hostile, many, texts, usual

from compliance.errors import ConfigurationError
from compliance.notify import generic, template

if TYPE_CHECKING:
    from pathlib import Path

    from compliance.notify.message import News

NATURAL = """\
{# Values stand inside of strings, as they are. -#}
{
  "text": "{{ headline }}",
  "first": "{{ findings[0].message }}",
  "number": {{ total }},
  "report": {{ report_url | tojson }},
  "lines": [
    {% for finding in findings %}
    "{{ finding.severity }} {{ finding.subject }}"{{ "," if not loop.last }}
    {% endfor %}
  ],
  "all": {{ findings | tojson }}
}
"""


def rendered(folder: Path, text: str, said: News) -> object:
    file = folder / "message.json.j2"
    file.write_text(text, encoding="utf-8")
    return json.loads(template.as_json(file, generic.payload(said)))


def refused(folder: Path, text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        rendered(folder, text, usual())
    assert caught.value.remedy
    return str(caught.value).replace(f"{folder}/", "")


def test_values_stand_where_a_user_would_write_them(tmp_path: Path) -> None:
    made = rendered(tmp_path, NATURAL, usual())
    assert made == {
        "text": "3 findings in production: 1 critical, 1 high, 1 low",
        "first": "is wrong",
        "number": 3,
        "report": "https://reports.example.org/nightly?cluster=production",
        "lines": [
            "critical production/Deployment/shop/web",
            "high production/Deployment/shop/api",
            "low production/Deployment/shop/db",
        ],
        "all": generic.payload(usual())["findings"],
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(texts)
def test_no_value_gets_out_of_its_string(tmp_path: Path, text: str) -> None:
    made = rendered(tmp_path, NATURAL, hostile(text))
    assert isinstance(made, dict)
    assert set(made) == {"text", "first", "number", "report", "lines", "all"}
    assert made["first"] == generic.payload(hostile(text))["findings"][0]["message"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(texts)
def test_in_a_template_of_text_a_value_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "message.txt.j2"
    file.write_text("a\n{{ findings[0].message }}\nb\n")
    made = template.as_text(file, generic.payload(hostile(text)))
    assert made.splitlines()[0] == "a"
    assert made.splitlines()[-1] == "b"
    assert made.count("\n") == 3


def test_jinja_in_a_value_is_text(tmp_path: Path) -> None:
    assert "{{ 7*7 }}" in HOSTILE
    assert "{{ 7*7 }}" in json.dumps(rendered(tmp_path, '{"a": "{{ findings[0].message }}"}', hostile()))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"a": {{ headline }}}', "no JSON"),
        ('{"a": "{{ heading }}"}', "'heading' is undefined"),
        ('{"a": "{{ findings }}"}', "a list is no text; use tojson"),
        ('{"a": "{{ headline }"', "message.json.j2:1:1: the template: "),
        ('{"a": "{% include \'/etc/passwd\' %}"}', "no loader for this environment"),
        ('{"a": "{{ headline.__class__.__mro__ }}"}', "is unsafe"),
        ("{{ findings.append(1) }}", "unsafe"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "recursion"),
        ('["{% for i in range(100000) %}0123456789{% endfor %}"]', "makes more than"),
        ("[{% for i in range(10 ** 9) %}0,{% endfor %}0]", "too big"),
        ('"{{ "x" | safe }}', "no JSON"),
    ],
)
def test_what_a_template_cannot_do_is_said(tmp_path: Path, text: str, why: str) -> None:
    assert why in refused(tmp_path, text)


def test_what_jinja_calls_safe_is_escaped_all_the_same(tmp_path: Path) -> None:
    text = '{"a": "{{ findings[0].message | safe }}", "b": "{{ findings[0].message | e }}"}'
    made = rendered(tmp_path, text, hostile())
    assert isinstance(made, dict)
    assert set(made) == {"a", "b"}


def test_a_template_that_is_missing_or_too_large_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        template.as_json(tmp_path / "none.j2", {})
    assert "larger than" in refused(tmp_path, " " * (template.MOST_SOURCE + 1))


def test_the_largest_news_is_not_too_much_for_a_template(tmp_path: Path) -> None:
    assert rendered(tmp_path, '{"all": {{ findings | tojson }}}', many(200))
