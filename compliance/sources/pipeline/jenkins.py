"""Jenkinsfiles, declarative and scripted, as text: stages, the shell commands in them, and what they run in.

Reference: https://www.jenkins.io/doc/book/pipeline/syntax/. Groovy is not run: a condition counts as met, and what a
shared library does is not seen.
"""

from __future__ import annotations

import shlex
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from compliance.sources.pipeline.groovy import Token, tokens
from compliance.sources.pipeline.limits import check_size
from compliance.sources.pipeline.model import Job, Pipeline, Spot, Step, System, UsedImage, Variable

if TYPE_CHECKING:
    from collections.abc import Sequence

_OUTSIDE = "(pipeline)"
_SHELLS = frozenset({"sh", "bat", "powershell", "pwsh"})
_ELSEWHERE = frozenset({"library", "Library", "load", "build", "evaluate"})
_MAIN = frozenset({"main", "master", "trunk", "release", "production", "stable"})
_TOLERANT = frozenset({"catchError", "warnError"})
_MAX_ARGUMENTS = 40


@dataclass(slots=True)
class _Block:
    """An open brace: what stands before it, and the job that its steps belong to."""

    name: str
    job: _Job


@dataclass(slots=True)
class _Job:
    id: str
    line: int
    after: frozenset[str] = frozenset()
    steps: list[Step] = field(default_factory=list)
    images: list[UsedImage] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    protected: bool | None = None
    manual: bool = False
    last_line: int = 0


def read(text: str) -> Pipeline:
    """Read a Jenkinsfile; text that is no Groovy gives a pipeline with nothing in it."""
    return _Reader(list(tokens(text))).pipeline()


