"""Sections of the sheet and cards of the home page, by part of the room."""
