"""A row of authors as a neighbour writes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.domain.list_guard import guarded
from bot.domain.names import full_name, initials, is_cjk, is_group

if TYPE_CHECKING:
    from storage.models import Author, Paper

_NAMED = 20
"""More authors than these are the first three and `et al.`."""
_ET_AL = re.compile(r"(,?\s*(?:\band )?)\bet al\b\.?", re.IGNORECASE)


def names_like(text: str, span: tuple[int, int], paper: Paper) -> tuple[int, str]:
    """Where the row of names that begins at `span` ends, and the paper's own, masked.

    What stands behind `et al.` is no name.
    """
    start, end = span
    others = _ET_AL.search(text, start, end)
    if others:
        end = others.end()
    people = [author for author in paper.authors if author.family.strip()]
    if not people:
        return end, ""
    old = text[start:end]
    listed = [guarded(full_name(author)) for author in people]
    if others:
        return end, _first(people, text[start : others.start()], old, others[1])
    row = _joined(listed, old) if len(listed) <= _NAMED else ", ".join([*listed[:3], "et al."])
    return end, row + ("." if old.rstrip().endswith(".") and not row.endswith(".") else "")


def _first(people: list[Author], before: str, old: str, joint: str) -> str:
    """As many names as stand before the neighbour's `et al.`."""
    count = before.count(",") + 1
    names = [guarded(_named_like(person, before.strip(" *_"))) for person in people]
    if len(names) <= count:
        return _joined(names, old) + ("." if old.endswith(".") else "")
    stop = "." if old.endswith(".") else ""
    return f"{', '.join(names[:count])}{joint or ' '}et al{stop}"


def _named_like(person: Author, before: str) -> str:
    """`Lopez`, `A. Lopez` or `Ana Lopez`, as the neighbour's first name is."""
    if " " not in before.partition(",")[0] or is_cjk(person.family):
        return person.family + (person.given if is_cjk(person.family) else "")
    if re.match(r"[^\W\d_]\.", before) and person.given:
        letters = (f"{letter}." for letter in initials(person.given).split())
        return " ".join([*letters, person.family])
    return full_name(person)


def _joined(people: list[str], like: str) -> str:
    if len(people) == 1:
        return people[0]
    if people[-1] == "et al.":
        return ", ".join(people)
    if ", and " in like or " and " in like:
        comma = "," if ", and " in like and len(people) > 2 else ""
        return f"{', '.join(people[:-1])}{comma} and {people[-1]}"
    return ", ".join(people)


def cited_row(paper: Paper) -> str:
    """The authors as MLA has them before a title: `Kingma, Diederik, and Jimmy Ba.`, masked."""
    people = [author for author in paper.authors if author.family.strip()]
    if not people:
        return ""
    first = people[0]
    split = first.given and not is_cjk(first.family) and not is_group(first.family)
    names = [f"{first.family}, {first.given}" if split else full_name(first)]
    names += [full_name(author) for author in people[1:]]
    if len(names) > 3:
        row = f"{names[0]}, et al."
    else:
        row = _joined(names, ", and ") if len(names) != 2 else ", and ".join(names)
    return guarded(row) + ("" if row.endswith(".") else ".")
