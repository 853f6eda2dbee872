"""Adding to the waiver file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.catalogue import Catalogue
from compliance.errors import UsageError, WaiverFileError
from compliance.model import Rule, Severity
from compliance.positioned_yaml import parse
from compliance.waiver_writing import HEADER, add, appendix
from compliance.waivers import Terms, load_waivers

if TYPE_CHECKING:
    from pathlib import Path

RULE = Rule("probes.missing_readiness", "t", "d", Severity.HIGH, ("workload",), "r", "sre")
TERMS = Terms(Catalogue({RULE.id: RULE}, "digest", ()), datetime(2026, 6, 15, tzinfo=UTC))
ENTRY = {
    "rule": "probes.missing_readiness",
    "subject": "Deployment/prod/*",
    "reason": "batch: no traffic # really",
    "approved_by": "Ada",
    "expires": "2026-12-31",
}
OLD = "- rule: probes.missing_readiness\n  subject: x/y\n  reason: r\n  approved_by: a\n  expires: 2026-12-31\n"


def test_a_new_file_holds_the_waiver(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    add(file, ENTRY, TERMS)
    (risk,), invalid = load_waivers(file, TERMS)
    assert invalid == ()
    assert risk.waiver.reason == ENTRY["reason"]
    assert file.read_text().startswith(HEADER)


@pytest.mark.parametrize(
    "before",
    [
        "",
        OLD,
        f"# why we accept\n{OLD}# the last word",
        OLD.rstrip(),
        OLD.replace("\n", "\r\n"),
        "".join(f"  {line}\n" for line in OLD.splitlines()),
        "\ufeff" + OLD,
    ],
)
def test_what_stands_there_stays_as_it_is(tmp_path: Path, before: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_bytes(before.encode())
    add(file, ENTRY, TERMS)
    after = file.read_bytes()
    assert after.startswith(before.encode())
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    risks, invalid = load_waivers(file, TERMS)
    assert (len(risks), invalid) == (before.count("rule:") + 1, ())


@pytest.mark.parametrize("before", ["[]\n", f"{OLD}...\n", "waivers: []\n", "text\n", "[\n"])
def test_a_file_that_nothing_can_be_appended_to_is_left_alone(tmp_path: Path, before: str) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text(before)
    with pytest.raises(WaiverFileError):
        add(file, ENTRY, TERMS)
    assert file.read_text() == before


def test_the_refusal_says_what_to_add_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "waivers.yaml"
    file.write_text("[]\n")
    with pytest.raises(WaiverFileError) as caught:
        add(file, ENTRY, TERMS)
    assert '- rule: "probes.missing_readiness"' in caught.value.remedy


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rule": "probes.nothing"}, "there is no rule"),
        ({"reason": " "}, "reason does not fit"),
        ({"expires": "2026-02-30"}, "there is no day 2026-02-30"),
        ({"expires": "2026-06-14"}, "it expired on 2026-06-14"),
        ({"reason": "\udcff"}, "UTF-8"),
    ],
)
def test_a_waiver_that_would_cover_nothing_is_not_written(tmp_path: Path, changes: dict[str, str], why: str) -> None:
    file = tmp_path / "waivers.yaml"
    with pytest.raises(UsageError, match=why):
        add(file, ENTRY | changes, TERMS)
    assert not file.exists()


def test_a_place_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WaiverFileError, match="cannot be extended"):
        add(tmp_path / "missing" / "waivers.yaml", ENTRY, TERMS)
    with pytest.raises(WaiverFileError, match="cannot be extended"):
        add(tmp_path, ENTRY, TERMS)


@given(st.text(st.characters(codec="utf-8"), max_size=50), st.sampled_from(["", OLD, f"  {OLD}".replace("\n", "\n  ")]))
def test_any_text_is_written_so_that_it_reads_the_same(reason: str, before: str) -> None:
    entry = ENTRY | {"reason": reason}
    content = before.rstrip(" ").encode()
    after = parse(content + appendix(content, entry, "w.yaml"), "w.yaml").value
    assert after[-1] == entry
