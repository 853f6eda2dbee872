"""Where a cluster is and who we are there: kubeconfig, in-cluster service account, exec plugins, impersonation.

The official client reads all that and makes the connection pool; nothing else of it is used. What it leaves out is done
here: it ignores `as` in a kubeconfig, it waits for an exec plugin without end and goes on without credentials when that
fails, it uses a proxy even for loopback (which kubectl does not), and its messages may show a whole user entry, token
included.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from compliance.errors import ClusterError, UsageError
from compliance.sources.cluster.exec_plugin import ExecPlugin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import urllib3

    from compliance.sources.cluster.exec_plugin import Credentials

DEFAULT_QPS: Final = 50.0
IN_CLUSTER: Final = "in-cluster"
"""The name of the cluster that a Pod runs in, unless it is given one."""

_TRY: Final = "try it with kubectl"
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


@dataclass(slots=True)
class Connection:
    """The way to one API server, open when it is first used; `headers` says whom we impersonate.

    `namespace` is the current one: that of the context, or of the Pod that we run in. `configuration` says who we are,
    unless `plugin` does.
    """

    name: str
    headers: Mapping[str, str | tuple[str, ...]]
    configuration: Any = field(repr=False)
    namespace: str = "default"
    plugin: ExecPlugin | None = None
    _pool: urllib3.PoolManager | None = field(default=None, repr=False)
    _credentials: Credentials | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None

    @property
    def host(self) -> str:
        """The server's URL."""
        return str(self.configuration.host)

    def pool(self) -> urllib3.PoolManager:
        """The open pool.

        Raises:
            ClusterError: an exec plugin gives no credentials, or none that can be used.
        """
        if self._pool is None:
            if self.plugin is not None:
                self._credentials = self.plugin.run()
                self._take(self._credentials)
            try:
                self._pool = _pool(self.configuration)
            except (OSError, ValueError) as error:
                raise ClusterError(f"the connection cannot be made: {_safe(error)}", remedy=_TRY) from None
        return self._pool

    def is_stale(self) -> bool:
        """Whether the plugin has said that its credentials are good no longer."""
        return self._credentials is not None and self._credentials.are_stale(datetime.now(UTC))

    def authorization(self) -> str | None:
        """The header's value as of now: a token's file is read again once a minute. Never to be shown.

        Raises:
            ClusterError: the file has gone, or is empty, or holds something else.
        """
        from kubernetes.config import ConfigException  # noqa: PLC0415 - heavy import only when used

        try:
            header = self.configuration.get_api_key_with_prefix("BearerToken", "authorization")
        except (ConfigException, OSError) as error:
            raise ClusterError(f"the token cannot be read: {_safe(error)}", remedy="renew it") from None
        told = None if header is None else str(header).strip()
        if told is not None and not (told.isascii() and told.isprintable()):
            raise ClusterError("the token has characters that no header may have", remedy="renew it")
        return told

    def hang_up(self) -> None:
        """Close what is not in use; a request that another thread is about to make can still be made."""
        if self._pool is not None:
            self._pool.clear()

    def close(self) -> None:
        """Close all connections, and forget a plugin's credentials."""
        self.hang_up()
        if self._folder is not None:
            self._folder.cleanup()
        self._pool = self._folder = self._credentials = None

    def _take(self, credentials: Credentials) -> None:
        if credentials.token is not None:
            self.configuration.api_key["BearerToken"] = f"Bearer {credentials.token}"
        if credentials.certificate is not None and credentials.key is not None:
            self._folder = tempfile.TemporaryDirectory(prefix="compliance-")  # it is for us alone: mode 0700
            certificate, key = Path(self._folder.name) / "client.crt", Path(self._folder.name) / "client.key"
            certificate.write_text(credentials.certificate, encoding="utf-8")
            key.write_text(credentials.key, encoding="utf-8")
            self.configuration.cert_file, self.configuration.key_file = str(certificate), str(key)


