"""Whether a job runs for protected branches and tags only, as far as its conditions tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.sources.kubernetes.fields import mapping, sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAIN = r"(?:main|master|trunk|release|production|stable)"
_PROTECTS = re.compile(
    rf"""github\.ref(?:_name)?\s*==\s*['"](?:refs/heads/)?{_MAIN}['"]"""
    rf"""|startsWith\(\s*github\.ref\s*,\s*['"]refs/(?:tags|heads/{_MAIN})"""
    r"""|github\.ref_type\s*==\s*['"]tag['"]|github\.ref_protected"""
    r"""|github\.ref\s*==\s*format\(.{0,200}default_branch|github\.ref_name\s*==\s*github\.event\.repository\.default_branch"""
    r"""|github\.event_name\s*==\s*['"]release['"]"""
    r"""|\$CI_COMMIT_(?:BRANCH|REF_NAME)\s*==\s*(?:\$CI_DEFAULT_BRANCH|['"]%s['"])"""
    r"""|^\s*\$CI_COMMIT_TAG\b|\$CI_COMMIT_REF_PROTECTED\s*==\s*['"]true['"]|&&\s*\$CI_COMMIT_TAG\b""" % _MAIN
)
_PROTECTED_NAME = re.compile(rf"{_MAIN}|tags|schedules|\$CI_DEFAULT_BRANCH|/\^?(?:release|v\b|v\\d|v\[|main|master).*/")
_OPEN_NAME = re.compile(r"branches|merge_requests|pushes|external_pull_requests|develop(?:ment)?|/\.\*/|/\^?feature.*/")
_NEUTRAL = frozenset({"workflow_dispatch", "release", "schedule"})
_FROM_BRANCHES = frozenset({"pull_request", "pull_request_target", "merge_group", "issue_comment", "issues"})


def condition_protects(condition: str) -> bool:
    """Whether a condition holds for a main branch or a tag only; one with an alternative is not taken for that."""
    return "||" not in condition and _PROTECTS.search(condition) is not None


def triggers_protect(events: Mapping[str, Any]) -> bool | None:
    """Whether a GitHub workflow starts for main branches and tags only, by its `on`."""
    if _FROM_BRANCHES.intersection(events):
        return False
    if not events or not _NEUTRAL.union({"push"}).issuperset(events):
        return None
    if "push" not in events:
        return True if {"release", "schedule"}.intersection(events) else None
    push = mapping(events["push"])
    branches, tags = _names(push.get("branches")), _names(push.get("tags"))
    if not branches and not tags:
        return None if push.get("branches-ignore") or push.get("tags-ignore") or push.get("paths") else False
    return True if all(re.fullmatch(rf"{_MAIN}|v?[\d.x*]+|{_MAIN}[-/].*", name) for name in branches) else None


def _names(value: object) -> list[str]:
    return [str(item) for item in (sequence(value) or ([value] if isinstance(value, str) else []))]


def gitlab_protects(job: Mapping[str, Any], *, guarded: bool) -> bool | None:
    """Whether a GitLab job runs for main branches and tags only; `guarded`: `workflow` decides what starts at all."""
    rules = job.get("rules")
    if isinstance(rules, list):
        return _rules_protect(rules)
    only = job.get("only")
    if only is not None:
        names = _names(mapping(only).get("refs") if isinstance(only, dict) else only)
        if names and all(_PROTECTED_NAME.fullmatch(name) for name in names):
            return True
        return False if any(_OPEN_NAME.fullmatch(name) for name in names) else None
    return None if guarded or "except" in job else False


def _rules_protect(rules: list[Any]) -> bool | None:
    conditions = [mapping(rule).get("if") for rule in rules if mapping(rule).get("when") != "never"]
    texts = [condition for condition in conditions if isinstance(condition, str)]
    if conditions and len(texts) == len(conditions) and all(condition_protects(text) for text in texts):
        return True
    return None
