"""Closed lists, by subject."""
