"""What maintainers did, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.open_card import heading, short
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
    Action.RETRACT: "took back",
    Action.MOVE: "moved",
    Action.EDIT: "edited",
    Action.RECONSIDER: "laid out again",
    Action.REASON: "gave the reason",
}
THE = {
    Action.APPROVE: "the approval",
    Action.REJECT: "the rejection",
    Action.SNOOZE: "the delay",
    Action.MOVE: "the move",
    Action.EDIT: "the edit",
}
"""What can be taken back."""

NAME = 24
REASON = 100


def log_line(act: Act) -> Line:
    """`16 Sep 09:12 · Ana rejected #17 UniGen: too thin`; the title leads to the paper."""
    number = act.verdict.candidate
    title = plain(act.title).strip()
    about = f"of #{number}" if act.undone in THE or _edited(act.verdict) else f"#{number}"
    return text(
        f"{_did(act)} {about} ",
        Span(short(title) if title else act.paper, identify.abs_url(act.paper)),
        _where(act.verdict),
    )


def act_line(act: Act) -> Line:
    """`16 Sep 09:12 · Ana rejected: too thin`."""
    return text(_did(act) + _where(act.verdict))


def _did(act: Act) -> str:
    """`16 Sep 09:12 · Ana took back the move`."""
    verdict = act.verdict
    what = f" {THE[act.undone]}" if act.undone in THE else _edited(verdict)
    return f"{_when(verdict)} · {_who(verdict)} {DID[verdict.action]}{what}"


def _edited(verdict: Verdict) -> str:
    """` the title and links`: what an edit gave the paper anew."""
    before = verdict.before if verdict.action is Action.EDIT else None
    if before is None:
        return ""
    changed = {"title": before.title, "links": before.links}
    names = [name for name, was in changed.items() if was is not None]
    return f" the {' and '.join(names)}" if names else ""


def _when(verdict: Verdict) -> str:
    return f"{verdict.at.day} {verdict.at:%b %H:%M}"


def _who(verdict: Verdict) -> str:
    return shorten(verdict.member_name, NAME) or "somebody"


def _where(verdict: Verdict) -> str:
    section = f" → {heading(verdict.section)}" if verdict.section else ""
    return section + (f": {shorten(verdict.reason, REASON)}" if verdict.reason else "")
