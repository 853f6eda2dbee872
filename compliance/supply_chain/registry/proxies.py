"""Which proxy the environment names (HTTPS_PROXY, HTTP_PROXY, NO_PROXY)."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

from compliance.supply_chain.registry.access import is_loopback

if TYPE_CHECKING:
    import httpx


def proxy_of(url: httpx.URL) -> str | None:
    """The address of the proxy for a URL, as it is written; None for this machine, as Go's clients have it too."""
    proxy = urllib.request.getproxies().get(url.scheme)
    if not proxy or is_loopback(url.host) or urllib.request.proxy_bypass(url.netloc.decode("ascii")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
