"""The list's own citation style, written and read."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.citations import (
    author_from_name,
    list_citation,
    names_in,
    parse_citation,
    short_authors,
)
from bot.domain.names import cited_name, full_name, initials
from storage.models import Author, Paper, PaperId

GAN = Paper(
    PaperId("arXiv:2410.01720"),
    "Towards a Theoretical Understanding\n  of Synthetic Data",
    (Author("Gan", "Zeyu"), Author("Liu", "Yong")),
)


def test_the_lists_own_style() -> None:
    """Two authors in full, the title on one line, the year from the id."""
    cited = (
        "Gan Z, Liu Y. Towards a Theoretical Understanding of Synthetic Data[J]. "
        "arXiv preprint arXiv:2410.01720, 2024."
    )
    assert list_citation(GAN) == cited


def test_three_authors_then_others() -> None:
    """From the fourth author on they are `et al.`; three stand alone; none leaves no trace."""
    four = replace(GAN, title="T", authors=tuple(Author(name, "X") for name in "ABCD"))
    assert list_citation(four).startswith("A X, B X, C X, et al. T[J]")
    assert list_citation(replace(four, authors=four.authors[:3])).startswith("A X, B X, C X. T[J]")
    assert (
        list_citation(replace(four, authors=())) == "T[J]. arXiv preprint arXiv:2410.01720, 2024."
    )


def test_other_sources() -> None:
    """A paper that is not on arXiv is cited by where it is; the source's year comes first."""
    paper = replace(GAN, id=PaperId("acl:2024.acl-long.12"), published=date(2023, 5, 1))
    assert list_citation(paper).endswith("[C]. ACL Anthology 2024.acl-long.12, 2023.")
    undated = replace(paper, published=None)
    assert list_citation(undated).endswith("2024.acl-long.12, 2024.")
    old = replace(undated, id=PaperId("acl:P98-1012"))
    assert list_citation(old).endswith("[C]. ACL Anthology P98-1012, 1998.")
    assert list_citation(replace(paper, id=PaperId("doi:10.1/x"), published=None)).endswith(
        "[J]. doi:10.1/x."
    )


@pytest.mark.parametrize(
    ("name", "cited"),
    [
        ("Zhen Tan", "Tan Z"),
        ("Tan, Zhen", "Tan Z"),
        ("Ludwig van Beethoven", "van Beethoven L"),
        ("Jan-Willem van de Meent", "van de Meent J W"),
        ("Leandro Von Werra", "Von Werra L"),
        ("de Rosa, Gustavo", "de Rosa G"),
        ("Dilek Hakkani-Tür", "Hakkani-Tür D"),
        ("J.M. Coetzee", "Coetzee J M"),
        ("Émile Zola", "Zola É"),
        ("John Smith Jr.", "Smith Jr J"),
        ("Smith, Jr., John", "Smith Jr J"),
        ("Planck Collaboration", "Planck Collaboration"),
        ("OpenAI", "OpenAI"),
        ("张三", "张三"),
        ("山田 太郎", "山田太郎"),
        ("Zhen Tan (ASU)", "Tan Z"),
        ("", ""),
    ],
)
def test_names(name: str, cited: str) -> None:
    """Particles stay with the family, hyphens give two initials, groups stay whole."""
    assert cited_name(author_from_name(name)) == cited


def test_particle_in_the_given_name() -> None:
    """`van der` after the given name is cited as `van der` before the family."""
    assert cited_name(Author("Berg", "Jan van der")) == "van der Berg J"
    assert full_name(Author("Berg", "Jan van der")) == "Jan van der Berg"
    assert initials("e\u0301mile") == "É"


@pytest.mark.parametrize(
    ("families", "short"),
    [
        ((), ""),
        (("Gan",), "Gan"),
        (("Gan", "Liu"), "Gan, Liu"),
        (("A", "B", "C"), "A, B, C"),
        (("Lupidi", "Gemmell", "Cancedda", "X"), "Lupidi, Gemmell, Cancedda et al."),
    ],
)
def test_short_authors(families: tuple[str, ...], short: str) -> None:
    """At most three family names."""
    assert short_authors([Author(family) for family in families]) == short


