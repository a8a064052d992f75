"""Writes of the directory, by subject."""
