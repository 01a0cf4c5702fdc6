"""Faults a test orders: the next requests that match are answered wrongly, late or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tests.wire.discord.ratelimits import too_many
from tests.wire.discord.record import Reply

if TYPE_CHECKING:
    from tests.wire.discord.record import Request

How = Literal["drop"] | int


@dataclass(slots=True)
class Fault:
    """One ordered fault.

    `how` is a status (429, 502, 503, …), `drop` (the connection is cut) or 0 (right, but late).
    With `after_effect` the request is carried out and only its answer is lost.
    """

    method: str
    path_part: str
    how: How
    times: int
    after_effect: bool
    delay: float
    retry_after: float
    scope: str

    def matches(self, request: Request) -> bool:
        """Whether this request is meant."""
        return self.method in {"*", request.method} and self.path_part in request.path

    @property
    def name(self) -> str:
        """How the request's record names it."""
        return f"{self.how or 'late'}{' after the effect' if self.after_effect else ''}"

    def reply(self) -> Reply:
        """The wrong answer. 5xx come from the proxies in front of Discord, so they are not JSON."""
        if self.how == 429:
            return too_many(self.retry_after, scope=self.scope)
        return Reply(
            int(self.how), f"<html><title>{self.how}</title></html>", {"Content-Type": "text/html"}
        )


class Faults:
    """The orders not yet used up."""

    def __init__(self) -> None:
        self._orders: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add an order."""
        self._orders.append(fault)

    def take(self, request: Request) -> Fault | None:
        """The fault for a request, used up by one."""
        fault = next((order for order in self._orders if order.matches(request)), None)
        if fault is not None:
            fault.times -= 1
            if fault.times == 0:
                self._orders.remove(fault)
        return fault

    @property
    def waiting(self) -> int:
        """How many ordered faults no request has met yet."""
        return sum(order.times for order in self._orders)

    def clear(self) -> None:
        """Forget all orders."""
        self._orders.clear()
