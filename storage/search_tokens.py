"""How text becomes words: the analysers of the index, and the fields they feed."""

from __future__ import annotations

import unicodedata

from tantivy import (
    Filter,
    Index,
    Schema,
    SchemaBuilder,
    TextAnalyzer,
    TextAnalyzerBuilder,
    Tokenizer,
)

FORMAT = 1
"""Part of the analysers' names, so that an index of another format has another schema."""

STEMMED = f"stemmed{FORMAT}"
PLAIN = f"plain{FORMAT}"
LONGEST = 80

# Words split at hyphens (keeping `self-instruct` whole cost 0.03 nDCG@10 on SciFact), Han
# character by character; `c++` and `c#` are words. A query finds what is hyphenated as a phrase.
_LETTER = r"[[\p{L}\p{M}\p{N}]--[\p{Han}]]"
_WORD = rf"\p{{Han}}|{_LETTER}+(?:'\p{{L}}+)?(?:\+\+|#)?"


def normal(text: str) -> str:
    """One spelling for one text: NFKC, straight apostrophes, no lone surrogates."""
    encodable = text.encode("utf-8", "replace").decode()
    return unicodedata.normalize("NFKC", encodable).replace("’", "'")


def _analyzer(*, stem: bool) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(Tokenizer.regex(_WORD))
    for each in (Filter.remove_long(LONGEST), Filter.lowercase(), Filter.ascii_fold()):
        builder = builder.filter(each)
    return (builder.filter(Filter.stemmer("english")) if stem else builder).build()


_STEMMED = _analyzer(stem=True)
_PLAIN = _analyzer(stem=False)


def stems(text: str) -> list[str]:
    """The stems of a text, in order."""
    return _STEMMED.analyze(normal(text))


def plain_words(text: str) -> list[str]:
    """The words of a text, lower case, without accents, in order."""
    return _PLAIN.analyze(normal(text))


def spans(text: str) -> list[tuple[str, str, int, int]]:
    """(stem, word, start, end) of each word of a text that is `normal` already; characters."""
    return [
        (stem.text, word.text, stem.char_offset_from, stem.char_offset_to)
        for stem, word in zip(
            _STEMMED.pre_tokenize(text).tokens, _PLAIN.pre_tokenize(text).tokens, strict=True
        )
    ]


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
    builder.add_integer_field("year", indexed=True, fast=True)
    builder.add_integer_field("revision", stored=True)
    return builder.build()


SCHEMA = build_schema()


def register(index: Index) -> None:
    """Teach an index the analysers its schema names."""
    index.register_tokenizer(STEMMED, _STEMMED)
    index.register_tokenizer(PLAIN, _PLAIN)
