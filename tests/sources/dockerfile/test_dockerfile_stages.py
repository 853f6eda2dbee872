"""Stages as BuildKit sees them: bases with their arguments, users, and what is taken over."""

from typing import Any

import pytest

from compliance.sources.dockerfile import read


def body(text: str) -> dict[str, Any]:
    return dict(read(text.encode(), "Dockerfile").body)


def stages(text: str) -> list[dict[str, Any]]:
    return list(body(text)["stages"])


def last(text: str) -> dict[str, Any]:
    return stages(text)[-1]


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("FROM alpine:3.15", "alpine:3.15"),
        ("ARG V=3.15\nFROM alpine:$V", "alpine:3.15"),
        ("ARG V=3\nARG W=${V}.15\nFROM alpine:${W}", "alpine:3.15"),
        ("ARG V\nFROM alpine:${V:-3.15}", "alpine:3.15"),
        ("FROM alpine:${V-3.15}", "alpine:3.15"),
        ("ARG V=\nFROM alpine:${V:-3.15}", "alpine:3.15"),
        ("ARG V=\nFROM alpine:3.15${V-x}", "alpine:3.15"),
        ("ARG V=9\nFROM alpine:3.15${V:+-slim}", "alpine:3.15-slim"),
        ("ARG V=\nFROM alpine:3.15${V:+-slim}", "alpine:3.15"),
        ("ARG V=9\nFROM alpine:${V:?needed}", "alpine:9"),
        ('ARG V="3.15"\nFROM "alpine:${V}"', "alpine:3.15"),
        ("ARG V='$W'\nFROM alpine:${V#?}", "alpine:W"),
        ("ARG V=v3.15.4\nFROM alpine:${V#v}", "alpine:3.15.4"),
        ("ARG V=3.15.4\nFROM alpine:${V%.*}", "alpine:3.15"),
        ("ARG V=3.15.4\nFROM alpine:${V%%.*}", "alpine:3"),
        ("ARG V=3.15.4\nFROM alpine:${V##*.}", "alpine:4"),
        ("ARG V=3_15_4\nFROM alpine:${V/_/.}", "alpine:3.15_4"),
        ("ARG V=3_15_4\nFROM alpine:${V//_/.}", "alpine:3.15.4"),
        ("ARG PREFIX\nFROM ${PREFIX}alpine:3.15", "alpine:3.15"),
        ("FROM alpine:3-${TARGETARCH}", "alpine:3-amd64"),
        ("# escape=`\nARG V=3`.15\nFROM alpine:`\n$V", "alpine:3.15"),
        ("from alpine:3.15 as a", "alpine:3.15"),
        ("FROM scratch", "scratch"),
    ],
)
def test_a_base_is_resolved_with_the_defaults_of_its_arguments(text: str, resolved: str) -> None:
    base = last(text)["base"]

    assert (base["resolved"], base["unresolved"]) == (resolved, False)


@pytest.mark.parametrize(
    ("text", "unset"),
    [
        ("ARG V\nFROM alpine:$V", ["V"]),
        ("FROM $BASE", ["BASE"]),
        ("ARG REGISTRY\nARG V=1\nFROM ${REGISTRY}/alpine:$V", ["REGISTRY"]),
        ("FROM a:1\nARG V=1\nFROM alpine:$V", ["V"]),
        ("FROM alpine:${V:?needed}", ["V"]),
    ],
)
def test_a_base_that_needs_an_argument_without_default_is_unresolved(text: str, unset: list[str]) -> None:
    base = last(text)["base"]

    assert (base["kind"], base["unresolved"], base["resolved"], base["image"]) == ("unknown", True, None, None)
    assert base["unset"] == unset


def test_an_image_reference_is_read_by_its_grammar() -> None:
    digest = "sha256:" + "a" * 64
    image = last(f"FROM localhost:5000/team/app:1.2@{digest}")["base"]["image"]

    assert image == {
        "text": f"localhost:5000/team/app:1.2@{digest}",
        "registry": "localhost:5000",
        "repository": "team/app",
        "name": "localhost:5000/team/app",
        "tag": "1.2",
        "digest": digest,
        "normalised": f"localhost:5000/team/app:1.2@{digest}",
    }


