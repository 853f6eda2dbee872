"""Our own YAML files: values, places, and what is refused."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ConfigurationError
from compliance.model import Origin, Span
from compliance.positioned_yaml import MAX_BYTES, load, parse

if TYPE_CHECKING:
    from pathlib import Path


def refusal(text: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        parse(text.encode(), "f.yaml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("no", "no"),
        ("true", True),
        ("False", False),
        ("2027-01-31", "2027-01-31"),
        ("017", 17),
        ("0x1F", "0x1F"),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e999", "1e999"),
        ("9" * 30, "9" * 30),
        (".inf", ".inf"),
        ("~", None),
        ("'true'", "true"),
        ('"5"', "5"),
        ("[]", []),
        ("{a: }", {"a": None}),
        ("1: x", {"1": "x"}),
        ("\ufeffa: b", {"a": "b"}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("", None),
        ("# nothing", None),
    ],
)
def test_scalars_are_typed_as_yaml_1_2_has_them(text: str, value: object) -> None:
    read = parse(text.encode(), "f.yaml").value
    assert read == value
    assert type(read) is type(value)


def test_every_key_and_item_has_its_place() -> None:
    document = parse(b"rules:\n  probes.x: off\nlist:\n  - a\n  - k: v\n", "f.yaml")
    assert document.origin("rules", "probes.x") == Origin("f.yaml", Span(2, 3))
    assert document.origin("list", 1) == Origin("f.yaml", Span(5, 5))
    assert document.origin("list", 1, "k") == Origin("f.yaml", Span(5, 5))


def test_what_is_not_written_is_placed_at_what_is_around_it() -> None:
    document = parse(b"a:\n  b: 1\n", "f.yaml")
    assert document.origin("a", "missing", "deeper") == Origin("f.yaml", Span(1, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "f.yaml:2:1: the key 'a' is already given in line 1"),
        ("a: &x 1\nb: *x\n", "f.yaml:2:4: aliases are not allowed here; write the value out"),
        ("a: !!str 1\n", "f.yaml:1:4: tags are not allowed here"),
        ("a: !!python/object/apply:os.system [id]\n", "f.yaml:1:4: tags are not allowed here"),
        ("a: 1\n---\nb: 2\n", "f.yaml:2:1: a second document is not allowed here"),
        ("? [a]\n: 1\n", "f.yaml:1:3: a key must be text"),
        ("a: \x00\n", "f.yaml:1:1: is no YAML: the character U+0000 is not allowed"),
    ],
)
def test_surprises_are_refused_with_their_place(text: str, said: str) -> None:
    assert refusal(text) == said


def test_broken_yaml_is_refused_with_line_and_column() -> None:
    assert refusal("a: 1\n b: [\n").startswith("f.yaml:2:3: is no YAML: ")
    assert refusal("a: [1\nb: 2\n").startswith("f.yaml:2:2: is no YAML: ")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_deep_nesting_is_refused_at_once(opening: str) -> None:
    assert "is nested deeper than 32 levels" in refusal(opening * 100_000)


def test_an_alias_bomb_is_refused() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in pairwise("abcdefg"))
    assert "aliases are not allowed" in refusal(bomb)


def test_a_large_file_is_refused_without_reading_on(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(ConfigurationError, match="is larger than 1024 KiB"):
        load(file)


def test_a_binary_file_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "binary.yaml"
    file.write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"binary\.yaml:2:1: is not UTF-8 text"):
        load(file)


def test_a_missing_file_and_a_folder_are_errors_with_a_name(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(ConfigurationError, match="cannot be read") as caught:
            load(path)
        assert caught.value.origin == Origin(path.as_posix())


# YAML 1.1, which PyYAML's scanner follows, breaks lines at characters that JSON leaves as they are.
words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]))
scalars = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | words
trees = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(words, inner), max_leaves=20)


@given(trees)
def test_json_is_read_as_json(tree: object) -> None:
    assert parse(json.dumps(tree, ensure_ascii=False).encode(), "f.yaml").value == tree


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_text_is_a_value_or_a_clean_refusal(text: str | bytes) -> None:
    with suppress(ConfigurationError):
        parse(text if isinstance(text, bytes) else text.encode("utf-8", "replace"), "f.yaml")
