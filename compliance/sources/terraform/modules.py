"""Modules: what names stand for in one, and the local modules that it calls.

Values are looked up when asked for and kept; what depends on itself is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compliance.sources.terraform.expressions import Evaluator
from compliance.sources.terraform.project import Called
from compliance.sources.terraform.repetition import Repetition, repetition
from compliance.sources.terraform.scopes import Bound
from compliance.sources.terraform.type_constraints import convert
from compliance.sources.terraform.values import UNKNOWN, Failure, Lazy, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from compliance.sources.terraform.loading import Configuration, Placed
    from compliance.sources.terraform.project import Project
    from compliance.sources.terraform.repetition import Instance
    from compliance.sources.terraform.scopes import Scope
    from compliance.sources.terraform.tree import Expression


class Module:
    """One module as it is called: the scope of everything in it."""

    def __init__(
        self,
        project: Project,
        evaluator: Evaluator,
        configuration: Configuration,
        given: Callable[[str], Value],
        path: tuple[tuple[str, str], ...] = (),
        folder: str = ".",
    ) -> None:
        self.project = project
        self.evaluator = evaluator
        self.configuration = configuration
        self.path = path
        self._given = given
        self._folder = folder
        self._memo: dict[object, Value] = {}
        self._variables = configuration.of("variable")
        self._locals = configuration.locals()
        self.resources = configuration.of("resource")
        self._outputs = configuration.of("output")
        self._calls = configuration.of("module")

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.path)

    def address(self, *, indexed: bool) -> str:
        """`module.net.module.dns`, with `["a"]` behind the names where asked for."""
        return ".".join(f"module.{name}{suffix if indexed else ''}" for name, suffix in self.path)

    def resolve(self, name: str) -> Value:
        """What a name stands for anywhere in this module."""
        match name:
            case "var":
                return _Members(self.variable)
            case "local":
                return _Members(self.local)
            case "module":
                return _Members(self.call)
            case "path":
                return {"module": self._folder, "root": ".", "cwd": UNKNOWN}
            case "data" | "each" | "count" | "self" | "terraform" | "ephemeral":
                return UNKNOWN
        return _Members(lambda member: self.resource(name, member))

    def remember(self, key: object, find: Callable[[], Value]) -> Value:
        """Find a value once; while it is being found it is unknown."""
        if key not in self._memo:
            self._memo[key] = UNKNOWN
            self._memo[key] = find()
        return self._memo[key]

    def variable(self, name: str) -> Value:
        """The value of a variable: given, or else its default."""
        return self.remember(("var", name), lambda: self._variable(name))

    def _variable(self, name: str) -> Value:
        if (name,) not in self._variables:
            return UNKNOWN
        attributes = self._variables[(name,)].block.attributes
        default = self._constant(attributes["default"].value) if "default" in attributes else UNKNOWN
        try:
            value = self._given(name)
        except KeyError:
            value = default
        if value is None and "nullable" in attributes and self._constant(attributes["nullable"].value) is False:
            value = default
        try:
            return convert(value, attributes["type"].value, self._constant) if "type" in attributes else value
        except (Failure, TypeError):
            return UNKNOWN

    def _constant(self, expression: Expression) -> Value:
        return self.evaluator.settled(expression, self)

    def local(self, name: str) -> Value:
        """The value of a local name."""
        if name not in self._locals:
            return UNKNOWN
        return self.remember(("local", name), lambda: self.evaluator.settled(self._locals[name], self))

    def output(self, name: str) -> Value:
        """The value of an output."""
        placed = self._outputs.get((name,))
        if placed is None or "value" not in placed.block.attributes:
            return UNKNOWN
        value = placed.block.attributes["value"].value
        return self.remember(("output", name), lambda: self.evaluator.settled(value, self))

    def resource(self, kind: str, name: str) -> Value:
        """A resource, so that what is configured of it can be asked for."""
        placed = self.resources.get((kind, name))
        if placed is None:
            return UNKNOWN
        return _Repeated(self.repetition(placed), lambda one: _Resource(self, placed, one))

    def call(self, name: str) -> Value:
        """A called module, so that its outputs can be asked for."""
        placed = self._calls.get((name,))
        if placed is None or (children := self.children(placed)) is None:
            return UNKNOWN
        found = {one.key: child for one, child in zip(self.repetition(placed).instances, children, strict=True)}
        return _Repeated(self.repetition(placed), lambda one: _Members(found[one.key].output))

    def repetition(self, placed: Placed) -> Repetition:
        """How often a block of this module is there."""
        found: Repetition = self.remember(
            ("repetition", id(placed)), lambda: repetition(placed.block, self.evaluator, self)
        )
        return found if isinstance(found, Repetition) else repetition(placed.block, self.evaluator, _Nothing())

    def tree(self) -> Iterator[Module]:
        """This module and all that it calls."""
        yield self
        for placed in self._calls.values():
            for child in self.children(placed) or ():
                yield from child.tree()

    def children(self, placed: Placed) -> tuple[Module, ...] | None:
        """The modules that a call stands for; None when they cannot be read."""
        found = self.remember(("children", id(placed)), lambda: self._children(placed))
        return found if isinstance(found, tuple) else None

    def _children(self, placed: Placed) -> tuple[Module, ...] | None:
        instances = self.repetition(placed).instances
        source = placed.block.attributes.get("source")
        called = Called(placed, None if source is None else self._constant(source.value), self._folder, self._names)
        folder = self.project.folder_of(called, len(instances))
        if folder is None:
            return None
        configuration = self.project.configuration(folder)
        return (*(self._child(placed, one, configuration, folder) for one in instances),)

    def _child(self, placed: Placed, one: Instance, configuration: Configuration, folder: str) -> Module:
        attributes, scope = placed.block.attributes, Bound(one.names, self)

        def given(name: str) -> Value:
            return self.evaluator.settled(attributes[name].value, scope)

        path = (*self.path, (placed.block.labels[0], one.suffix))
        return Module(self.project, self.evaluator, configuration, given, path, folder)


@dataclass(frozen=True, slots=True)
class _Nothing:
    """A scope in which nothing is known."""

    def resolve(self, _name: str) -> Value:
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class _Members(Lazy):
    """Members that a function finds."""

    find: Callable[[str], Value]

    def member(self, name: str) -> Value:
        return self.find(name)

    def item(self, key: Value) -> Value:
        return self.find(key) if isinstance(key, str) else UNKNOWN


@dataclass(frozen=True, slots=True)
class _Repeated(Lazy):
    """A resource or module that may be there several times."""

    repetition: Repetition
    instance: Callable[[Instance], Lazy]

    def member(self, name: str) -> Value:
        if self.repetition.by is not None:
            return UNKNOWN
        return self.instance(self.repetition.instances[0]).member(name)

    def item(self, key: Value) -> Value:
        found = [one for one in self.repetition.instances if one.key in (key, None)]
        return self.instance(found[0]) if found and self.repetition.by is not None else UNKNOWN

    def items(self) -> Value:
        if not self.repetition.is_whole:
            return UNKNOWN
        return [(one.key, self.instance(one)) for one in self.repetition.instances]


@dataclass(frozen=True, slots=True)
class _Resource(Lazy):
    """One instance of a resource: what is configured of it is known, what the provider computes is not."""

    module: Module
    placed: Placed
    one: Instance

    def member(self, name: str) -> Value:
        attribute = self.placed.block.attributes.get(name)
        if attribute is None:
            return UNKNOWN
        scope: Scope = Bound(self.one.names, self.module)
        key = ("resource", id(self.placed), self.one.key, name)
        return self.module.remember(key, lambda: self.module.evaluator.settled(attribute.value, scope))


def open_module(project: Project, variables: Mapping[str, Expression]) -> Module:
    """The root module of a project, with the values of its variable files."""
    evaluator = Evaluator(project)

    def given(key: str) -> Value:
        return evaluator.settled(variables[key], _Nothing())

    return Module(project, evaluator, project.configuration("."), given)
