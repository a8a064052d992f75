"""Formats of lists of places: text to typed records and back. No database here."""
