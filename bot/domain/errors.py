"""Errors whose text is one friendly sentence for the person who asked."""


class UserError(Exception):
    """What was asked cannot be done; the text says what, with what, and what to do instead."""


class NotFound(UserError):
    """Nothing stands under the given id or name."""


class NotAllowed(UserError):
    """The person may not do this."""


class SourceError(UserError):
    """arXiv did not give a usable answer; the text names the fault."""
