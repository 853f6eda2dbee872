"""Single instructions of a Dockerfile: variables, copies, health checks, directives, and the rest."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def body(text: str) -> dict[str, Any]:
    return dict(read(text.encode(), "Dockerfile").body)


def stages(text: str) -> list[dict[str, Any]]:
    return list(body(text)["stages"])


def last(text: str) -> dict[str, Any]:
    return stages(text)[-1]


def test_variables_of_one_env_see_the_values_before_it() -> None:
    env = last("FROM a:1\nENV A=1\nENV A=2 B=$A \"C D\"='x y'\nENV OLD some  text\nENV P=$PATH:/x E=\n")["env"]

    assert [(item["name"], item["value"], item["given"]) for item in env] == [
        ("A", "1", True),
        ("A", "2", True),
        ("B", "1", True),
        ("C D", "x y", True),
        ("OLD", "some  text", True),
        ("P", None, True),
        ("E", "", True),
    ]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("a$", "a$"),
        ("a\\$b", "a$b"),
        ('"a\\"b \\x \\$c"', 'a"b \\x $c'),
        ("'a\\b$c'", "a\\b$c"),
        ("${A}b", "1b"),
        ('"$A b"', "1 b"),
        ("${UNKNOWN:+x}", ""),
        ("${UNKNOWN/a/b}", None),
        ("${A/1/$UNKNOWN}", None),
        ("${}", None),
        ("${A", None),
        ("${A:-x", None),
        ("${A:#x}", None),
        ('"a', None),
        ("$$", None),
    ],
)
def test_a_value_is_expanded_as_buildkit_does_or_unknown(raw: str, value: str | None) -> None:
    variable = last(f"FROM a:1\nENV A=1\nENV B={raw}\n")["env"][-1]

    assert (variable["name"], variable["value"]) == ("B", value)


def test_arguments_keep_apart_no_default_and_an_empty_one() -> None:
    args = body("ARG A B= C=1\nFROM a:1\n")["args"]

    assert [(arg["name"], arg["value"], arg["given"]) for arg in args] == [
        ("A", None, False),
        ("B", "", True),
        ("C", "1", True),
    ]


@pytest.mark.parametrize(
    ("line", "kind", "archive", "everything"),
    [
        ("COPY src /x", "local", False, False),
        ("COPY . /x", "local", False, True),
        ("COPY ./ /x", "local", False, True),
        ('COPY ["./", "/x"]', "local", False, True),
        ("COPY ./src /x", "local", False, False),
        ("ADD root.tar.gz /", "local", True, False),
        ("ADD $NAME.tgz /", "unknown", True, False),
        ("ADD $NAME /", "unknown", None, False),
        ("ADD https://example.com/a.zip /", "remote", False, False),
        ("ADD git@github.com:acme/app.git /", "remote", False, False),
        ("COPY <<EOF /x\na\nEOF", "inline", False, False),
    ],
)
def test_a_copied_source_says_what_it_is(
    line: str,
    kind: str,
    archive: bool | None,  # noqa: FBT001 - a column
    everything: bool,  # noqa: FBT001 - a column
) -> None:
    (copy,) = last(f"FROM a:1\n{line}\n")["copies"]
    (source,) = copy["sources"]

    assert (source["kind"], source["archive"], source["everything"]) == (kind, archive, everything)


def test_a_copy_holds_its_flags_and_here_documents() -> None:
    text = "FROM a:1\nCOPY --chown=7:7 --link --exclude=*.md --exclude=.git <<-A <<'B' /x/\n\t\ta\n\tA\n\tb\nB\n"
    (copy,) = last(text)["copies"]

    assert copy["flags"] == {"chown": "7:7", "link": "true", "exclude": ".git"}
    assert copy["excludes"] == ["*.md", ".git"]
    assert copy["heredocs"] == [{"name": "A", "content": "a\n"}, {"name": "B", "content": "\tb\n"}]
    assert copy["destination"] == "/x/"


@pytest.mark.parametrize(
    ("source", "kind", "stage"),
    [
        ("builder", "stage", "builder"),
        ("BUILDER", "stage", "builder"),
        ("0", "stage", "builder"),
        ("1", "name", None),
        ("7", "name", None),
        ("later", "name", None),
        ("bulder", "name", None),
        ("$STAGE", "name", None),
        ("busybox:1.36", "image", None),
        ("ghcr.io/acme/tool", "image", None),
    ],
)
def test_copy_from_names_a_stage_above_or_an_image_or_neither(source: str, kind: str, stage: str | None) -> None:
    text = f"FROM a:1 AS Builder\nFROM b:1 AS here\nCOPY --from={source} /x /y\nFROM c:1 AS later\n"
    (copy,) = stages(text)[1]["copies"]

    assert (copy["from"]["kind"], copy["from"]["stage"]) == (kind, stage)
    assert (copy["from"]["image"] is not None) == (kind == "image")


def test_images_from_outside_are_listed_with_who_uses_them() -> None:
    text = """FROM a:1 AS one
