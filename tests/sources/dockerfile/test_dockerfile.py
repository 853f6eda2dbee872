"""The door: names of Dockerfiles, where facts stand, and what is never shown."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from compliance.model import Facts, Span
from compliance.sources.dockerfile import is_dockerfile_name, read

SEED = """FROM alpine:3.15

# 安装依赖
RUN apk add --no-cache curl tzdata ca-certificates && \\
    update-ca-certificates
ENV TZ=Asia/Shanghai \\
    LANG=C.UTF-8
COPY build/app /opt/app
USER appuser
EXPOSE 8080
HEALTHCHECK --interval=30s --retries=3 \\
  CMD curl -f http://localhost:8080/health || exit 1
ENTRYPOINT ["/opt/app"]
"""


def told(text: str) -> Facts:
    return read(text.encode(), "web/Dockerfile")


def place(facts: Facts, at: str) -> Span | None:
    (span,) = facts.locate([at])
    return span


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "dockerfile", "Containerfile", "containerfile", "Dockerfile.dev", "Containerfile.prod"),
        *("web.Dockerfile", "web.dockerfile", "multi-stage.Dockerfile", "web.Containerfile", "Dockerfile.alpine3.20"),
    ],
)
def test_a_file_that_is_built_from_is_known_by_its_name(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile.dockerignore", "web.Dockerfile.dockerignore", "Dockerfile.md", "Dockerfile.j2", "Dockerfile~"),
        *("dockerfile.py", "Dockerfiles", "Makefile", "Dockerfile-notes", "Dockerfile.bak", "DOCKERFILE", "", "."),
    ],
)
def test_other_files_are_not(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_the_subject_is_the_file() -> None:
    facts = told(SEED)

    assert (facts.schema, str(facts.subject), str(facts.origin)) == (
        "dockerfile",
        "Dockerfile/web/Dockerfile",
        "web/Dockerfile:1:1",
    )


@pytest.mark.parametrize(
    ("at", "span"),
    [
        ("stages[final].base", Span(1, 6, 1)),
        ("stages[final].runs[apk add --no-cache curl tzdata ca-certificates && update-ca-…]", Span(4, 1, 5)),
        ("stages[final].runs[apk add --no-cache curl tzdata ca-certificates && update-ca-…].apk", Span(4, 1, 5)),
        ("stages[final].env[LANG]", Span(7, 5, 7)),
        ("stages[final].copies[build/app /opt/app]", Span(8, 1, 8)),
        ("stages[final].user", Span(9, 1, 9)),
        ("stages[final].ports[8080]", Span(10, 8, 10)),
        ("stages[final].healthcheck", Span(11, 1, 12)),
        ("stages[final].entrypoint", Span(13, 1, 13)),
        ("stages[final].cmd", Span(1, 1, 1)),
        ("stages[fin].cmd", None),
    ],
)
def test_facts_are_placed_where_they_are_written_or_else_at_their_stage(at: str, span: Span | None) -> None:
    assert place(told(SEED), at) == span


def test_every_at_in_the_facts_is_a_place_of_its_own_lines() -> None:
    facts = told(SEED)
    (stage,) = facts.body["stages"]
    holders = [stage["base"], stage["user"], stage["healthcheck"], *stage["env"], *stage["runs"], *stage["copies"]]

    for holder in holders:
        span = place(facts, holder["at"])
        assert span is not None
        assert holder["lines"]["start"] <= span.line <= holder["lines"]["end"]


def test_an_instruction_keeps_its_name_when_others_move() -> None:
    one = told("FROM a:1\nRUN first\nRUN second\nCOPY x y\n")
    other = told("FROM a:1\nCOPY x y\nRUN   second\nRUN \\\n first\n")

    def names(facts: Facts) -> set[str]:
        (stage,) = facts.body["stages"]
        return {part["at"] for key in ("runs", "copies") for part in stage[key]}

    assert names(one) == names(other)


def test_instructions_that_begin_alike_are_told_apart_in_any_order() -> None:
    common = "x" * 80
    one = told(f"FROM a:1\nRUN {common}1\nRUN {common}2\n")
    other = told(f"FROM a:1\nRUN {common}2\nRUN {common}1\n")
    names = [run["at"] for run in one.body["stages"][0]["runs"]]

    assert len(set(names)) == 2
    assert names == [run["at"] for run in reversed(other.body["stages"][0]["runs"])]
    assert [place(one, name) for name in names] == [Span(2, 1, 2), Span(3, 1, 3)]


def test_the_last_of_several_users_is_the_place_that_counts() -> None:
    facts = told("FROM a:1\nUSER app\nRUN x\nUSER root\n")

    assert facts.body["stages"][0]["user"]["root"] is True
    assert place(facts, "stages[final].user") == Span(4, 1, 4)


def test_lines_are_shown_without_their_line_ends() -> None:
    facts = told("\ufeffFROM a:1\r\nRUN \\\r\n  x\r\n")

    assert [facts.lines(number) for number in range(6)] == [None, "FROM a:1", "RUN \\", "  x", "", None]
    assert facts.body["stages"][0]["runs"][0]["text"] == "x"


def test_a_secret_is_neither_in_the_facts_nor_in_the_lines() -> None:
    facts = told("""ARG API_KEY=hunter2
FROM a:1
ENV A=b \\
  DB_PASSWORD='hunter2' \\
  C=d
ONBUILD ENV T_TOKEN=hunter2
ONBUILD ARG T_TOKEN=hunter2
ONBUILD ARG T_TOKEN
USER x
""")

    assert "hunter2" not in json.dumps(facts.body)
    assert [number for number in range(1, 10) if facts.lines(number) is not None] == [2, 8, 9]


def test_credentials_in_a_url_are_shown_nowhere() -> None:
    facts = told(
        "FROM a:1\nADD https://me:hunter2@example.com/a.tar /\nRUN git clone https://me:hunter2@example.com/a\n"
    )
    (stage,) = facts.body["stages"]

    assert facts.lines(2) == "ADD https://***@example.com/a.tar /"
    assert facts.lines(3) is None
    assert stage["runs"][0]["at"] == "stages[final].runs[git clone https://***@example.com/a]"
    assert "hunter2" not in json.dumps(stage["copies"])


def test_threads_read_the_same_facts() -> None:
    texts = [f"FROM alpine:3.{number}\nRUN apk add curl={number}\n" for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        bodies = [facts.body for facts in pool.map(told, texts)]

    assert bodies == [told(text).body for text in texts]
