"""BibTeX that other programs read back: hostile titles and names survive."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import bibtexparser
import pybtex.database
import pytest
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain import tex
from bot.domain.bibtex import bibtex
from bot.services.shown import Shown
from bot.services.works import Chosen, work_of
from storage.models import Author, Entry, Link, PaperId
from tests.factories import paper

if TYPE_CHECKING:
    from bot.domain.works import Work
    from storage.models import Paper

NAMED = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciigrave{}": "`",
}
"""What LaTeX calls these signs, as its own manual has it (texdoc encguide)."""

_READ = re.compile("|".join([*map(re.escape, NAMED), r"\\[&%$#_{}]", "[{}]"]))

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("{}\\$%&#_~^@\"'`<>=,;:-+ \n\tAbcLLé张\u0301ß"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)


def work(found: Paper, entry: Entry | None = None) -> Work:
    """The work as it would be cited."""
    shown = Shown(found, entry)
    return work_of(Chosen(shown), {shown.key: "key2024word"})


def by_pybtex(text: str) -> pybtex.database.Entry:
    """The one entry that pybtex reads."""
    ((_, entry),) = pybtex.database.parse_string(text, "bibtex").entries.items()
    return entry


def by_bibtexparser(text: str) -> dict[str, str]:
    """The fields of the one entry that bibtexparser reads, LaTeX as it is."""
    library = bibtexparser.parse_string(text)
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"key": entry.key} | {field.key.lower(): field.value for field in entry.fields}


def unescaped(latex: str) -> str:
    """What LaTeX without commands of any other kind prints."""

    def said(match: re.Match[str]) -> str:
        """The sign; braces that group print nothing."""
        return NAMED.get(match[0]) or (match[0][1:] if match[0].startswith("\\") else "")

    return _READ.sub(said, latex)


def as_text(title: str) -> str:
    """A title on one line, composed: what can be asked to come back."""
    return tex.one_line(title)


@given(HOSTILE)
def test_any_title_is_read_back_by_both(title: str) -> None:
    """Quotes, braces, backslashes, emoji, marks and breaks: nothing ends or joins the entry."""
    written = bibtex(work(paper(title=f"x{title}x", abstract="")))
    theirs, ours = by_pybtex(written), by_bibtexparser(written)
    assert theirs.fields["title"] == ours["title"]
    assert theirs.fields["eprint"] == ours["eprint"] == "2409.08239"
    assert [name.split(",")[0] for name in ours["author"].split(" and ")] == ["Lupidi", "Gemmell"]


@given(st.text(st.sampled_from("{}\\%&#_~^@\"'`<>=,; AbcLM2é张\u0301"), max_size=40))
def test_what_is_no_latex_comes_back_as_it_was(text: str) -> None:
    """Sign for sign, where a backslash stands before no letter."""
    title = as_text("x " + re.sub(r"\\(?=[^ ])", r"\\ ", text) + " x")
    assume(not re.search(r"\{[À-ɏ]\}", title))  # arXiv's way to write an accent
    written = bibtex(work(paper(title=title)))
    assert unescaped(by_pybtex(written).fields["title"]) == title
    assert unescaped(by_bibtexparser(written)["title"]) == title


@given(HOSTILE.filter(str.strip), HOSTILE)
def test_any_name_is_read_back_by_both(family: str, given_name: str) -> None:
    """There are as many people as before, and the one after is untouched."""
    people = (Author(f"A{family}", given_name), Author("Gemmell", "Carlos"))
    written = bibtex(work(paper(authors=people)))
    people_read = by_pybtex(written).persons["author"]
    assert people_read[-1].last_names == ["Gemmell"]
    assert len(people_read) == 2
    assert by_bibtexparser(written)["author"].endswith(" and Gemmell, Carlos")


@pytest.mark.parametrize(
    ("author", "written"),
    [
        (Author("Lupidi", "Alisia"), "Lupidi, Alisia"),
        (Author("van der Berg", "Jan"), "van der Berg, Jan"),
        (Author("Müller-Łukasz", "Jörg"), "Müller-Łukasz, Jörg"),
        (Author("Nguye\u0302\u0303n", "An"), "Nguyễn, An"),
        (Author("张", "三"), "{张三}"),
        (Author("张三"), "{张三}"),
        (Author("Gemini Team"), "{Gemini Team}"),
        (Author("Black and Sons"), "{Black and Sons}"),
        (Author("Doe", "A and B"), "Doe, {A and B}"),
        (Author("Doe, Jr.", "A"), "{Doe, Jr.}, A"),
        (Author("bell hooks", "X"), "{bell hooks}, X"),
        (Author("O'Brien", "K."), "O'Brien, K."),
        (Author("R&D_Lab", "X"), r"R\&D\_Lab, X"),
        (Author("Erd\\H{o}s", "P"), "Erdős, P"),
        (Author("others"), "{others}"),
        (Author("", "Madonna"), "{Madonna}"),
        (Author("Madonna"), "Madonna"),
    ],
)
def test_names_as_bibtex_has_them(author: Author, written: str) -> None:
    """Groups and names in Chinese whole, in braces whatever BibTeX would take apart."""
    made = bibtex(work(paper(authors=(author,))))
    assert by_bibtexparser(made)["author"] == written
    assert len(by_pybtex(made).persons["author"]) == 1


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("LLM data: mT5 and GPT-4 for C++", "{LLM} data: {mT5} and {GPT-4} for {C++}"),
        ("A study of Bayesian methods in language", "A study of {Bayesian} methods in language"),
        ("Large Language Models Are Learners", "Large Language Models Are Learners"),
        ("Self-Instruct: Aligning", "Self-Instruct: Aligning"),
        ("On $\\alpha$-divergence of $x^2$", "On $\\alpha$-divergence of $x^2$"),
        ("From $5 to $10 and 50% off", r"From \$5 to \$10 and 50\% off"),
        (
            "Open { and $x^{2$ close",
            (
                r"Open \textbraceleft{} and \$x\textasciicircum{}"
                r"\textbraceleft{}2\$ close"
            ),
        ),
        ('Schr{\\"o}dinger \\textit{loves} R\\&D', r"Schrödinger loves {R}\&{D}"),
        ("a ```b``` c", r"a " + r"\textasciigrave{}" * 3 + "b" + r"\textasciigrave{}" * 3 + " c"),
        ("{curly} \\ back", r"\{curly\} \textbackslash{} back"),
    ],
)
def test_titles_as_latex(title: str, written: str) -> None:
    """Maths stays, capitals that matter are kept, LaTeX is read, everything else is text."""
    assert by_bibtexparser(bibtex(work(paper(title=title))))["title"].replace(
        "{R}\\&{D}", "R\\&D"
    ) == written.replace("{R}\\&{D}", "R\\&D")


@pytest.mark.parametrize("title", ["A." * 2_000, "$" + "a b c " * 700 + "_$", "{a" * 2_000])
def test_no_title_takes_long(title: str) -> None:
    """Time grows with the length, not with its square: half a second of one made searches wait."""
    one = paper(title=title, abstract="")
    before = time.thread_time()
    bibtex(work(one))
    assert time.thread_time() - before < 0.15


def test_the_parsers_own_decoding_reads_the_signs() -> None:
    """As reference managers do: with bibtexparser's decoder of LaTeX, and pybtex's rich text."""
    title = "R&D: 50% of #1 under_score, a ~ b, c \\ d, naïve 数据 🎉"
    written = bibtex(work(paper(title=title)))
    library = bibtexparser.parse_string(written, append_middleware=[LatexDecodingMiddleware()])
    assert library.entries[0]["title"] == title
    assert str(
        pybtex.database.parse_string(written, "bibtex").entries["key2024word"].fields["title"]
    )


def test_an_arxiv_paper_is_what_arxiv_itself_gives() -> None:
    """@misc with eprint, archivePrefix, primaryClass, month as BibTeX's own word."""
    written = bibtex(work(paper()))
    assert written.startswith("@misc{key2024word,\n  title = {{Source2Synth}: Synthetic")
    assert "  year = {2024},\n  month = sep,\n  eprint = {2409.08239},\n" in written
    assert "  archivePrefix = {arXiv},\n  primaryClass = {cs.CL},\n" in written
    assert written.endswith("  url = {https://arxiv.org/abs/2409.08239}\n}\n")


