"""Which server the library talks to: Discord, or one that speaks like it."""

from __future__ import annotations

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


def point_at(api_url: str, gateway_url: str) -> None:
    """Set both addresses for every client of this process; call it before one logs in.

    discord.py keeps them as class attributes and has no parameter for them.
    """
    Route.BASE = api_url.rstrip("/")
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
    # The bot has no voice: that the libraries for it are missing is no news.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
