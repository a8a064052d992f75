"""Bringing places and spaces in from a spreadsheet: read, look, then all or nothing."""
