"""What maintainers did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.open_card import short
from bot.commands.reply import Line, Span, text
from bot.domain import identify
from bot.services.plain_text import plain
from storage.models import Action

if TYPE_CHECKING:
    from storage.history import Act
    from storage.models import Verdict

DID = {
    Action.APPROVE: "approved",
    Action.REJECT: "rejected",
    Action.SNOOZE: "put off",
    Action.UNDO: "took back",
    Action.RETRACT: "took the own vote back",
    Action.MOVE: "moved",
    Action.EDIT: "edited",
    Action.RECONSIDER: "laid out again",
    Action.REASON: "gave the reason",
}
NAME = 24
REASON = 100


def log_line(act: Act) -> Line:
    """`16 Sep 09:12 · Ana rejected #17 UniGen: too thin`; the title leads to the paper."""
    verdict = act.verdict
    return text(
        f"{_when(verdict)} · {_who(verdict)} {DID[verdict.action]} #{verdict.candidate} ",
        Span(short(plain(act.title)), identify.abs_url(act.paper)),
        _where(verdict),
    )


def verdict_line(verdict: Verdict) -> Line:
    """`16 Sep 09:12 · Ana rejected: too thin`."""
    return text(
        f"{_when(verdict)} · {_who(verdict)} {DID[verdict.action]}{_where(verdict)}",
    )


def _when(verdict: Verdict) -> str:
    return f"{verdict.at.day} {verdict.at:%b %H:%M}"


def _who(verdict: Verdict) -> str:
    return shorten(verdict.member_name, NAME) or "somebody"


def _where(verdict: Verdict) -> str:
    section = f" → {verdict.section}" if verdict.section else ""
    return section + (f": {shorten(verdict.reason, REASON)}" if verdict.reason else "")
