"""/papers cite and export: papers for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.commands.columns import shorten
from bot.commands.reply import Attachment, Button, Choice, Line, Reply, text
from bot.domain.errors import NotFound, UserError
from bot.domain.sentences import counted, joined, sentence
from bot.services.citing import Style
from bot.services.exporting import Format, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.commands.registry import Context
    from bot.services.citing import Cited, Citing
    from bot.services.exporting import Exported, Exporting

CITE, CITE_CSL, CITE_LIST = "cite", "cite-csl", "cite-list"

ACTIONS = {Style.BIBTEX: CITE, Style.CSL_JSON: CITE_CSL, Style.LIST: CITE_LIST}
LABELS = {
    Style.BIBTEX: "BibTeX",
    Style.CSL_JSON: "CSL-JSON",
    Style.LIST: sentence("As in the list"),
}

STYLES = (
    Choice("BibTeX", Style.BIBTEX),
    Choice("CSL-JSON", Style.CSL_JSON),
    Choice("As in the list", Style.LIST),
)
FORMATS = (
    Choice("BibTeX (.bib)", Format.BIB),
    Choice("CSL-JSON (.json)", Format.JSON),
    Choice("Table (.csv)", Format.CSV),
    Choice("Markdown (.md)", Format.MD),
)
SAVED = (Choice("My reading list", "yes"), Choice("The list", "no"))

SHOWN = 1_500
"""Characters of a citation that are shown; a longer one comes as a file alone."""

QUERY = 60


class CitingCommands:
    """Cite, export."""

    def __init__(self, *, citing: Citing, exporting: Exporting) -> None:
        self._citing = citing
        self._exporting = exporting

    async def cite(self, _context: Context, paper: str, style: str = Style.BIBTEX) -> Reply:
        """One paper in BibTeX, CSL-JSON or the list's own style."""
        return cite_reply(await self._citing.cite(paper, read_style(style)))

    async def bibtex_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A button that asks for BibTeX."""
        return await self.cite(context, argument)

    async def csl_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A button that asks for CSL-JSON."""
        return await self.cite(context, argument, Style.CSL_JSON)

    async def list_press(self, context: Context, argument: str, _value: str) -> Reply:
        """A button that asks for the list's style."""
        return await self.cite(context, argument, Style.LIST)

    async def export(
        self,
        context: Context,
        format: str = Format.BIB,  # noqa: A002 - the parameter's name in Discord
        query: str = "",
        section: str = "",
        saved: str = "no",
    ) -> Reply:
        """The list, a section, what a search finds or the own reading list, as a file."""
        own = read_yes(saved)
        wanted = Wanted(
            read_format(format), query.strip(), section.strip(), context.member.id if own else None
        )
        exported = await self._exporting.export(wanted)
        if not exported.papers:
            raise _nothing(wanted, exported)
        return export_reply(exported)


_STYLES: dict[str, Style] = {style.value: style for style in Style} | {
    "csl": Style.CSL_JSON,
    "json": Style.CSL_JSON,
    "bib": Style.BIBTEX,
}
_FORMATS: dict[str, Format] = {file.value: file for file in Format} | {
    "bibtex": Format.BIB,
    "csl-json": Format.JSON,
    "markdown": Format.MD,
}


def read_style(typed: str) -> Style:
    """The style somebody typed. Raises UserError naming those there are."""
    style = _STYLES.get(typed.strip().casefold())
    if style is None:
        raise UserError(
            sentence(
                "“{style}” is no style: take `bibtex`, `csl-json` or `list`.", style=typed[:QUERY]
            )
        )
    return style


def read_format(typed: str) -> Format:
    """The format somebody typed. Raises UserError naming those there are."""
    file = _FORMATS.get(typed.strip().casefold().removeprefix("."))
    if file is None:
        raise UserError(
            sentence(
                "“{format}” is no format: take `bib`, `json`, `csv` or `md`.", format=typed[:QUERY]
            )
        )
    return file


def read_yes(typed: str) -> bool:
    """Whether somebody said yes. Raises UserError."""
    said = typed.strip().casefold()
    if said not in {"yes", "no"}:
        raise UserError(
            sentence(
                "“{typed}” says neither yes nor no: `yes` takes your reading list.",
                typed=typed[:QUERY],
            )
        )
    return said == "yes"


def cite_reply(cited: Cited) -> Reply:
    """A citation to be copied, and the ways to the other styles."""
    long = len(cited.text) > SHOWN
    return Reply(
        title=joined(" · ", (LABELS[cited.style], shorten(cited.work.title, QUERY))),
        url=cited.shown.url,
        lines=tuple(_lines(cited, long=long)),
        buttons=tuple(_others(cited)),
        attachment=Attachment(cited.file, cited.text.encode("utf-8", "replace")) if long else None,
        shareable=True,
    )


def _lines(cited: Cited, *, long: bool) -> Iterator[Line]:
    if long:
        yield text(sentence("It is long, so it comes as a file: {file}", file=cited.file))
        return
    for line in cited.text.rstrip("\n").split("\n"):
        yield text(line, code=True)


def _others(cited: Cited) -> Iterator[Button]:
    for style, action in ACTIONS.items():
        if style is not cited.style:
            yield Button(LABELS[style], action, cited.shown.key)


def export_reply(exported: Exported) -> Reply:
    """The file, and what did not fit into it."""
    lines = [
        text(
            counted(exported.papers, "{n} paper: {file}", "{n} papers: {file}", file=exported.name)
        )
    ]
    if exported.left_out:
        lines.append(
            text(
                counted(
                    exported.left_out,
                    "{n} more did not fit into 8 MiB: narrow it with a query or a section.",
                    "{n} more did not fit into 8 MiB: narrow it with a query or a section.",
                )
            )
        )
    return Reply(
        title=sentence("Export"),
        lines=tuple(lines),
        attachment=Attachment(exported.name, exported.content),
    )


def _nothing(wanted: Wanted, exported: Exported) -> UserError:
    """What to type where there is nothing to export."""
    if exported.left_out:
        return UserError(sentence("No paper of it fits into 8 MiB: try `csv` or `bib`."))
    query = shorten(wanted.query, QUERY)
    if wanted.saved_by is not None and (query or wanted.section):
        return NotFound(
            sentence("Nothing on your reading list fits: /papers export with saved yes takes all.")
        )
    if wanted.saved_by is not None:
        return NotFound(sentence("Your reading list is empty: /papers save puts a paper on it."))
    if query:
        return NotFound(
            sentence(
                "Nothing on the list for “{query}”: try fewer words, or look with /papers search "
                "first.",
                query=query,
            )
        )
    return NotFound(sentence("There is nothing to export: the list is empty."))
