"""A curated list as its file: read it, add an entry in its style, take one out, keep the rest.

parsed = parse(content)                         any bytes
added = insert(content, "Research Papers", paper)
remove(added.content, added.ordinal) == content
"""

from bot.domain.list_change import edit
from bot.domain.list_document import ParsedEntry, ParsedList, parse
from bot.domain.list_edit import Insertion, insert, remove
from bot.domain.list_move import move
from bot.domain.list_spot import Edited

__all__ = [
    "Edited",
    "Insertion",
    "ParsedEntry",
    "ParsedList",
    "edit",
    "insert",
    "move",
    "parse",
    "remove",
]
