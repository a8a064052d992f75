"""Whom to tell, and what, by part of the room."""
