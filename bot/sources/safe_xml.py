"""XML from outside: parsed strictly, with no entity, no network and no document type."""

from __future__ import annotations

import re

from lxml import etree

from bot.domain.errors import SourceError

_MOST_MARKS = 1_500_000
"""Elements and attributes, roughly: each takes up to 200 bytes, and a page of 2000 records has a
tenth of them."""
_DECLARED = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([^\"'>]{0,40})")
_UTF8 = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})


def root_of(body: bytes, name: str, *, sender: str = "arXiv") -> etree._Element:
    """The root element, whose local name must be `name`. Raises SourceError naming the fault.

    Truncated or broken XML is never repaired: a repaired page is a short one that looks whole.
    """
    _check(body, sender)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise SourceError(
            f"{sender} sent XML that is broken or cut off: {_first_line(fault)}"
        ) from fault
    if root.getroottree().docinfo.doctype:
        raise SourceError(f"{sender} sent XML with a document type, which is never read")
    if local_name(root) != name:
        raise SourceError(f"{sender} sent <{local_name(root)[:60]}> where <{name}> was expected")
    return root


def _check(body: bytes, sender: str) -> None:
    """Refuse what would fill the memory, and what others may read as another text than we do."""
    marks = body.count(b"<") + body.count(b"=")
    if marks > _MOST_MARKS:
        raise SourceError(
            f"{sender} sent XML of {marks} elements and attributes, more than any page"
        )
    declared = _DECLARED.search(body[:300])
    if declared and declared[1].lower() not in _UTF8:
        name = declared[1].decode("ascii", "replace")
        raise SourceError(f"{sender} sent XML in the encoding {name!r}, where UTF-8 is the rule")


def local_name(element: etree._Element) -> str:
    """The tag without its namespace: the recorded answers vary in it."""
    return str(element.tag).rpartition("}")[2]


def text_of(element: etree._Element | None) -> str:
    """All text inside, with runs of white space and line breaks made one space."""
    if element is None:
        return ""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


def child(element: etree._Element, name: str) -> etree._Element | None:
    """The first child of this local name, in any namespace or none."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def _first_line(fault: Exception) -> str:
    return (str(fault).splitlines() or [""])[0][:160]
