"""A model that was stored scores as before, and damaged bytes are told."""

from __future__ import annotations

import json
import struct
import zlib
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.features import Vocabulary
from bot.domain.model import FORMAT, Curve, Model
from bot.domain.prior import Prior
from bot.domain.relevance import score
from bot.learning.training import train
from storage.models import Label
from tests.unit.school import any_text, background, made_up, paper_of

if TYPE_CHECKING:
    from collections.abc import Callable

LISTED = [made_up("data", number, Label.LISTED) for number in range(1_000, 1_006)]
KEYWORDS = {"synthetic data": 3.0, "teacher": 1.0, "rhyme": -1.0}
ASSUMED = train(KEYWORDS, LISTED[:2])
STORED = Model.load(ASSUMED.dump())
FLAT = Model(Vocabulary({}), {}, Prior.of({}), Curve((0.0, 1.0), (-1.0, 1.0)))


@cache
def measured() -> Model:
    """Learnt from a background, and not before a test needs it."""
    return train(KEYWORDS, [*LISTED, *background(320)])


MODELS = {"measured": measured, "assumed": lambda: ASSUMED, "of nothing": lambda: FLAT}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_the_same_once_stored(name: str) -> None:
    """The same bytes again, and the very same scores with the same reasons."""
    model = MODELS[name]()
    content = model.dump()
    loaded = Model.load(content)
    assert loaded.dump() == content == model.dump()
    for paper in map(paper_of, [*LISTED, *background(60)]):
        assert score(loaded, paper) == score(model, paper)


def test_a_model_of_other_order_has_the_same_bytes() -> None:
    """What it was made from in another order is the same model."""
    turned = Model(
        Vocabulary(
            dict(reversed(measured().vocabulary.rarity.items())), measured().vocabulary.unseen
        ),
        dict(reversed(measured().weights.items())),
        Prior.of_phrases(dict(reversed(measured().prior.weights.items()))),
        measured().curve,
    )
    assert turned.dump() == measured().dump()
    papers = [paper_of(one) for one in background(40)]
    assert [score(turned, one) for one in papers] == [score(measured(), one) for one in papers]


@given(any_text, any_text)
def test_any_text_scores_the_same_by_a_stored_model(title: str, abstract: str) -> None:
    """To the last digit."""
    paper = paper_of(made_up("data", 1))
    for strange in (paper, type(paper)(paper.id, title, abstract=abstract)):
        assert score(STORED, strange) == score(ASSUMED, strange)


def test_a_stored_model_is_small() -> None:
    """A few hundred kilobytes at most, for thousands of terms."""
    assert len(measured().dump()) < 100_000


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_damage_is_told(place: int, change: int) -> None:
    """A byte that is another, bytes that are missing at the end or at the start."""
    content = measured().dump()
    at = place % len(content)
    flipped = bytearray(content)
    flipped[at] ^= change
    for damaged in (content[:at], content[at + 1 :]):
        with pytest.raises(ValueError, match=r"."):
            Model.load(damaged)
    with suppress(ValueError):  # the flags of compression say nothing
        assert Model.load(bytes(flipped)).dump() == content


@given(st.binary(max_size=200))
@example(b"")
@example(zlib.compress(b""))
def test_bytes_of_any_kind_are_no_model(content: bytes) -> None:
    """Nor are they once compressed, so that only what is in them can tell."""
    for stored in (content, zlib.compress(content)):
        with pytest.raises(ValueError, match=r"."):
            Model.load(stored)


def packed(*parts: bytes) -> bytes:
    """Parts as a model is stored."""
    return zlib.compress(b"".join(struct.pack("<I", len(part)) + part for part in parts))


def opened(content: bytes) -> tuple[dict[str, object], bytes, bytes, bytes]:
    """What stands in a stored model."""
    raw, parts = zlib.decompress(content), []
    while raw:
        (length,) = struct.unpack_from("<I", raw)
        parts.append(raw[4 : 4 + length])
        raw = raw[4 + length :]
    about, text, rarity, weights = parts
    return json.loads(about), text, rarity, weights


def test_parts_put_together_again_are_the_model() -> None:
    """So that the tests below change one thing alone."""
    about, *rest = opened(measured().dump())
    assert Model.load(packed(json.dumps(about).encode(), *rest)) == Model.load(measured().dump())


@pytest.mark.parametrize(
    "change",
    [
        {"format": FORMAT + 1},
        {"format": None},
        {"margins": []},
        {"margins": [1, 0]},
        {"margins": ["one", "two"]},
        {"odds": None},
        {"odds": [0.0, float("nan")]},
        {"unseen": "much"},
        {"unseen": None},
        {"keywords": 7},
        {"keywords": [["data"]]},
        {"keywords": [["data", None]]},
        {"keywords": [[7, 1.0]]},
    ],
    ids=str,
)
def test_a_model_of_other_make_is_refused(change: dict[str, object]) -> None:
    """Another format, or numbers that are none."""
    about, *rest = opened(measured().dump())
    with pytest.raises(ValueError, match=r"."):
        Model.load(packed(json.dumps(about | change).encode(), *rest))


@pytest.mark.parametrize(
    "of",
    [
        lambda about, text, rarity, weights: (b"[]", text, rarity, weights),
        lambda about, text, rarity, weights: (b"[" * 100_000, text, rarity, weights),
        lambda about, text, rarity, weights: (about, b"\xff" + text, rarity, weights),
        lambda about, text, rarity, weights: (about, text, rarity[:-4], weights),
        lambda about, text, rarity, weights: (about, text, rarity, weights[:-1]),
        lambda about, text, rarity, weights: (about, text + b"\none more", rarity, weights),
        lambda about, text, rarity, weights: (about, text, rarity),
        lambda about, text, rarity, weights: (about, text, rarity, weights, b""),
    ],
)
def test_parts_that_do_not_fit_are_refused(of: Callable[..., tuple[bytes, ...]]) -> None:
    """No object, nested without end, no text, too few numbers, too many parts."""
    about, *rest = opened(measured().dump())
    with pytest.raises(ValueError, match=r"."):
        Model.load(packed(*of(json.dumps(about).encode(), *rest)))
