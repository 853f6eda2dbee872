"""Whatever the text: facts that fit their schema, or a refusal; never anything else, and never for long."""

import json
import shlex
import time
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import ReadError
from compliance.sources.dockerfile import read

_RULES = Path(__file__).resolve().parents[3] / "rules"
_SCHEMA = jsonschema_rs.validator_for(json.loads((_RULES / "schemas/dockerfile.json").read_text(encoding="utf-8")))
_EXAMPLES = sorted((_RULES / "dockerfile").glob("*/examples/*.Dockerfile"))

_INSTRUCTIONS = (
    "FROM RUN COPY ADD ENV ARG LABEL CMD ENTRYPOINT HEALTHCHECK ONBUILD SHELL USER EXPOSE VOLUME WORKDIR STOPSIGNAL "
    "MAINTAINER FOO"
)
_PIECES = st.sampled_from(
    [
        *_INSTRUCTIONS.split(),
        *(
            " ",
            "\t",
            "\n",
            "\r\n",
            "\\\n",
            "`\n",
            "\\",
            "`",
            "#",
            "# escape=`\n",
            "# check=x\n",
            " AS ",
            "--from=",
            "0",
        ),
        *("<<EOF", "<<-'E'", "EOF\n", "E\n", "[", "]", '"', "'", ",", "=", "a", "a:1", "$X", "${", "}", ":-", "/", "*"),
        *("--mount=type=cache,target=/", "apk add ", "apt-get update", "pip install ", "rm -rf /var/lib/", "&&", "|"),
        *(
            "sudo ",
            "curl -k x",
            "chmod ",
            "a+rws ",
            "4777 ",
            "npm i ",
            "dnf install ",
            "<(",
            "export ",
            "--chmod=",
            "WORKDIR ",
        ),
        *("sh -c ", "$(", ")", "{", "NONE", "root", "PASSWORD", "\u00e9", "\u2028", "\x0b", "\ufeff", "\x01"),
    ]
)
_DOCKERFILES = st.builds(
    lambda start, pieces: start + "".join(pieces), st.sampled_from(["", "FROM a:1\n"]), st.lists(_PIECES, max_size=40)
)


def fits_or_is_refused(data: bytes) -> bool:
    """Whether the text was read; raises whatever is neither facts that fit nor a refusal."""
    try:
        facts = read(data, "Dockerfile")
    except ReadError:
        return False
    _SCHEMA.validate({**facts.body, "params": {}})
    holders = [stage["base"] for stage in facts.body["stages"]]
    holders += [run for stage in facts.body["stages"] for run in stage["runs"]]
    assert None not in facts.locate([holder["at"] for holder in holders])
    return True


@settings(deadline=None, max_examples=400)
@given(_DOCKERFILES)
def test_any_text_gives_facts_that_fit_or_is_refused(text: str) -> None:
    fits_or_is_refused(text.encode())


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200).map(lambda data: b"FROM a:1\nRUN " + data))
def test_any_bytes_give_facts_that_fit_or_are_refused(data: bytes) -> None:
    fits_or_is_refused(data)


@pytest.mark.parametrize("example", _EXAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_every_example_is_read_and_fits(example: Path) -> None:
    assert fits_or_is_refused(example.read_bytes())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=8), min_size=1))
def test_quoted_words_come_back_as_they_were(words: list[str]) -> None:
    quoted = "program " + shlex.join(words)
    (stage,) = read(f"FROM a:1\nRUN <<EOF\n{quoted}\nEOF\n".encode(), "Dockerfile").body["stages"]
    (command,) = stage["runs"][0]["commands"]

    assert command["words"] == ["program", *words]


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Zs", "Zl", "Zp"], exclude_characters="'"), max_size=20
    )
)
def test_single_quotes_keep_a_value_as_it_is(value: str) -> None:
    (stage,) = read(f"FROM a:1\nENV A='{value}'\n".encode(), "Dockerfile").body["stages"]

    assert stage["env"][0]["value"] == value


@pytest.mark.untraced
@pytest.mark.parametrize(
    "text",
    [
        "FROM a\nRUN <<EOF\n" + ("$(" * 15_000 + "\n") * 10 + "EOF\n",
        "FROM a\nRUN <<EOF\n" + ("cat " + "<<A " * 7_000 + "\n" + "A\n" * 400) * 8 + "EOF\n",
        "FROM a\nRUN <<EOF\n" + "apk add " + (".whl[" * 6_000 + "\n") * 10 + "EOF\n",
        "FROM a\nRUN <<EOF\n" + ("rm " + "{a " * 9_000 + "\n") * 10 + "EOF\n",
        "FROM a\n" + "RUN [\n" * 9_000 + "ENV x\n",
        "FROM a\n" + "COPY " + "x/" * 15_000 + " /y\n",
        "FROM a\nENV A=" + "x" * 4_000 + "\n" + "".join(f"ENV A{number}=x$A\n" for number in range(5_000)),
        "ARG X=" + "a" * 250 + "\nFROM ${X##*a*a*a*a*a*b}\n",
        "FROM a AS s\n" + "".join(f"ENV A{number}=1\n" for number in range(2_500)) + "FROM s\n" * 2_500,
    ],
    ids=["substitutions", "heredocs", "names", "braces", "errors", "path", "growth", "pattern", "stages"],
)
def test_a_text_made_to_be_slow_is_not(text: str) -> None:
    began = time.process_time()
    fits_or_is_refused(text.encode())

    assert time.process_time() - began < 20
