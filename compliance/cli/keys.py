"""`compliance keys`: make keys that cosign can use too."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from compliance.cli.common import application
from compliance.cli.image_options import PasswordOption, password

app = application("Make keys to sign with, in cosign's format.")


@app.callback()
def _group() -> None:
    """Keep `generate` a command of its own."""


@app.command()
def generate(
    *,
    prefix: Annotated[
        Path, typer.Option("--output-key-prefix", "--output-prefix", metavar="PREFIX", help="Of PREFIX.key and .pub.")
    ] = Path("cosign"),
    kind: Annotated[
        str, typer.Option(metavar="KIND", help="ecdsa-p256, -p384, -p521, or rsa-2048, -3072, -4096.")
    ] = "ecdsa-p256",
    password_file: PasswordOption = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace keys that are there.")] = False,
) -> None:
    """Write a private key, encrypted with a password, and its public key."""
    from compliance.supply_chain import keys  # noqa: PLC0415 - heavy: cryptography

    private = keys.generate(kind)
    written = keys.write_pair(prefix, private, password(password_file, confirm=True), overwrite=overwrite)
    for path in written:
        typer.echo(path.as_posix())
    typer.echo(f"fingerprint {private.fingerprint}")