@pytest.mark.parametrize(
    ("text", "families", "title", "year"),
    [
        (
            (
                "Tan Z, Beigi A, Wang S, et al. Large language models: A survey[J]. "
                "arXiv preprint arXiv:2402.13446, 2024."
            ),
            ["Tan", "Beigi", "Wang"],
            "Large language models: A survey",
            2024,
        ),
        (
            (
                "Guanting Dong, Keming Lu, and Jingren Zhou. 2024. How Abilities Are "
                "Affected. In Proceedings of the 62nd ACL, pages 177–198."
            ),
            ["Dong", "Lu", "Zhou"],
            "How Abilities Are Affected",
            2024,
        ),
        (
            "Smith, J., & Doe, A. (2023). Some title here. Journal of X.",
            ["Smith", "Doe"],
            "Some title here",
            2023,
        ),
        (
            'J. Smith and A. Doe, "A Long Title," in Proc. X, 2023.',
            ["Smith", "Doe"],
            "A Long Title",
            2023,
        ),
        (
            "Planck Collaboration. Cosmology. And more[J]. 2020.",
            ["Planck Collaboration"],
            "Cosmology. And more",
            2020,
        ),
        (
            "van der Berg J, O'Neill C M, Hakkani-Tür D, et al. T[C]//ACL. 2020: 1-9.",
            ["van der Berg", "O'Neill", "Hakkani-Tür"],
            "T",
            2020,
        ),
        ("张三, 李四. 标题[J]. 2020.", ["张三", "李四"], "标题", 2020),
        (
            "A title without names[J]. arXiv preprint arXiv:2402.13446, 2024.",
            [],
            "A title without names",
            2024,
        ),
    ],
)
def test_parse_citation(text: str, families: list[str], title: str, year: int) -> None:
    """The usual styles give authors, title and year."""
    authors, read, when = parse_citation(text) or ((), "", None)
    assert ([author.family for author in authors], read, when) == (families, title, year)


def test_no_citation() -> None:
    """A sentence is no citation."""
    assert parse_citation("We thank everybody who helped. In 2024 more will come.") is None


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Renze Lou, Kai Zhang, and Wenpeng Yin.", ["Lou", "Zhang", "Yin"]),
        (
            "Raffel, Colin and Shazeer, Noam... 3 hidden ... Li, Wei and Liu, Peter J.",
            ["Raffel", "Shazeer", "Li", "Liu"],
        ),
        ("Ke Wang, Jiahui Zhu, ..., Qingjie Liu, Yunhong Wang", ["Wang", "Zhu", "Liu", "Wang"]),
        ("Joel Jang, Seungone Kim, and et al.", ["Jang", "Kim"]),
        (
            "Krizhevsky, Alex, Ilya Sutskever, and Geoffrey E. Hinton.",
            ["Krizhevsky", "Sutskever", "Hinton"],
        ),
        ("Smith, J., Doe, A. B., & Roe, C.", ["Smith", "Doe", "Roe"]),
        ("OpenAI, Josh Achiam, Steven Adler", ["OpenAI", "Achiam", "Adler"]),
    ],
)
def test_rows_of_names(text: str, families: list[str]) -> None:
    """Names in the ways lists join them."""
    assert [author.family for author in names_in(text)] == families


NAMES = st.from_regex(r"[A-Z][a-z]{1,8}", fullmatch=True)
TITLES = st.from_regex(
    r"[A-Z][a-z]{2,9}( [a-z0-9-]{1,9}){1,6}(: [A-Z][a-z]+)?[?!]?", fullmatch=True
)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6), TITLES)
def test_what_is_written_is_read_back(names: list[tuple[str, str]], title: str) -> None:
    """parse_citation gives back title, year and the first three families of list_citation."""
    paper = replace(
        GAN, title=title, authors=tuple(Author(family, given) for family, given in names)
    )
    read = parse_citation(list_citation(paper))
    assert read
    assert (read.title, read.year) == (title, 2024)
    assert [author.family for author in read.authors] == [family for family, _ in names[:3]]


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    """No text makes reading a citation or a name fail."""
    parse_citation(text)
    names_in(text)
    cited_name(author_from_name(text))
