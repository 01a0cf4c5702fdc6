"""The one place that knows the modules of simcord, which are private: hence its pinned version."""

from __future__ import annotations

from datetime import UTC, datetime

from simcord import intents, interactions
from simcord._clock import Clock
from simcord.backend import Backend, serializers
from simcord.backend.access import channel_accessible, reaction_permissions
from simcord.backend.command_access import command_access
from simcord.backend.errors import BackendError, SetupError
from simcord.backend.models import (
    Channel,
    Guild,
    Interaction,
    Message,
    Overwrite,
    Reaction,
    Role,
    User,
)
from simcord.components import walk_components
from simcord.enums import AppCommandType, ChannelType, InteractionType, OptionType, OverwriteType
from simcord.http import router
from simcord.http import routes as _routes  # registers the handlers router.dispatch finds

__all__ = [
    "AppCommandType",
    "Backend",
    "BackendError",
    "Channel",
    "ChannelType",
    "Guild",
    "Interaction",
    "InteractionType",
    "Message",
    "OptionType",
    "Overwrite",
    "OverwriteType",
    "Reaction",
    "Role",
    "SetupError",
    "User",
    "WallClock",
    "channel_accessible",
    "command_access",
    "intents",
    "interactions",
    "reaction_permissions",
    "router",
    "serializers",
    "walk_components",
]

ROUTES = _routes


class WallClock(Clock):
    """Deadlines (3 s, 15 min) are held against a real process, so in real time."""

    def now(self) -> datetime:
        """The current instant."""
        return datetime.now(UTC)
