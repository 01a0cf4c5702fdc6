"""XML from outside: parsed strictly, with no entity, no network and no document type."""

from __future__ import annotations

from lxml import etree

from bot.domain.errors import SourceError


def root_of(body: bytes, name: str) -> etree._Element:
    """The root element, whose local name must be `name`. Raises SourceError naming the fault.

    Truncated or broken XML is never repaired: a repaired page is a short one that looks whole.
    """
    parser = etree.XMLParser(
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
            f"arXiv sent XML that is broken or cut off: {_first_line(fault)}"
        ) from fault
    if root.getroottree().docinfo.doctype:
        raise SourceError("arXiv sent XML with a document type, which is never read")
    if local_name(root) != name:
        raise SourceError(f"arXiv sent <{local_name(root)[:60]}> where <{name}> was expected")
    return root


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
