"""What is Terraform and what is not, and where the mistake is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.sources.terraform import Reading, read_folder

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 'resource "x" "y" {\n'
_AFTER = 'resource "x" "after" {\n}\n'


def _read(folder: Path, text: str) -> Reading:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return read_folder(folder, "")


def _value(folder: Path, expression: str) -> object:
    reading = _read(folder, f"{_BLOCK}  v = {expression}\n}}\n")
    assert reading.gaps == ()
    return next(facts.body["attributes"]["v"] for facts in reading.facts if facts.body["block"] == "resource")


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f"{_BLOCK}  v = 1\n\n", 1, 'the block resource "x" "y" is never closed'),
        (f"{_BLOCK}  v =\n}}\n", 2, "a value was expected, not the end of the line"),
        (f'{_BLOCK}  v = "text\n}}\n', 2, "a text in quotation marks does not end on its line"),
        (f"{_BLOCK}  v = <<EOT\ntext\n}}\n", 2, "the heredoc EOT does not end"),
        (f"{_BLOCK}  v = [1, 2\n  w = 3\n}}\n", 3, "a comma or ] was expected in a list, not w"),
        (f"{_BLOCK}  v = (1\n}}\n", 3, ") was expected after the value in parentheses, not }"),
        (f"{_BLOCK}  v = {{ a = 1 b }}\n}}\n", 2, "a comma or the end of the line was expected in an object, not b"),
        (f"{_BLOCK}  v = 1 w = 2\n}}\n", 2, "the end of the line was expected after v, not w"),
        (f"{_BLOCK}  v = 1\n  v = 2\n}}\n", 3, "v is set twice"),
        (f"{_BLOCK}  v : 1\n}}\n", 2, "= or { was expected after v, not :"),
        (f'{_BLOCK}  v = "${{a"\n}}\n', 2, '} was expected at the end of ${ or %{, not "'),
        (f'{_BLOCK}  v = "%{{ if a }}b"\n}}\n', 2, "a %{ if } has no %{ endif }"),
        (f'{_BLOCK}  v = "%{{ for a in b }}c"\n}}\n', 2, "a %{ for } has no %{ endfor }"),
        (f"{_BLOCK}  v = [for a b : c]\n}}\n", 2, "a comma or ] was expected in a list, not a"),
        (f"{_BLOCK}  v = {{for a in b : c}}\n}}\n", 2, "=> was expected between key and value, not }"),
        (f"{_BLOCK}  v = a ? b }}\n}}\n", 2, ": was expected between the two values of a condition, not }"),
        (f"{_BLOCK}  v = {'[' * 60}{']' * 60}\n}}\n", 2, "nested more than 100 deep"),
        (f"{_BLOCK}  v = 1e999\n}}\n", 2, "the number is too large"),
        (f"{_BLOCK}  v = <\n}}\n", 2, "a heredoc's word at the end of the line was expected, not <"),
        (f"{_BLOCK}  v = <<EOT\n${{1 +}}\nEOT\n}}\n", 2, "a value was expected, not }, in the heredoc EOT"),
        (f'{_BLOCK}  v = "%{{ while a }}b"\n}}\n', 2, "%{ while } stands where if or for belongs"),
        (f"{_BLOCK}  v = <<E\n%{{ endif }}\nE\n}}\n", 2, "the end of the text was expected, not %, in the heredoc E"),
        (f"{_BLOCK}  v = f(1 2)\n}}\n", 2, "a comma or ) was expected in f(, not 2"),
        (f"{_BLOCK}  v = [for a, b on c : a]\n}}\n", 2, "in was expected, not c"),
        ("}\n", 1, "a block or an attribute was expected, not }"),
        ("hello world\n", 1, "= or { was expected after hello, not the end of the line"),
        ("v = 1\n", 1, "v = … stands outside of any block"),
        ('resorce "x" "y" {\n}\n', 1, "resorce is no block that Terraform knows"),
        ('resource "x" {\n}\n', 1, "a resource block needs 2 labels"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_gap_with_its_line_and_what_follows_is_still_read(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    reading = _read(tmp_path, text + _AFTER)

    assert [(gap.why, gap.origin.span.line) for gap in reading.gaps if gap.origin and gap.origin.span] == [(why, line)]
    assert "x.after" in [facts.body["address"] for facts in reading.facts]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1", 1),
        ("-1.5e2", -150),
        ("true", True),
        ("null", None),
        (r'"a\tb\n\"c\" \\ é \u00e9 \U0001F600 \ud800"', 'a\tb\n"c" \\ é é 😀 \ufffd'),
        ('"$${a} %%{b} $5 100%"', "${a} %{b} $5 100%"),
        ('"a ${1 + 1} b"', "a 2 b"),
        ('"${5}"', 5),
        ('"x  ${~ 1 ~}  y"', "x1y"),
        ('"a %{ if true ~} b %{~ endif ~} c"', "a bc"),
        ('"%{ if true }yes%{ else }no%{ endif }"', "yes"),
        ('"%{ for i in [1, 2] }<${i}>%{ endfor }"', "<1><2>"),
        ("<<EOT\n  two\n lines ${1}\nEOT", "  two\n lines 1\n"),
        ("<<-EOT\n    two\n      lines\n    EOT", "two\n  lines\n"),
        ("[\n  1, # one\n  /* two */ 2,\n]", [1, 2]),
        ('{ a = 1, "b" : 2\n (upper("c")) = 3 }', {"a": 1, "b": 2, "C": 3}),
        ('{ a = true\n (upper("c")) = 3 }', {"a": True, "C": 3}),
        ('[for k, v in { a = 1 } : "${k}${v}" if v > 0]', ["a1"]),
        ('{ for v in [1, 2] : "n${v % 2}" => v... }', {"n1": [1], "n0": [2]}),
        ("(\n  1\n  + 2\n)", 3),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("!(1 > 2) && 3 >= 3 || false", True),
        ('7 % 3 == 1 ? "odd" : "even"', "odd"),
        ("[{ a = [1] }, { a = [2] }][*].a[0]", [1, 2]),
        ("[{ a = 1 }].0.a", 1),
        ("[{ a = 1 }, { a = 2 }].*.a", [1, 2]),
        ("max([1, 2]...)", 2),
    ],
)  # fmt: skip
def test_expressions_are_read_as_terraform_reads_them(tmp_path: Path, expression: str, value: object) -> None:
    assert _value(tmp_path, expression) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example(r"\b")
def test_every_text_in_quotation_marks_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    # JSON's escapes are HCL's; what begins a template is doubled.
    unknown_to_hcl = {"/": "/", "b": "\\u0008", "f": "\\u000c"}
    in_json = json.dumps(text, ensure_ascii=False)
    quoted = re.sub(r"\\(.)", lambda escape: unknown_to_hcl.get(escape[1], escape[0]), in_json)
    written = quoted.replace("${", "$${").replace("%{", "%%{")

    found = _value(tmp_path_factory.mktemp("text"), written)

    assert found == {"true": True, "false": False}.get(text, text)


@pytest.mark.parametrize("text", ["\ufeff{}", "{}\r\n", "{}"])
def test_marks_at_the_beginning_and_carriage_returns_do_not_matter(tmp_path: Path, text: str) -> None:
    block = (
        'resource "x" "y" {\r\n  v = <<EOT\r\na\r\nEOT\r\n}\r\n' if "\r" in text else 'resource "x" "y" {\n v = 1\n}'
    )
    (tmp_path / "main.tf").write_bytes(text.replace("{}", block).encode())

    reading = read_folder(tmp_path, "")

    assert reading.gaps == ()
    assert "x.y" in [facts.body["address"] for facts in reading.facts]


def test_only_so_many_mistakes_of_a_file_are_told(tmp_path: Path) -> None:
    reading = _read(tmp_path, f"{_BLOCK}  v =\n}}\n" * 50)

    assert len(reading.gaps) == 20
