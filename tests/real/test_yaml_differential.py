"""We read YAML as Kubernetes does: the same texts through our reader and through Kubernetes' own library, side by side.

Where both give a value the values are equal, in type too, whatever the text. What only one side refuses is listed here:
we refuse what passes a limit and what libyaml and go-yaml understand differently, and we accept a little more than
go-yaml, which descends from an older libyaml.
"""

from __future__ import annotations

import json
import re
import subprocess
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.kubernetes import yaml as kubernetes_yaml
from compliance.sources.kubernetes.yaml import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Oracle = Callable[[str], dict[str, Any]]

pytestmark = pytest.mark.real

MANY = settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "yaml_oracle"
WORDS = (FOLDER / "words.txt").read_text(encoding="utf-8").split()
TAGS = (
    "!!str",
    "!!int",
    "!!float",
    "!!bool",
    "!!null",
    "!!binary",
    "!!set",
    "!!merge",
    "!",
    "!x",
    "!<tag:yaml.org,2002:int>",
)
PLACES = [
    *("@", "a: @", "@: a", "- @", "'@'", 'a: "@"', "a: [@, b]", "{a: @}", "{@: a}", "? @", "a: |\n  @", "a: @ # b"),
    *(f"a: {tag} @" for tag in TAGS),
    *(f"{tag} @: a" for tag in TAGS),
    *("a: &x @\nb: *x", "a: &x @\n*x : 2"),
]
WE_REFUSE = ("stands without a value", "!!timestamp", "found unexpected ':'", "byte order mark", "not a finite number")
PIECES = (
    *"ab01-+.:,[]{}&*!|>'\"%@`#~<= \n\t\\é\u2028\x85\ufeff\x01?",
    *(
        "\n  ",
        "\n- ",
        "\n  - ",
        ": ",
        "- ",
        "<<: ",
        "&a ",
        "*a",
        "!!int ",
        "!!str ",
        "{a: ",
        "\r\n",
        "yes",
        "0x1F",
        "1e3",
    ),
)


@pytest.fixture(scope="module")
def oracle(yaml_oracle: Path) -> Iterator[Oracle]:
    """Ask Kubernetes' library: `{"json": value}` or `{"error": text}`."""
    with subprocess.Popen([yaml_oracle], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - ours

        def ask(text: str) -> dict[str, Any]:
            data = text.encode()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"%d\n%s" % (len(data), data))
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield ask
        assert process.stdin is not None
        process.stdin.close()


def ours(text: str) -> Document | ReadError | None:
    """The first document, which is all that Kubernetes' library looks at."""
    return next(kubernetes_yaml.load(text.encode()), None)


def assert_same(text: str, oracle: Oracle) -> None:
    """Equal values, or both refuse, or the difference is one of ours."""
    theirs, mine = oracle(text), ours(text)
    if isinstance(mine, ReadError):
        assert "error" in theirs or any(known in mine.message for known in WE_REFUSE), (text, theirs, mine)
    else:
        assert "error" not in theirs, (text, theirs, mine)
        assert same(mine and mine.value, theirs["json"]), (text, theirs, mine)


def same(mine: Any, theirs: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Equal in value and type; Kubernetes writes a great float as digits, and reads it as a float again."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return mine.keys() == theirs.keys() and all(same(mine[key], theirs[key]) for key in mine)
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, float) and isinstance(theirs, int) and abs(theirs) >= 2**63:
        return mine == float(theirs)
    return type(mine) is type(theirs) and mine == theirs


@pytest.mark.parametrize("word", WORDS)
def test_an_odd_scalar_means_the_same_wherever_it_stands(word: str, oracle: Oracle) -> None:
    for place in PLACES:
        assert_same(place.replace("@", word), oracle)


@pytest.mark.parametrize("text", json.loads((FOLDER / "structures.json").read_text()))
def test_structure_is_understood_the_same(text: str, oracle: Oracle) -> None:
    assert_same(text, oracle)


def test_our_own_manifests_mean_the_same(oracle: Oracle) -> None:
    """The samples, and every rule's examples, document by document as kubectl cuts them."""
    files = [file for folder in ("examples", "rules") for file in sorted((ROOT / folder).rglob("*.yaml"))]
    assert files
    for file in files:
        for document in re.split(r"^---.*\n", file.read_text(encoding="utf-8"), flags=re.MULTILINE):
            assert_same(document, oracle)


def block(prefix: str, inner: str) -> str:
    """`inner` behind `- ` or a key, on lines of its own when it has more than one."""
    if inner.startswith(("- ", "k")) or "\n" in inner:
        return f"{prefix}\n{textwrap.indent(inner, '  ')}"
    return f"{prefix} {inner}"


SCALARS = st.one_of(
    st.sampled_from([word for word in WORDS if word[0] not in "&!"]),
    st.text("0123456789+-._eExXbBoO", min_size=1, max_size=8).filter(lambda text: text[0] != "-" or len(text) > 1),
    st.text(st.characters(categories=("L", "N", "S"), exclude_characters="`|>")).map(json.dumps),
    st.text("ab '1", max_size=6).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.sampled_from(
        ["*m", "*l", "*s", "&n x", "&n 0x1F", "!!str 5", "!!int '5'", "! 1", "|\n  a\n   b\n", ">-\n  1\n  2\n", ""]
    ),
)
KEYS = st.integers(0, 5).map(lambda number: f"k{number}") | st.sampled_from(
    ["1", "0644", "yes", "1.5", '"a b"', "*s ", "~x"]
)
FLOW = st.recursive(
    SCALARS.filter(lambda text: text[:1] not in ("|", ">", ":") and not text.endswith(":")),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(st.tuples(KEYS, inner), max_size=3).map(
            lambda parts: "{" + ", ".join(f"{k}: {v}" for k, v in parts) + "}"
        )
    ),
    max_leaves=6,
)
MERGES = st.sampled_from(["*m", "[*m, *o]", "{k0: 1, k9: yes}", "[*o, {k1: 0644}]"]).map(lambda value: ("<<", value))
BLOCK = st.recursive(
    SCALARS | FLOW,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: "\n".join(block("-", part) for part in parts))
        | st.lists(st.tuples(KEYS, inner) | MERGES, min_size=1, max_size=4).map(
            lambda parts: "\n".join(block(f"{key}:", part) for key, part in parts)
        )
    ),
    max_leaves=12,
)
ANCHORS = "m: &m {k0: 010, k1: [on]}\no: &o {k1: 1_0}\nl: &l [1, 2.0]\ns: &s 0x1F\nat:\n"


@MANY
@given(BLOCK, st.sampled_from(["\n", "\r\n", " # c\n\n"]))
def test_generated_manifests_mean_the_same(oracle: Oracle, body: str, line_end: str) -> None:
    text = ANCHORS + textwrap.indent(body, "  ") + "\n"
    text = text.replace("\n", line_end) if "|" not in text and ">" not in text else text
    document = ours(text)
    assume(not (isinstance(document, Document) and document.duplicate_keys))  # 1 and "1": go-yaml picks one by chance
    assert_same(text, oracle)


@MANY
@given(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.sampled_from(["@", "a: @", "[@]", "{@}", "a: {b: @}"]),
)
def test_no_text_has_two_meanings(oracle: Oracle, noise: str, place: str) -> None:
    """Either side may refuse what the other accepts; where both accept, they agree."""
    text = place.replace("@", noise)
    theirs, mine = oracle(text), ours(text)
    if isinstance(mine, Document) and "error" not in theirs:
        assume(not mine.duplicate_keys)
        assert same(mine.value, theirs["json"]), (text, theirs, mine)
