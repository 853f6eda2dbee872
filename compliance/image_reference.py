"""Image references, read by the grammar of the distribution project rather than by splitting on colons.

Grammar and normalisation: https://github.com/distribution/reference (reference.go, normalize.go); tag and digest
as in the OCI distribution specification, "Pulling manifests".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_HOST_PART}(?:\.{_HOST_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_REFERENCE = re.compile(
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}))?"
)
_MAX_NAME = 255
_DEFAULT_DOMAIN = "docker.io"
_LEGACY_DOMAIN = "index.docker.io"
_HUB_HOSTS = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})


@dataclass(frozen=True, slots=True)
class ImageReference:
    """One reference: `registry` with its port, `repository` with `library/` filled in for Docker Hub."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def normalised(self) -> str:
        """`docker.io/library/nginx:latest`: the registry spelled out, and `latest` when nothing else is said."""
        tag = self.tag or (None if self.digest else "latest")
        return self.name + (f":{tag}" if tag else "") + (f"@{self.digest}" if self.digest else "")

    @property
    def name(self) -> str:
        """Registry and repository."""
        return f"{self.registry}/{self.repository}"


def parse(text: str) -> ImageReference:
    """Read a reference as a container runtime does.

    Raises:
        ValueError: the text does not fit the grammar.
    """
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no image reference")
    domain, path = match["domain"], match["path"]
    if domain is not None and not _is_domain(domain):
        domain, path = None, f"{domain}/{path}"
        if re.fullmatch(rf"{_COMPONENT}(?:/{_COMPONENT})*", path) is None:
            raise ValueError(f"{text!r} is no image reference: a repository is lower case")
    registry = _DEFAULT_DOMAIN if domain in (None, _LEGACY_DOMAIN) else domain
    if registry == _DEFAULT_DOMAIN and "/" not in path:
        path = f"library/{path}"
    if len(path) > _MAX_NAME:
        raise ValueError(f"{text!r} is no image reference: the repository is longer than {_MAX_NAME} characters")
    return ImageReference(registry, path, match["tag"], match["digest"])


def one_spelling(name: str) -> str:
    """One spelling of `registry/repository`, or a pattern over it, for all that lead to the same place.

    Hosts are of any letter case (RFC 4343), https has port 443, and Docker Hub has several hosts.
    """
    host, slash, path = name.partition("/")
    host = host.lower().removesuffix(":443")
    return ("docker.io" if host in _HUB_HOSTS else host) + slash + path


def _is_domain(text: str) -> bool:
    return "." in text or ":" in text or text == "localhost" or text != text.lower()
