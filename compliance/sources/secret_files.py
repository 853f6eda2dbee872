"""Which files are secrets by their names, and which may be."""

from __future__ import annotations

import re

_KEY_FILES = re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?")
_CREDENTIALS = frozenset(
    {".ssh", ".aws", ".git-credentials", ".netrc", "_netrc", ".pgpass", ".dockercfg", "kubeconfig"}
)
_NESTED_CREDENTIALS = frozenset({".docker/config.json", ".kube/config", ".aws/credentials", ".azure", ".config/gcloud"})
_NO_SECRETS = frozenset({"known_hosts", "authorized_keys", "config"})
_POSSIBLE = re.compile(
    r"\.env(?:\..+)?|\.npmrc|\.pypirc|\.htpasswd|credentials\.json|secrets?\.(?:ya?ml|json|env|properties|toml)"
    r"|service-?account.*\.json|.+\.(?:pem|key|p12|pfx|jks|keystore)",
    re.IGNORECASE,
)
_HARMLESS = frozenset(
    {
        *(
            "public",
            "pub",
            "ca",
            "cas",
            "cacert",
            "cacerts",
            "cert",
            "certs",
            "crt",
            "chain",
            "fullchain",
            "bundle",
            "root",
        ),
        *("gpg", "pgp", "asc", "signing", "keyring", "archive", "truststore"),
        *("example", "sample", "template", "tmpl", "tpl", "dist", "defaults", "dummy", "fixtures", "schema"),
    }
)
_WORDS = re.compile(r"[^a-z0-9]+")


def secrecy(path: str) -> str | None:
    """`credentials` for a file that is nothing else, `possible` for one that often holds them, None for the others."""
    parts = [part for part in path.strip("'\"").split("/") if part not in {"", ".", "*"}]
    if not parts or parts[-1].endswith(".pub"):
        return None
    name = parts[-1]
    nested = "/".join(parts[-2:])
    if nested in _NESTED_CREDENTIALS or name in _NESTED_CREDENTIALS or _KEY_FILES.fullmatch(name):
        return "credentials"
    if name not in _NO_SECRETS and not _CREDENTIALS.isdisjoint(parts):
        return "credentials"
    possible = _POSSIBLE.fullmatch(name) is not None and _HARMLESS.isdisjoint(_WORDS.split(name.lower()))
    return "possible" if possible else None
