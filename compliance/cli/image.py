"""`compliance image`: judge container images where they are kept, and let the gate decide."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compliance import config
from compliance.cli import image_options as options
from compliance.cli import judging as common
from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.image_settings import ImageSettings
    from compliance.sources.images.terms import WantedBill
    from compliance.supply_chain.content import Platform

_ALL = "all"
_NONE = "none"
_BILLS = ("cyclonedx", "spdx")


def image_command(  # noqa: PLR0913 - a command's options are its interface
    images: Annotated[
        list[str],
        typer.Argument(
            metavar="REF...",
            help="A registry's reference, an OCI layout (./FOLDER), a tar of either kind, or sbom:FILE.",
        ),
    ],
    *,
    platforms: Annotated[
        list[str] | None,
        typer.Option(
            "--platform",
            metavar="OS/ARCH",
            help="Which image of an index, or all (default: the only one, or linux/amd64). Repeatable.",
        ),
    ] = None,
    scanners: Annotated[
        list[str] | None,
        typer.Option("--scanner", metavar="trivy|grype|none", help="Who looks for vulnerabilities. Repeatable."),
    ] = None,
    severities: Annotated[
        str | None,
        typer.Option("--severity", metavar="HIGH,CRITICAL", help="Judge only vulnerabilities of these severities."),
    ] = None,
    ignore_unfixed: Annotated[
        bool, typer.Option("--ignore-unfixed", help="Leave out vulnerabilities for which there is no fix.")
    ] = False,
    known_exploited: Annotated[
        Path | None, typer.Option("--kev", metavar="FILE", help="Vulnerabilities that are known to be exploited.")
    ] = None,
    vex: Annotated[
        list[Path] | None,
        typer.Option("--vex", metavar="FILE", help="OpenVEX or CycloneDX: what does not affect the image. Repeatable."),
    ] = None,
    update_database: Annotated[
        bool, typer.Option("--update-database", help="Let scanners fetch their databases first.")
    ] = False,
    sbom: Annotated[
        str | None,
        typer.Option(
            metavar="cyclonedx|spdx=FILE", help="Write the bill of materials of one image, which trivy makes, as JSON."
        ),
    ] = None,
    check_base: Annotated[
        bool, typer.Option("--check-base", help="Ask what the tag of the base image names now.")
    ] = False,
    insecure_registries: options.InsecureOption = None,
    ca_file: options.CaOption = None,
    outputs: common.OutputsOption = None,
    config_file: common.ConfigOption = None,
    rules: common.RulesOption = None,
    engine: common.EngineOption = None,
    opa_url: common.OpaUrlOption = None,
    opa_ca_file: common.OpaCaFileOption = None,
    fail_on: common.FailOnOption = None,
    waivers: common.WaiversOption = None,
    baseline_file: common.BaselineOption = None,
    write_baseline: common.WriteBaselineOption = None,
    fail_on_new: common.FailOnNewOption = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="How many images at a time.")] = 4,
    quiet: common.QuietOption = False,
) -> None:
    """Judge images: vulnerabilities, signatures, attestations, configuration and layers."""
    from compliance.engine.conditions import ConditionJudge  # noqa: PLC0415 - heavy import only when used
    from compliance.image_scan import Request, scan_images  # noqa: PLC0415 - likewise: httpx
    from compliance.private_cache import user_cache  # noqa: PLC0415 - likewise

    settings = config.load(config_file, start=Path())
    settings = common.overridden(
        settings,
        rules_folders=tuple(rules) if rules else None,
        engine=engine,
        opa_url=opa_url,
        waivers=waivers,
        baseline=baseline_file,
        images=_images(
            settings.images,
            scanners=None if scanners is None else _scanners(scanners),
            severities=None if severities is None else _severities(severities),
            ignore_unfixed=True if ignore_unfixed else None,
            known_exploited=known_exploited,
            vex=tuple(vex) if vex else None,
            update=True if update_database else None,
        ),
    )
    told = common.judging(
        settings,
        outputs=outputs,
        fail_on=fail_on,
        fail_on_new=fail_on_new,
        write_baseline=write_baseline,
        opa_ca_file=opa_ca_file,
        quiet=quiet,
    )
    judge = ConditionJudge(user_cache(), deadline=settings.deadline)
    request = Request(
        images=tuple(images),
        run=told.run,
        access=options.access(settings.images, insecure_registries, ca_file),
        judge=judge,
        platforms=_platforms(platforms or ()),
        check_base=check_base,
        bill=None if sbom is None else _bill(sbom, images, platforms or ()),
        jobs=jobs,
    )
    with closing(judge), common.progress_bar() as progress:
        assessment = scan_images(request, progress)
    common.finish(told, assessment)


def _bill(text: str, images: list[str], platforms: Sequence[str]) -> WantedBill:
    from compliance import output  # noqa: PLC0415 - only with --sbom
    from compliance.sources.images import sbom  # noqa: PLC0415 - likewise
    from compliance.sources.images.terms import WantedBill  # noqa: PLC0415 - likewise

    form, _, file = text.partition("=")
    if form not in _BILLS or file in ("", output.STDOUT):
        raise UsageError(f"--sbom {text} is neither cyclonedx=FILE nor spdx=FILE")
    if len(images) != 1 or len(platforms) > 1 or _ALL in platforms or sbom.names_sbom(images[0]):
        raise UsageError("--sbom is for one image on one platform", remedy="judge it in a run of its own")
    return WantedBill(form, lambda content: output.put(content.decode("utf-8", "replace"), file))


def _images(settings: ImageSettings, **changes: Any) -> ImageSettings:  # noqa: ANN401 - fields of VulnerabilitySettings
    given = {name: value for name, value in changes.items() if value is not None}
    return replace(settings, vulnerabilities=replace(settings.vulnerabilities, **given))


def _scanners(given: list[str]) -> tuple[str, ...]:
    if given == [_NONE]:
        return ()
    if unknown := sorted(set(given) - {"trivy", "grype"}):
        raise UsageError(f"there is no scanner {unknown[0]!r}", remedy="use trivy, grype, both, or none alone")
    return tuple(dict.fromkeys(given))


def _severities(text: str) -> frozenset[str]:
    from compliance.sources.vulnerabilities import parse_severities  # noqa: PLC0415 - only with --severity

    try:
        return parse_severities(text)
    except ValueError as error:
        raise UsageError(f"--severity: {error}") from error


def _platforms(given: list[str] | tuple[()]) -> tuple[Platform, ...] | str:
    from compliance.supply_chain.content import Platform  # noqa: PLC0415 - only this command needs it

    if _ALL in given:
        return _ALL
    try:
        return tuple(Platform.parse(text) for text in given)
    except ValueError as error:
        raise UsageError(f"--platform: {error}") from error
