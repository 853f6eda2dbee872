"""Pipelines as words: what a real shell makes of the same text, and what is refused because it needs one."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.interop.shell_words import read_pipeline

HARMLESS = "ab=.-_/:,%^!]#~$\\'\"`*?[{}|&;<>()\n\t é"
PIECES = st.one_of(
    st.text("ab.=-/#$!é,", min_size=1),
    st.text('ab.=|&;<>()*?[]{}~#$ \n"\\`', max_size=6).map(lambda text: f"'{text}'"),
    st.text("ab.=|&;<>()*?[]{}~# \n'", max_size=6).map(lambda text: f'"{text}"'),
    st.sampled_from(
        ['"\\""', '"\\$a"', '"\\`"', '"\\\\"', '"\\a"', '"a\\\nb"', "\\ ", "\\'", "\\\n", "''", '"$"', '"a$ b"']
    ),
)
SCRIPTS = st.lists(st.lists(PIECES, min_size=1, max_size=4).map("".join), min_size=1, max_size=4).map(" ".join)


def by_sh(script: str, folder: str = "/") -> list[str]:
    """The words that sh gives to a command; it can run nothing but its builtins."""
    done = subprocess.run(  # noqa: S603 - the differential test: the real shell, without PATH
        ["/bin/sh", "-c", f"printf '%s\\0' {script}"], capture_output=True, check=True, env={"PATH": ""}, cwd=folder
    )
    return done.stdout.decode().split("\0")[:-1]


def words(script: str) -> list[list[str]]:
    return [[word.text for word in command] for command in read_pipeline(script)]


@given(script=SCRIPTS)
@example(script="a#b '#' c #comment")
@example(script="'it'\\''s' \"a b\"c")
@example(script="a\\\nb \\\n c")
def test_words_are_those_that_sh_gives(script: str) -> None:
    try:
        (command,) = words(f"x {script}")
    except ReadError:
        return
    assert command[1:] == (by_sh(script) if len(command) > 1 else [])


@given(script=st.text(HARMLESS, max_size=12))
def test_whatever_is_accepted_means_the_same_to_sh(script: str) -> None:
    try:
        commands = words(f"x {script}")
    except ReadError:
        return
    if len(commands) == 1 and len(commands[0]) > 1:
        assert commands[0][1:] == by_sh(script)


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20))
def test_any_text_between_single_quotes_is_one_word(text: str) -> None:
    quoted = text.replace("'", "'\\''")
    assert words(f"jq '{quoted}'") == [["jq", text]]


@given(text=st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        commands = words(text)
    except ReadError:
        return
    assert all(commands)


def test_a_pipeline_goes_on_after_its_bar_and_ends_with_its_line() -> None:
    script = "\n# what runs\nkubectl get pods |\n\n  # filter\n  jq '.a\n.b' # the end\n\n"
    assert words(script) == [["kubectl", "get", "pods"], ["jq", ".a\n.b"]]


@pytest.mark.parametrize(
    ("script", "why", "line", "column"),
    [
        ("a ; b", "; runs a second command", 1, 3),
        ("a && b", "&& runs a second command", 1, 3),
        ("a\nb", "a second command follows", 2, 1),
        ("a || b", "|| runs a second command where the first one fails", 1, 3),
        ("a &", "& runs a command in the background", 1, 3),
        ("a |& b", "|& pipes error messages", 1, 3),
        ("(a)", "( starts a subshell", 1, 1),
        ("a > b", "> redirects", 1, 3),
        ("a 2>/dev/null", "> redirects", 1, 4),
        ("a <<E", "<< redirects", 1, 3),
        ("a <(b)", "< redirects", 1, 3),
        ("a |\n b $(c)", "what another command prints", 2, 4),
        ("a `b`", "what another command prints", 1, 3),
        ('a "`b`"', "what another command prints", 1, 4),
        ("a $B", "$B is a variable", 1, 3),
        ('a "${B}"', "${ is a variable", 1, 4),
        ("a $'b'", "$ in front of a quote", 1, 3),
        ("a ~/b", "~ stands for a folder", 1, 3),
        ("a *", "* without quotes is a pattern", 1, 3),
        ("jq .items[]", "[ without quotes is a pattern", 1, 10),
        ("a {b,c}", "{ without quotes is a pattern", 1, 3),
        ("a 'b", "a single quote is never closed", 1, 3),
        ('a "b', "a double quote is never closed", 1, 3),
        ("a \\", "a backslash escapes nothing", 1, 3),
        ("a |", "a command is missing", 1, 4),
        ("| a", "a command is missing", 1, 1),
        ("", "a command is missing", 1, 1),
    ],
)
def test_what_needs_a_shell_is_refused_with_its_place(script: str, why: str, line: int, column: int) -> None:
    with pytest.raises(ReadError, match="needs a shell") as refused:
        read_pipeline(script)
    assert why in refused.value.message
    assert refused.value.span is not None
    assert (refused.value.span.line, refused.value.span.column) == (line, column)
    assert "kubectl get RESOURCE" in refused.value.remedy


def test_a_pattern_would_depend_on_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a1").touch()
    assert by_sh("a*", str(tmp_path)) == ["a1"]
    assert by_sh("a*") == ["a*"]
    with pytest.raises(ReadError):
        read_pipeline("a*")