FROM one
COPY --from=busybox:1.36 /x /x
COPY --from=one /x /x
RUN --mount=from=tools:2,target=/t --mount=type=cache,target=/c true
"""

    assert [(used["stage"], used["instruction"], used["image"]["text"]) for used in body(text)["images"]] == [
        ("one", "FROM", "a:1"),
        ("final", "COPY", "busybox:1.36"),
        ("final", "RUN", "tools:2"),
    ]


def test_a_health_check_holds_its_command_and_options() -> None:
    shell = last("FROM a:1\nHEALTHCHECK --interval=30s --retries=3 \\\n  CMD curl -f x || exit 1\n")["healthcheck"]
    words = last('FROM a:1\nHEALTHCHECK CMD ["curl", "x"]\n')["healthcheck"]

    assert (shell["form"], shell["command"]) == ("shell", "curl -f x || exit 1")
    assert shell["options"] == {"interval": "30s", "retries": "3"}
    assert (words["form"], words["command"], words["disabled"]) == ("exec", "curl x", False)


def test_the_remaining_instructions_are_facts_too() -> None:
    text = """FROM a:1
LABEL org.opencontainers.image.version="1.2" other=x
EXPOSE 80 53/UDP 8000-8010 $PORT
VOLUME ["/data", "/more"]
WORKDIR /app
SHELL ["/bin/bash", "-c"]
STOPSIGNAL SIGQUIT
MAINTAINER someone
CMD run --fast
"""
    stage = last(text)

    assert {label["name"]: label["value"] for label in stage["labels"]} == {
        "org.opencontainers.image.version": "1.2",
        "other": "x",
    }
    assert [(port["text"], port["port"], port["protocol"]) for port in stage["ports"]] == [
        ("80", 80, "tcp"),
        ("53/UDP", 53, "udp"),
        ("8000-8010", 8000, "tcp"),
        ("$PORT", None, None),
    ]
    assert [volume["path"] for volume in stage["volumes"]] == ["/data", "/more"]
    assert [workdir["path"] for workdir in stage["workdirs"]] == ["/app"]
    assert (stage["shell"], stage["stopsignal"], stage["maintainer"]) == (["/bin/bash", "-c"], "SIGQUIT", "someone")
    assert (stage["cmd"]["form"], stage["cmd"]["text"]) == ("shell", "run --fast")


def test_onbuild_is_kept_apart() -> None:
    stage = last("FROM a:1\nONBUILD COPY . /app\nONBUILD USER root\n")

    assert (stage["copies"], stage["user"]) == ([], None)
    assert [(each["instruction"], each["at"]) for each in stage["onbuild"]] == [
        ("COPY", "stages[final].onbuild[COPY . /app]"),
        ("USER", "stages[final].onbuild[USER root]"),
    ]


@pytest.mark.parametrize(
    ("top", "directives"),
    [
        ("", {"syntax": None, "escape": "\\", "check": None}),
        ("# syntax=docker/dockerfile:1\n", {"syntax": "docker/dockerfile:1", "escape": "\\", "check": None}),
        ("#Escape = `\r\n", {"syntax": None, "escape": "`", "check": None}),
        (
            "# check=skip=all\n# syntax=x\n# escape=`\n",
            {"syntax": "x", "escape": "`", "check": "skip=all"},
        ),
        ("# a comment\n# escape=`\n", {"syntax": None, "escape": "\\", "check": None}),
        ("\n# escape=`\n", {"syntax": None, "escape": "\\", "check": None}),
    ],
)
def test_directives_stand_above_everything_else(top: str, directives: dict[str, str | None]) -> None:
    escape = directives["escape"]
    found = body(f"{top}FROM a:1\nRUN one {escape}\n  two\n")

    assert found["directives"] == directives
    assert found["stages"][0]["runs"][0]["text"].split() == ["one", "two"]


def test_comments_stand_between_continued_lines_and_nowhere_else() -> None:
    run, label = (
        last("FROM a:1\nRUN one \\\n  # a comment\n\n  two # no comment\n")["runs"][0],
        last("FROM a:1\nLABEL a=b#c\n")["labels"][0],
    )

    assert run["text"].split() == ["one", "two", "#", "no", "comment"]
    assert run["lines"] == {"start": 2, "end": 5}
    assert label["value"] == "b#c"
