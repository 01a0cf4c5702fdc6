"""People using the bot: what they type, press and choose, as Discord would tell the bot of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.wire.discord import supers
from tests.wire.discord.answers import Answer, Impossible, controls
from tests.wire.discord.inputs import filled_command, filled_input
from tests.wire.discord.model import (
    AppCommandType,
    BackendError,
    InteractionType,
    command_access,
    interactions,
    reaction_permissions,
    serializers,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.wire.discord.model import Backend, Channel, Message, User

PATIENCE = 5.0
BUTTON = 2
LINK_STYLES = {5, 6}
MENU = 3


class People:
    """What a person can do. Everything raises Impossible where Discord would not let them."""

    backend: Backend
    locales: dict[int, str]

    def speaks(self, person: User, locale: str) -> None:
        """Set somebody's Discord to a language; it is `en-US` else."""
        self.locales[person.id] = locale

    async def slash(
        self,
        person: User,
        channel: Channel,
        command: str,
        *,
        patience: float = PATIENCE,
        **options: Any,
    ) -> Answer:
        """Type `/papers search query:…` and wait for the answer (up to `patience` seconds)."""
        answer = self.begin_slash(person, channel, command, **options)
        return await answer.settled(patience)

    def begin_slash(self, person: User, channel: Channel, command: str, **options: Any) -> Answer:
        """Send a slash command without waiting."""
        root = self._command(person, channel, _root(command), AppCommandType.CHAT_INPUT)
        data = filled_command(self.backend, person, channel, root, command, options)
        return self._interact(InteractionType.APPLICATION_COMMAND, person, channel, data)

    async def complete(
        self, person: User, channel: Channel, command: str, option: str, typed: str, **options: Any
    ) -> list[dict[str, Any]]:
        """Type into an option that completes; returns the choices offered (`name`, `value`)."""
        root = self._command(person, channel, _root(command), AppCommandType.CHAT_INPUT)
        data = filled_command(
            self.backend, person, channel, root, command, options, (option, typed)
        )
        kind = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
        answer = self._interact(kind, person, channel, data)
        return (await answer.settled(PATIENCE)).choices

    async def message_command(self, person: User, message: Message, name: str) -> Answer:
        """Choose `Apps → name` in a message's menu."""
        channel = self.backend.get_channel(message.channel_id)
        root = self._command(person, channel, name, AppCommandType.MESSAGE)
        shown = dict(serializers.message_payload(self.backend, message))
        data = {
            "id": root["id"],
            "name": root["name"],
            "type": AppCommandType.MESSAGE,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): shown}},
            **({"guild_id": root["guild_id"]} if root.get("guild_id") else {}),
        }
        answer = self._interact(InteractionType.APPLICATION_COMMAND, person, channel, data)
        return await answer.settled(PATIENCE)

    async def click(
        self, person: User, message: Message, custom_id: str = "", *, label: str = ""
    ) -> Answer:
        """Press a button, found by its custom_id or its label."""
        return await self.begin_click(person, message, custom_id, label=label).settled(PATIENCE)

    def begin_click(
        self, person: User, message: Message, custom_id: str = "", *, label: str = ""
    ) -> Answer:
        """Press a button without waiting."""
        button = self._control(person, message, {BUTTON}, custom_id, label)
        data = {
            "custom_id": button["custom_id"],
            "component_type": BUTTON,
            "id": button.get("id", 0),
        }
        return self._press(person, message, data)

    async def select(
        self, person: User, message: Message, values: Sequence[str], custom_id: str = ""
    ) -> Answer:
        """Choose in a menu, by the values of its options."""
        menu = self._control(person, message, {MENU}, custom_id, "")
        offered = [option["value"] for option in menu.get("options") or []]
        least, most = menu.get("min_values", 1), menu.get("max_values", 1)
        if not set(values) <= set(offered) or not least <= len(values) <= most:
            raise Impossible(f"{list(values)} cannot be chosen among {offered} ({least} to {most})")
        data = {"custom_id": menu["custom_id"], "component_type": MENU, "values": list(values)}
        pressed = self._press(person, message, {**data, "id": menu.get("id", 0)})
        return await pressed.settled(PATIENCE)

    async def submit(self, person: User, answer: Answer, **values: str) -> Answer:
        """Fill in the modal an answer opened (by the inputs' custom_ids) and send it."""
        if answer.modal is None:
            raise Impossible("no modal is open")
        modal = answer.modal
        components = [filled_input(component, values) for component in modal["components"]]
        channel = self.backend.get_channel(answer.interaction.channel_id)
        source = answer.interaction.source_message_id
        message = self.backend.get_message(channel.id, source) if source else None
        data = {"custom_id": modal["custom_id"], "components": components}
        submitted = self._interact(InteractionType.MODAL_SUBMIT, person, channel, data, message)
        return await submitted.settled(PATIENCE)

    async def say(self, person: User, channel: Channel, text: str) -> Message:
        """Write a message."""
        self._require(person, channel.id, "send_messages")
        message = self.backend.create_message(channel.id, person.id, text)
        await asyncio.sleep(0)
        return message

    async def react(
        self, person: User, message: Message, emoji: str, *, burst: bool = False
    ) -> None:
        """Put a reaction under a message; with `burst` a super reaction."""
        self._require(person, message.channel_id, *reaction_permissions(message, emoji))
        if burst:
            supers.marked(self.backend).add((message.id, emoji, person.id))
        self.backend.add_reaction(message.channel_id, message.id, emoji, person.id)
        await asyncio.sleep(0)

    async def unreact(self, person: User, message: Message, emoji: str) -> None:
        """A reaction of `person` (or `bot`) goes; the event names its owner, whoever took it."""
        self.backend.remove_reaction(message.channel_id, message.id, emoji, person.id)
        supers.marked(self.backend).discard((message.id, emoji, person.id))
        await asyncio.sleep(0)

    async def clear_emoji(self, message: Message, emoji: str) -> None:
        """A moderator removes all reactions of a message with one emoji."""
        self.backend.clear_reaction(message.channel_id, message.id, emoji)
        await asyncio.sleep(0)

    async def clear_reactions(self, message: Message) -> None:
        """A moderator removes all reactions of a message."""
        self.backend.clear_reactions(message.channel_id, message.id)
        await asyncio.sleep(0)

    def _command(
        self, person: User, channel: Channel, name: str, kind: AppCommandType
    ) -> dict[str, Any]:
        root = self.backend.find_command(name, channel.guild_id, kind)
        if root is None:
            known = sorted({key[0] for scope in self.backend.commands.values() for key in scope})
            raise Impossible(f"there is no command {name!r} here; registered are {known}")
        access = command_access(self.backend, root, user_id=person.id, channel_id=channel.id)
        if not access.allowed:
            raise Impossible(f"{person.name} may not use {name!r} here: {access.reason}")
        return root

    def _control(
        self, person: User, message: Message, kinds: set[int], custom_id: str, label: str
    ) -> dict[str, Any]:
        if not message.visible_to(person.id):
            raise Impossible(f"{person.name} does not see this message")
        self._require(person, message.channel_id, "view_channel")
        stored = self.backend.get_message(message.channel_id, message.id)
        found = [
            c for c in controls(stored) if c["type"] in kinds and c.get("style") not in LINK_STYLES
        ]
        meant = [
            c for c in found if custom_id in {"", c["custom_id"]} and label in {"", c.get("label")}
        ]
        if len(meant) != 1 or meant[0].get("disabled"):
            shown = [(c["custom_id"], c.get("label"), bool(c.get("disabled"))) for c in found]
            raise Impossible(f"no single enabled control {custom_id or label!r} among {shown}")
        return meant[0]

    def _press(self, person: User, message: Message, data: dict[str, Any]) -> Answer:
        channel = self.backend.get_channel(message.channel_id)
        kind = InteractionType.MESSAGE_COMPONENT
        return self._interact(kind, person, channel, data, message)

    def _interact(
        self,
        kind: InteractionType,
        person: User,
        channel: Channel,
        data: dict[str, Any],
        source: Message | None = None,
    ) -> Answer:
        record, payload = interactions.base_payload(
            self.backend,
            type=int(kind),
            channel_id=channel.id,
            guild_id=channel.guild_id,
            user_id=person.id,
            data=data,
        )
        payload["locale"] = self.locales.get(person.id, payload["locale"])
        if source is not None:
            record.source_message_id = source.id
            payload["message"] = dict(serializers.message_payload(self.backend, source))
        self.backend.emit("INTERACTION_CREATE", payload)
        return Answer(self.backend, record)

    def _require(self, person: User, channel_id: int, *permissions: str) -> None:
        channel = self.backend.get_channel(channel_id)
        try:
            self.backend.require_permissions(channel.guild_id, person.id, channel_id, *permissions)
        except BackendError as error:
            raise Impossible(f"{person.name} needs {', '.join(permissions)} there") from error


def _root(command: str) -> str:
    return command.partition(" ")[0]
