"""The example system: described file by file, and judged as its page says."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

_EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_SEED = _EXAMPLES / "seed"


def _scan(*paths: Path) -> tuple[int, dict[str, Any]]:
    program = Path(sys.executable).with_name("compliance")
    done = subprocess.run(  # noqa: S603 - our own command
        [program, "scan", "--quiet", "-o", "json=-", *paths], capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, json.loads(done.stdout)


def test_the_page_of_the_examples_names_every_sample_and_no_other() -> None:
    page = (_EXAMPLES / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", page.partition("## seed/")[2], re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`([^`]+)`", row)}

    assert named == {file.relative_to(_SEED).as_posix() for file in _SEED.rglob("*") if file.is_file()}


def test_the_broken_network_ends_in_the_middle_of_a_block_and_the_other_does_not() -> None:
    broken = (_SEED / "terraform/network-broken/network.tf").read_text(encoding="utf-8")
    whole = (_SEED / "terraform/network/network.tf").read_text(encoding="utf-8")

    assert broken.endswith("    Name =\n")
    assert broken.count("{") > broken.count("}")
    assert whole.count("{") == whole.count("}")
    assert whole.startswith(broken.partition("# 互联网网关")[0])


def test_the_samples_as_printed_are_refused_and_the_cut_off_one_is_a_gap_at_its_last_lines() -> None:
    code, result = _scan(_SEED)

    assert code == 1
    (gap,) = [gap for gap in result["gaps"] if "network-broken" in json.dumps(gap)]
    assert gap["origin"]["span"]["line"] == 48


def test_the_pipeline_signs_before_it_pushes() -> None:
    code, result = _scan(_SEED / "security/scan-pipeline.yaml")

    (found,) = [one for one in result["findings"] if one["rule"] == "pipeline.signed_before_push"]
    assert (code, result["gaps"], result["passed_over"]) == (1, [], [])
    assert found["origin"]["span"]["line"] == 20


@pytest.mark.parametrize("part", ["Dockerfile", "kubernetes", "terraform"])
def test_each_part_of_the_mended_system_is_judged_whole_and_accepted(part: str) -> None:
    code, result = _scan(_EXAMPLES / "good" / part)

    assert (result["gaps"], result["findings"]) == ([], [])
    assert code == 0
