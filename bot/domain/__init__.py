"""Decisions only: no I/O, no clock, no third party."""
