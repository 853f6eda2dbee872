"""What VEX documents say of a vulnerability in an image: which statements are about it, and which of them counts.

Products are matched by package URL as OpenVEX says (https://github.com/openvex/spec, "Product Data Structure", and
go-vex, PurlMatches): type, namespace and name are equal, a version where the statement has one, and each qualifier that
the statement has. A statement about anything else has no effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from packageurl import PackageURL

    from compliance.sources.vulnerabilities.merging import Vulnerability
    from compliance.sources.vulnerabilities.records import ImageContent

STATUSES: Final = frozenset({"not_affected", "affected", "fixed", "under_investigation"})
CLOSED: Final = frozenset({"not_affected", "fixed"})
_IMAGE: Final = "oci"
_REPOSITORY: Final = "repository_url"


@dataclass(frozen=True, slots=True)
class Product:
    """An image, with the packages in it that are meant (none: all of them), or a package wherever it is.

    `within` is the image that a package is meant in, None for any. `versions` narrows it, none is any.
    """

    url: PackageURL
    subcomponents: tuple[PackageURL | None, ...] = ()
    within: PackageURL | None = None
    versions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `vulnerabilities` are all names of the one that is meant, upper case."""

    vulnerabilities: frozenset[str]
    products: tuple[Product, ...]
    status: str
    justification: str | None
    author: str | None
    made_at: datetime


def ruling(
    statements: Iterable[Statement], vulnerability: Vulnerability, urls: Sequence[PackageURL], content: ImageContent
) -> Statement | None:
    """The latest statement about a vulnerability of the image, whose package has `urls`; of two at once, the later one.

    Statements come in the order of their documents.
    """
    names = {name.upper() for name in vulnerability.ids}
    about = [
        statement
        for statement in statements
        if not names.isdisjoint(statement.vulnerabilities)
        and any(_concerns(product, vulnerability, urls, content) for product in statement.products)
    ]
    return max(reversed(about), key=lambda statement: statement.made_at, default=None)


def _concerns(
    product: Product, vulnerability: Vulnerability, urls: Sequence[PackageURL], content: ImageContent
) -> bool:
    if product.versions and vulnerability.version not in product.versions:
        return False
    if product.within is not None and not _is_image(product.within, content):
        return False
    if product.url.type == _IMAGE:
        parts = product.subcomponents
        return _is_image(product.url, content) and (
            not parts or any(part and _is_package(part, vulnerability, urls) for part in parts)
        )
    return not product.subcomponents and _is_package(product.url, vulnerability, urls)


def _is_package(said: PackageURL, vulnerability: Vulnerability, urls: Sequence[PackageURL]) -> bool:
    return any(
        (said.type, said.namespace, said.name) == (url.type, url.namespace, url.name)
        and (not said.version or said.version in {url.version, vulnerability.version})
        and _qualifiers(said).items() <= _qualifiers(url).items()
        for url in urls
    )


def _is_image(said: PackageURL, content: ImageContent) -> bool:
    """Whether a package URL of type oci means the image: its name is the repository's last part, its version a digest.

    Tag and architecture are told apart by the digest; without one they cannot be compared.
    """
    if said.type != _IMAGE or (said.version and said.version not in content.digests):
        return False
    qualifiers = _qualifiers(said)
    where = qualifiers.pop(_REPOSITORY, None)
    if content.name is None:
        return bool(said.version)
    if said.name != content.name.rpartition("/")[2].lower() or (where and where.lower() != content.name.lower()):
        return False
    return bool(said.version) or not qualifiers


def _qualifiers(url: PackageURL) -> dict[str, str]:
    found = url.qualifiers
    return dict(found) if isinstance(found, dict) else {}
