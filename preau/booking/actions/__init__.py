"""Writes: `requests` (from the held slot to its end), `planning` (own use, closures)."""
