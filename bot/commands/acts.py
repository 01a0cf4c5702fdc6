"""What maintainers did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.moments import short_day
from bot.commands.open_card import heading, short
from bot.commands.reasons import worded
from bot.commands.reply import Line, Span, text
from bot.domain import identify
from bot.domain.sentences import joined, sentence
from bot.services.plain_text import plain
from storage.models import Action

if TYPE_CHECKING:
    from storage.history import Act
    from storage.models import Verdict

DID = {
    Action.APPROVE: sentence("approved"),
    Action.REJECT: sentence("rejected"),
    Action.SNOOZE: sentence("put off"),
    Action.UNDO: sentence("took back"),
    Action.RETRACT: sentence("took back"),
    Action.MOVE: sentence("moved"),
    Action.EDIT: sentence("edited"),
    Action.RECONSIDER: sentence("laid out again"),
    Action.REASON: sentence("gave the reason"),
}
THE = {
    Action.APPROVE: sentence("the approval"),
    Action.REJECT: sentence("the rejection"),
    Action.SNOOZE: sentence("the delay"),
    Action.MOVE: sentence("the move"),
    Action.EDIT: sentence("the edit"),
}
"""What can be taken back."""

NAME = 24
REASON = 100


def log_line(act: Act) -> Line:
    """`16 Sep 09:12 · Ana rejected #17 UniGen: too thin`; the title leads to the paper."""
    number, what = act.verdict.candidate, _what(act)
    did = DID[act.verdict.action]
    title = plain(act.title).strip()
    about = (
        sentence("{did} {what} of #{number} ", did=did, what=what, number=number)
        if what
        else sentence("{did} #{number} ", did=did, number=number)
    )
    return text(
        _dated(act.verdict, about),
        Span(short(title) if title else act.paper, identify.abs_url(act.paper)),
        _where(act.verdict),
    )


def act_line(act: Act) -> Line:
    """`16 Sep 09:12 · Ana took back the move`, `16 Sep 09:14 · Ben rejected: too thin`."""
    did, what = DID[act.verdict.action], _what(act)
    done = sentence("{did} {what}", did=did, what=what) if what else did
    return text(_dated(act.verdict, done), _where(act.verdict))


def _dated(verdict: Verdict, did: str) -> str:
    who = shorten(verdict.member_name, NAME) or sentence("somebody")
    when = sentence("{day} {time}", day=short_day(verdict.at), time=f"{verdict.at:%H:%M}")
    return sentence("{when} · {who} {did}", when=when, who=who, did=did)


def _what(act: Act) -> str:
    """`the move`: what was taken back; or `the title and links`: what an edit gave anew."""
    if act.undone in THE:
        return THE[act.undone]
    before = act.verdict.before if act.verdict.action is Action.EDIT else None
    if before is None or (before.title is None and before.links is None):
        return ""
    if before.title is not None and before.links is not None:
        return sentence("the title and links")
    return sentence("the links") if before.title is None else sentence("the title")


def _where(verdict: Verdict) -> str:
    section = sentence(" → {section}", section=heading(verdict.section)) if verdict.section else ""
    reason = shorten(worded(verdict.reason), REASON)
    why = sentence(": {reason}", reason=reason) if verdict.reason else ""
    return joined("", (section, why))
