"""What the commands about images and signatures share: their options, and what is opened by them.

Options are named as cosign's where they mean the same. No secret is ever an argument: arguments are seen by all.
"""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from compliance import bounded_files
from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compliance.image_settings import ImageSettings
    from compliance.supply_chain.opening import OpenedImage
    from compliance.supply_chain.registry import Access
    from compliance.supply_chain.signatures import Layout
    from compliance.supply_chain.signers import Signer
    from compliance.supply_chain.signing import Image

PASSWORD: Final = "COSIGN_PASSWORD"  # noqa: S105 - the name of a variable
PRIVATE_KEY: Final = "COSIGN_PRIVATE_KEY"
TOKEN: Final = "SIGSTORE_ID_TOKEN"  # noqa: S105 - likewise
_IN_ENVIRONMENT: Final = "env://"
_MAX_SECRET: Final = 64 * 1024

ImageArgument = Annotated[
    str, typer.Argument(metavar="REF", help="A registry's reference, an OCI layout (./FOLDER), or a tar.")
]
ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="The configuration (default: the nearest compliance.yaml).")
]
InsecureOption = Annotated[
    list[str] | None,
    typer.Option("--insecure-registry", metavar="HOST", help="May be reached without TLS. Repeatable."),
]
CaOption = Annotated[
    Path | None, typer.Option("--ca-file", help="Certificates by which registries are to be known (PEM).")
]
KeyOption = Annotated[
    str | None,
    typer.Option("--key", metavar="FILE", help=f"The private key: a file, or env://NAME (default: {PRIVATE_KEY})."),
]
CommandOption = Annotated[
    str | None,
    typer.Option(
        "--key-command",
        metavar="COMMAND",
        help="Signs in place of a key: gets the digest on standard input, answers with the signature.",
    ),
]
PublicOption = Annotated[
    Path | None, typer.Option("--public-key", metavar="FILE", help="The public key that --key-command signs for.")
]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", help=f"Holds the key's password (default: {PASSWORD}, or a prompt).")
]
TokenOption = Annotated[
    Path | None,
    typer.Option("--identity-token-file", help=f"Sign as this identity, without a key (default: {TOKEN})."),
]
TrustConfigOption = Annotated[
    Path | None, typer.Option("--trust-config", help="The Sigstore services that vouch for the identity (JSON).")
]
LayoutOption = Annotated[
    str, typer.Option("--layout", metavar="both|legacy|bundle", help="Which of cosign's layouts are written.")
]
AnnotationsOption = Annotated[
    list[str] | None, typer.Option("--annotations", "-a", metavar="KEY=VALUE", help="Signed along. Repeatable.")
]


def access(settings: ImageSettings, insecure: Sequence[str] | None, ca_file: Path | None) -> Access:
    """How registries may be reached: options add to the configuration, or replace its certificates."""
    from compliance.supply_chain.registry import Access  # noqa: PLC0415 - only these commands need it

    return Access(frozenset((*settings.insecure_registries, *(insecure or ()))), ca_file or settings.ca_file)


def pairs(given: Sequence[str] | None) -> dict[str, str]:
    """Read KEY=VALUE options.

    Raises:
        UsageError: one has no `=`, or no key.
    """
    found = {}
    for text in given or ():
        key, equals, value = text.partition("=")
        if not equals or not key:
            raise UsageError(f"-a {text} is no KEY=VALUE")
        found[key] = value
    return found


def layouts(text: str) -> tuple[Layout, ...]:
    """Read the layouts that are to be written.

    Raises:
        UsageError: there is no such layout.
    """
    from compliance.supply_chain.signatures import Layout  # noqa: PLC0415 - only these commands need it

    known = {"both": tuple(Layout), "legacy": (Layout.LEGACY,), "bundle": (Layout.BUNDLE,)}
    if text not in known:
        raise UsageError(f"there is no layout {text!r}", remedy=f"use one of {', '.join(known)}")
    return known[text]


