"""What a person sees of the bot's answer."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tests.wire.discord.model import walk_components

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.wire.discord.model import Backend, Interaction, Message


class Impossible(AssertionError):
    """A person could not do this in Discord: no such command, the button is disabled and so on."""


class NoAnswer(AssertionError):
    """The application did not respond."""


class Answer:
    """The bot's answer to one interaction. It is live: a later edit shows."""

    def __init__(self, backend: Backend, interaction: Interaction) -> None:
        self._backend = backend
        self.interaction = interaction

    @property
    def kind(self) -> str:
        """`message`, `deferred`, `deferred_update`, `update`, `modal` or `autocomplete`."""
        return str(self.interaction.response_kind or "")

    @property
    def message(self) -> Message | None:
        """The message answered with or updated; None where it is a modal or was deleted."""
        shown = self._backend.messages.get(self.interaction.channel_id, {})
        return shown.get(self.interaction.message_id or 0)

    @property
    def followups(self) -> list[Message]:
        """Messages sent after the first answer."""
        shown = self._backend.messages.get(self.interaction.channel_id, {})
        return [shown[i] for i in self.interaction.followup_ids if i in shown]

    @property
    def content(self) -> str:
        """The text of the answer."""
        return self.message.content if self.message else ""

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """The embeds of the answer, as sent."""
        return self.message.embeds if self.message else []

    @property
    def components(self) -> list[dict[str, Any]]:
        """All buttons and menus of the answer, rows unfolded."""
        return controls(self.message) if self.message else []

    @property
    def ephemeral(self) -> bool:
        """Whether only the person who asked sees it."""
        return bool(self.message and self.message.is_ephemeral)

    @property
    def modal(self) -> dict[str, Any] | None:
        """The modal the bot opened."""
        return self.interaction.modal

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The choices of an autocompletion."""
        return self.interaction.autocomplete_choices or []

    @property
    def text(self) -> str:
        """All that can be read: content and embeds, a line each."""
        return readable(self.message) if self.message else ""

    async def settled(self, within: float) -> Answer:
        """Wait until it is answered and not `thinking…`. Raises NoAnswer after `within` seconds."""
        record = self.interaction
        if not await wait_until(lambda: record.responded and not self._thinking(), within):
            what = "is still thinking" if record.responded else "did not respond"
            message = (
                f"the application {what} after {within} s (/{record.command_name or record.type})"
            )
            raise NoAnswer(message)
        return self

    def _thinking(self) -> bool:
        return bool(self.interaction.loading and self.message and self.message.flags & 1 << 7)


async def wait_until(holds: Callable[[], Any], within: float) -> Any:
    """Poll until `holds()` is truthy, for `within` seconds at most; returns its last value."""
    end = time.monotonic() + within
    # Anything may be asked, so nothing could set an event.
    while not (value := holds()) and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    return value


def controls(message: Message) -> list[dict[str, Any]]:
    """The buttons and menus of a message."""
    return [control for control in walk_components(message.components) if control.get("custom_id")]


def readable(message: Message) -> str:
    """Everything a message says, a line each."""
    lines = [message.content]
    for embed in message.embeds:
        footer, author = embed.get("footer") or {}, embed.get("author") or {}
        lines += [author.get("name", ""), embed.get("title", ""), embed.get("description", "")]
        lines += [f"{field['name']}\n{field['value']}" for field in embed.get("fields") or []]
        lines.append(footer.get("text", ""))
    return "\n".join(line for line in lines if line)
