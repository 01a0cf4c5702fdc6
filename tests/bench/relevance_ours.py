"""Our own ranker, asked as a maintainer asks it: through `rank` and `replay`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.programs import ranking, replaying
from tests.bench.relevance_stream import write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.programs.replaying import Played
    from tests.bench.relevance_stream import Split


def ranked(
    parts: Split, keywords: Mapping[str, float], told: Callable[[str], None], *, seeds_only: bool
) -> list[float]:
    """The scores of the later papers, the earlier ones being known.

    A paper of the shipped list that is to be scored teaches nothing about itself, and with labels
    nothing at all: so there those later than the known ones are to be scored too.
    """
    asked = parts.scored if seeds_only else [*parts.scored, *parts.later]
    with TemporaryDirectory(prefix="relevance-") as folder:
        train, score, out = (Path(folder) / name for name in ("train", "score", "out"))
        write(parts.known, train)
        write(asked, score)
        ranking.rank(keywords, ranking.Files(train, score, out, seeds_only), told)
        lines = out.read_text("utf-8").splitlines()[: len(parts.scored)]
        return [json.loads(line)["score"] for line in lines]


def replayed(
    parts: Split,
    shares: Sequence[float],
    keywords: Mapping[str, float],
    told: Callable[[str], None],
) -> list[Played]:
    """How the whole intake fares at each of the shares, what is known being learnt before."""
    rows, known = [*parts.scored, *parts.later], parts.known

    def watch(played: Played) -> None:
        told(f"until {played.until}: {played.approved} of {played.relevant} relevant ones shown")

    return [
        asyncio.run(
            replaying.replay(rows, share, keywords=keywords, watch=watch, known=known)
        ).total
        for share in shares
    ]
