"""What people are told of a paper that arXiv withdrew."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.models import Entry, Paper

LONGEST = 200

OUT = (
    "It stays on the list until you take it out: python -m bot export list.md, "
    "delete the entry, python -m bot import list.md --replace."
)

_SAYS_WHY = re.compile(r"withdr|retract", re.IGNORECASE)


def reason(paper: Paper) -> str:
    """What the paper's comment says of it; nothing where it is about something else.

    A record that arXiv deleted has no comment of its own: the one known is of a version before.
    """
    comment = " ".join(paper.comment.split())
    if not _SAYS_WHY.search(comment):
        return ""
    return comment if len(comment) <= LONGEST else comment[: LONGEST - 1].rstrip() + "…"


def notice(paper: Paper, entry: Entry, title: str, why: str) -> str:
    """What the maintainers are told where it is on the list: the title first, a fact a line.

    `title` and `why` are what a person reads of the paper's title and of `reason`.
    """
    lines = (
        title,
        f"arXiv has withdrawn it ({paper.id.removeprefix('arXiv:')}).",
        f"On the list under {entry.section}.",
        f"Reason: {why}" if why else "",
        OUT,
    )
    return "\n".join(line for line in lines if line)