@pytest.mark.parametrize(
    ("changes", "kind", "where"),
    [
        ({"comment": "12 pages"}, "misc", None),
        ({"comment": "Submitted to ACL 2025"}, "misc", None),
        ({"comment": "Accepted at NeurIPS 2024 (Spotlight)"}, "inproceedings", "NeurIPS 2024"),
        ({"comment": "Published in TMLR 2025"}, "article", "TMLR 2025"),
        ({"journal_ref": "ACL 2024"}, "inproceedings", "ACL 2024"),
        ({"journal_ref": "Nature 631 (2024) 755"}, "article", "Nature 631 (2024) 755"),
        ({"journal_ref": "Proceedings of ICML 2024"}, "inproceedings", "Proceedings of ICML 2024"),
        ({"id": PaperId("acl:2024.acl-long.12")}, "inproceedings", "ACL 2024"),
        ({"id": PaperId("acl:2024.tacl-1.3")}, "article", "TACL 2024"),
        ({"id": PaperId("openreview:Ab_c")}, "inproceedings", r"OpenReview Ab\_c"),
    ],
)
def test_where_it_appeared_decides_the_kind(
    changes: dict[str, object], kind: str, where: str | None
) -> None:
    """Proceedings and journals are named; of those no month is known."""
    written = bibtex(work(paper(**changes)))
    fields = by_bibtexparser(written)
    assert written.startswith(f"@{kind}{{")
    assert fields.get("booktitle", fields.get("journal")) == where
    assert ("month" in fields) is (where is None)


