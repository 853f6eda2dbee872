"""Text from strangers, made safe for a line, a terminal, XML and JSON."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import catalogue
from compliance.output import text

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_one_line_holds_no_control_character_and_no_line_end(given: str) -> None:
    shown = text.one_line(given)
    assert not [character for character in shown if unicodedata.category(character) == "Cc"]
    assert len(shown.splitlines()) <= 1


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_printable_text_stays_as_it_is(given: str) -> None:
    assert text.one_line(given) == given
    assert text.lines(given) == given


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jname", "name"),
        ("one\r\ntwo\tthree\u2028four", "one two three four"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("nul\x00bell\x07", "nulbell"),
    ],
)
def test_terminal_escapes_line_ends_and_direction_overrides_are_taken_out(given: str, shown: str) -> None:
    assert text.one_line(given) == shown


def test_several_lines_keep_their_line_ends_and_indentation() -> None:
    assert text.lines("a:\r\n\tb\x1b[2J\x00\n  c") == "a:\n\tb\n  c"


@pytest.mark.parametrize(
    "command", ["::error file=a::forged", "x ::add-mask::secret", "##[error]forged", "##vso[task.complete]"]
)
def test_a_terminal_never_sees_what_a_ci_runner_takes_for_a_command(command: str) -> None:
    shown = text.for_terminal(command)
    assert "::" not in shown.rpartition("::")[0]
    assert "##" not in shown


@pytest.mark.parametrize("harmless", ["::/0", "a: b", "image:tag", "# heading", "fe80::1"])
def test_a_terminal_sees_harmless_colons_as_they_are(harmless: str) -> None:
    assert text.for_terminal(harmless) == harmless


@given(ANY_TEXT)
def test_every_text_fits_into_xml_and_comes_back_from_it(given: str) -> None:
    element = ET.Element("a", {"b": text.for_xml(given)})
    read = ET.fromstring(ET.tostring(element))  # noqa: S314 - written one line above
    assert read.attrib["b"] == text.for_xml(given)


@given(ANY_TEXT)
def test_every_text_can_be_made_utf_8(given: str) -> None:
    written = text.without_surrogates(given).encode("utf-8").decode()
    assert written == given or "\\ud" in written


def test_a_remedy_is_split_at_its_code_fences() -> None:
    remedy = "Add a probe:\n```yaml\nprobe:\n\n  path: /\n```\nThen\ngo on.\n\nDone."
    assert text.blocks(remedy) == (
        text.Block(is_code=False, text="Add a probe:"),
        text.Block(is_code=True, text="probe:\n\n  path: /"),
        text.Block(is_code=False, text="Then\ngo on."),
        text.Block(is_code=False, text="Done."),
    )


def test_a_fence_that_never_closes_holds_the_rest() -> None:
    assert text.blocks("~~~~\na\n~~~\nb") == (text.Block(is_code=True, text="a\n~~~\nb"),)


@given(st.text(st.sampled_from("`~ ab\n"), max_size=60))
def test_splitting_a_remedy_loses_no_word(remedy: str) -> None:
    kept = "".join(block.text for block in text.blocks(remedy))
    assert sum(map(kept.count, "ab")) >= sum(map(remedy.count, "ab")) - sum(
        line.count("a") + line.count("b") for line in remedy.splitlines() if line.lstrip(" ").startswith(("```", "~~~"))
    )


def test_backticks_in_a_paragraph_make_code() -> None:
    assert text.spans("Add `USER 1000` now") == ((False, "Add "), (True, "USER 1000"), (False, " now"))
    assert text.spans("one ` only") == ((False, "one ` only"),)


@pytest.mark.parametrize(
    ("remedy", "first"),
    [
        ("Add a probe:\n```yaml\na: 1\n```", "Add a probe"),
        ("```\nonly code\n```", ""),
        ("", ""),
        ("\n\nOne.\nTwo.", "One."),
        ("Give it a name that\nsays it. Then go.", "Give it a name that says it."),
        ("Use v1.2, e.g. now. `Then` go.", "Use v1.2, e.g. now."),
    ],
)
def test_the_first_sentence_of_a_remedy_is_no_code(remedy: str, first: str) -> None:
    assert text.first_sentence(remedy) == first


def test_every_remedy_of_ours_begins_with_a_sentence() -> None:
    silent = [rule.id for rule in catalogue.load().rules.values() if not text.first_sentence(rule.remediation)]
    assert silent == []
