"""Who asks goes in; whether it may do so now comes out: a bucket of tokens for each client."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

_CLIENTS = 10_000  # whose buckets are kept


class Rates:
    """So many requests a minute for each client, in bursts of as many. For one event loop."""

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`per_minute` 0: any number."""
        self.per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, at

    def wait(self, client: str) -> float:
        """Takes a token; 0 where there was one, else the seconds until there is one."""
        if not self.per_minute:
            return 0.0
        now, rate = self._clock(), self.per_minute / 60
        tokens, at = self._buckets.pop(client, (float(self.per_minute), now))
        tokens = min(self.per_minute, tokens + (now - at) * rate)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - allowed, now)
        while len(self._buckets) > _CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / rate
