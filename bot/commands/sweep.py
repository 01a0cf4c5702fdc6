"""/review sweep: weak finds of the harvest are turned down at once, after a second look."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

from bot.commands.columns import fit
from bot.commands.maintainers import require_maintainer
from bot.commands.open_card import UNTITLED
from bot.commands.reply import Button, Reply, Style, say, text
from bot.domain.errors import UserError
from bot.domain.sentences import counted, sentence
from bot.services.plain_text import plain
from storage.models import Via

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.commands.registry import Context
    from bot.commands.reply import Line
    from bot.domain.review import Rules
    from bot.services.sweep import SweepService
    from storage.sweeps import Weak

SHOWN = 3
NUMBER = re.compile(r"\d{1,3}(?:\.\d{0,9})?|\.\d{1,9}", re.ASCII)
YES = frozenset({"yes", "y", "confirm", "true", "1"})


class SweepCommands:
    """Sweep, and its confirmation."""

    def __init__(self, *, rules: Rules, sweep: SweepService) -> None:
        self._rules = rules
        self._sweep = sweep

    async def sweep(self, context: Context, score: str, confirm: str = "") -> Reply:
        """Show what would be turned down, or with a yes turn it down."""
        require_maintainer(self._rules, context)
        below = parse_score(score)
        confirmed = is_confirmed(confirm)
        found = await self._sweep.look(below)
        if not confirmed:
            return _preview(found, below, context.via)
        return await self._carry_out(context, below, found)

    async def confirmed(self, context: Context, argument: str, _value: str) -> Reply:
        """Turn down exactly what was shown; where that has changed meanwhile, show it anew."""
        require_maintainer(self._rules, context)
        score, last, shown = _carried(argument)
        found = await self._sweep.look(score, up_to=last)
        if _mark(found) != shown:
            now = _preview(await self._sweep.look(score), score, context.via)
            changed = text(sentence("The queue has changed meanwhile; nothing was rejected yet."))
            return replace(now, lines=(changed, *now.lines), in_place=True)
        return replace(await self._carry_out(context, score, found), in_place=True)

    async def _carry_out(self, context: Context, score: float, found: Sequence[Weak]) -> Reply:
        numbers = [one.candidate for one in found]
        rejected = await self._sweep.carry_out(context.member, context.via, score, numbers)
        return say(_rejected(rejected, score) if found else _none(score))


def is_confirmed(typed: str) -> bool:
    """Whether that is a yes; nothing is none.

    Raises:
        UserError: it is something else.
    """
    if typed and typed.strip().casefold() not in YES:
        raise UserError(
            sentence(
                "Confirm with “yes”, not “{typed}”; without it I show first.", typed=typed[:40]
            )
        )
    return bool(typed)


def parse_score(typed: str) -> float:
    """A score from 0 to 1, also given in percent: `0.55`, `55%`, `55`.

    Raises:
        UserError: it is no such number.
    """
    number = typed.strip().replace(",", ".")
    plain_number = number.removesuffix("%").strip()
    value = float(plain_number) if NUMBER.fullmatch(plain_number) else 0.0
    if number.endswith("%") or value > 1:
        value = round(value / 100, 6)
    if not 0 < value <= 1:
        raise UserError(
            sentence("“{typed}” is no score: give one like 0.55 or 55%.", typed=typed[:40])
        )
    return value


def _preview(found: Sequence[Weak], score: float, via: Via) -> Reply:
    if not found:
        return say(_none(score))
    count = len(found)
    last = max(one.candidate for one in found)
    label, carried = sentence("Reject {n}", n=count), f"{score!r}/{last}/{_mark(found)}"
    return Reply(
        title=counted(
            count,
            "{n} found by harvest waits below {score}",
            "{n} found by harvest wait below {score}",
            score=f"{score:g}",
        ),
        lines=tuple(_examples(found, score, via)),
        footer=sentence("What members suggested is left alone."),
        buttons=(Button(label, "sweep", carried, style=Style.BAD),),
    )


def _examples(found: Sequence[Weak], score: float, via: Via) -> Iterator[Line]:
    """The best three and the worst three."""
    best = found[:SHOWN]
    worst = found[max(SHOWN, len(found) - SHOWN) :]
    for name, some in ((sentence("Best:"), best), (sentence("Worst:"), worst)):
        if some:
            yield text(name)
        for one in some:
            yield text(f"{one.score:.2f} · #{one.candidate} ", fit(plain(one.title) or UNTITLED, 2))
    if via is Via.CONSOLE:
        yield text(sentence("To reject them, type /review sweep {score} yes", score=f"{score:g}"))


def _rejected(count: int, score: float) -> str:
    return sentence("Rejected {n}, below {score} in a sweep.", n=count, score=f"{score:g}")


def _none(score: float) -> str:
    return sentence("Nothing that the harvest found waits below {score}.", score=f"{score:g}")


def _mark(found: Sequence[Weak]) -> str:
    """Tells one set of candidates from another."""
    return f"{len(found)}.{crc32(','.join(str(one.candidate) for one in found).encode()):x}"


def _carried(argument: str) -> tuple[float, int, str]:
    score, _, rest = argument.partition("/")
    last, _, mark = rest.partition("/")
    if not last.isdecimal() or len(last) > 18:
        raise UserError(
            sentence("This button is from an older version of the bot: type the command again.")
        )
    return parse_score(score), int(last), mark
