"""Keys, CSL-JSON and tables made of works."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import spreadsheet, tex
from bot.domain.csl import csl, item_text
from bot.domain.works import wanted_key
from bot.services.shown import Shown
from bot.services.works import Chosen, readable, with_maths, work_of
from storage.models import Author, PaperId
from tests.factories import paper

ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize(
    ("title", "family", "year", "key"),
    [
        ("Source2Synth: Synthetic Data", "Lupidi", 2024, "lupidi2024source2synth"),
        ("A Survey of the Field", "van der Berg", 2023, "vanderberg2023survey"),
        ("On the Way", "Müller-Łukasz", None, "mullerlukaszway"),
        ("It Is", "Nguyễn", 2024, "nguyen2024it"),
        ("数据标注综述", "张", 2024, "anon2024arxiv240200001"),
        ("数据 Annotation", "张", 2024, "anon2024annotation"),
        ("3D Models", "", 2024, "anon20243d"),
        ("https://github.com/a/Awesome", "", None, "github"),
        ("O'Reilly's Guide", "O'Brien", 2024, "obrien2024oreillys"),
        ("", "", None, "arxiv240200001"),
        ("x" * 90, "y" * 90, 2024, "y" * 30 + "2024" + "x" * 30),
    ],
)
def test_the_key_a_work_would_like(title: str, family: str, year: int | None, key: str) -> None:
    """Family name, year, first telling word, in plain letters."""
    authors = (Author(family),) if family else ()
    assert wanted_key(title, authors, year, "arXiv:2402.00001") == key


@given(ANY, ANY, st.none() | st.integers(1900, 2100))
def test_a_key_is_always_plain(title: str, family: str, year: int | None) -> None:
    """Lower-case ASCII letters and digits, a letter first."""
    key = wanted_key(title, (Author(family),), year, "arXiv:2402.00001")
    assert key.isascii()
    assert key.isalnum()
    assert key == key.lower()
    assert key[0].isalpha()


@given(ANY, ANY, ANY)
def test_json_and_table_give_back_what_is_put_in(title: str, family: str, comment: str) -> None:
    """Any text, on one line; a cell that could be a formula has an apostrophe before it."""
    one = paper(title=title, authors=(Author(family, "A"),), comment=comment)
    work = work_of(Chosen(Shown(one, None)), {one.id: "k"})
    item = json.loads(item_text(csl(work, full=True)))
    assert item.get("title", "") == readable(title)
    row = next(csv.reader(io.StringIO(spreadsheet.row(work), newline="")))
    cells = dict(zip(spreadsheet.COLUMNS, row, strict=True))
    told = readable(title)
    assert cells["title"] == ("'" + told if told.startswith(("=", "+", "-", "@")) else told)
    assert cells["comment"].removeprefix("'") == readable(comment).removeprefix("'")
    assert not any("\n" in cell or cell.startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize(
    ("changes", "kind", "issued"),
    [
        ({}, "article", [[2024, 9, 12]]),
        ({"published": None}, "article", [[2024, 9]]),
        ({"id": PaperId("acl:2023.acl-long.1"), "published": None}, "paper-conference", [[2023]]),
        ({"journal_ref": "TMLR (2025)"}, "article-journal", [[2025]]),
        ({"id": PaperId("doi:10.1/x"), "published": None}, "webpage", None),
        ({"published": date(2024, 1, 31)}, "article", [[2024, 1, 31]]),
    ],
)
def test_types_and_dates(
    changes: dict[str, object], kind: str, issued: list[list[int]] | None
) -> None:
    """As CSL names them; no day or month that nobody told."""
    one = paper(**changes)
    item = csl(work_of(Chosen(Shown(one, None)), {one.id: "k"}))
    assert item["type"] == kind
    assert item.get("issued", {}).get("date-parts") == issued


@pytest.mark.parametrize(
    ("written", "text", "kept"),
    [
        ("a $\\alpha$ b", "a α b", "a $\\alpha$ b"),
        ("{\\'E}tude of \\emph{x} $y_1$", "Étude of x y_1", "Étude of x $y_1$"),
        ("Un mod{è}le de {x}", "Un modèle de x", "Un modèle de x"),
        ("{é} is a letter", "{é} is a letter", "{é} is a letter"),
        ("$5 and {x} \\ y", "$5 and {x} \\ y", "$5 and {x} \\ y"),
        ("costs $5 and $6", "costs $5 and $6", "costs $5 and $6"),
    ],
)
def test_latex_is_read_where_it_is_latex(written: str, text: str, kept: str) -> None:
    """Braces, dollars and slashes alone are what they are."""
    assert readable(written) == text
    assert with_maths(written) == kept


@given(ANY)
def test_what_is_escaped_has_its_braces_balanced(text: str) -> None:
    """At no place more are closed than opened, as BibTeX counts: a backslash hides none."""
    for latex in (tex.escaped(text), tex.title(text)):
        depth = [0]
        for char in latex:
            depth.append(depth[-1] + (char == "{") - (char == "}"))
        assert min(depth) >= 0
        assert depth[-1] == 0