class _Reader:
    """Goes through the tokens once, with a stack of the blocks that are open."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._tokens = found
        self._outside = _Job(_OUTSIDE, 1)
        self._jobs = {_OUTSIDE: self._outside}
        self._blocks: list[_Block] = []
        self._open_names: Counter[str] = Counter()
        self._groups: list[frozenset[str]] = []
        self._done: frozenset[str] = frozenset()
        self._titles: Counter[str] = Counter()
        self._builds = False
        self.complete = True

    def pipeline(self) -> Pipeline:
        at = 0
        while at < len(self._tokens):
            at = self._step(at)
        jobs = [_told(job) for job in self._jobs.values() if job is not self._outside or job.steps or job.images]
        variables = tuple(self._outside.variables)
        return Pipeline(System.JENKINS, tuple(jobs), complete=self.complete, variables=variables)

    @property
    def _job(self) -> _Job:
        return self._blocks[-1].job if self._blocks else self._outside

    def _within(self, *names: str) -> bool:
        """Whether a block of one of these names is open."""
        return any(self._open_names[name] for name in names)

    def _step(self, at: int) -> int:
        token = self._tokens[at]
        if token.kind == "mark" and token.value == "}":
            self._close(token)
        elif token.kind == "mark" and token.value == "{":
            self._enter("", self._job)
        elif token.kind == "name":
            return self._named(at)
        return at + 1

    def _enter(self, name: str, job: _Job) -> None:
        self._blocks.append(_Block(name, job))
        self._open_names[name] += 1

    def _close(self, token: Token) -> None:
        if not self._blocks:
            return
        block = self._blocks.pop()
        self._open_names[block.name] -= 1
        block.job.last_line = token.line
        if block.name == "stage" and block.job.id not in self._done:
            self._done |= {block.job.id}
        if block.name == "parallel" and self._groups:
            self._groups.pop()

    def _named(self, at: int) -> int:
        token = self._tokens[at]
        arguments, following = self._arguments(at + 1)
        opens = following < len(self._tokens) and self._tokens[following].value == "{"
        name = token.value
        texts = [argument for argument in arguments if argument.kind == "text"]
        if name in _ELSEWHERE and (texts or name in {"library", "load"}):
            self.complete = False
        if opens:
            self._open(name, texts, token)
            return following + 1
        if name in _SHELLS and texts:
            self._shell(token, arguments, texts)
            return following
        self._docker(token, texts)
        self._other(token, texts)
        self._variable(token, at)
        return at + 1

    def _arguments(self, at: int) -> tuple[list[Token], int]:
        """What a name is given, in brackets or without them up to the end of the line, and where that ends."""
        found: list[Token] = []
        depth = 0
        while at < len(self._tokens) and len(found) < _MAX_ARGUMENTS:
            token = self._tokens[at]
            if token.kind == "mark" and token.value in "([":
                depth += 1
            elif token.kind == "mark" and token.value in ")]":
                if depth == 0:
                    break
                depth -= 1
            elif _ends_statement(token, depth):
                break
            else:
                found.append(token)
            at += 1
        return found, at

    def _open(self, name: str, texts: Sequence[Token], token: Token) -> None:
        job = self._job
        if name == "stage" and texts:
            job = self._new_job(texts[0].value, token.line)
        elif name == "parallel":
            self._groups.append(self._done)
        elif name == "input":
            job.manual = True
        self._enter(name, job)

    def _new_job(self, title: str, line: int) -> _Job:
        check_size(jobs=len(self._jobs))
        self._titles[title] += 1
        name = title if title not in self._jobs else f"{title} #{self._titles[title]}"
        while name in self._jobs:
            self._titles[title] += 1
            name = f"{title} #{self._titles[title]}"
        after = self._groups[-1] if self._groups else self._done
        job = _Job(name, line, after, protected=self._job.protected)
        self._jobs[name] = job
        return job

    def _shell(self, token: Token, arguments: Sequence[Token], texts: Sequence[Token]) -> None:
        if token.value != "sh":
            return
        script = texts[0]
        keys = [argument.value for argument in arguments if argument.kind == "name"]
        if "script" in keys and len(texts) > 1:
            start = next(number for number, one in enumerate(arguments) if one.value == "script")
            script = next((one for one in arguments[start:] if one.kind == "text"), script)
        # The caller reads the exit code and may judge it.
        tolerated = None if {"returnStatus", "returnStdout"}.intersection(keys) or self._within("try") else False
        if self._within(*_TOLERANT):
            tolerated = True
        spot = Spot(lines=(script.line, script.last_line))
        self._job.steps.append(Step(script.value.strip(), "steps", spot, script=script.value, tolerated=tolerated))

    def _docker(self, token: Token, texts: Sequence[Token]) -> None:
        """The Docker plugin builds and pushes by methods; they are told as the commands that it runs."""
        spot = Spot(lines=(token.line, token.line))
        if token.value == "docker.build":
            script = f"docker build -t {shlex.quote(texts[0].value) if texts else '?'} ."
            self._builds = True
        elif token.value.endswith(".push") and (self._builds or self._within("docker.withRegistry")):
            script = "docker push"
        else:
            return
        self._job.steps.append(Step(token.value, "steps", spot, script=script))

    def _other(self, token: Token, texts: Sequence[Token]) -> None:
        job, name = self._job, token.value
        spot = Spot(lines=(token.line, token.line))
        if texts and self._names_image(name):
            job.images.append(UsedImage(texts[0].value, "agent", spot))
        elif name == "args" and texts and "--privileged" in texts[0].value and job.images:
            job.images[-1] = replace(job.images[-1], privileged=True)
        elif self._within("when"):
            _note_condition(job, name, texts)
        elif name == "input":
            job.manual = True

    def _names_image(self, name: str) -> bool:
        """Whether a name is followed by an image that steps run in."""
        if name == "image":
            return self._within("docker", "agent")
        return name == "docker.image" or (name == "docker" and self._within("agent"))

    def _variable(self, token: Token, at: int) -> None:
        """`NAME = 'text'` in an environment block; what a call gives is no text."""
        sign, text = (*self._tokens[at + 1 : at + 3], token, token)[:2]
        if self._blocks and self._blocks[-1].name == "environment" and (sign.value, text.kind) == ("=", "text"):
            spot = Spot(lines=(token.line, token.line))
            self._job.variables.append(Variable(token.value, text.value, spot))


def _ends_statement(token: Token, depth: int) -> bool:
    if token.kind == "mark" and token.value in {"{", "}"}:
        return True
    return depth == 0 and (token.kind == "line" or token.value == ";")


def _note_condition(job: _Job, name: str, texts: Sequence[Token]) -> None:
    if name in {"branch", "buildingTag", "tag"}:
        job.protected = not texts or name == "tag" or texts[0].value in _MAIN or None


def _told(job: _Job) -> Job:
    return Job(
        job.id,
        Spot(lines=(job.line, max(job.line, job.last_line))),
        stage=None if job.id == _OUTSIDE else job.id,
        after=job.after,
        steps=tuple(job.steps),
        images=tuple(job.images),
        variables=tuple(job.variables),
        protected=job.protected,
        manual=job.manual,
    )
