"""Managers' pages on opening hours: `opening` (the screen), `days` (exceptions, holidays)."""
