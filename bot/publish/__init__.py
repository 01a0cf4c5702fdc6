"""The list leaves the house."""
