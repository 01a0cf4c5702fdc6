"""How text becomes words: the analysers of the index, and the fields they feed."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tantivy import (
    Filter,
    Index,
    Schema,
    SchemaBuilder,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)

KNOWN_WORDS = 20_000
"""Words whose stems are kept, about 5 MB: marking the words of a passage is mostly stemming."""

FORMAT = 3
"""Part of the analysers' names, so that an index of another format has another schema."""

STEMMED = f"stemmed{FORMAT}"
PLAIN = f"plain{FORMAT}"
# Words split at hyphens (keeping `self-instruct` whole cost 0.03 nDCG@10 on SciFact), Han and kana
# character by character; `c++` and `c#` are words. A query finds what is hyphenated as a phrase.
# The words are cut here and only told apart by blanks in tantivy: its own regex tokenizer takes
# twice the time, and this once serves both analysers.
_SINGLE = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_TAIL = r"(?:'[^\W\d_]{1,20})?(?:\+\+|#)?"
_HAS_SINGLE = re.compile(_SINGLE)
_WORD = re.compile(rf"[^\W_]{{1,80}}{_TAIL}")
_MIXED_WORD = re.compile(rf"{_SINGLE}|(?:(?!{_SINGLE})[^\W_]){{1,80}}{_TAIL}")


def normal(text: str) -> str:
    """One spelling for one text: NFKC, straight apostrophes, no lone surrogates."""
    if text.isascii():
        return text
    encodable = text.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", encodable).replace("’", "'")


def heading(title: str) -> str:
    """A section's title as the index compares it."""
    return normal(title).strip().casefold()


def split(text: str) -> str:
    """The words of a text as the index takes them: a blank between them, nothing else."""
    text = normal(text)
    return " ".join(_pattern(text).findall(text))


def _pattern(text: str) -> re.Pattern[str]:
    return _MIXED_WORD if _HAS_SINGLE.search(text) else _WORD


def _analyzer(*, stem: bool) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.whitespace())
    builder = builder.filter(Filter.lowercase()).filter(Filter.ascii_fold())
    return (builder.filter(Filter.stemmer("english")) if stem else builder).build()


_STEMMED = _analyzer(stem=True)
_PLAIN = _analyzer(stem=False)


def stems(text: str) -> list[str]:
    """The stems of a text, in order."""
    return _STEMMED.analyze(split(text))


def plain_words(text: str) -> list[str]:
    """The words of a text, lower case, without accents, in order."""
    return _PLAIN.analyze(split(text))


def words(text: str) -> list[str]:
    """The words of a text that is `normal` already, as they stand in it, in order."""
    return _pattern(text).findall(text)


def word_at(text: str, start: int) -> str:
    """The word that begins there in a text of ASCII."""
    found = _WORD.match(text, start)
    return found[0] if found else ""


@lru_cache(maxsize=KNOWN_WORDS)
def analyzed(word: str) -> tuple[str, str]:
    """(stem, word) of one word as it was cut."""
    return _STEMMED.analyze(word)[0], _PLAIN.analyze(word)[0]


_STOPWORDS = """
a about an and any are as at be been being between but by can could did do does for from had has
have how i if in into is it its me no not of on or our should such than that the their then there
these they this to was we were what when where which who why will with would you your
"""
STOP_STEMS = frozenset(stems(_STOPWORDS))


def build_schema() -> Schema:
    """The fields: `body` is searched and ranked, the others filter."""
    builder = SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("body", tokenizer_name=STEMMED)
    builder.add_text_field("title", tokenizer_name=STEMMED)
    builder.add_text_field("words", tokenizer_name=PLAIN, index_option="basic")
    builder.add_text_field("authors", tokenizer_name=PLAIN, index_option="basic")
    builder.add_text_field("section", tokenizer_name=PLAIN, index_option="basic")
    builder.add_text_field("heading", tokenizer_name="raw", index_option="basic")
    builder.add_boolean_field("listed", indexed=True)
    builder.add_integer_field("first_day", indexed=True, fast=True)
    builder.add_integer_field("last_day", indexed=True, fast=True)
    builder.add_integer_field("added", fast=True)
    builder.add_integer_field("revision", stored=True)
    builder.add_text_field("origin", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


SCHEMA = build_schema()


def register(index: Index) -> None:
    """Teach an index the analysers its schema names."""
    index.register_tokenizer(STEMMED, _STEMMED)
    index.register_tokenizer(PLAIN, _PLAIN)
