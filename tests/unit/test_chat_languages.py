"""Each member is spoken to in the language of their own Discord, where the bot speaks it."""

from __future__ import annotations

import re

import pytest

from bot.chat.answers import Answers
from bot.commands.languages import by_environment, by_locale
from bot.commands.registry import Command, Parameter
from bot.commands.reply import Choice, Reply, say, text
from bot.domain.errors import NotAllowed
from bot.domain.sentences import Language, sentence
from tests.unit.chat_face import Book, Notes, serving

ONLY = "Only maintainers decide. You can suggest papers with /papers submit."
CHINESE = re.compile(r"[\u4e00-\u9fff]")

HERE = "This command has just changed. Try again in a minute."
"""Any sentence that stands in the catalog."""


async def told(*_: object) -> Reply:
    """A sentence, and a title that looks like one."""
    return Reply(title="Share", lines=(text(sentence(HERE)), text(HERE)), shareable=True)


async def forbidden(*_: object) -> Reply:
    """Refuse."""
    raise NotAllowed(sentence(ONLY))


SORTS = (Choice("Share", "share"), Choice("Newest", "newest"))
SORT = Parameter("sort", "I am restarting. Try again in a minute.", required=False, choices=SORTS)
BOOK = Book(
    extra=(
        Command("papers", "told", HERE, told, (SORT,)),
        Command("papers", "forbidden", "No", forbidden),
    )
)


@pytest.fixture
def channel(discord, guild):
    """A text channel of it."""
    return discord.channel(guild, "papers")


@pytest.fixture
def mei(discord, guild):
    """Somebody whose Discord is Chinese."""
    member = discord.member(guild, "mei")
    discord.speaks(member, "zh-CN")
    return member


async def test_an_answer_is_in_the_members_language(discord, guild, channel, mei):
    """Sentences and the face's own button; what is no sentence (a title, a name) stays as it is."""
    async with serving(discord, guild.id, book=BOOK):
        answer = await discord.slash(mei, channel, "papers told")
        english = await discord.slash(discord.member(guild, "ana"), channel, "papers told")
    assert answer.embeds[0]["title"] == "Share"
    first, second = answer.embeds[0]["description"].split("\n")
    assert CHINESE.search(first)
    assert second == HERE
    assert [made["label"] for made in answer.components] == ["分享"]
    assert english.embeds[0]["description"] == f"{HERE}\n{HERE}"
    assert [made["label"] for made in english.components] == ["Share"]


@pytest.mark.parametrize("locale", ["zh-TW", "en-GB", "de", "xx-new"])
async def test_any_other_language_is_answered_in_english(discord, guild, channel, locale):
    """Traditional Chinese too: the catalog is in simplified characters."""
    member = discord.member(guild, "ana")
    discord.speaks(member, locale)
    async with serving(discord, guild.id, book=BOOK):
        answer = await discord.slash(member, channel, "papers told")
    assert answer.embeds[0]["description"].startswith(HERE)


async def test_errors_are_in_the_members_language(discord, guild, channel, mei):
    """What was raised as a sentence, the apology with its id, and what the face says itself."""
    async with serving(discord, guild.id, book=BOOK):
        refused = await discord.slash(mei, channel, "papers forbidden")
        broken = await discord.slash(mei, channel, "papers broken")
        alone = await discord.slash(mei, discord.direct_channel(mei), "papers broken")
    assert refused.text.startswith("只有维护者")
    assert re.search(r"编号 [0-9a-f]{8} ", broken.text)
    assert CHINESE.search(alone.text)
    assert "/papers broken" in alone.text


async def test_a_stop_is_told_in_the_members_language(discord, guild, channel, mei, monkeypatch):
    """Who asks while the bot restarts."""
    answers = Answers()
    monkeypatch.setattr("bot.chat.client.Answers", lambda: answers)
    async with serving(discord, guild.id, book=BOOK):
        await answers.drain(0.0)
        answer = await discord.slash(mei, channel, "papers told")
    assert "重启" in answer.text


async def test_descriptions_and_choices_are_sent_in_both_languages(discord, guild):
    """Discord shows them by the member's language; names stay English for everybody."""
    async with serving(discord, guild.id, book=BOOK):
        [everywhere, _home] = discord.sent("PUT", "/commands")
    group = next(made for made in everywhere.json if made["name"] == "papers")
    made = next(one for one in group["options"] if one["name"] == "told")
    [option] = made["options"]
    assert CHINESE.search(made["description_localizations"]["zh-CN"])
    assert set(made["description_localizations"]) == {"zh-CN"}
    assert CHINESE.search(option["description_localizations"]["zh-CN"])
    assert option["choices"][0]["name_localizations"] == {"zh-CN": "分享"}
    assert [one["value"] for one in option["choices"]] == ["share", "newest"]
    assert not any(one.get("name_localizations") for one in (group, made, option))


async def test_a_chosen_value_reaches_the_command(discord, guild, channel, mei):
    """Whatever the language its label was shown in."""
    given: list[object] = []

    async def note(_context: object, values: object) -> Reply:
        given.append(values)
        return say("noted")

    book = Book(extra=(Command("papers", "note", "Note", note, (SORT,)),))
    async with serving(discord, guild.id, book=book):
        await discord.slash(mei, channel, "papers note", sort="newest")
    assert given == [{"sort": "newest"}]


async def test_commands_are_sent_again_when_only_their_chinese_changed(discord, guild, monkeypatch):
    """What is remembered is what was sent, translations and all."""
    notes = Notes()
    for words, sent in (({}, 2), ({}, 2), ({"Find": "查找"}, 3)):
        monkeypatch.setattr("bot.chat.translator.catalog", lambda _language, words=words: words)
        async with serving(discord, guild.id, notes=notes):
            pass
        assert len(discord.sent("PUT", "/commands")) == sent


def test_only_simplified_chinese_is_chinese():
    """By Discord's locales, and by the first variable of a terminal's environment that is set."""
    assert [by_locale(one) for one in ("zh-CN", "zh-TW", "en-US", "")] == [
        Language.CHINESE,
        *[Language.ENGLISH] * 3,
    ]
    for environment, language in (
        ({"LANG": "zh_CN.UTF-8"}, Language.CHINESE),
        ({"LC_ALL": "", "LANG": "zh_Hans_CN"}, Language.CHINESE),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, Language.ENGLISH),
        ({"LC_MESSAGES": "zh_CN", "LANG": "de_DE"}, Language.CHINESE),
        ({"LANG": "zh_TW.UTF-8"}, Language.ENGLISH),
        ({}, Language.ENGLISH),
    ):
        assert by_environment(environment) is language
