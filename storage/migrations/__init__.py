"""Alembic's scripts. storage.migrate runs them; `alembic` itself needs no alembic.ini here."""
