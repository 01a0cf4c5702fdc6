"""The Discord face, and all that knows Discord."""