def test_the_year_is_the_one_in_which_it_appeared() -> None:
    """By its reference; a number that is no such year is none."""
    later = paper(journal_ref="TMLR 12 (2025) 3-9", doi="10.1000/x_y")
    fields = by_bibtexparser(bibtex(work(later)))
    assert (fields["year"], fields["doi"]) == ("2025", "10.1000/x_y")
    odd = paper(journal_ref="Nature 1999 (2024), 2001-2011")
    assert by_bibtexparser(bibtex(work(odd)))["year"] == "2024"


def test_an_entry_without_a_paper_is_cited_by_what_it_says() -> None:
    """Its authors with `and others`, its year, its first link."""
    entry = Entry(
        7, 0, "Tools", "- Doe J, et al. A Tool[EB/OL]. 2023.", "A Tool", None,
        (Link("Code", "https://example.org/a_b"),), authors=(Author("Doe", "J"),), year=2023,
    )  # fmt: skip
    made = work_of(Chosen(Shown(None, entry)), {"entry:7": "doe2023tool"})
    fields = by_bibtexparser(bibtex(made, full=True))
    assert fields["author"] == "Doe, J and others"
    assert (fields["year"], fields["url"]) == ("2023", "https://example.org/a_b")
    assert fields["keywords"] == "Tools"


@given(HOSTILE, HOSTILE)
def test_a_full_entry_keeps_every_field(comment: str, abstract: str) -> None:
    """Abstract, comment, categories, aliases and links come back."""
    one = replace(
        paper(),
        comment=f"c {comment}",
        abstract=f"a {abstract}",
        aliases=(PaperId("acl:2024.x-long.1"), PaperId("doi:10.1/z")),
        links=(Link("Code", "https://github.com/a/b"),),
        published=date(2024, 9, 12),
    )
    written = bibtex(work(one), full=True)
    fields = by_bibtexparser(written)
    assert {"abstract", "note", "keywords", "doi"} <= set(fields)
    assert fields["keywords"] == "cs.CL, cs.AI"
    assert unescaped(fields["note"]).endswith("acl:2024.x-long.1; Code: https://github.com/a/b")
    assert by_pybtex(written).fields["abstract"] == fields["abstract"]


def test_letters_are_composed() -> None:
    """What is written with combining marks is one letter where Unicode has one."""
    written = bibtex(work(paper(title="Ame\u0301lie")))
    assert unicodedata.is_normalized("NFC", written)
    assert "Amélie" in written
