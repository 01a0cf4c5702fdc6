"""Everything a reader types where the list has no paper yet, and nothing was harvested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.library import Library, controls, message_of, open_library

if TYPE_CHECKING:
    from pathlib import Path

SAID = (
    ("search", {"query": "synthetic data"}, "Nothing found for “synthetic data”."),
    ("search", {"query": "data", "section": "survey"}, "no section"),
    ("show", {"paper": "synthetic data"}, "Nothing found for “synthetic data”."),
    ("show", {"paper": "2402.13446"}, "I do not know arXiv:2402.13446."),
    ("similar", {"paper": "2402.13446"}, "I do not know arXiv:2402.13446."),
    ("latest", {}, "The list is empty"),
    ("new", {}, "The list is empty so far."),
    ("cite", {"paper": "data"}, "Nothing found for “data”."),
    ("export", {}, "nothing to export"),
    ("export", {"format": "csv"}, "nothing to export"),
    ("export", {"query": "data"}, "Nothing on the list for “data”"),
    ("save", {"paper": "data"}, "Nothing found for “data”."),
    ("saved", {}, "It is empty."),
    ("unsave", {"paper": "data"}, "is not on your reading list"),
    ("stats", {}, "0 papers on the list"),
    ("submit", {"paper": "data"}, "names no paper I know how to read"),
)


async def test_an_empty_list_has_an_answer_to_everything(
    tmp_path: Path, checked_database: Path
) -> None:
    """Each command says that there is nothing, and what to do; nothing completes."""
    async with (
        open_library(tmp_path, checked_database, b"# Reading Room\n") as lab,
        lab.bot() as bot,
    ):
        library = Library(lab, bot)
        reader = library.reader()
        for command, options, said in SAID:
            answer = await library.ask(reader, command, **options)
            assert said in answer.text, (command, options)
            assert not message_of(answer).attachments
            assert [one["label"] for one in controls(message_of(answer))] in ([], ["Share"])
        again = await library.ask(reader, "new")
        assert "Nothing new since you looked on 17 Sep 2024." in again.text
        for option in ("paper", "section"):
            command = "papers show" if option == "paper" else "papers latest"
            assert not await lab.discord.complete(reader, lab.digest, command, option, "a")
        assert "Traceback" not in bot.output
