"""`compliance attest`: sign a statement about an image: how it was built, tested, scanned, judged, what is in it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compliance import __version__, config
from compliance.cli import image_options as options
from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compliance.supply_chain.opening import OpenedImage


def attest_command(  # noqa: PLR0913 - a command's options are its interface
    image: options.ImageArgument,
    *,
    type_: Annotated[
        str, typer.Option("--type", metavar="TYPE", help="The predicate's type: vuln, test-result, ... or a URI.")
    ],
    predicate: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="The predicate; or a JUnit report, a report of trivy or grype, a bill of materials, a saved result.",
        ),
    ] = None,
    result: Annotated[
        str | None, typer.Option(metavar="PASSED|FAILED", help="A test result, in place of a file.")
    ] = None,
    scanner_database: Annotated[
        Path | None, typer.Option(metavar="FILE", help="trivy's db/metadata.json, which its reports do not carry.")
    ] = None,
    builder_id: Annotated[
        str | None, typer.Option(metavar="URI", help="Provenance: who built (default: what the CI job tells).")
    ] = None,
    source: Annotated[str | None, typer.Option(metavar="URI", help="Provenance: the source repository.")] = None,
    revision: Annotated[str | None, typer.Option(metavar="COMMIT", help="Provenance: the commit.")] = None,
    verifier_id: Annotated[
        str, typer.Option(metavar="URI", help="Verification summary: who judged.")
    ] = f"pkg:pypi/immutable-compliance@{__version__}",
    key: options.KeyOption = None,
    key_command: options.CommandOption = None,
    public_key: options.PublicOption = None,
    password_file: options.PasswordOption = None,
    identity_token_file: options.TokenOption = None,
    trust_config: options.TrustConfigOption = None,
    layout: options.LayoutOption = "both",
    replace: Annotated[
        bool, typer.Option("--replace", help="Take away what this key attested before of this type.")
    ] = False,
    config_file: options.ConfigOption = None,
    insecure_registries: options.InsecureOption = None,
    ca_file: options.CaOption = None,
) -> None:
    """Attest something of an image, signed. What a tag names is resolved first, and the digest is shown."""
    from compliance.supply_chain import predicates, signing, statements  # noqa: PLC0415 - heavy: cryptography
    from compliance.supply_chain.opening import open_image  # noqa: PLC0415 - likewise

    now, layouts = datetime.now(UTC), options.layouts(layout)
    try:
        uri = predicates.uri_of(type_)
    except ValueError as error:
        raise UsageError(f"--type: {error}") from error
    settings = config.load(config_file, start=Path()).images
    who = options.signer(
        key=key,
        command=key_command,
        public_key=public_key,
        password_file=password_file,
        token_file=identity_token_file,
        trust_config=trust_config,
    )
    with open_image(image, options.access(settings, insecure_registries, ca_file), now=now) as opened:
        target = options.to_be_signed(opened, None)
        if uri == predicates.PROVENANCE and predicate is None:
            content = _provenance(builder_id, source, revision, now)
        elif uri == predicates.SUMMARY and predicate is not None:
            content = _summary(predicate, opened, verifier_id)
        else:
            content = _predicate(uri, type_, predicate, result, scanner_database)
        said = statements.statement(target.name, target.digest, uri, content)
        typer.echo(f"attesting {predicates.name_of(uri)} of {opened.repository.name}@{target.digest} as {who.text}")
        for stored in signing.attest(target, who, said, now=now, layouts=layouts, replace=replace):
            typer.echo(f"  {stored.layout.value} layout: {stored.digest}")


def _predicate(uri: str, name: str, file: Path | None, result: str | None, database: Path | None) -> Mapping[str, Any]:
    from compliance.supply_chain import predicate_files, predicates  # noqa: PLC0415 - only this command needs it
    from compliance.supply_chain.statements import junit  # noqa: PLC0415 - likewise

    if result is not None and uri == predicates.TEST_RESULT and file is None:
        return junit.from_word(result)
    if result is not None or file is None:
        remedy = "name --predicate FILE" + (", or --result" if uri == predicates.TEST_RESULT else " and no --result")
        raise UsageError(f"it is not clear what is attested as {name}", remedy=remedy)
    known = None if database is None else predicate_files.read(database)
    return predicate_files.predicate_of(predicate_files.read(file), uri, known)


def _provenance(builder: str | None, source: str | None, revision: str | None, now: datetime) -> Mapping[str, Any]:
    """Options before what the environment tells; all three are needed."""
    from compliance.supply_chain.statements import provenance  # noqa: PLC0415 - only this command needs it

    told = provenance.from_environment(os.environ)
    if builder and source and revision:
        return provenance.predicate(provenance.Build(builder, source, revision), finished=now)
    if told is None or builder or source or revision:
        raise UsageError(
            "provenance needs --builder-id, --source and --revision, or --predicate",
            remedy="in a job of GitHub Actions or GitLab CI, the environment tells all three",
        )
    return provenance.predicate(told, finished=now)


def _summary(file: Path, opened: OpenedImage, verifier: str) -> Mapping[str, Any]:
    """A saved result becomes a verification summary; a summary is taken as it is."""
    from compliance.output import json_result  # noqa: PLC0415 - only this type needs it
    from compliance.supply_chain import predicate_files  # noqa: PLC0415 - likewise
    from compliance.supply_chain.statements import summary  # noqa: PLC0415 - likewise

    read = predicate_files.read(file)
    if "verificationResult" in read.value:
        return read.value
    taken, decided = json_result.read(read.content.decode("utf-8", "replace"), source=file.as_posix())
    digest = opened.descriptor.digest
    resource = summary.package_url(opened.repository.name, digest)
    return summary.from_decision(taken, decided, resource=resource, digest=digest, verifier=verifier)
