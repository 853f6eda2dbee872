"""How many requests a second an API server is asked for at most: a token bucket."""

from __future__ import annotations

import threading
import time


class Budget:
    """Lets `qps` requests a second through, after a burst of twice as many, as client-go's limiter does.

    Threads share it: whoever comes later waits longer.
    """

    def __init__(self, qps: float) -> None:
        self._qps = qps
        self._most = max(1.0, 2 * qps)
        self._left = self._most
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Wait until there is room for one request."""
        with self._lock:
            now = time.monotonic()
            self._left = min(self._most, self._left + (now - self._at) * self._qps) - 1
            self._at = now
            pause = -self._left / self._qps
        if pause > 0:
            time.sleep(pause)
