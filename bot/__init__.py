"""A Discord bot that keeps a curated list of papers alive."""
