"""TF-IDF with a linear SVM, as arxiv-sanity-lite recommends papers.

github.com/karpathy/arxiv-sanity-lite: the vectorizer of compute.py, and svm_rank of serve.py, where
whatever has no tag is a negative. There authors are text too and the vectorizer knows the papers to
be ranked; here it is fitted on what was known by then, on titles and abstracts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.bench.relevance_stream import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

    from bot.programs.labelled import Labelled
    from storage.models import Paper

LEAST_PAPERS, MOST_SHARE, MOST_TERMS = 5, 0.1, 20_000


class Counts:
    """How often each term stands in each paper: counted once, weighted for any number of papers.

    Raises ImportError without scikit-learn.
    """

    def __init__(self, rows: Sequence[Labelled | Paper]) -> None:
        from sklearn.feature_extraction.text import CountVectorizer  # noqa: PLC0415  # the extra may be missing

        vectorizer = CountVectorizer(
            strip_accents="unicode",
            stop_words="english",
            token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
            ngram_range=(1, 2),
            dtype=np.float32,
        )
        self._counts = vectorizer.fit_transform([text(row) for row in rows])

    def features(self, known: int) -> csr_matrix | None:
        """All papers in what TfidfVectorizer learns of the first `known`; None where it is nothing.

        What it counts of terms, it counts of those papers alone.
        """
        from sklearn.feature_extraction.text import TfidfTransformer  # noqa: PLC0415  # the extra may be missing

        seen = self._counts[:known]
        papers = np.bincount(seen.indices, minlength=seen.shape[1])
        often = np.flatnonzero((papers >= LEAST_PAPERS) & (papers <= MOST_SHARE * known))
        if not often.size:
            return None
        total = np.asarray(seen[:, often].sum(axis=0)).ravel()
        terms = np.sort(often[np.argsort(-total, kind="stable")[:MOST_TERMS]])
        weighting = TfidfTransformer(sublinear_tf=True).fit(seen[:, terms])
        return weighting.transform(self._counts[:, terms])


def decisions(
    features: csr_matrix, relevant: Sequence[bool], train: Sequence[int], score: Sequence[int]
) -> list[float]:
    """Learn from the papers `train`, of which there are of both kinds, and score others."""
    from sklearn.svm import LinearSVC  # noqa: PLC0415  # the extra may be missing

    machine = LinearSVC(class_weight="balanced", C=0.01, max_iter=10_000, tol=1e-6, random_state=0)
    machine.fit(features[train], np.asarray(relevant)[train])
    return list(machine.decision_function(features[score]))
