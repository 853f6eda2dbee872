"""Where a cluster is and who we are there: kubeconfig, in-cluster service account, exec plugins, impersonation.

The official client reads all that and makes the connection pool; nothing else of it is used. What it leaves out is done
here: it ignores `as` in a kubeconfig, it goes on without credentials when an exec plugin fails, it uses a proxy even
for loopback (which kubectl does not), and its messages may show a whole user entry, token included.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from compliance.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import urllib3

DEFAULT_QPS: Final = 50.0
IN_CLUSTER: Final = "in-cluster"
"""The name of the cluster that a Pod runs in, unless it is given one."""

_EXTRA: Final = "pip install 'immutable-compliance[audit]'"
_SERVICE_ACCOUNT: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")


@dataclass(frozen=True, slots=True)
class Access:
    """Which cluster, and as whom: `context` None is the current one, or the cluster that we run in.

    `name` is what the cluster is called in results, None for its name in the kubeconfig; `user` and `groups` are whom
    to impersonate; `qps` bounds requests a second; `run` is an id that goes with every request, into the server's audit
    log (audit.k8s.io/v1, `userAgent`).
    """

    context: str | None = None
    name: str | None = None
    user: str | None = None
    groups: tuple[str, ...] = ()
    qps: float = DEFAULT_QPS
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """An open pool to one API server; `headers` says whom we impersonate, `configuration` who we are.

    `namespace` is the current one: that of the context, or of the Pod that we run in.
    """

    name: str
    host: str
    pool: urllib3.PoolManager = field(repr=False)
    headers: Mapping[str, str | tuple[str, ...]]
    configuration: Any = field(repr=False)
    namespace: str = "default"

    def authorization(self) -> str | None:
        """The header's value as of now: tokens of files and plugins are renewed. Never to be shown."""
        header = self.configuration.get_api_key_with_prefix("BearerToken", "authorization")
        return None if header is None else str(header)


def connect(access: Access) -> Connection:
    """Load the configuration; no request is made.

    Raises:
        UsageError: the library is not installed, there is no such context, a kubeconfig cannot be used, or an exec
            plugin gives no credentials.
    """
    try:
        from kubernetes import client, config  # noqa: PLC0415 - heavy import only when used
        from kubernetes.client import rest  # noqa: PLC0415 - likewise
    except ImportError:
        raise UsageError("auditing a cluster needs the package kubernetes", remedy=_EXTRA) from None
    configuration = client.Configuration()
    files, user = _kubeconfig(), dict[str, Any]()
    try:
        if not files and access.context is None and _SERVICE_ACCOUNT.exists():
            config.load_incluster_config(client_configuration=configuration)
            name, namespace = IN_CLUSTER, _SERVICE_ACCOUNT.with_name("namespace").read_text(encoding="utf-8").strip()
        else:
            name, user, namespace = _from_kubeconfig(files, access.context, configuration)
        if _is_loopback(configuration.host) and configuration._proxy_from_env:  # noqa: SLF001 - the library's only way
            configuration.proxy = None
        pool = rest.RESTClientObject(configuration).pool_manager
    except (config.ConfigException, OSError, ValueError, TypeError, AttributeError, KeyError, ImportError) as error:
        raise UsageError(f"the kubeconfig cannot be used: {_safe(error)}", remedy="try it with kubectl") from None
    headers = _impersonation(access, user)
    host = str(configuration.host)
    return Connection(access.name or name, host, pool, headers, configuration, namespace or "default")


def _kubeconfig() -> str:
    """The files that kubectl would read, those that are there, separated as in $KUBECONFIG."""
    given = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    return os.pathsep.join(file for file in given.split(os.pathsep) if file and Path(file).expanduser().exists())


def _from_kubeconfig(files: str, context: str | None, configuration: Any) -> tuple[str, dict[str, Any], str]:  # noqa: ANN401 - the library's
    """Fill in the configuration; the cluster's name, the user's entry, and the context's namespace."""
    from kubernetes.config import kube_config  # noqa: PLC0415 - heavy import only when used

    if not files:
        remedy = "set KUBECONFIG, or run in a Pod with a service account"
        raise UsageError("there is no kubeconfig", remedy=remedy)
    merged = kube_config.KubeConfigMerger(files).config
    names = [item["name"] for item in merged.safe_get("contexts") or ()]
    chosen = context or merged.safe_get("current-context")
    if chosen not in names:
        what = f"no context {chosen!r}" if chosen else "no current context"
        raise UsageError(f"the kubeconfig has {what}", remedy=f"use one of {', '.join(names) or '(there is none)'}")
    with _Told() as told:
        kube_config.load_kube_config(config_file=files, context=chosen, client_configuration=configuration)
    entry = next(item.value["context"] for item in merged["contexts"] if item["name"] == chosen)
    users = {item["name"]: item.value.get("user") for item in merged.safe_get("users") or ()}
    user = users.get(entry.get("user")) or {}
    if "exec" in user and not (configuration.api_key or configuration.cert_file):
        why = "; ".join(told.messages) or "it printed none"
        raise UsageError(f"the exec plugin of context {chosen} gives no credentials: {why}", remedy="run it by hand")
    return str(entry.get("cluster") or chosen), user, str(entry.get("namespace") or "")


class _Told(logging.Handler):
    """Takes what the library logs about a failing plugin, which would else go to the terminal as it is."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(_safe(record.getMessage()))

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


def _impersonation(access: Access, user: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Headers of the API reference, "User impersonation"; the command line wins over the kubeconfig."""
    name = access.user or user.get("as")
    groups: Sequence[str] = access.groups or (() if access.user else tuple(user.get("as-groups") or ()))
    if groups and not name:
        raise UsageError("--as-group needs --as", remedy="name the user too")
    headers: dict[str, str | tuple[str, ...]] = {}
    if name:
        headers["Impersonate-User"] = str(name)
    if groups:
        headers["Impersonate-Group"] = tuple(groups)
    if name and not access.user and user.get("as-uid"):
        headers["Impersonate-Uid"] = str(user["as-uid"])
    return headers


def _is_loopback(host: str) -> bool:
    name = urlsplit(host).hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _safe(error: object) -> str:
    """A message without what the library quotes of the file: a user's entry holds its token."""
    return re.sub(r"[{\[].*", "(not shown)", str(error), flags=re.DOTALL)[:300]
