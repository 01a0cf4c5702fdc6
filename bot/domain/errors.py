"""Errors whose text is one friendly sentence for the person who asked."""


class UserError(Exception):
    """What was asked cannot be done; the text says what, with what, and what to do instead."""

    @property
    def sentence(self) -> str:
        """The text as it was raised: a sentence that can be said in another language stays one."""
        said = self.args[0] if self.args else ""
        return said if isinstance(said, str) else str(said)


class NotFound(UserError):
    """Nothing stands under the given id or name."""


class NotAllowed(UserError):
    """The person may not do this."""


class SourceError(UserError):
    """A source did not give a usable answer; the text names it and the fault."""


class Refused(SourceError):
    """arXiv wants to be left alone; `retry_after` is in seconds where it said so."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TokenExpired(SourceError):
    """The resumption token expired (as all do at midnight UTC): the list has to start again."""


class TrainingFailed(UserError):
    """No ranker was made; the text says what happened and what to do."""
