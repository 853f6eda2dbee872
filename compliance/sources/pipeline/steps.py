"""Facts of one step: its commands, what they do, and what they print."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from compliance.errors import ReadError
from compliance.sources.content_names import content_names
from compliance.sources.pipeline.actions import acts_of_action
from compliance.sources.pipeline.acts import acts_of
from compliance.sources.pipeline.images import image_facts
from compliance.sources.pipeline.model import System
from compliance.sources.pipeline.secrets import login_password, printed
from compliance.sources.pipeline.tolerance import is_tolerated, stops_after
from compliance.sources.secret_text import masked
from compliance.sources.shell import read_script

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compliance.sources.pipeline.found import Found
    from compliance.sources.pipeline.model import Step
    from compliance.sources.pipeline.places import Places
    from compliance.sources.shell import ShellCommand

_EXPRESSION = re.compile(r"\$\{\{((?:(?!\$\{\{).)*?)\}\}", re.DOTALL)
_IN_EXPRESSION = re.compile(r"[^\w.\-\[\]]+")
_IN_CLUSTER = frozenset({"deploy", "set_image", "exec", "sign"})
_SECRET = re.compile(r"\bsecrets[.\[]|\bgithub\.token\b")
_MAX_COMMANDS = 20_000

Told = list[dict[str, Any]]


class StepReader:
    """Reads the steps of one job in their order.

    `throw_away`: the cluster lives no longer than the job. `reported`: scans are handed to code scanning, which may
    hold up a change by rules of its own. `scripts` are the job's, in which one step may judge what another wrote.
    """

    def __init__(self, system: System, places: Places, *, throw_away: bool, reported: bool, scripts: str) -> None:
        self._system = system
        self._places = places
        self._throw_away = throw_away
        self._reported = reported
        self._scripts = scripts
        self._stops: bool | None = None
        self._counted: dict[str, int] = {}
        self._read = 0

    def read(self, step: Step, at: str, known: Mapping[str, str], *, tolerated: bool | None) -> tuple[Told, Told, Told]:
        """Commands, acts and prints of a step.

        Raises:
            ReadError: the job runs more than 20,000 commands.
        """
        script = _EXPRESSION.sub(lambda match: "${{" + _IN_EXPRESSION.sub("", match[1]) + "}}", step.script)
        commands = read_script(script)
        self._read += len(commands)
        if self._read > _MAX_COMMANDS:
            raise ReadError(f"a job runs more than {_MAX_COMMANDS} commands", remedy="move them into a script")
        names = self._names(commands, at)
        acts = self._of_action(step, at, known, tolerated=tolerated)
        acts += self._of_commands(commands, names, step, known, script, tolerated=tolerated)
        told = [{"words": _words(command), "text": masked(command.text)} for command in commands]
        return told, acts, self._prints(commands, names, known, script)

    def _names(self, commands: Sequence[ShellCommand], at: str) -> list[str]:
        texts = [masked(command.text) for command in commands]
        names = content_names(texts)
        found = [at if len(commands) == 1 else f"{at}.run[{names[text]}]" for text in texts]
        spot = self._places.spots[at][0]
        for name, command in zip(found, commands, strict=True):
            if name != at:
                self._places.add(name, spot, command.text)
        return found

    def _of_action(self, step: Step, at: str, known: Mapping[str, str], *, tolerated: bool | None) -> Told:
        if step.uses is None:
            return []
        name = step.uses.partition("@")[0].lower()
        return [self._act(found, at, known, step.uses, tolerated) for found in acts_of_action(name, step.inputs)]

    def _of_commands(
        self,
        commands: Sequence[ShellCommand],
        names: Sequence[str],
        step: Step,
        known: Mapping[str, str],
        script: str,
        *,
        tolerated: bool | None,
    ) -> Told:
        told = []
        # The scripts of a GitLab job are one; elsewhere each step has a shell of its own.
        stops = step.errexit if self._stops is None or self._system is not System.GITLAB else self._stops
        for number, command in enumerate(commands):
            for found in acts_of(command, known):
                ignored = tolerated
                if found.kind == "scan" and tolerated is not True:
                    own = is_tolerated(commands, number, script, stops=stops, errexit=step.errexit)
                    ignored = own if own is not False else tolerated
                if not (self._throw_away and found.kind in _IN_CLUSTER):
                    told.append(self._act(found, names[number], known, masked(command.text), ignored))
            stops = stops_after(command, errexit=stops)
        self._stops = stops
        return told

    def _act(
        self,
        found: Found,
        at: str,
        known: Mapping[str, str],
        text: str,
        tolerated: bool | None,  # noqa: FBT001 - a value, no switch
    ) -> dict[str, Any]:
        gates = found.gates
        if gates is False and found.report and self._is_read(found.report, text):
            gates = None
        if tolerated is True:
            gates = None if self._reported and found.kind == "scan" else False
        elif tolerated is None and gates is not False:
            gates = None
        return {
            "kind": found.kind,
            "tool": found.tool,
            "image": image_facts(found.image, known) if found.image else None,
            "gates": gates,
            "changes": found.changes,
            "copied": found.copied,
            "text": text,
            "at": at,
        }

    def _is_read(self, report: str, text: str) -> bool:
        """Whether another command of the job names the file."""
        if report not in self._counted:
            self._counted[report] = self._scripts.count(report)
        return self._counted[report] > text.count(report)

    def _prints(
        self, commands: Sequence[ShellCommand], names: Sequence[str], known: Mapping[str, str], script: str
    ) -> Told:
        told: Told = [
            {"how": how, "name": name or None, "at": names[number]}
            for how, name, number in printed(commands, script)
            if not self._is_masked(how, name, known)
        ]
        for command, name in zip(commands, names, strict=True):
            if login_password(command):
                told.append({"how": "login", "name": None, "at": name})
        return told

    def _is_masked(self, how: str, name: str, known: Mapping[str, str]) -> bool:
        """GitHub takes the values of its secrets out of every log."""
        return self._system is System.GITHUB and (
            how == "environment" or _SECRET.search(known.get(name, "")) is not None
        )


def _words(command: ShellCommand) -> list[str]:
    """The words of a command; those that mask a secret are told as the masked text has them."""
    text = masked(command.text)
    return list(command.words) if text == command.text else text.split()