def connect(access: Access) -> Connection:
    """Load the configuration; no request is made, and no plugin is run.

    Raises:
        UsageError: the library is not installed, there is no such context, or a kubeconfig cannot be used.
    """
    try:
        from kubernetes import client, config  # noqa: PLC0415 - heavy import only when used
    except ImportError:
        raise UsageError("auditing a cluster needs the package kubernetes", remedy=_EXTRA) from None
    configuration = client.Configuration()
    files, user, plugin = _kubeconfig(), dict[str, Any](), None
    try:
        if not files and access.context is None and _SERVICE_ACCOUNT.parent.is_dir():
            config.load_incluster_config(client_configuration=configuration)
            name, namespace = IN_CLUSTER, _SERVICE_ACCOUNT.with_name("namespace").read_text(encoding="utf-8").strip()
        else:
            name, user, namespace, plugin = _from_kubeconfig(files, access.context, configuration)
        if _is_loopback(configuration.host) and configuration._proxy_from_env:  # noqa: SLF001 - the library's only way
            configuration.proxy = None
        _pool(configuration).clear()
    except (config.ConfigException, OSError, ValueError, TypeError, AttributeError, KeyError, ImportError) as error:
        raise UsageError(f"the kubeconfig cannot be used: {_safe(error)}", remedy=_TRY) from None
    headers = _impersonation(access, user)
    return Connection(access.name or name, headers, configuration, namespace or "default", plugin)


def _pool(configuration: Any) -> urllib3.PoolManager:  # noqa: ANN401 - the library's
    from kubernetes.client import rest  # noqa: PLC0415 - heavy import only when used

    pool: urllib3.PoolManager = rest.RESTClientObject(configuration).pool_manager
    return pool


def _kubeconfig() -> str:
    """The files that kubectl would read, those that are there, separated as in $KUBECONFIG."""
    given = os.environ.get("KUBECONFIG") or str(Path.home() / ".kube" / "config")
    return os.pathsep.join(file for file in given.split(os.pathsep) if file and Path(file).expanduser().exists())


def _from_kubeconfig(
    files: str,
    context: str | None,
    configuration: Any,  # noqa: ANN401 - the library's
) -> tuple[str, dict[str, Any], str, ExecPlugin | None]:
    """Fill in the configuration; the cluster's name, the user's entry, the context's namespace, and the plugin."""
    from kubernetes.config import kube_config  # noqa: PLC0415 - heavy import only when used

    if not files:
        remedy = "set KUBECONFIG, or run in a Pod with a service account"
        raise UsageError("there is no kubeconfig", remedy=remedy)
    merger = kube_config.KubeConfigMerger(files)
    merged = merger.config
    names = [item["name"] for item in merged.safe_get("contexts") or ()]
    chosen = context or merged.safe_get("current-context")
    if chosen not in names:
        what = f"no context {chosen!r}" if chosen else "no current context"
        raise UsageError(f"the kubeconfig has {what}", remedy=f"use one of {', '.join(names) or '(there is none)'}")
    entry = next(item.value["context"] for item in merged["contexts"] if item["name"] == chosen)
    user = _entry(merged, "users", "user", entry.get("user"))
    plugin = _plugin(merged, entry, user)
    # Where the library knows of no plugin, it runs none; what it saves (an OIDC token) must not lack the plugin.
    persister = merger.save_changes if plugin is None else None
    loader = kube_config.KubeConfigLoader(
        merged, active_context=chosen, config_base_path=None, config_persister=persister
    )
    loader.load_and_set(configuration)
    return str(entry.get("cluster") or chosen), user, str(entry.get("namespace") or ""), plugin


def _entry(merged: Any, section: str, key: str, name: object) -> dict[str, Any]:  # noqa: ANN401 - the library's
    """What a section has under a name: the library's own value, not a copy."""
    found = {item["name"]: item.value.get(key) for item in merged.safe_get(section) or ()}.get(name)
    return found if isinstance(found, dict) else {}


def _plugin(merged: Any, entry: Mapping[str, Any], user: dict[str, Any]) -> ExecPlugin | None:  # noqa: ANN401 - likewise
    """Take the exec plugin out of a user's entry, unless the user has a token."""
    if "token" in user or "tokenFile" in user or not isinstance(plugin := user.pop("exec", None), dict):
        return None
    path = next((item.path for item in merged["users"] if item["name"] == entry.get("user")), None)
    folder = Path(path).absolute().parent if path else Path()
    return ExecPlugin(plugin, _entry(merged, "clusters", "cluster", entry.get("cluster")), folder)


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
