"""What can go wrong in storage, each one clear line for the person who reads it."""


class StorageError(Exception):
    """Base of the errors storage raises on purpose; its text is fit to be shown."""


class DatabaseUnreachable(StorageError):
    """The database cannot be opened or reached."""


class NewerSchema(StorageError):
    """The database was written by a newer version of the bot."""


class LeaseHeld(StorageError):
    """Another process runs on this database; the text names it."""


class ListExists(StorageError):
    """A list stands already where a new one was to be imported."""
