"""/review threshold: what score a find needs, and what another one would have shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.commands.maintainers import require_maintainer
from bot.commands.moments import short_day
from bot.commands.reply import Button, Reply, Style, say, text
from bot.commands.sweep import is_confirmed, parse_score
from bot.commands.threshold_lines import change_lines, period_line, table_lines
from bot.domain.sentences import passage, sentence
from storage.models import Via

if TYPE_CHECKING:
    from bot.commands.registry import Context
    from bot.domain.review import Rules
    from bot.services.ports import Clock
    from bot.services.threshold import Standing, Threshold
    from bot.services.threshold_preview import Change, ThresholdPreview

VALUES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)


class ThresholdCommands:
    """Threshold, and its confirmation."""

    def __init__(
        self, *, rules: Rules, threshold: Threshold, preview: ThresholdPreview, clock: Clock
    ) -> None:
        self._rules = rules
        self._threshold = threshold
        self._preview = preview
        self._clock = clock

    async def threshold(self, context: Context, score: str = "", confirm: str = "") -> Reply:
        """The value in force and others beside it; or what a new one changes, with a yes set."""
        require_maintainer(self._rules, context)
        if not (score.strip() or confirm):
            return await self._overview()
        value = parse_score(score)
        if is_confirmed(confirm):
            return await self._set(context, value)
        return await self._look(context, value)

    async def confirmed(self, context: Context, argument: str, _value: str) -> Reply:
        """Set what was shown; where another value is in force by now, show anew."""
        require_maintainer(self._rules, context)
        wanted, _, shown = argument.partition("/")
        value = parse_score(wanted)
        if _carried(await self._threshold.value()) != shown:
            changed = sentence("The threshold has changed meanwhile; nothing was set yet.")
            now = await self._look(context, value)
            return replace(now, lines=(text(changed), *now.lines), in_place=True)
        return replace(await self._set(context, value), in_place=True)

    async def _overview(self) -> Reply:
        standing = await self._threshold.standing()
        values = sorted({*VALUES, standing.value})
        period, found = await self._preview.table(values, standing.value)
        return Reply(
            title=sentence("The threshold is {score}", score=f"{standing.value:g}"),
            lines=(
                text(_source(standing)),
                *table_lines(period, found, standing.value, self._rules.cards_per_day),
            ),
            footer=sentence("What another one changes: /review threshold 0.6"),
        )

    async def _look(self, context: Context, value: float) -> Reply:
        in_force = await self._threshold.value()
        if value == in_force:
            return say(sentence("The threshold is {score} already.", score=f"{value:g}"))
        change = await self._preview.change(value, in_force)
        return _preview(change, context.via, self._rules.cards_per_day)

    async def _set(self, context: Context, value: float) -> Reply:
        self._rules.require(context.member)
        before = await self._threshold.value()
        await self._threshold.set(value, context.member, self._clock.now())
        return say(_done(value, before))


def _preview(change: Change, via: Via, cards_per_day: int) -> Reply:
    value, in_force = change.then.value, change.now.value
    typed = sentence("To set it, type /review threshold {score} yes", score=f"{value:g}")
    return Reply(
        title=sentence(
            "Threshold {score} instead of {now}", score=f"{value:g}", now=f"{in_force:g}"
        ),
        lines=(
            text(period_line(change.period)),
            *change_lines(change, cards_per_day),
            *((text(typed),) if via is Via.CONSOLE else ()),
        ),
        footer=sentence("Nothing has changed yet."),
        buttons=(
            Button(
                sentence("Set {score}", score=f"{value:g}"),
                "threshold",
                f"{_carried(value)}/{_carried(in_force)}",
                style=Style.GOOD,
            ),
        ),
    )


def _carried(value: float) -> str:
    """A score as a button carries it, so that it can be read as typed ones are."""
    return f"{value:.9f}".rstrip("0")


def _source(standing: Standing) -> str:
    if standing.at is None:
        return sentence("From config.toml.")
    return sentence(
        "Set by {by} on {day}; config.toml says {score}.",
        by=standing.by[:40],
        day=short_day(standing.at),
        score=f"{standing.configured:g}",
    )


def _done(value: float, before: float) -> str:
    done = sentence(
        "The threshold is {score} now: it holds from the next harvest on.", score=f"{value:g}"
    )
    if value <= before:
        return done
    stays = sentence(
        "What waits stays; /review sweep {score} turns down what is below.", score=f"{value:g}"
    )
    return passage(done, stays)
