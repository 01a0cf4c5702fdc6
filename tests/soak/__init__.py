"""Simulated years of arXiv, with the bot killed in them, and what it and others then miss."""
