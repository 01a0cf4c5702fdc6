"""Accounts for a list of many pages, so that a short or empty page is never taken for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.errors import SourceError, TokenExpired

if TYPE_CHECKING:
    from bot.sources.oai_xml import OaiPage


class Count:
    """The pages of one list, in order.

    arXiv's tokens are the question and an offset (github.com/arXiv/oaipmh): when the list became
    shorter meanwhile, it answers `noRecordsMatch` in the middle of it.
    """

    def __init__(self) -> None:
        self._pages = 0
        self._records = 0
        self._size: int | None = None
        self._tokens: set[str] = set()

    def add(self, page: OaiPage) -> None:
        """Count one more page.

        Raises TokenExpired when records slipped over a page's edge unseen, so that the list has to
        start again, and SourceError when it cannot be whole.
        """
        self._pages += 1
        if self._pages > 1 and page.complete_size == 0 and not page.records:
            raise TokenExpired(
                f"arXiv said in the middle of a list, after {self._records} records, that none "
                "match: the list has to start again"
            )
        self._records += page.records
        if page.complete_size is not None:
            self._size = page.complete_size
        if not page.records and not self._is_whole():
            raise SourceError("arXiv sent a list without records, and did not say that none match")
        if page.token is None:
            self._check_whole()
        else:
            self._check_token(page.token)

    def _check_token(self, token: str) -> None:
        if token in self._tokens:
            raise SourceError("arXiv sent the same resumption token twice")
        self._tokens.add(token)

    def _is_whole(self) -> bool:
        # A record edited meanwhile moves to a later day and pulls another across a page's edge: one
        # an edge is normal, and repaired by the overlap of the next pass.
        return self._size is not None and self._records + self._pages - 1 >= self._size

    def _check_whole(self) -> None:
        if self._size is not None and not self._is_whole():
            raise SourceError(
                f"arXiv said that the list has {self._size} records and sent {self._records}"
            )