def to_be_signed(opened: OpenedImage, identity: str | None) -> Image:
    """What is signed: the digest that was resolved, under the name by which it was given.

    Raises:
        UsageError: it lies where nothing can be written, or has no digest of its own.
    """
    from compliance.supply_chain.content import WritableRepository  # noqa: PLC0415 - as above
    from compliance.supply_chain.signing import Image  # noqa: PLC0415 - as above

    repository = opened.repository
    if opened.synthetic or not isinstance(repository, WritableRepository):
        raise UsageError(
            f"{repository.name} cannot take a signature", remedy="push the image to a registry, and sign it there"
        )
    name = identity or (repository.name if opened.reference is None else _named(opened))
    return Image(repository, name, opened.descriptor.digest)


def _named(opened: OpenedImage) -> str:
    """The repository, and the tag where one was given: who looks at the tag later can tell whether it moved."""
    reference = opened.reference
    if reference is None:
        return opened.repository.name
    return f"{reference.name}:{reference.tag}" if reference.tag else reference.name


def signer(
    *,
    key: str | None,
    command: str | None,
    public_key: Path | None,
    password_file: Path | None,
    token_file: Path | None,
    trust_config: Path | None,
) -> Signer:
    """Open whoever signs: a key, a command, or an identity; exactly one of them.

    Raises:
        UsageError: none is named, or several.
        KeyFileError: the key cannot be read.
    """
    from compliance.supply_chain import signers  # noqa: PLC0415 - as above
    from compliance.supply_chain.keys import load_private, load_public  # noqa: PLC0415 - as above

    if not (key or command or token_file) and PRIVATE_KEY in os.environ:
        key = f"{_IN_ENVIRONMENT}{PRIVATE_KEY}"
    token = None if token_file is None and (key or command) else _token(token_file)
    if sum(map(bool, (key, command, token))) != 1:
        raise UsageError(
            "it is not clear who signs", remedy=f"name --key, or --key-command, or an identity's token in {TOKEN}"
        )
    if token is not None:
        return _identity(token, trust_config)
    if command is not None:
        if public_key is None:
            raise UsageError("--key-command needs --public-key", remedy="its signatures are checked before they count")
        return signers.KeySigner(signers.KeptKey(shlex.split(command), load_public(secret(public_key)).public))
    return signers.KeySigner(load_private(_key(str(key)), lambda: password(password_file)))


def _key(named: str) -> bytes:
    if not named.startswith(_IN_ENVIRONMENT):
        return secret(Path(named))
    name = named.removeprefix(_IN_ENVIRONMENT)
    try:
        return os.environ[name].encode("utf-8", "surrogateescape")
    except KeyError:
        raise UsageError(f"the environment variable {name} is not set") from None


def _token(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get(TOKEN) or None
    return secret(file).decode("utf-8", "replace").strip()


def _identity(token: str, trust_config: Path | None) -> Signer:
    from compliance.supply_chain.sigstore.keyless import IdentitySigner  # noqa: PLC0415 - heavy

    if trust_config is None:
        raise UsageError("an identity needs the services that vouch for it", remedy="name them with --trust-config")
    return IdentitySigner(secret(trust_config, most=4 * 1024 * 1024), token)


def password(file: Path | None, *, confirm: bool = False) -> bytes:
    """The password of a key: from a file (its first line), the environment, or a prompt on a terminal.

    Raises:
        UsageError: none is to be had.
    """
    if file is not None:
        return secret(file).partition(b"\n")[0].removesuffix(b"\r")
    if PASSWORD in os.environ:
        return os.environ[PASSWORD].encode("utf-8", "surrogateescape")
    if not sys.stdin.isatty():
        raise UsageError("the key's password is needed", remedy=f"set {PASSWORD}, or name --password-file")
    said: str = typer.prompt("Password of the private key", hide_input=True, confirmation_prompt=confirm, err=True)
    return said.encode("utf-8", "surrogateescape")


def secret(path: Path, *, most: int = _MAX_SECRET) -> bytes:
    """Read a small file whose content is not to be shown.

    Raises:
        UsageError: it cannot be read, or is too large.
    """
    try:
        return bounded_files.read(path, most)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