def test_stages_are_named_or_numbered_and_the_last_is_final() -> None:
    text = "FROM a:1\nFROM b:1 AS Build\nFROM c:1\nFROM --platform=$BUILDPLATFORM d:1\n"

    assert [(stage["id"], stage["name"], stage["final"], stage["platform"]) for stage in stages(text)] == [
        ("0", None, False, None),
        ("build", "build", False, None),
        ("2", None, False, None),
        ("final", None, True, "$BUILDPLATFORM"),
    ]


def test_two_stages_never_share_an_id() -> None:
    assert [stage["id"] for stage in stages("FROM a:1 AS final\nFROM b:1 AS final\nFROM c:1\n")] == ["final", "1", "2"]


def test_a_stage_takes_over_what_the_one_below_it_set() -> None:
    text = """FROM alpine:3.15 AS base
USER app:web
HEALTHCHECK NONE
CMD ["x"]
ENV UID=7
FROM base AS middle
RUN y
FROM middle
"""
    base, _, final = stages(text)

    assert (final["base"]["kind"], final["base"]["stage"], final["base"]["image"]) == ("stage", "middle", None)
    assert final["base_image"] == base["base"]["image"]
    assert {key: final[key] for key in ("user", "healthcheck", "cmd")} == {
        key: base[key] for key in ("user", "healthcheck", "cmd")
    }
    assert (final["user"]["stage"], final["user"]["name"], final["user"]["group"]) == ("base", "app", "web")
    assert final["healthcheck"]["disabled"] is True


def test_a_stage_named_by_the_platform_is_followed() -> None:
    assert last("FROM a:1 AS base-amd64\nUSER 7\nFROM base-$TARGETARCH\n")["user"]["name"] == "7"


def test_what_an_image_brings_is_unknown() -> None:
    final = last("FROM alpine:3.15")

    assert [final[key] for key in ("user", "healthcheck", "entrypoint", "cmd", "shell", "stopsignal")] == [None] * 6


def test_only_the_last_stage_and_what_it_builds_on_are_shipped() -> None:
    text = "FROM a:1 AS base\nFROM base AS test\nFROM c:1 AS tools\nFROM base\nCOPY --from=tools /x /x\n"

    assert [stage["id"] for stage in stages(text) if stage["shipped"]] == ["base", "final"]


@pytest.mark.parametrize(
    ("text", "runnable"),
    [
        ("FROM alpine:3.15", True),
        ("FROM scratch\nCOPY a /", False),
        ("FROM scratch\nENTRYPOINT []", False),
        ('FROM scratch\nENTRYPOINT ["/a"]', True),
        ("FROM scratch AS a\nFROM a\nCMD /a", True),
        ("FROM scratch AS a\nFROM a", False),
        ("FROM $BASE", True),
    ],
)
def test_an_image_from_scratch_starts_only_what_it_names(text: str, runnable: bool) -> None:  # noqa: FBT001 - a column
    assert last(text)["runnable"] is runnable


@pytest.mark.parametrize(
    ("lines", "name", "root"),
    [
        ("USER root", "root", True),
        ("USER 0", "0", True),
        ("USER 000:7", "000", True),
        ("USER ContainerAdministrator", "ContainerAdministrator", True),
        ("USER 10001:0", "10001", False),
        ("USER rooter", "rooter", False),
        ("ARG U=0\nUSER $U", "0", True),
        ("ARG U\nUSER ${U:-app}", "app", False),
        ("ENV U=app\nARG U=0\nUSER ${U}", "app", False),
        ("ARG U\nUSER $U", None, None),
        ("USER $FROM_THE_BASE", None, None),
        ("USER '$U", None, None),
        ("USER app # comment", "app # comment", False),
    ],
)
def test_a_user_is_root_by_name_or_number_or_unknown(lines: str, name: str | None, root: bool | None) -> None:  # noqa: FBT001 - a column
    user = last(f"FROM a:1\n{lines}\n")["user"]

    assert (user["name"], user["root"]) == (name, root)


def test_an_argument_above_the_first_stage_reaches_only_stages_that_declare_it() -> None:
    text = "ARG U=app\nFROM a:1 AS one\nARG U\nUSER $U\nFROM one AS two\nUSER $U\nFROM a:1\nUSER $U\n"

    assert [stage["user"]["name"] for stage in stages(text)] == ["app", "app", None]
