"""Which team a finding goes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.errors import ConfigurationError
from compliance.owners import Owners, Router, open_router

if TYPE_CHECKING:
    from pathlib import Path

OWNERS = Owners(label="team", annotation="example.org/team", teams={"security": "blue"}, default="platform")
CODEOWNERS = """\
*                 @all
docs/*            @docs
/build/           @build  # not @nobody
apps/**/deploy.yaml @apps
src/              @one @acme/two
nobody/
"""


def test_each_step_is_asked_when_those_before_say_nothing() -> None:
    router = Router(OWNERS, "k8s/ @files\n")
    labels, annotations = {"team": "a"}, {"example.org/team": "b"}
    assert router.route("security", labels, annotations, "k8s/x.yaml") == "a"
    assert router.route("security", {}, annotations, "k8s/x.yaml") == "b"
    assert router.route("security", {"team": ""}, {}, "k8s/x.yaml") == "@files"
    assert router.route("security", {}, {}, "other/x.yaml") == "blue"
    assert router.route("sre", {}, {}, None) == "platform"


def test_without_settings_the_rule_says_who() -> None:
    assert Router(Owners()).route("sre", {"team": "a", "": "b"}, {}, "x.yaml") == "sre"


@pytest.mark.parametrize(
    ("file", "team"),
    [
        ("x.yaml", "@all"),
        ("./x.yaml", "@all"),
        ("docs/a.md", "@docs"),
        ("docs/deeper/a.md", "@all"),
        ("build/deeper/x", "@build"),
        ("sub/build/x", "@all"),
        ("apps/deploy.yaml", "@apps"),
        ("apps/a/b/deploy.yaml", "@apps"),
        ("lib/src/x", "@one, @acme/two"),
        ("nobody/x", "platform"),
    ],
)
def test_codeowners_means_what_its_hosts_say_it_means(file: str, team: str) -> None:
    assert Router(OWNERS, CODEOWNERS).route("sre", {}, {}, file) == team


def test_sections_of_gitlab_lend_their_owners() -> None:
    router = Router(OWNERS, "* @all\n[Docs][2] @docs @more\ndocs/\ndocs/api/ @api\n^[Optional]\nx/ @x\n")
    files = ("D", "docs/a.md", "docs/api/a.md", "x/a")
    assert [router.route("sre", {}, {}, file) for file in files] == ["@all", "@docs, @more", "@api", "@x"]


def test_a_codeowners_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "CODEOWNERS"
    file.write_bytes(b"\xef\xbb\xbf*.tf @infra\r\n")
    assert open_router(Owners(codeowners=file)).route("sre", {}, {}, "a/b.tf") == "@infra"


def test_a_codeowners_file_that_is_missing_or_senseless_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="missing: cannot be read"):
        open_router(Owners(codeowners=tmp_path / "missing"))
    file = tmp_path / "CODEOWNERS"
    for senseless in ("a[ @x\n", "a[] @x\n"):
        file.write_text(senseless)
        with pytest.raises(ConfigurationError, match="CODEOWNERS: is no CODEOWNERS file"):
            open_router(Owners(codeowners=file))


def test_a_large_codeowners_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "CODEOWNERS"
    file.write_bytes(b"#" * (3 * 1024 * 1024 + 1))
    with pytest.raises(ConfigurationError, match="larger than 3 MiB"):
        open_router(Owners(codeowners=file))


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_codeowners_gives_a_team_or_a_clean_error(text: str, file: str) -> None:
    try:
        router = Router(OWNERS, text)
    except ConfigurationError:
        return
    assert router.route("sre", {}, {}, file)
