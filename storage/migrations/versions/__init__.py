"""One module a revision; the newest is storage.migrate.HEAD."""
