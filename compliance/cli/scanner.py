"""`compliance-scanner --config=rules.yaml --output=report.json`: judge by rules that are shell pipelines.

A command of its own beside `compliance`, with the command line that existing CronJobs have.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from compliance import config
from compliance.cli import end, show_version
from compliance.cli import judging as common
from compliance.cli.common import application
from compliance.cli.session import LogFormatOption, Session
from compliance.errors import ConfigurationError, UsageError
from compliance.interop import rules_yaml
from compliance.model import Origin
from compliance.positioned_yaml import MAX_BYTES, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.interop.cluster_objects import ClusterObjects
    from compliance.interop.object_files import ObjectFiles
    from compliance.interop.rules_yaml import ShellRule
    from compliance.sources.cluster.connection import Access

app = application("Judge a cluster, or objects in files, by rules that are pipelines of kubectl and jq; no shell runs.")


@app.command()
def scanner_command(  # noqa: PLR0913 - a command's options are its interface
    call: typer.Context,
    *,
    rules_file: Annotated[Path, typer.Option("--config", metavar="RULES.yaml", help="The rules.")],
    outputs: Annotated[
        list[str] | None,
        typer.Option(
            "--output", "-o", metavar="[FORMAT=]FILE", help="Write a report, json by default; - is stdout. Repeatable."
        ),
    ] = None,
    objects: Annotated[
        list[Path] | None,
        typer.Option("--objects", metavar="FILE", help="Judge the objects in it instead of a cluster's. Repeatable."),
    ] = None,
    namespace: Annotated[
        str | None,
        typer.Option(
            "--namespace", "-n", help="The current namespace (default: the context's; of --objects, default)."
        ),
    ] = None,
    context: Annotated[
        str | None, typer.Option(metavar="NAME", help="A context of the kubeconfig (default: the current one).")
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help="The configuration (default: the nearest compliance.yaml).")
    ] = None,
    fail_on: common.FailOnOption = None,
    waivers: common.WaiversOption = None,
    baseline_file: common.BaselineOption = None,
    write_baseline: common.WriteBaselineOption = None,
    fail_on_new: common.FailOnNewOption = False,
    quiet: common.QuietOption = False,
    log_format: LogFormatOption = "auto",
    version: Annotated[  # noqa: ARG001 - typer calls its callback
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Judge by the rules, write the report, and refuse what breaks them."""
    from compliance.interop import rules_yaml_scan  # noqa: PLC0415 - after --help
    from compliance.sources.cluster.connection import Access  # noqa: PLC0415 - likewise

    session = call.with_resource(Session("scanner", log_format))
    rules, content = _rules(rules_file)
    settings = common.overridden(config.load(settings_file, start=Path()), waivers=waivers, baseline=baseline_file)
    told = common.judging(
        settings,
        outputs=[_with_format(output) for output in outputs or ()],
        fail_on=fail_on,
        fail_on_new=fail_on_new,
        write_baseline=write_baseline,
        opa_ca_file=None,
        quiet=quiet,
        load=lambda chosen: rules_yaml_scan.prepare(rules, content, chosen, datetime.now(UTC)),
    )
    with ExitStack() as stack:
        source = _objects(objects or (), namespace, Access(context, run=session.correlation_id), stack)
        progress = stack.enter_context(session.progress())
        assessment = rules_yaml_scan.scan_rules(rules_yaml_scan.Request(rules, told.run, source), progress)
    common.finish(told, assessment, common.Ending(session.log, session.complain))


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process, with the exit codes of `compliance`."""
    end(app, "compliance-scanner", arguments)


def _rules(file: Path) -> tuple[tuple[ShellRule, ...], bytes]:
    name = shown(file)
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(f"cannot be read: {error.strerror}", origin=Origin(name)) from error
    return rules_yaml.parse(content, name), content


def _with_format(output: str) -> str:
    from compliance.output import FORMATS  # noqa: PLC0415 - only when a report is wanted

    return output if output.partition("=")[0] in FORMATS and "=" in output else f"json={output}"


def _objects(
    files: Sequence[Path], namespace: str | None, access: Access, stack: ExitStack
) -> ObjectFiles | ClusterObjects:
    """Where objects come from; the connection to a cluster ends with the stack."""
    if files:
        from compliance.interop.object_files import ObjectFiles  # noqa: PLC0415 - heavy: YAML

        if access.context is not None:
            raise UsageError("--objects and --context name two places", remedy="give one of them")
        return ObjectFiles(files, namespace or "default")
    from compliance.interop.cluster_objects import ClusterObjects  # noqa: PLC0415 - heavy: HTTP
    from compliance.sources.cluster.client import Client  # noqa: PLC0415 - likewise

    client = stack.enter_context(closing(Client(access)))
    return ClusterObjects(client, namespace)
