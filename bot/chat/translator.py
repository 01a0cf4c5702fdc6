"""What Discord's own menus say of the commands, in the languages that the bot speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from discord import Locale, app_commands
from discord.app_commands import TranslationContextLocation

from bot.commands.languages import by_locale, catalog

if TYPE_CHECKING:
    from discord.app_commands import TranslationContextTypes, locale_str

SAID = frozenset(
    {
        TranslationContextLocation.command_description,
        TranslationContextLocation.group_description,
        TranslationContextLocation.parameter_description,
        TranslationContextLocation.choice_name,
    }
)


class Translator(app_commands.Translator):
    """Descriptions and the names of choices by the catalogs.

    Commands and options keep their English names everywhere, so that “type /papers search” is true
    for everybody.
    """

    async def translate(
        self, string: locale_str, locale: Locale, context: TranslationContextTypes
    ) -> str | None:
        """The text in that language, or None where it stays English."""
        if context.location not in SAID:
            return None
        return catalog(by_locale(locale.value)).get(string.message)
