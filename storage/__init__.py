"""The records the bot speaks in, and everything that keeps them: SQL, migrations, the index."""
