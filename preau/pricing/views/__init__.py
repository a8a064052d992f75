"""Managers' pages on tariffs."""
