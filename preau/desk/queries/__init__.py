"""Reads: `requests` (what waits, who comes), `planning` (a week, a day)."""
