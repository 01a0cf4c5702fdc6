"""Rate limits with the headers Discord sends.

Sizes are those that users of discord.py report: Discord publishes none, but for the global limit of
50 requests a second (discord-api-docs, topics/rate-limits).
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass

from tests.wire.discord.record import Reply, Request

SIZES = {
    ("PUT", "reactions"): (1, 0.25),
    ("DELETE", "reactions"): (1, 0.25),
    ("POST", "messages"): (5, 5.0),
    ("PATCH", "messages"): (5, 5.0),
}
OTHERS = (50, 1.0)
GLOBAL = (50, 1.0)


@dataclass(slots=True)
class Window:
    """What is left of one bucket until it resets."""

    limit: int
    remaining: int
    reset: float


class RateLimits:
    """Buckets by route and channel or guild, and the one limit over all of them."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}
        self._recent: deque[float] = deque()

    def take(self, request: Request) -> tuple[dict[str, str], Reply | None]:
        """Count a request. Returns its headers, and the 429 it gets when it came too soon."""
        now = time.time()
        if self._over_all(now):
            return {}, too_many(self._recent[0] + GLOBAL[1] - now, scope="global")
        window, name = self._window(request, now)
        if window.remaining == 0:
            refusal = too_many(window.reset - now)
            return {}, Reply(429, refusal.body, {**refusal.headers, **_headers(window, name, now)})
        window.remaining -= 1
        self._recent.append(now)
        return _headers(window, name, now), None

    def _over_all(self, now: float) -> bool:
        while self._recent and self._recent[0] <= now - GLOBAL[1]:
            self._recent.popleft()
        return len(self._recent) >= GLOBAL[0]

    def _window(self, request: Request, now: float) -> tuple[Window, str]:
        kind = _kind(request.parts)
        name = f"{request.method}:{kind}"
        limit, seconds = SIZES.get((request.method, kind), OTHERS)
        window = self._windows.get((name, _major(request.parts)))
        if window is None or now >= window.reset:
            window = Window(limit, limit, now + seconds)
            self._windows[name, _major(request.parts)] = window
        return window, name


def too_many(seconds: float, *, scope: str = "user") -> Reply:
    """A 429 as Discord words it; `seconds` is how long to wait."""
    wait = max(0.001, round(seconds, 3))
    body = {
        "message": "You are being rate limited.",
        "retry_after": wait,
        "global": scope == "global",
    }
    headers = {"Retry-After": str(max(1, round(wait))), "X-RateLimit-Scope": scope}
    if scope == "global":
        headers["X-RateLimit-Global"] = "true"
    return Reply(429, body, headers)


def _headers(window: Window, name: str, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Reset": f"{window.reset:.3f}",
        "X-RateLimit-Reset-After": f"{max(0.0, window.reset - now):.3f}",
        "X-RateLimit-Bucket": name,
    }


def _kind(parts: list[str]) -> str:
    if "reactions" in parts:
        return "reactions"
    return next((part for part in reversed(parts) if not part.isdigit()), "")


def _major(parts: list[str]) -> str:
    return parts[1] if len(parts) > 1 and parts[0] in {"channels", "guilds", "webhooks"} else ""
