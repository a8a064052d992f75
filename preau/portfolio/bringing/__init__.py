"""Bringing an existing portfolio in from a file: read, match the columns, check, apply, undo."""
