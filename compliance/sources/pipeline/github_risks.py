"""What strangers can reach in a GitHub workflow: expressions that become code, and code of theirs that is checked out.

Events and their fields: https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows
and https://docs.github.com/actions/concepts/security/script-injections.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.sources.pipeline.model import Job, Step

_EXPRESSION = re.compile(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}", re.DOTALL)
_SAFE_CALL = re.compile(r"\b(?:contains|startsWith|endsWith|fromJSON|hashFiles)\s*\([^()]*\)|==|!=|&&|\|\|")
_ISSUES = ("issues", "issue_comment")
_PULLS = ("pull_request_target",)
_STRANGERS_WRITE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"github\.event\.issue\.(?:title|body)", _ISSUES),
    (r"github\.event\.comment\.body", ("issue_comment", "discussion_comment", "commit_comment")),
    (r"github\.event\.discussion\.(?:title|body)", ("discussion", "discussion_comment")),
    (r"github\.event\.pull_request\.(?:title|body|head\.(?:ref|label|repo\.default_branch))", _PULLS),
    (r"github\.head_ref", _PULLS),
    (r"github\.event\.(?:head_commit|commits(?:\[\d+\]|\.\*)?)\.(?:message|author\.(?:name|email))", ("push",)),
    (r"github\.event\.pages[^\s}]{0,80}\.page_name", ("gollum",)),
    (
        r"github\.event\.workflow_run\.(?:head_branch|head_commit\.(?:message|author\.\w+)|display_title)",
        ("workflow_run",),
    ),
)
_FOREIGN_REF = re.compile(
    r"github\.event\.pull_request\.(?:head\.(?:sha|ref)|merge_commit_sha)|github\.head_ref|refs/pull/.{0,200}/(?:merge|head)"
    r"|github\.event\.workflow_run\.(?:head_sha|head_branch|head_commit\.id)"
)
_FOREIGN_REPOSITORY = re.compile(
    r"github\.event\.(?:pull_request\.head\.repo|workflow_run\.head_repository)\.full_name"
)
_GUARD = re.compile(
    r"label|full_name|\.fork\b|author_association|github\.(?:triggering_)?actor|user\.login|head_repository"
    r"|workflow_run\.event\s*==\s*'(?:push|schedule|release)'|permission"
)
_GATE = re.compile(r"auth|permi|approv|gate|label|guard|trust|safe", re.IGNORECASE)


def injections(text: str, triggers: Sequence[str]) -> list[str]:
    """The expressions in code that hold text which a stranger writes, in an event that starts this workflow."""
    found = set()
    for expression in _EXPRESSION.findall(text):
        if not _SAFE_CALL.search(expression):
            found |= {
                match[0]
                for pattern, events in _STRANGERS_WRITE
                if set(events).intersection(triggers) and (match := re.search(pattern, expression))
            }
    return sorted(found)


def checks_out_foreign_code(step: Step, job: Job, triggers: Sequence[str]) -> bool:
    """Whether a privileged workflow fetches a stranger's code, with no condition in sight that asks whose it is."""
    if not {"pull_request_target", "workflow_run"}.intersection(triggers) or not step.uses:
        return False
    if not step.uses.lower().startswith("actions/checkout@") or job.environment is not None:
        return False
    if _GUARD.search(f"{job.condition or ''} {step.condition or ''}") or any(map(_GATE.search, job.after)):
        return False
    ref, repository = step.inputs.get("ref", ""), step.inputs.get("repository", "")
    return bool(_FOREIGN_REF.search(ref) or _FOREIGN_REPOSITORY.search(repository))
