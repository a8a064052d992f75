"""Reads of the engine: `space` (one space's calendar and verdicts), `search` (which spaces are free
near a point), `alternatives` (what to offer when nothing is)."""
