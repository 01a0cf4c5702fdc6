"""Everything that knows arXiv."""
