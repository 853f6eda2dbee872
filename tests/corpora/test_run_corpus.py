"""The runner of corpora: what agrees, what does not, and what is on record."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

_RUNNER = Path(__file__).with_name("run_corpus.py")
_POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: registry.example.com/web:%s
"""
_RULE = "versioned_tags.floating_tag"


def run(folder: Path, *rows: Mapping[str, object], exceptions: str | None = None) -> tuple[int, str, dict[str, int]]:
    """Exit code, the first line, and how many cases came to which end."""
    index = folder / "cases.jsonl"
    index.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    recorded = folder / "exceptions.yaml"
    recorded.write_text(exceptions or "[]", encoding="utf-8")
    command = [sys.executable, str(_RUNNER), "--index", str(index), "--exceptions", str(recorded), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 - our own script
    lines = done.stdout.splitlines()
    states = re.split(r"\s{2,}", next(line for line in lines if line.startswith("rule ")))[1:]
    counts = zip(states, map(int, lines[-1].split()[1:]), strict=True)
    return done.returncode, lines[0], {state: count for state, count in counts if count}


def pod(tag: str, expect: str, **more: object) -> dict[str, object]:
    return {"name": tag, "text": _POD % tag, "file": "pod.yaml", "rule": "ckv_k8s_14", "expect": expect, **more}


def test_cases_that_agree_are_counted_by_rule(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(_POD % "v1.2.0", encoding="utf-8")
    by_path = {"path": "pod.yaml", "rule": _RULE, "expect": "pass"}
    code, _, counts = run(tmp_path, pod("latest", "fail"), by_path)
    assert (code, counts) == (0, {"agree": 2})


@pytest.mark.parametrize(("tag", "expect"), [("latest", "pass"), ("v1.2.0", "fail")])
def test_a_case_that_disagrees_is_shown_and_fails_the_run(tmp_path: Path, tag: str, expect: str) -> None:
    code, line, counts = run(tmp_path, pod(tag, expect))
    assert (code, counts) == (1, {"disagree": 1})
    assert line.startswith(f"disagree: {tag} ckv_k8s_14: expected ")


def test_a_reason_on_record_excuses_a_disagreement(tmp_path: Path) -> None:
    code, _, counts = run(tmp_path, pod("latest", "pass"), exceptions="[{cases: ['latest*'], reason: we mean it}]")
    assert (code, counts) == (0, {"recorded": 1})


def test_a_reason_for_what_agrees_by_now_is_an_error(tmp_path: Path) -> None:
    recorded = "[{cases: [latest ckv_k8s_14], reason: we meant it}]"
    code, _, counts = run(tmp_path, pod("latest", "fail"), exceptions=recorded)
    assert (code, counts) == (1, {"no longer true": 1})


def test_what_cannot_be_judged_is_no_agreement(tmp_path: Path) -> None:
    broken = {"text": "kind: [", "file": "pod.yaml", "rule": _RULE, "expect": "pass"}
    code, _, counts = run(tmp_path, broken)
    assert (code, counts) == (1, {"not judged": 1})


def test_only_findings_about_the_subject_count(tmp_path: Path) -> None:
    code, _, counts = run(tmp_path, pod("latest", "fail", subject="web"), pod("latest", "pass", subject="other"))
    assert (code, counts) == (0, {"agree": 2})


def test_parameters_of_the_case_are_used(tmp_path: Path) -> None:
    code, _, counts = run(tmp_path, pod("blue", "fail", params={_RULE: {"mutable_tags": ["blue"]}}))
    assert (code, counts) == (0, {"agree": 1})


def test_rules_that_we_do_not_have_are_counted_apart(tmp_path: Path) -> None:
    code, _, counts = run(tmp_path, {**pod("latest", "fail"), "rule": "CKV_XYZ_1"})
    assert (code, counts) == (0, {"no rule of ours": 1})
