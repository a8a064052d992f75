"""Writes: `planning` (own use, closures), `closing` (what becomes of the uses that stand)."""
