"""Periodic and deferred work, by subject."""
