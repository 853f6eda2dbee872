"""What all commands share: settings, errors, and modules that are imported only when used (`--help` stays quick)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import typer
from typer.core import TyperCommand
from typer.main import get_command

if TYPE_CHECKING:
    from collections.abc import Callable

    # The types that typer's own commands are written in; it exports no public names for them.
    from typer._click.core import Command, Context

    from compliance.errors import ComplianceError

    Complain: TypeAlias = Callable[[ComplianceError], None]
    """Takes an error that does not end the run."""

_CONTEXT: Final = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def application(description: str, **settings: Any) -> typer.Typer:  # noqa: ANN401 - typer's own settings
    """Make a group of commands with the settings that all of ours share: plain help, no rich, no traceback."""
    return typer.Typer(
        help=description,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_CONTEXT,
        **settings,
    )


class LazyCommand(TyperCommand):
    """Stands in the list of commands, and becomes the real command when it is called.

    `door` is `module:name`, where the name is a function with typer's annotations or a `typer.Typer`.
    """

    def __init__(self, name: str, door: str, description: str) -> None:
        super().__init__(name, help=description, rich_markup_mode=None)
        self._door = door

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Context | None = None,
        **extra: Any,  # noqa: ANN401 - as typer has it
    ) -> Context:
        """Import the real command, and let it read its arguments."""
        return self._command().make_context(info_name, args, parent, **extra)

    def _command(self) -> Command:
        module, _, name = self._door.partition(":")
        found = getattr(import_module(module), name)
        if not isinstance(found, typer.Typer):
            function, found = found, application("")
            found.command(self.name)(function)
        return get_command(found)


def print_error(error: ComplianceError) -> None:
    """Print an error for a person on standard error: what is wrong and where, then what to do."""
    typer.echo(f"error: {error}", err=True)
    if error.remedy:
        typer.echo(f"  {error.remedy}", err=True)
