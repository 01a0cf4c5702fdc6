"""Servers, channels, roles, members, and who may do what: what exists before the bot acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from tests.wire.discord.model import Overwrite, OverwriteType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.wire.discord.model import Backend, Channel, Guild, Message, Role, User

REFUSED_FOR_PERMISSIONS = {50001, 50013}
UNKNOWN_MESSAGE = 10008
UNKNOWN_CHANNEL = 10003


class World:
    """Set up and look at the server, with nobody's permissions in the way."""

    backend: Backend
    _tolerated: set[int]
    _closed: dict[int, int]

    @property
    def bot(self) -> User:
        """The bot itself, as a user of the server."""
        return self.backend.bot_user

    def guild(self, name: str) -> Guild:
        """A new server the bot is in, with every permission but administrator."""
        return self.backend.create_guild(name)

    def channel(self, guild: Guild, name: str) -> Channel:
        """A new text channel."""
        return self.backend.create_channel(guild.id, name)

    def role(self, guild: Guild, name: str) -> Role:
        """A new role without permissions of its own."""
        return self.backend.create_role(guild.id, name)

    def member(
        self, guild: Guild, name: str, roles: Iterable[Role] = (), *, bot: bool = False
    ) -> User:
        """A new person (or another bot) in a server."""
        user = self.backend.make_user(name, bot=bot)
        self.backend.add_member(guild.id, user.id, roles=[role.id for role in roles])
        return user

    def give_role(self, guild: Guild, person: User, role: Role) -> None:
        """Give a member a role."""
        self.backend.add_member_role(guild.id, person.id, role.id)

    def take_role(self, guild: Guild, person: User, role: Role) -> None:
        """Take a role from a member."""
        self.backend.remove_member_role(guild.id, person.id, role.id)

    def direct_channel(self, person: User) -> Channel:
        """The channel of a person's direct messages with the bot."""
        return self.backend.get_dm_channel(person.id)

    def close_direct_messages(self, person: User, code: int = 50007) -> None:
        """A person takes no direct messages from now on (50007, or 50278 where servers are why).

        That the bot is refused then is no violation: it has to ask to learn.
        """
        self._closed[person.id] = code
        self._tolerated.add(code)

    def open_direct_messages(self, person: User) -> None:
        """A person takes direct messages again."""
        self._closed.pop(person.id, None)

    def messages(self, channel: Channel) -> list[Message]:
        """What everybody in a channel sees, oldest first. Each is live: an edit changes it."""
        shown = self.backend.messages[channel.id].values()
        return sorted((m for m in shown if not m.is_ephemeral), key=lambda message: message.id)

    def file(self, message: Message, name: str) -> bytes:
        """The content of a message's attachment. Raises StopIteration where there is none such."""
        url = next(a["url"] for a in message.attachments if a["filename"] == name)
        return self.backend.cdn.get(url) or b""

    def deny(self, channel: Channel, *permissions: str) -> None:
        """Take permissions from the bot in a channel (`send_messages`, …).

        From then on 50001 and 50013 are no violations: the bot has to ask to learn.
        """
        bot = self.backend.bot_user.id
        denied = discord.Permissions(**dict.fromkeys(permissions, True)).value
        before = next((o for o in channel.overwrites if o.target_id == bot), None)
        if before is None:
            channel.overwrites.append(Overwrite(bot, OverwriteType.MEMBER, deny=denied))
        else:
            before.deny |= denied
        self._tolerated |= REFUSED_FOR_PERMISSIONS
        self._announce(channel)

    def allow(self, channel: Channel, *permissions: str) -> None:
        """Give back what `deny` took; without names, all of it."""
        bot = self.backend.bot_user.id
        given = discord.Permissions(**dict.fromkeys(permissions, True)).value if permissions else -1
        for overwrite in channel.overwrites:
            if overwrite.target_id == bot:
                overwrite.deny &= ~given
        self._announce(channel)

    def delete_message(self, message: Message) -> None:
        """A moderator deletes a message; that it is unknown then (10008) is no violation."""
        self._tolerated.add(UNKNOWN_MESSAGE)
        self.backend.delete_message(message.channel_id, message.id)

    def delete_channel(self, channel: Channel) -> None:
        """A moderator deletes a channel; that it is unknown then (10003) is no violation."""
        self._tolerated.add(UNKNOWN_CHANNEL)
        self.backend.delete_channel(channel.id)

    def _announce(self, channel: Channel) -> None:
        self.backend.announce_channel_update(channel.id)
